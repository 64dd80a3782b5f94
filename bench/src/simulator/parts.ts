import { cpus } from 'node:os'
import { Draws, runScenario } from '@weft/simulator'
import { loadScenario, makeHistogram } from '@weft/simulator/lab'
import { median } from '../statistics.ts'
import { bareFlood } from './bare-flood.ts'
import { Flood } from './flood.ts'
import { type OrderFlood, type OrderKind, OrderWorld } from './order-world.ts'

/** One published number: what was measured, what it must be, and what others measure. */
export interface Figure {
  name: string
  value: number
  unit: string
  /** Undefined: no target, it only explains. */
  target?: { atLeast: number } | { atMost: number }
  /** What it is compared with, in words. */
  baseline?: string
}

export interface Part {
  summary: string
  /** MiB of heap that its process may use. */
  heapMiB: number
  /** Runs in a process of its own. */
  run(quick: boolean): Promise<{ setup: Record<string, string | number>; figures: Figure[] }>
}

interface Run {
  events: number
  seconds: number
  cpuSeconds: number
}

/** Floods before the first that counts: the compiler is still at work. */
const WARM_UP = 3
const MEGA = 1e6
const PEERSIM = 'PeerSim 1.0.5: 0.6 M/s with the defaults of the JVM, 1.6 M/s tuned'

export const PARTS: Readonly<Record<string, Part>> = {
  kernel: { summary: 'the kernel alone: one integer floods 100,000 peers of degree 8', heapMiB: 2_048, run: kernelPart },
  flood: { summary: 'exact gossip: a real order, matched by every core of 100,000 peers', heapMiB: 4_096, run: floodPart },
  million: { summary: 'the same among 1,000,000 peers, in 8 GB', heapMiB: 7_000, run: millionPart },
  day: { summary: 'market-day: 100,000 peers with churn, 24 hours, 20,000 jobs', heapMiB: 3_600, run: dayPart },
  trace: { summary: 'one seed, one trace: a small market day over heap and calendar', heapMiB: 2_048, run: tracePart },
}

async function kernelPart(quick: boolean): ReturnType<Part['run']> {
  const [peers, floods] = quick ? [10_000, 5] : [100_000, 31]
  const flood = new Flood({ peers })
  const bare = bareFlood(new Draws(1), peers)
  const runs: Run[] = []
  const bareRuns: Run[] = []
  // They take turns, so that the machine's moods meet both.
  for (let i = 1; i <= WARM_UP + floods; i++) {
    runs.push(await measured(async () => (await flood.run()).events))
    bareRuns.push(await measured(async () => bare(i)))
    if (runs.at(-1)?.events !== bareRuns.at(-1)?.events) throw new Error('the kernel and the bare flood fired different events')
  }
  return {
    setup: { peers, degree: 8, floods, delays: '20-100 ms', traceHash: flood.kernel.traceHash() },
    figures: [
      ...rates('kernel', runs.slice(WARM_UP), 15),
      ...rates('the same flood and nothing else, by hand', bareRuns.slice(WARM_UP), undefined),
    ],
  }
}

async function floodPart(quick: boolean): ReturnType<Part['run']> {
  return await orderFloods(quick ? { peers: 5_000, floods: 2 } : { peers: 100_000, floods: 11 }, 4)
}

async function millionPart(quick: boolean): ReturnType<Part['run']> {
  return await orderFloods(quick ? { peers: 20_000, floods: 1 } : { peers: 1_000_000, floods: 2 }, undefined)
}

async function orderFloods({ peers, floods }: { peers: number; floods: number }, target: number | undefined) {
  const world = new OrderWorld(peers)
  const begun = performance.now()
  await world.start()
  const startSeconds = (performance.now() - begun) / 1e3
  const runs: OrderFlood[] = []
  // They take turns, so that the machine's moods meet both.
  for (let i = 0; i < WARM_UP + floods; i++) {
    runs.push(await world.flood('few-fit'))
    runs.push(await world.flood('narrow'))
  }
  const measured = runs.slice(2 * WARM_UP)
  const unheard = measured.filter(({ heard }) => heard !== peers - 1).length
  if (unheard > 0) throw new Error(`${unheard} orders did not reach everyone`)
  const of = (kind: OrderKind) => measured.filter((run) => run.kind === kind)
  const bids = (kind: OrderKind) => Math.round(median(of(kind).map((run) => run.bids)))
  return {
    setup: {
      peers,
      degree: 8,
      floods,
      traceHash: world.kernel.traceHash(),
      fewFitBids: bids('few-fit'),
      narrowBids: bids('narrow'),
    },
    figures: [
      ...rates('order that few fit', of('few-fit'), target),
      ...rates('order that all fit, for 24', of('narrow'), target),
      { name: 'hosts opened and started', value: startSeconds, unit: 's' },
      { ...peakMemory(), ...(target === undefined ? { target: { atMost: 8 } } : {}) },
    ],
  }
}

