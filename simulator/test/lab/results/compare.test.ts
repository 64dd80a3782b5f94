import { describe, expect, it } from 'vitest'
import { comparisonText, sweepText } from '../../../lab/cli/text.ts'
import { warningsOf } from '../../../lab/cli/verbs/compare.ts'
import { SAME_TRACE } from '../../../lab/report/tables.ts'
import { type Comparable, compare, summaryOfSeeds } from '../../../lab/results/compare.ts'
import type { StoredRun } from '../../../lab/results/read-run.ts'
import { type ARun, aDocument, aRun } from '../builders/a-run.ts'

const run = (init: ARun): Comparable => {
  const result = aRun({ jobs: 200, ...init })
  return { document: aDocument(result), scenario: result.scenario, jobs: () => result.jobs }
}
const seeds = (numbers: number[], init: ARun = {}): Comparable[] => numbers.map((seed) => run({ seed, ...init }))
const find = (comparison: ReturnType<typeof compare>, metric: string, statistic: string) =>
  comparison.differences.find((each) => each.metric === metric && each.statistic === statistic)

const SIX = [1, 2, 3, 4, 5, 6]

describe('what is said beside a comparison', () => {
  const stored = (changes: object): StoredRun[] => {
    const { document, scenario } = run({ seed: 1 })
    return [{ document, scenario: { ...scenario, ...changes }, versions: { weft: '1' } } as unknown as StoredRun]
  }

  it('names the settings that differ, where more than one does', () => {
    expect(warningsOf(stored({}), stored({ seed: 2, peers: 7 }))).toEqual([])
    expect(warningsOf(stored({}), stored({ peers: 7, durationSeconds: 60 }))).toEqual([
      'the two sides differ in 2 settings: peers, durationSeconds',
    ])
  })

  it('says in which fidelity each point of a sweep ran, where they differ', () => {
    const { document } = run({ seed: 1 })
    const changed = { ...document, fidelity: { gossip: 'tree', dht: 'exact' } } as typeof document
    const [one, other] = [document, changed].map((each, i) => ({ label: `peers=${i}`, documents: [each] }))
    if (one === undefined || other === undefined) throw new Error('two points')
    expect(sweepText([one, other], 'out')).toMatch(/Fidelity of gossip, DHT .*, .*tree, exact/)
    expect(sweepText([one, one], 'out')).not.toContain('Fidelity')
  })
})

describe('compare', () => {
  it('pairs by seed where both have it, and finds what was changed and nothing else', () => {
    const comparison = compare(seeds([1, 2, 3, 4, 5, 6, 7]), seeds([2, 3, 4, 5, 6, 7, 8], { slowerMs: 100 }))
    expect(comparison.method).toBe('seeds-paired')
    expect(comparison.seeds).toEqual({ a: [2, 3, 4, 5, 6, 7], b: [2, 3, 4, 5, 6, 7] })
    const lease = find(comparison, 'timeToLeaseMs', 'mean')
    expect(lease?.isOutsideNoise).toBe(true)
    expect(lease?.difference.value).toBeCloseTo(100, 6)
    expect(comparison.differences.filter(({ isOutsideNoise }) => isOutsideNoise).map(({ metric }) => metric)).toEqual(
      Array(3).fill('timeToLeaseMs'),
    )
  })

  it('compares a metric that is one number for each run once', () => {
    const comparison = compare(seeds(SIX), seeds(SIX))
    expect(comparison.differences.filter(({ metric }) => metric === 'utilisation').map(({ statistic }) => statistic)).toEqual([
      'value',
    ])
  })

  it('resamples each side on its own where no seeds are shared', () => {
    const comparison = compare(seeds(SIX), seeds([11, 12, 13, 14, 15, 16, 17], { slowerMs: 5000 }))
    expect(comparison.method).toBe('seeds')
    expect(find(comparison, 'timeToLeaseMs', 'p50')?.isOutsideNoise).toBe(true)
  })

  it('takes fewer than six seeds for too few, and resamples their jobs', () => {
    const comparison = compare(seeds([1, 2, 3, 4, 5]), seeds([1, 2, 3, 4, 5], { slowerMs: 5000 }))
    expect(comparison.method).toBe('jobs')
  })

  it('says that runs with the same traces are the same runs', () => {
    expect(compare(seeds(SIX), seeds(SIX.toReversed())).isSameTrace).toBe(true)
    expect(compare(seeds([1]), seeds([2])).isSameTrace).toBe(false)
    const same = comparisonText(compare(seeds([1]), seeds([1])), { a: 'first', b: 'second' })
    expect(same).toBe(`A: first\nB: second\n\n${SAME_TRACE}\n`)
  })

  it('resamples jobs where there is one seed each', () => {
    const comparison = compare(seeds([1]), seeds([1], { slowerMs: 3000 }))
    expect(comparison.method).toBe('jobs')
    expect(find(comparison, 'leasedMs', 'p50')?.isOutsideNoise).toBe(true)
    expect(find(comparison, 'pricePerHour', 'p50')?.isOutsideNoise).toBe(false)
    expect(find(comparison, 'doneShare', 'mean')?.isOutsideNoise).toBe(false)
  })

  it('leaves jobs of the warm-up out', () => {
    const all = run({ seed: 1 })
    const odd = { ...all, jobs: () => all.jobs().map((job) => (job.job < 100 ? { ...job, leasedMs: 1e9 } : job)) }
    const since = (one: Comparable): Comparable => ({ ...one, scenario: { warmupSeconds: 100 * 40 } })
    expect(find(compare([all], [odd]), 'leasedMs', 'mean')?.isOutsideNoise).toBe(true)
    expect(find(compare([since(all)], [since(odd)]), 'leasedMs', 'mean')?.difference.value).toBe(0)
  })

  it('finds no difference between a result and itself', () => {
    for (const all of [[1], SIX]) {
      const comparison = compare(seeds(all), seeds(all))
      expect(comparison.differences.length).toBeGreaterThan(3)
      expect(comparison.differences.filter(({ isOutsideNoise }) => isOutsideNoise)).toEqual([])
    }
  })

  it('leaves out what only one side measured', () => {
    const a = run({ seed: 1 })
    const b = run({ seed: 1, summary: { metrics: {} } })
    expect(
      compare(Array(6).fill(a), Array(6).fill(b)).differences.every(
        ({ metric }) => /Share$/.test(metric) || /Ms$|paid|attempts|PerHour/.test(metric),
      ),
    ).toBe(true)
  })

  it('sums up seeds as medians with intervals that hold them', () => {
    const summary = summaryOfSeeds(seeds([1, 2, 3, 4, 5, 6, 7]).map(({ document }) => document))
    const utilisation = summary.find(({ metric }) => metric === 'utilisation')
    expect(utilisation?.median.value).toBeCloseTo(0.524, 10)
    expect(utilisation?.median.low).toBeGreaterThanOrEqual(0.521)
    expect(utilisation?.median.high).toBeLessThanOrEqual(0.527)
    expect(utilisation?.median.n).toBe(7)
  })
})
