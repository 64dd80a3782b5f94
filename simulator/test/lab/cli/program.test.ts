import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Context } from '../../../lab/cli/context.ts'
import { Control } from '../../../lab/cli/control.ts'
import { planRuns, pointsOf } from '../../../lab/cli/plan.ts'
import { main } from '../../../lab/cli/program.ts'
import { repeatCommand } from '../../../lab/cli/repeat.ts'
import type { Task } from '../../../lab/cli/task.ts'
import type { RunDocument } from '../../../lab/results/document.ts'
import { aDocument, aRun } from '../builders/a-run.ts'

describe('weft-sim', () => {
  let home: string
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'weft-sim-'))
  })
  afterEach(() => rmSync(home, { recursive: true, force: true }))

  /** The command line with a model that answers at once. */
  const typed = async (words: string[], answer: (task: Task, at: number) => Partial<RunDocument> = () => ({})) => {
    const tasks: Task[] = []
    let [out, err] = ['', '']
    const context: Context = {
      io: {
        out: (text) => {
          out += text
        },
        err: (text) => {
          err += text
        },
        isTerminal: false,
        now: () => new Date('2026-01-02T03:04:05Z'),
      },
      simulate: async (task) => {
        tasks.push(task)
        return { ...aDocument(aRun({ jobs: 10 }), task.out ?? ''), ...answer(task, tasks.length - 1) }
      },
      self: ['never'],
    }
    const code = await main(words, context)
    return { code, out, err, tasks }
  }
  const to = (): string[] => ['--out', join(home, 'out')]

  it('runs a scenario by its name alone, with what was set', async () => {
    const { code, tasks } = await typed([
      'market-day',
      '--peers',
      '200',
      '--seed',
      '9',
      '--set',
      'market.rule=second-price',
      ...to(),
    ])
    expect(code).toBe(0)
    expect(tasks[0]?.scenario).toMatchObject({ name: 'market-day', peers: 200, seed: 9, market: { rule: 'second-price' } })
    expect(tasks[0]?.command).toBe('npx --no weft simulate market-day --seed 9 --peers 200 --set market.rule=second-price')
  })

  it('says which rows of a trace were left out', async () => {
    const rows = ['at,duration,gpus', 'x,10,1', ...Array.from({ length: 200 }, (_, i) => `${i},10,1`)]
    writeFileSync(join(home, 'rows.csv'), rows.join('\n'))
    const map = 'map: { at: at, duration: duration, gpus: gpus }'
    writeFileSync(join(home, 'mine.yaml'), `title: Mine\npeers: 50\nduration: 1h\nworkload: { trace: rows.csv, ${map} }\n`)
    const { code, err } = await typed([join(home, 'mine.yaml'), '--quiet', ...to()])
    expect(err).toContain('1 of 201 rows were left out: line 2: the time "x" is no number of seconds and no date')
    expect(code).toBe(0)
  })

  it('prints one document with --json and nothing else on stdout', async () => {
    const { out } = await typed(['market-day', '--peers', '200', '--json', '--quiet', ...to()])
    expect(JSON.parse(out)).toMatchObject({ jobs: { submitted: 10 }, out: join(home, 'out') })
  })

  it.each([
    { words: ['market-dya'], code: 'USAGE', says: 'did you mean market-day' },
    { words: ['market-day', '--peers', '1'], code: 'USAGE', says: 'from 2 to' },
    { words: ['market-day', '--seed', '1.5'], code: 'USAGE', says: 'whole number' },
    { words: ['market-day', '--nope'], code: 'USAGE', says: 'unknown option' },
    { words: ['market-day', '--set', 'pears=3'], code: 'USAGE', says: 'peers' },
    { words: ['market-day', '--sweep', 'peers'], code: 'USAGE', says: 'path=value,value' },
    { words: ['market-day', '--sweep', 'seed=1,2'], code: 'USAGE', says: '--seeds' },
    { words: ['market-day', '--seeds', '2', '--check-determinism'], code: 'USAGE', says: 'leave out --seeds' },
    { words: ['market-day', '--rule', 'nowhere.ts'], code: 'RULE', says: 'no such file' },
    { words: ['fuzz', '--seed', '4', '--seeds', '2'], code: 'USAGE', says: 'cannot be used with' },
    { words: ['compare', 'nowhere', 'nowhere'], code: 'USAGE', says: 'there is no folder' },
  ])('refuses "$words" with code 64, and says why in a document', async ({ words, code, says }) => {
    const { code: exit, out, tasks } = await typed([...words, '--json'])
    expect(exit).toBe(64)
    expect(tasks).toEqual([])
    const { error } = JSON.parse(out)
    expect(error.code).toBe(code)
    expect(error.message).toContain(says)
    expect(error.fix).not.toBe('')
  })

  it('names the help of the verb that was typed', async () => {
    expect((await typed(['fuzz', '--peers', '3'])).err).toContain('weft-sim fuzz --help shows the flags\n')
    expect((await typed(['market-day', '--nope'])).err).toContain('weft-sim run --help shows the flags; what a scenario holds')
  })

  it('explains the flags of a run to who asks behind a scenario, and says where they are to who asks for all', async () => {
    const asked = await typed(['market-day', '--help'])
    expect(asked.code).toBe(0)
    expect(asked.out).toContain('--sweep <path=a,b,…>')
    expect((await typed(['--help'])).out).toContain('weft-sim run --help')
  })

  it('says that memory is too small before anything starts', async () => {
    const { code, out, tasks } = await typed([
      'market-day',
      '--peers',
      '9000000',
      '--set',
      'fidelity.gossip=exact',
      '--json',
      ...to(),
    ])
    expect([code, tasks]).toEqual([64, []])
    expect(JSON.parse(out).error).toMatchObject({ code: expect.stringMatching(/^(NOT_ENOUGH_MEMORY|TOO_EXPENSIVE)$/) })
  })

  it('refuses a folder that holds other things, before anything starts', async () => {
    writeFileSync(join(home, 'thesis.md'), '')
    const { code, err, tasks } = await typed(['market-day', '--peers', '200', '--out', home])
    expect([code, tasks]).toEqual([64, []])
    expect(err).toContain('did not write')
  })

  it('ends with 1 when an invariant broke, and prints seed, commit and the command that repeats it', async () => {
    const violations = [{ invariant: 'capacity', atSeconds: 12, text: 'promised 9 of 8' }]
    const { code, err } = await typed(['market-day', '--peers', '200', '--seed', '3', '--set', 'title=a b', ...to()], () => ({
      violations,
      seed: 3,
    }))
    expect(code).toBe(1)
    expect(err).toContain('violation: capacity at 12 s: promised 9 of 8')
    expect(err).toMatch(/seed 3, commit \S+/)
    expect(err).toContain("npx --no weft simulate market-day --seed 3 --peers 200 --set 'title=a b'")
  })

  it('ends with 130 when the run was stopped', async () => {
    const { code, out } = await typed(['market-day', '--peers', '200', ...to()], () => ({ partial: 'stopped at 5 s of 10 s' }))
    expect(code).toBe(130)
    expect(out).toContain('partial: stopped at 5 s of 10 s')
  })

  it('checks determinism over two calendars and a heap, writing one of them', async () => {
    const words = ['market-day', '--peers', '200', '--check-determinism', '--json', ...to()]
    const same = await typed(words)
    expect(same.code).toBe(0)
    expect(JSON.parse(same.out).determinism.same).toBe(true)
    expect(same.tasks.map(({ queue, out }) => [queue, out !== undefined])).toEqual([
      ['calendar', true],
      ['calendar', false],
      ['heap', false],
    ])
    expect(same.tasks[0]?.widthUs).not.toBe(same.tasks[1]?.widthUs)
    const different = await typed(words, (_, at) => (at === 2 ? { traceHash: 'ffffffffffffffff' } : {}))
    expect(different.code).toBe(1)
    expect(JSON.parse(different.out).determinism.same).toBe(false)
    expect(different.err).toContain('--check-determinism')
  })

  it.each([
    { code: 'export default 3', says: 'is number' },
    { code: 'export const rule = {}', says: 'no default export' },
    { code: 'export default { name: "x" }', says: 'no method rank' },
    { code: 'export default () => ({})', says: 'call it' },
    { code: 'export default {', says: 'cannot be loaded' },
  ])('says what is wrong with the rule "$code"', async ({ code, says }) => {
    const rule = join(home, `${Math.abs(hash(code))}.mjs`)
    writeFileSync(rule, code)
    const { out } = await typed(['market-day', '--peers', '200', '--rule', rule, '--json'])
    expect(JSON.parse(out).error).toMatchObject({ code: 'RULE', message: expect.stringContaining(says) })
  })

  it('lists the ready scenarios and prints the schemas', async () => {
    const list = await typed(['list'])
    expect(list.out).toMatch(/^SCENARIO +PEERS +ABOUT +SHOWS\n/)
    expect(list.out).toMatch(/^market-day {2,}10,000 +\d+ (s|min) +A day of the market/m)
    expect(list.err).toMatch(/quiet machine.*weft-sim NAME/)
    const listed = JSON.parse((await typed(['list', '--json'])).out) as { name: string; seconds: number }[]
    expect(listed.map(({ name }) => name)).toContain('propagation')
    for (const { name, seconds } of listed) expect(seconds, name).toBeLessThan(120)
    for (const of of ['scenario', 'run']) expect(JSON.parse((await typed(['schema', of])).out)).toHaveProperty('$schema')
  })

  it.each([
    [['lst'], /did you mean weft-sim list\?/],
    [['compair', 'a', 'b'], /did you mean weft-sim compare\?/],
    [['compare', 'nowhere', 'b'], /there is no folder nowhere; compare takes folders that runs wrote with --out/],
  ])('answers the slip of a finger in %j with the command that was meant', async (words, says) => {
    expect(await typed(words)).toMatchObject({ code: 64, err: expect.stringMatching(says) })
  })

  it('shows its verbs and flags to who asks', async () => {
    const help = await typed(['--help'])
    expect(help.code).toBe(0)
    for (const verb of ['run', 'list', 'compare', 'schema']) expect(help.out).toContain(verb)
    const { out } = await typed(['run', '--help'])
    for (const flag of ['--seeds', '--sweep', '--rule', '--check-determinism', '--force', '--no-report'])
      expect(out).toContain(flag)
    expect(out).not.toContain('--point')
    expect((await typed([])).code).toBe(64)
  })
})

