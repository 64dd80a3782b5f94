import { describe, expect, test } from 'vitest'
import { makeHistogram } from '../../lab/results/histogram.ts'
import { type RunHooks, runScenario } from '../../src/peers/run.ts'
import { CHURN, defaultScenario, JOBS, MARKET, NO_NAT } from '../../src/presets/index.ts'
import type { RunResult } from '../../src/result.ts'
import type { Scenario } from '../../src/scenario.ts'

// Goal: the whole market over the models: jobs end, money is agreed, and one seed is one run.

const aScenario = (changes: Partial<Scenario> = {}): Scenario =>
  defaultScenario({
    name: 'small-market',
    seed: 5,
    peers: 60,
    durationSeconds: 900,
    settleSeconds: 1_800,
    nat: NO_NAT,
    market: { ...MARKET, renterShare: 0.2, neighbours: 3 },
    workload: {
      jobs: {
        ...JOBS,
        count: 20,
        durationMaxSeconds: 300,
        gpusMax: 1,
        imageMiB: 64,
        queueSeconds: 900,
        vramGiB: [{ share: 1, vramGiB: 0 }],
      },
      stream: undefined,
      lookups: undefined,
    },
    fidelity: { gossip: 'stat', dht: 'stat' },
    ...changes,
  })

const run = (scenario: Scenario, hooks: Partial<RunHooks> = {}): Promise<RunResult> =>
  runScenario(scenario, { makeHistogram, ...hooks })

test('every job of a quiet market ends, and what it did is in the rows', async () => {
  const { summary, jobs, series, traffic, providers } = await run(aScenario())
  expect(summary.violations).toEqual([])
  expect(summary.partial).toBeUndefined()
  expect(summary.jobs).toMatchObject({ submitted: 20, open: 0 })
  expect(summary.jobs.done).toBeGreaterThan(5)
  for (const job of jobs.filter(({ state }) => state === 'done')) {
    expect(job.endReason).toBe('workload.done')
    expect(job.attempts).toBe(1)
    expect(job.leasedMs).toBeGreaterThan(0)
    expect(job.startedMs).toBeGreaterThan(job.leasedMs)
    expect(job.endedMs - job.startedMs).toBeGreaterThanOrEqual(job.wantedSeconds * 1_000 - 1_000)
    expect(job.paid).toBeGreaterThan(0)
  }
  const paid = jobs.reduce((sum, job) => sum + job.paid, 0)
  expect(providers.reduce((sum, { earned }) => sum + earned, 0)).toBe(paid)
  expect(series.reduce((sum, row) => sum + (row['done'] ?? 0), 0)).toBe(summary.jobs.done)
  expect(traffic.find(({ kind }) => kind === 'award')?.messages).toBeGreaterThanOrEqual(summary.jobs.done)
})

test('totals leave the warm-up out, and ratios the time after the demand', async () => {
  const warmupSeconds = 480
  const scenario = aScenario({ warmupSeconds, durationSeconds: 960, metrics: { intervalSeconds: 60 } })
  const { summary, jobs, series } = await run(scenario)
  const measured = jobs.filter(({ submittedSeconds }) => submittedSeconds >= warmupSeconds)
  expect(measured.length).toBeGreaterThan(0)
  expect(measured.length).toBeLessThan(jobs.length)
  const rows = series.filter(({ atSeconds = 0 }) => atSeconds > warmupSeconds)
  const sum = (of: typeof rows, column: string) => of.reduce((total, row) => total + (row[column] as number), 0)
  const metric = (name: string) => summary.metrics[name]?.mean
  const ended = measured.filter(({ state }) => state !== 'open').length
  expect(metric('directBytesPerJob')).toBeCloseTo(sum(rows, 'directBytes') / ended, 6)
  expect(metric('dhtRequestsPerJob')).toBeCloseTo(sum(rows, 'dhtRequests') / ended, 6)
  expect(metric('receipts')).toBe(sum(rows, 'receipts'))
  expect(metric('receipts')).toBeLessThan(sum(series, 'receipts'))
  // Everyone stays: the mean over time is that over its intervals.
  const inDemand = rows.filter(({ atSeconds = 0 }) => atSeconds <= scenario.durationSeconds)
  expect(inDemand.length).toBeLessThan(rows.length)
  expect(metric('utilisation')).toBeCloseTo(sum(inDemand, 'utilisation') / inDemand.length, 9)
})

