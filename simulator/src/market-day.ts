import { jobId, micros } from '@weft/protocols'
import type { JobView } from '@weft/protocols/core'
import {
  randomFate,
  SeededRandom,
  SimulatedMesh,
  type SimulatedPeer,
  someCapacity,
  somePrices,
  someRequest,
  someResources,
} from '@weft/protocols/testing'
import { toHex } from '@weft/protocols/wire'
import { checkAll, type Violation } from './old-checkers.ts'
import { Trace } from './trace.ts'

/** A day at a small market: providers of several sizes and prices, renters with short jobs, a lossy network. */
export interface MarketDayInit {
  /** @default 1 */
  seed: number
  /** @default 20 */
  providers: number
  /** @default 5 */
  renters: number
  /** Jobs in all, spread over the first half. @default 40 */
  jobs: number
  /** Share of control messages that are lost. @default 0.01 */
  loss: number
  /** Mean one-way delay of a message in ms. @default 30 */
  meanDelayMs: number
}

export const MARKET_DAY: MarketDayInit = { seed: 1, providers: 20, renters: 5, jobs: 40, loss: 0.01, meanDelayMs: 30 }

export interface MarketDayReport {
  scenario: 'market-day'
  seed: number
  peers: number
  virtualSeconds: number
  messages: number
  /** SHA-256 over every decision of every peer, in order: the same seed gives the same. */
  traceHash: string
  jobs: { submitted: number; done: number; failed: number; cancelled: number; open: number }
  /** Milliseconds from submission to lease. */
  timeToLease: { p50: number; p95: number }
  violations: Violation[]
}

/** Time that jobs have to end after the last was submitted. */
const SETTLE_MS = 3_600_000
const SPREAD_MS = 600_000

export async function runMarketDay(options: Partial<MarketDayInit> = {}): Promise<MarketDayReport> {
  const init = { ...MARKET_DAY, ...options }
  const random = new SeededRandom(init.seed)
  const mesh = new SimulatedMesh(
    init.seed,
    randomFate(new SeededRandom(init.seed ^ 0x5eed), { meanMs: init.meanDelayMs, loss: init.loss }),
  )
  const trace = new Trace()
  const providers: SimulatedPeer[] = []
  for (let i = 0; i < init.providers; i++) providers.push(await addProvider(mesh, random))
  const renters: SimulatedPeer[] = []
  for (let i = 0; i < init.renters; i++) renters.push(await mesh.add())
  await mesh.time.run(10_000)
  const submitted = scheduleJobs(mesh, renters, random, init.jobs)
  const violations: Violation[] = []
  const watch = () => {
    violations.push(...checkAll({ providers, renters, nowMs: mesh.time.nowMs }))
    return violations.length > 0 || (submitted.count === init.jobs && allEnded(renters))
  }
  await mesh.time.run(10_000 + SPREAD_MS + SETTLE_MS, watch)
  for (const peer of mesh.peers) for (const note of peer.notes) trace.add(peer.id, note)
  return report(init, mesh, renters, trace, violations)
}

async function addProvider(mesh: SimulatedMesh, random: SeededRandom): Promise<SimulatedPeer> {
  const cores = 1 + (random.next() % 8)
  const prices = somePrices({ cpuHour: micros(BigInt(10_000 + (random.next() % 30_000))) })
  return mesh.add(
    { capacity: someCapacity({ cpuMilli: cores * 1_000, memoryMib: cores * 4_096, prices }) },
    { runMs: 5_000 + (random.next() % 115_000) },
  )
}

function scheduleJobs(
  mesh: SimulatedMesh,
  renters: readonly SimulatedPeer[],
  random: SeededRandom,
  jobs: number,
): { count: number } {
  const submitted = { count: 0 }
  for (let i = 0; i < jobs; i++) {
    const renter = renters[random.next() % renters.length]
    const request = someRequest({
      jobId: jobId(toHex(random.bytes(16))),
      resources: someResources({ cpuMilli: 500 * (1 + (random.next() % 4)), memoryMib: 1_024 }),
      queueMs: SETTLE_MS / 2,
    })
    mesh.time.after(random.next() % SPREAD_MS, () => {
      submitted.count += 1
      void renter?.host.submit(request)
    })
  }
  return submitted
}

const ENDED = ['done', 'failed', 'cancelled']
const jobsOf = (renters: readonly SimulatedPeer[]): JobView[] => renters.flatMap((renter) => renter.host.jobs())
const allEnded = (renters: readonly SimulatedPeer[]): boolean => jobsOf(renters).every((job) => ENDED.includes(job.state))

function report(
  init: MarketDayInit,
  mesh: SimulatedMesh,
  renters: readonly SimulatedPeer[],
  trace: Trace,
  violations: Violation[],
): MarketDayReport {
  const jobs = jobsOf(renters)
  const count = (state: string) => jobs.filter((job) => job.state === state).length
  const times = jobs.flatMap((job) => job.timings.leasedMs ?? []).sort((a, b) => a - b)
  const quantile = (share: number) => times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? 0
  return {
    scenario: 'market-day',
    seed: init.seed,
    peers: mesh.peers.length,
    virtualSeconds: Math.round(mesh.time.nowMs / 1_000),
    messages: mesh.network.delivered,
    traceHash: trace.hash(),
    jobs: {
      submitted: jobs.length,
      done: count('done'),
      failed: count('failed'),
      cancelled: count('cancelled'),
      open: jobs.filter((job) => !ENDED.includes(job.state)).length,
    },
    timeToLease: { p50: quantile(0.5), p95: quantile(0.95) },
    violations,
  }
}