const hash = (text: string): number => [...text].reduce((sum, character) => (Math.imul(sum, 31) + character.charCodeAt(0)) | 0, 7)

describe('a plan of many runs', () => {
  const asked = { scenario: 'propagation', set: [], sweep: [] }

  it('is the grid of what is swept, with every seed', async () => {
    const plans = await planRuns({ ...asked, seeds: 2, sweep: ['peers=100,200', 'gossip.d=6,8'] })
    expect(plans.map(({ name }) => name)).toEqual(
      ['peers=100,gossip.d=6', 'peers=100,gossip.d=8', 'peers=200,gossip.d=6', 'peers=200,gossip.d=8'].flatMap((point) => [
        `${point},seed=1`,
        `${point},seed=2`,
      ]),
    )
    expect(plans[7]?.loaded.scenario).toMatchObject({ peers: 200, seed: 2, gossip: { d: 8 } })
    expect(plans[7]?.words).toEqual(['propagation', '--seed', '2', '--set', 'peers=200', '--set', 'gossip.d=8'])
  })

  it('begins seeds at --seed', async () => {
    const plans = await planRuns({ ...asked, seed: 40, seeds: 3 })
    expect(plans.map(({ seed }) => seed)).toEqual([40, 41, 42])
  })

  it('refuses what cannot be meant', () => {
    expect(() => pointsOf(['peers=1,1'])).toThrow(/twice/)
    expect(() => pointsOf(['peers=1,', 'x=1'])).toThrow(/empty/)
    expect(() => pointsOf(['peers=1', 'peers=2'])).toThrow(/twice/)
  })

  it('quotes the command that repeats it for a shell', () => {
    expect(repeatCommand({ scenario: "it's.yaml", seed: 1, set: ['a=$(b)'], sweep: [] })).toBe(
      `npx --no weft simulate 'it'\\''s.yaml' --seed 1 --set 'a=$(b)'`,
    )
  })
})

describe('Control', () => {
  it('carries progress and the wish to stop between threads that share its memory', () => {
    const here = new Control()
    const mirror = new Control(here.memory)
    here.stop()
    mirror.report({ virtualSeconds: 1.5, events: 7, submitted: 3, done: 2 })
    expect(mirror.isStopped).toBe(true)
    expect(here.progress).toEqual({ virtualSeconds: 1.5, events: 7, submitted: 3, done: 2 })
  })
})