test('no metric of a run in which nothing happens after the warm-up counts what happened before', async () => {
  const early = { arrivals: 'all-at-once', atSeconds: 1, count: 20 } as const
  const { jobs } = aScenario().workload
  if (jobs === undefined) throw new TypeError('the scenario has jobs')
  const workload = { ...aScenario().workload, jobs: { ...jobs, ...early, duration: { p: [0, 1], x: [10, 20] } } }
  const { summary } = await run(aScenario({ workload, warmupSeconds: 900, durationSeconds: 960 }))
  expect(summary.jobs.done).toBeGreaterThan(0)
  expect(summary.metrics).not.toHaveProperty('timeToLeaseMs')
  for (const name of ['utilisation', 'receipts', 'retries', 'objections', 'imageBytesFetched', 'signaturesSampledFailed'])
    expect([name, summary.metrics[name]?.mean]).toEqual([name, 0])
  // Nobody sold anything.
  expect(summary.metrics['utilisationJain']?.mean).toBe(1)
})

test('what cannot be said is left out: no look-ups have no success, an interval without a lease has no price', async () => {
  const { summary, series } = await run(aScenario())
  expect(summary.metrics).not.toHaveProperty('lookupSuccessShare')
  expect(Object.values(summary.metrics).flatMap(Object.values).filter(Number.isNaN)).toEqual([])
  const without = series.filter((row) => row['leases'] === 0)
  expect(without.length).toBeGreaterThan(0)
  expect(without.every((row) => Number.isNaN(row['pricePerUnitHour']) && Number.isNaN(row['meanWaitMs']))).toBe(true)
  const nobody = await run(aScenario({ workload: { jobs: undefined, stream: undefined, lookups: undefined } }))
  for (const name of ['fillRate', 'wastedShare']) expect(nobody.summary.metrics).not.toHaveProperty(name)
})

// A delivery is at most a few hops away; what was measured from another message's publication is not.
test('deliveries are measured from their own publication, however long the run', async () => {
  const { histograms, messages } = await run(aScenario({ durationSeconds: 4 * 3_600, churn: CHURN.volunteer }))
  expect(histograms['deliveryMs']?.count).toBeGreaterThan(200)
  expect(histograms['deliveryMs']?.quantile(1)).toBeLessThan(5_000)
  expect(messages.every(({ delivered, recipients }) => delivered <= recipients)).toBe(true)
})

describe('determinism', () => {
  const churning = aScenario({
    churn: {
      ...CHURN.volunteer,
      initialShare: 0.8,
      online: { p: [0, 1], seconds: [300, 1_500] },
      offline: { p: [0, 1], seconds: [60, 600] },
    },
  })

  test('one seed gives one trace, whatever the queue', async () => {
    const [first, again, heap, wide] = [
      await run(churning),
      await run(churning),
      await run(churning, { queue: 'heap' }),
      await run(churning, { queue: 'calendar', widthUs: 4_096 }),
    ]
    expect(again.summary).toEqual(first.summary)
    expect(again.jobs).toEqual(first.jobs)
    expect(heap.summary.traceHash).toBe(first.summary.traceHash)
    expect(wide.summary.traceHash).toBe(first.summary.traceHash)
  })

  test('another seed gives another', async () => {
    const [first, other] = [await run(churning), await run({ ...churning, seed: 6 })]
    expect(other.summary.traceHash).not.toBe(first.summary.traceHash)
  })

  test('looking at progress changes nothing', async () => {
    let looks = 0
    const watched = await run(churning, { onProgress: () => void looks++, shouldStop: () => false })
    expect(watched.summary).toEqual((await run(churning)).summary)
  })
})

test('jobs survive churn: a lost provider is replaced, and no invariant breaks', async () => {
  const { summary } = await run(
    aScenario({
      churn: {
        ...CHURN.volunteer,
        initialShare: 0.9,
        online: { p: [0, 1], seconds: [200, 1_200] },
        offline: { p: [0, 1], seconds: [30, 120] },
        crashShare: 0.5,
      },
    }),
  )
  expect(summary.violations).toEqual([])
  expect(summary.jobs.done).toBeGreaterThan(5)
  expect(summary.metrics['recoveryMs']?.p50).toBeGreaterThan(0)
})

test('a run that is stopped gives what it has and says that it is partial', async () => {
  const { summary } = await run(aScenario(), { shouldStop: () => true })
  expect(summary.partial).toMatch(/^stopped at \d+ s of 2700 s$/)
  expect(summary.virtualSeconds).toBeLessThan(2_700)
})

test('a rule of one’s own decides who gets the job', async () => {
  let ranked = 0
  const none = {
    name: 'nobody',
    rank: () => {
      ranked += 1
      return []
    },
  }
  const { summary } = await run(aScenario(), { rule: none })
  expect(ranked).toBeGreaterThan(0)
  expect(summary.jobs.done).toBe(0)
})
