import type { JobId } from '@weft/protocols'
import type { Note } from '@weft/protocols/core'
import { describe, expect, test } from 'vitest'
import { makeHistogram } from '../../lab/results/histogram.ts'
import { Meters } from '../../src/metrics/meters.ts'

const JOB = 'job' as JobId
/** What notes of the kinds below carry beside what matters here. */
const WORDS = { leaseId: 'lease', pricePerHour: 5n, amount: 0n, provider: 'p', text: '', kind: '', exitCode: 0 }
const SECOND_US = 1_000_000

/** Meters of one job, submitted at 10 s, and what its renter notes at which second. */
function metersOf(notes: [atSeconds: number, fields: object][], warmupSeconds = 0): Meters {
  const meters = new Meters({ peers: 2, makeHistogram, warmupUs: warmupSeconds * SECOND_US, indexOf: () => 1 })
  const submitted = { job: 0, renter: 0, gpus: 1, vramGiB: 0, wantedSeconds: 100, budgetPerHour: 5 }
  meters.jobs.submitted(JOB, { ...submitted, atUs: 10 * SECOND_US })
  for (const [at, fields] of notes) meters.note(0, { jobId: JOB, ...WORDS, ...fields } as unknown as Note, at * SECOND_US)
  return meters
}
const MATCHED: [number, object][] = [
  [11, { type: 'bid' }],
  [12, { type: 'leased' }],
  [15, { type: 'progress', phase: 'running' }],
]
const lost = { type: 'attempt-ended', endReason: 'provider.engine' }

describe('the meters of a job', () => {
  test('count how far it has come, though it is still open when the run ends', () => {
    const { histograms } = metersOf(MATCHED)
    const means = [histograms.timeToFirstBidMs, histograms.timeToLeaseMs, histograms.timeToStartMs].map(({ mean }) => mean)
    expect(means).toEqual([1_000, 2_000, 5_000])
  })

  test('count each step once, and leave out jobs of the warm-up', () => {
    const again = [...MATCHED, [20, { type: 'leased' }], [21, { type: 'progress', phase: 'running' }]] as typeof MATCHED
    expect(metersOf(again).histograms.timeToLeaseMs.count).toBe(1)
    expect(metersOf(again).histograms.timeToStartMs.count).toBe(1)
    expect(metersOf(MATCHED, 11).histograms.timeToStartMs.count).toBe(0)
  })

  test('an outage runs from when a lost attempt was last heard of until another runs', () => {
    const { histograms } = metersOf([
      ...MATCHED,
      [30, { type: 'receipt', accepted: true }],
      [90, lost],
      [95, { type: 'leased' }],
      [100, { type: 'progress', phase: 'running' }],
    ])
    expect([histograms.recoveryMs.mean, histograms.outageMs.mean]).toEqual([5_000, 70_000])
  })

  test('an attempt that was lost before it ran is no outage', () => {
    const { histograms } = metersOf([
      ...MATCHED.slice(0, 2),
      [90, lost],
      [95, { type: 'leased' }],
      [100, { type: 'progress', phase: 'running' }],
    ])
    expect([histograms.recoveryMs.count, histograms.outageMs.count]).toEqual([1, 0])
  })
})
