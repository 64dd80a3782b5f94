import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RunDocument } from '../../../lab/results/document.ts'

const BIN = fileURLToPath(new URL('../../../bin/weft-sim.mjs', import.meta.url))
const SCHEMA = new URL('../../../schemas/run.schema.json', import.meta.url)
const validate = new Ajv2020({ allowUnionTypes: true }).compile(JSON.parse(readFileSync(SCHEMA, 'utf8')))
/** A run of a second. */
const SMALL = ['propagation', '--peers', '60']

/** Each of these starts many processes, on a machine that may be busy with others. */
describe('the program weft-sim', { timeout: 300_000 }, () => {
  let home: string
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'weft-sim-'))
  })
  afterEach(() => rmSync(home, { recursive: true, force: true }))

  const start = (words: string[]): { child: ChildProcess; ended: Promise<{ code: number | null; out: string; err: string }> } => {
    const child = spawn(process.execPath, ['--', BIN, ...words], { cwd: home, stdio: ['ignore', 'pipe', 'pipe'] })
    let [out, err] = ['', '']
    child.stdout?.on('data', (chunk) => {
      out += chunk
    })
    child.stderr?.on('data', (chunk) => {
      err += chunk
    })
    const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code) => resolve({ code, out, err }))
    })
    return { child, ended }
  }
  const run = (...words: string[]) => start(words).ended

  it('runs a scenario into a folder, prints what its schema says, and repeats itself over every queue', async () => {
    const { code, out, err } = await run(...SMALL, '--json', '--quiet', '--check-determinism', '--out', 'one')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const document = JSON.parse(out) as RunDocument
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true)
    expect(document).toMatchObject({ scenario: 'propagation', peers: 60, determinism: { same: true } })
    expect(document.events).toBeGreaterThan(100)
    expect(readdirSync(home)).toEqual(['one'])
    expect(JSON.parse(readFileSync(join(home, 'one', 'versions.json'), 'utf8')).traceHash).toBe(document.traceHash)
  })

  it('runs seeds in processes of their own, and compares two sets of them', async () => {
    const first = await run(...SMALL, '--seeds', '6', '--json', '--out', 'a')
    expect(first.code).toBe(0)
    const documents = JSON.parse(first.out) as RunDocument[]
    expect(validate(documents), JSON.stringify(validate.errors)).toBe(true)
    expect(documents.map(({ seed }) => seed)).toEqual([1, 2, 3, 4, 5, 6])
    expect(new Set(documents.map(({ traceHash }) => traceHash)).size).toBe(6)
    expect(readdirSync(join(home, 'a')).sort()).toEqual([
      'report.html',
      'runs.json',
      'scenario.yaml',
      'seed=1',
      'seed=2',
      'seed=3',
      'seed=4',
      'seed=5',
      'seed=6',
      'summary.json',
      'versions.json',
    ])
    await run(
      ...SMALL,
      '--seeds',
      '6',
      '--set',
      'gossip.d=4',
      '--set',
      'gossip.dLow=3',
      '--set',
      'gossip.dOut=1',
      '--no-report',
      '--out',
      'b',
    )
    const compared = await run('compare', 'a', 'b', '--json', '--html', 'c.html')
    expect(JSON.parse(compared.out)).toMatchObject({ method: 'seeds-paired', seeds: { a: [1, 2, 3, 4, 5, 6] } })
    expect(readFileSync(join(home, 'c.html'), 'utf8')).toContain('Outside of noise')
  })

  it('sweeps, and draws what was swept', async () => {
    const { code, out } = await run('propagation', '--sweep', 'peers=40,80', '--json', '--out', 'sweep')
    expect(code).toBe(0)
    expect((JSON.parse(out) as RunDocument[]).map(({ peers, point }) => [peers, point])).toEqual([
      [40, { peers: 40 }],
      [80, { peers: 80 }],
    ])
    expect(readFileSync(join(home, 'sweep', 'report.html'), 'utf8')).toContain('sweep over peers')
  })

  it('keeps the rule that it ran with and what that imports, so that the run can be repeated from its folder', async () => {
    const text = 'import { order } from "../shared/order.mjs"\nexport default { ...order, name: "mine" }\n'
    const imported = 'import { firstPrice } from "@weft/protocols/core"\nexport const order = firstPrice()\n'
    for (const folder of ['rules', 'shared']) mkdirSync(join(home, folder))
    writeFileSync(join(home, 'rules', 'mine.mjs'), text)
    writeFileSync(join(home, 'shared', 'order.mjs'), imported)
    const words = ['market-day', '--peers', '40', '--set', 'duration=10m', '--json', '--quiet', '--no-report']
    const first = await run(...words, '--rule', join('rules', 'mine.mjs'), '--out', 'one')
    expect(first.code).toBe(0)
    expect(readFileSync(join(home, 'one', 'rule', 'rules', 'mine.mjs'), 'utf8')).toBe(text)
    expect(readFileSync(join(home, 'one', 'rule', 'shared', 'order.mjs'), 'utf8')).toBe(imported)
    const { rule } = JSON.parse(readFileSync(join(home, 'one', 'versions.json'), 'utf8'))
    const sha256 = createHash('sha256').update(text).digest('hex')
    expect(rule).toEqual({ name: 'mine', file: 'rule/rules/mine.mjs', sha256, leftOut: [] })
    const again = await run(...words, '--rule', join('one', rule.file), '--out', 'two')
    expect(JSON.parse(again.out).traceHash).toBe(JSON.parse(first.out).traceHash)
  })

  it('says which seed failed, and leaves no folder', async () => {
    writeFileSync(join(home, 'bad.mjs'), 'export default { name: "bad", rank: () => { throw new Error("no rank") } }')
    const { code, out } = await run(
      'market-day',
      '--peers',
      '40',
      '--set',
      'duration=10m',
      '--rule',
      'bad.mjs',
      '--seeds',
      '2',
      '--json',
      '--out',
      'x',
    )
    expect(code).not.toBe(0)
    expect(JSON.parse(out).error.message).toMatch(/--seed 1 .*the rule bad threw in rank: no rank/)
    expect(readdirSync(home)).toEqual(['bad.mjs'])
  })

  it('writes a partial result that says so when it is stopped', async () => {
    const { child, ended } = start(['market-day', '--peers', '4000', '--force', '--json', '--out', 'part'])
    // It listens from the first line of progress on.
    await new Promise((resolve) => child.stderr?.once('data', resolve))
    child.kill('SIGINT')
    const { code, out, err } = await ended
    expect({ code, err: err.includes('stopping') }).toEqual({ code: 130, err: true })
    const document = JSON.parse(out) as RunDocument
    expect(document.partial).toMatch(/stopped at/)
    expect(readFileSync(join(home, 'part', 'report.html'), 'utf8')).toContain('Partial: stopped at')
  })
})
