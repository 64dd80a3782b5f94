import { expect, test } from 'vitest'
import type { RunResult } from '../../src/result.ts'
import { meanOver, metric, runReady } from './a-ready-scenario.ts'

// Goal: each ready scenario of the market shows at a small size what its file says that it shows, and breaks no invariant.

/** Few peers, receipts each minute, drawn gossip and DHT: what the effect does not need. */
const CHEAP = { 'market.receipt': '60s', 'market.neighbours': 3, 'fidelity.gossip': 'stat', 'fidelity.dht': 'stat' }

const HOUR = 3_600
const waitOf = ({ jobs }: RunResult, [from, until]: readonly [number, number]): number => {
  const waits = jobs
    .filter(({ submittedSeconds, leasedMs }) => submittedSeconds >= from && submittedSeconds < until && leasedMs >= 0)
    .map(({ leasedMs }) => leasedMs)
  return waits.reduce((sum, wait) => sum + wait, 0) / waits.length
}

test('flash-crowd: the jump in demand becomes a queue, and the market clears it', async () => {
  const result = await runReady('flash-crowd', {
    ...CHEAP,
    peers: 60,
    'workload.jobs.count': 20,
    script: '[{at: 2h, do: demand, jobs: 60}]',
  })
  expect(result.summary.violations).toEqual([])
  expect(result.jobs.filter(({ submittedSeconds }) => submittedSeconds === 2 * HOUR)).toHaveLength(60)
  expect(meanOver(result, 'seekingJobs', [2 * HOUR, 2 * HOUR + 300])).toBeGreaterThan(10)
  expect(meanOver(result, 'seekingJobs', [3.5 * HOUR, 4 * HOUR])).toBeLessThan(
    0.7 * meanOver(result, 'seekingJobs', [2 * HOUR, 2 * HOUR + 300]),
  )
  expect(result.series.at(-1)?.['seekingJobs']).toBe(0)
  expect(waitOf(result, [2 * HOUR, 2 * HOUR + 1])).toBeGreaterThan(10 * waitOf(result, [0, 2 * HOUR]))
})

test('mass-failure: jobs on machines that vanish are run again elsewhere, and capacity returns', async () => {
  const result = await runReady('mass-failure', { ...CHEAP, peers: 100, 'workload.jobs.count': 240, 'fleet.providerShare': 0.3 })
  expect(result.summary.violations).toEqual([])
  const [before, during, after] = [[1, 2] as const, [2, 3] as const, [3.1, 4] as const].map(([from, until]) =>
    meanOver(result, 'capacityUnits', [from * HOUR, until * HOUR]),
  ) as [number, number, number]
  expect(during).toBeLessThan(0.85 * before)
  expect(after).toBeGreaterThan(0.95 * before)
  const lost = result.series.filter((row) => (row['lostAttempts'] as number) > 0)
  expect(lost.length).toBeGreaterThan(0)
  expect(lost[0]?.['atSeconds']).toBeGreaterThanOrEqual(2 * HOUR)
  expect(metric(result, 'recoveryMs')).toBeGreaterThan(0)
  expect(result.jobs.some(({ attempts, state }) => attempts > 1 && state === 'done')).toBe(true)
  expect(result.summary.jobs.open).toBe(0)
})

test('bootstrap-death: newcomers find nobody afterwards, who returns does, and jobs still find machines', async () => {
  const result = await runReady('bootstrap-death', { ...CHEAP, peers: 150, 'workload.jobs.count': 80 })
  expect(result.summary.violations).toEqual([])
  expect(meanOver(result, 'strandedPeers', [0, HOUR])).toBe(0)
  expect(meanOver(result, 'strandedPeers', [3 * HOUR, 4 * HOUR])).toBeGreaterThan(2)
  expect(metric(result, 'newcomersStranded')).toBeGreaterThan(5)
  expect(metric(result, 'returns')).toBeGreaterThan(5)
  expect(metric(result, 'returnsStranded')).toBeLessThan(0.1 * metric(result, 'returns'))
  const later = result.jobs.filter(({ submittedSeconds }) => submittedSeconds > HOUR)
  expect(later.filter(({ leasedMs }) => leasedMs >= 0).length).toBeGreaterThan(0.85 * later.length)
})

test('partition-heal: what runs across the cut is lost, and matches go on during and after it', async () => {
  const result = await runReady('partition-heal', {
    ...CHEAP,
    peers: 100,
    'workload.jobs.count': 160,
    'fleet.providerShare': 0.2,
  })
  expect(result.summary.violations).toEqual([])
  const lost = result.series.filter((row) => (row['lostAttempts'] as number) > 0).map((row) => row['atSeconds'] as number)
  expect(lost.length).toBeGreaterThan(0)
  expect(Math.min(...lost)).toBeGreaterThanOrEqual(HOUR)
  expect(Math.max(...lost)).toBeLessThan(2.2 * HOUR)
  // Jobs of the last hours still have their time.
  expect(result.summary.judged.jobs).toBeGreaterThan(0.9 * result.jobs.length)
  expect(result.summary.judged.bills).toBeGreaterThan(0.95 * result.summary.judged.leases)
  for (const hour of [1.1, 2.1, 3]) expect(meanOver(result, 'leases', [hour * HOUR, (hour + 0.8) * HOUR])).toBeGreaterThan(0)
})

test('cheating-hardware: who lacks what it announces never passes and is avoided, and nobody honest is', async () => {
  const size = { ...CHEAP, peers: 50, duration: '4h', 'workload.jobs.count': 60, 'measure.roundsPerDay': 48 }
  const result = await runReady('cheating-hardware', { ...size, 'attack.share': 0.6 })
  const { hardware = [], violations } = result.summary
  expect(violations).toEqual([])
  const rowOf = (kind: string) => hardware.find((row) => row.kind === kind)
  expect(rowOf('honest')).toMatchObject({ caught: 0, avoidedByShare: 0 })
  expect(rowOf('honest')?.passedShare).toBeGreaterThan(0.97)
  for (const kind of ['doubler', 'padder', 'relay']) {
    expect(rowOf(kind)?.passedShare).toBe(0)
    expect(rowOf(kind)?.caught).toBeGreaterThan(0)
    expect(rowOf(kind)?.challengesUntilCaught).toBeGreaterThanOrEqual(3)
  }
  expect(rowOf('borrower')?.passedShare).toBeGreaterThan(0.3)
  expect(metric(result, 'challengesRefusedShare')).toBeGreaterThan(0)
  expect(metric(result, 'heldByChallengesShare')).toBeLessThan(0.05)
})

test('price-war: learning providers ask less and less, fixed ones do not', async () => {
  const size = { ...CHEAP, peers: 50, 'workload.jobs.count': 120 }
  const [learning, fixed] = [
    await runReady('price-war', size),
    await runReady('price-war', { ...size, 'market.pricing': 'fixed' }),
  ]
  const fall = (result: RunResult): number => {
    const prices = (from: number, until: number) => {
      const paid = result.jobs.filter(
        ({ submittedSeconds, leasedMs, gpus }) =>
          leasedMs >= 0 && gpus > 0 && submittedSeconds >= from && submittedSeconds < until,
      )
      return paid.reduce((sum, { pricePerHour, gpus }) => sum + pricePerHour / gpus, 0) / paid.length
    }
    return prices(8 * HOUR, 12 * HOUR) / prices(0, 4 * HOUR)
  }
  expect(fall(learning)).toBeLessThan(0.95 * fall(fixed))
  expect(metric(learning, 'priceOverBenchmarkMilli')).toBeLessThan(metric(fixed, 'priceOverBenchmarkMilli'))
})
