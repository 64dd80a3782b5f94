// Goal: the fuzzer draws all sorts of trouble, finds what is broken, and says how to repeat it; and nothing is broken now.
import { type FuzzRun, presets, type Scenario } from '@weft/simulator'
import { describe, expect, test } from 'vitest'
import { type FuzzDocument, fuzzSeeds } from '../../lab/cli/fuzz.ts'
import { scenarioYaml } from '../../lab/cli/fuzz-yaml.ts'
import { readScenario } from '../../lab/scenario/index.ts'
import type { Tamper } from '../../src/faults/trouble.ts'
import { drawScenario } from '../../src/fuzz/draw.ts'
import { fuzzRun } from '../../src/fuzz/fuzz.ts'
import { shrink, simpler } from '../../src/fuzz/shrink.ts'

const SEEDS = 40
const TWICE = 5

test(`${SEEDS} seeds break nothing, and the first ${TWICE} give the same trace over either queue`, async () => {
  const failed: { seed: number; violations: FuzzRun['violations'] }[] = []
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { violations, traceHash } = await fuzzRun(drawScenario(seed), { queue: 'calendar' })
    if (violations.length > 0) failed.push({ seed, violations })
    if (seed > TWICE) continue
    const again = await fuzzRun(drawScenario(seed), { queue: 'heap' })
    expect(again.traceHash, `seed ${seed}`).toBe(traceHash)
  }
  expect(failed).toEqual([])
}, 300_000)

describe('drawing', () => {
  const many = Array.from({ length: 400 }, (_, seed) => drawScenario(seed))
  const shareWith = (has: (scenario: Scenario) => boolean) => many.filter(has).length / many.length

  test('a seed always draws the same scenario', () => {
    expect(drawScenario(17)).toEqual(drawScenario(17))
    expect(drawScenario(17)).not.toEqual(drawScenario(18))
  })

  test.each([
    'crashesPerHour',
    'killsPerHour',
    'lostWriteShare',
    'pausesPerHour',
    'partitionsPerHour',
    'clogsPerHour',
    'duplicateShare',
    'lossShare',
    'clockSkewMs',
    'clockStepsPerHour',
    'byzantineShare',
  ] as const)('%s exists in about half of all seeds', (fault) => {
    const share = shareWith(({ faults }) => faults[fault] > 0)
    expect(share).toBeGreaterThan(0.4)
    expect(share).toBeLessThan(0.6)
  })

  test('sizes stay within what a machine runs in seconds, and every kind of attack and script comes', () => {
    for (const { peers, workload, durationSeconds } of many) {
      expect(peers).toBeGreaterThanOrEqual(5)
      expect(peers).toBeLessThanOrEqual(60)
      expect(workload.jobs?.count).toBeLessThanOrEqual(40)
      expect(durationSeconds).toBeLessThanOrEqual(3_600)
    }
    const kinds = new Set(many.map(({ attack }) => attack?.kind))
    expect(kinds).toEqual(new Set([undefined, 'spam', 'free-riders', 'cheating-providers', 'sybil-market', 'liars']))
    expect(new Set(many.flatMap(({ script }) => script.map((step) => step.do))).size).toBe(6)
  })

  test('written as a file and read again, a scenario is the same', () => {
    for (const scenario of many.slice(0, 60)) {
      const again = readScenario(scenarioYaml(scenario), { file: 'fuzz.yaml' })
      expect(again).toEqual(scenario)
    }
  })
})

describe('shrinking', () => {
  test('leaves only what the failure needs', async () => {
    const drawn = drawScenario(12)
    const scenario = { ...drawn, faults: { ...drawn.faults, crashesPerHour: 1, lossShare: 0.1 } }
    const fails = async ({ faults, workload, peers }: Scenario) =>
      faults.crashesPerHour > 0 && (workload.jobs?.count ?? 0) >= 3 && peers >= 7
    const { scenario: smallest } = await shrink(scenario, fails)
    expect(smallest.peers).toBe(7)
    expect(smallest.workload.jobs?.count).toBe(3)
    const { crashesPerHour, untilSeconds } = smallest.faults
    expect(smallest.faults).toEqual({ ...presets.NO_FAULTS, crashesPerHour, untilSeconds })
    expect(smallest).toMatchObject({ script: [], durationSeconds: 60, nat: { share: 0 }, links: { matrix: 'uniform' } })
  })

  test('offers nothing that is not simpler, and stops where nothing is left to take away', async () => {
    const { scenario, runs } = await shrink(drawScenario(3), async () => true)
    expect([...simpler(scenario)]).toEqual([])
    expect(runs).toBeLessThan(100)
  })

  test('gives up after so many runs', async () => {
    let runs = 0
    const fails = async () => {
      runs += 1
      return false
    }
    await shrink(drawScenario(3), fails, { runsMax: 5 })
    expect(runs).toBe(5)
  })
})

describe('the command', () => {
  const text = { out: '', err: '' }
  const io = {
    out: (line: string) => {
      text.out += line
    },
    err: (line: string) => {
      text.err += line
    },
    isTerminal: false,
    now: () => new Date(0),
  }
  const init = { from: 4, seeds: 1, isShrinking: false, isJson: false, isTwice: false }
  /** Renters without timers: as good as any bug. */
  const tamper: Tamper = (_peer, ports) => {
    const { clock, executor } = ports
    const dead = {
      era: clock.era,
      monoMs: () => clock.monoMs(),
      wallMs: () => clock.wallMs(),
      after: () => () => {},
      set: () => {},
    }
    return executor === undefined ? { ...ports, clock: dead } : ports
  }

  test('says how many seeds passed, and that is 0 to a script', async () => {
    text.out = ''
    expect(await fuzzSeeds({ ...init, isTwice: true }, io)).toBe(0)
    expect(text.out).toMatch(/^1 seed: 0 failed; .* virtual hours, \d+ jobs, \d+ events\n$/)
  })

  test('names the seed, the commit, the command that repeats it and the smallest scenario that still fails', async () => {
    text.out = ''
    const code = await fuzzSeeds({ ...init, isShrinking: true, isJson: true, hooks: { tamper } }, io)
    expect(code).toBe(1)
    const document = JSON.parse(text.out) as FuzzDocument
    const [failure] = document.failures
    expect(failure).toMatchObject({ seed: 4, command: 'npx --no weft-sim fuzz --seed 4' })
    expect(failure?.violations[0]?.invariant).toBe('liveness')
    const smallest = readScenario(failure?.smallest?.yaml ?? '', { file: 'smallest.yaml' })
    expect(smallest.peers).toBeLessThan(drawScenario(4).peers)
    const again = await fuzzRun(smallest, { tamper })
    expect(again.violations.map(({ invariant }) => invariant)).toContain('liveness')
  }, 120_000)
})