async function dayPart(quick: boolean): ReturnType<Part['run']> {
  const peers = quick ? 500 : 100_000
  const { scenario } = await loadScenario('market-day', {
    set: quick ? ['peers=500', 'duration=2h', 'settle=1h'] : [`peers=${peers}`],
  })
  const { result, seconds, cpuSeconds } = await timed(scenario)
  const { summary, traffic } = result
  const receipts = traffic.find(({ kind }) => kind === 'receipt')?.messages ?? 0
  const { submitted, done, failed, cancelled, open } = summary.jobs
  const count = (name: string, value: number): Figure => ({ name, value, unit: '' })
  return {
    setup: { peers, fidelity: `gossip ${summary.fidelity.gossip}, dht ${summary.fidelity.dht}`, traceHash: summary.traceHash },
    figures: [
      { name: 'wall time', value: seconds / 60, unit: 'min', target: { atMost: 10 } },
      { name: 'processor time', value: cpuSeconds / 60, unit: 'min' },
      { ...peakMemory(), target: { atMost: 4 } },
      count('events', summary.events),
      count('jobs submitted', submitted),
      count('jobs done', done),
      count('jobs failed', failed),
      count('jobs cancelled', cancelled),
      count('jobs still open', open),
      count('receipts sent', receipts),
      { ...count('violations', summary.violations.length), target: { atMost: 0 } },
    ],
  }
}

async function tracePart(quick: boolean): ReturnType<Part['run']> {
  const size = quick ? ['peers=100', 'duration=1h', 'settle=1h'] : ['peers=1000', 'duration=6h', 'settle=2h']
  const { scenario } = await loadScenario('market-day', { set: size })
  const hashes: string[] = []
  for (const geometry of [{ queue: 'calendar' }, { queue: 'heap' }, { queue: 'calendar', widthUs: 4096 }] as const) {
    const { summary } = await runScenario(scenario, { makeHistogram, ...geometry })
    hashes.push(summary.traceHash)
  }
  return {
    setup: { peers: scenario.peers, hashes: hashes.join(' '), queues: 'adaptive calendar, heap, calendar of 4096 µs' },
    figures: [{ name: 'different traces', value: new Set(hashes).size, unit: '', target: { atMost: 1 } }],
  }
}

/** What one flood, which returns its events, took. */
async function measured(flood: () => Promise<number>): Promise<Run> {
  const cpu = process.threadCpuUsage()
  const begun = performance.now()
  const events = await flood()
  return { events, seconds: (performance.now() - begun) / 1e3, cpuSeconds: cpuSince(cpu) }
}

async function timed(scenario: Parameters<typeof runScenario>[0]) {
  const begun = performance.now()
  const cpu = process.cpuUsage()
  const result = await runScenario(scenario, { makeHistogram })
  const { user, system } = process.cpuUsage(cpu)
  return { result, seconds: (performance.now() - begun) / 1e3, cpuSeconds: (user + system) / MEGA }
}

/** Events a second by the clock on the wall, which a busy machine slows down, and by the processor time of this thread. */
function rates(name: string, runs: readonly Run[], target: number | undefined): Figure[] {
  const rate = (of: (run: (typeof runs)[number]) => number) => median(runs.map((run) => run.events / of(run) / MEGA))
  const figure = { name, value: rate(({ seconds }) => seconds), unit: 'M events/s' }
  return [
    { ...figure, ...(target === undefined ? {} : { target: { atLeast: target }, baseline: PEERSIM }) },
    { name: `${name}, by processor time`, value: rate(({ cpuSeconds }) => cpuSeconds), unit: 'M events/s' },
  ]
}

/** Of this process, which runs one part. */
const peakMemory = (): Figure => ({ name: 'peak memory', value: (process.resourceUsage().maxRSS * 1024) / 1e9, unit: 'GB' })

function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / MEGA
}

export const machine = (): string =>
  `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}, Node ${process.versions.node}`
