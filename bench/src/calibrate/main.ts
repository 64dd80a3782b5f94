/**
 * `npm run calibrate [-- --quick] [--json] [--write]`
 *
 * The gossip model against real js-libp2p peers in one process: the same graph, the same timeline, 30 to 70 ms per link. One number,
 * what a message costs at each peer, is fitted on 50 peers and then tested on 100. A real run whose event loop ran late is no
 * measurement and is repeated. `--write` renews the table in simulator/VALIDATION.md; `--quick`, with fewer peers, only shows that it works.
 */
import { parseArgs } from 'node:util'
import { WeftError } from '@weft/protocols'
import { quantile } from '../statistics.ts'
import { renewSection } from '../validate/document.ts'
import type { Experiment, Measured, Timeline } from './experiment.ts'
import { measureModel } from './model.ts'
import { measureReal } from './real.ts'

const MARKS = { begin: '<!-- begin: npm run calibrate -- --write -->', end: '<!-- end of calibration -->' }
/** Later than this, 99 times in 100, and latencies are the event loop's, not the protocol's. */
const LOOP_DELAY_MS_MAX = 5
const TRIES = 3
const HOP_MS = { from: 0, to: 12, step: 0.5 }

const EXPERIMENT: Experiment = { peers: 50, dials: 10, latencyMs: 50, messages: 40, everyMs: 500, bytes: 300, seed: 1 }

interface Row {
  peers: number
  metric: string
  real: number
  model: number
  /** Of the model from the real, relative. */
  residual: number
}

async function main(argv: readonly string[]): Promise<number> {
  const flag = { type: 'boolean', default: false } as const
  const { values } = parseArgs({ args: [...argv], options: { quick: flag, json: flag, write: flag } })
  if (values.write && values.quick) throw new WeftError('USAGE', '--write renews the published table: leave out --quick')
  const small = values.quick ? { ...EXPERIMENT, peers: 20, messages: 20 } : EXPERIMENT
  const large = { ...small, peers: 2 * small.peers, seed: 2 }
  const fitting = await trustworthy(small)
  const hopMs = await fit(small, fitting)
  const rows = await compare(small, fitting, hopMs)
  const testing = await trustworthy(large)
  rows.push(...(await compare(large, testing, hopMs)))
  const loopDelayMs = Math.max(fitting.measured.loopDelayMs, testing.measured.loopDelayMs)
  const text = document(rows, hopMs, loopDelayMs, small)
  console.log(values.json ? JSON.stringify({ hopMs, loopDelayMs, rows }) : text)
  if (values.write) await renewSection(MARKS, text)
  return 0
}

/** A real run whose event loop kept up. Throws LOOP_TOO_LATE when none of a few did. */
async function trustworthy(experiment: Experiment): Promise<{ measured: Measured; timeline: Timeline }> {
  let least = Number.POSITIVE_INFINITY
  for (let tries = 0; tries < TRIES; tries++) {
    console.error(`${experiment.peers} real peers, ${experiment.messages} messages …`)
    const run = await measureReal(experiment)
    if (run.measured.loopDelayMs <= LOOP_DELAY_MS_MAX) return run
    least = Math.min(least, run.measured.loopDelayMs)
    console.error(`the event loop ran ${run.measured.loopDelayMs.toFixed(1)} ms late: no measurement`)
  }
  throw new WeftError(
    'LOOP_TOO_LATE',
    `with ${experiment.peers} peers the event loop ran at least ${least.toFixed(1)} ms late in ${TRIES} runs; ${LOOP_DELAY_MS_MAX} ms is the limit: repeat on an idle machine`,
  )
}

/** The cost per hop with which the model's mean latency is closest. */
async function fit(experiment: Experiment, { measured, timeline }: { measured: Measured; timeline: Timeline }): Promise<number> {
  let best = { hopMs: 0, error: Number.POSITIVE_INFINITY }
  for (let hopMs = HOP_MS.from; hopMs <= HOP_MS.to; hopMs += HOP_MS.step) {
    const model = await measureModel(experiment, timeline, hopMs)
    const error = Math.abs(mean(model.latenciesMs) - mean(measured.latenciesMs))
    if (error < best.error) best = { hopMs, error }
  }
  return best.hopMs
}

async function compare(experiment: Experiment, run: { measured: Measured; timeline: Timeline }, hopMs: number): Promise<Row[]> {
  const model = await measureModel(experiment, run.timeline, hopMs)
  const real = run.measured
  const row = (metric: string, of: (measured: Measured) => number): Row => {
    const [a, b] = [of(real), of(model)]
    return { peers: experiment.peers, metric, real: a, model: b, residual: a === 0 ? 0 : (b - a) / a }
  }
  return [
    row('deliveries', ({ latenciesMs }) => latenciesMs.length),
    row('latency, mean, ms', ({ latenciesMs }) => mean(latenciesMs)),
    row('latency, p50, ms', ({ latenciesMs }) => quantile(latenciesMs, 0.5)),
    row('latency, p95, ms', ({ latenciesMs }) => quantile(latenciesMs, 0.95)),
    row('transmissions per delivery', ({ transmissionsPerDelivery }) => transmissionsPerDelivery),
    row('mesh degree, mean', ({ meshDegrees }) => mean(meshDegrees)),
    row('mesh degree, p95', ({ meshDegrees }) => quantile(meshDegrees, 0.95)),
    {
      peers: experiment.peers,
      metric: 'latency, Kolmogorov-Smirnov distance',
      real: 0,
      model: ks(real.latenciesMs, model.latenciesMs),
      residual: 0,
    },
  ]
}

/** The largest difference of two samples' distribution functions: Kolmogorov 1933, Smirnov 1948. */
export function ks(a: readonly number[], b: readonly number[]): number {
  const points = [...a, ...b].toSorted((x, y) => x - y)
  const [left, right] = [a.toSorted((x, y) => x - y), b.toSorted((x, y) => x - y)]
  let largest = 0
  let [i, j] = [0, 0]
  for (const point of points) {
    while ((left[i] ?? Number.POSITIVE_INFINITY) <= point) i += 1
    while ((right[j] ?? Number.POSITIVE_INFINITY) <= point) j += 1
    largest = Math.max(largest, Math.abs(i / left.length - j / right.length))
  }
  return largest
}

const mean = (sample: readonly number[]): number => sample.reduce((sum, value) => sum + value, 0) / Math.max(1, sample.length)

function document(rows: readonly Row[], hopMs: number, loopDelayMs: number, { latencyMs, dials, messages }: Experiment): string {
  const lines = rows.map(({ peers, metric, real, model, residual }) => {
    const share = metric.includes('distance') ? '' : `${(100 * residual).toFixed(1)} %`
    return `| ${peers} | ${metric} | ${metric.includes('distance') ? '' : real.toFixed(2)} | ${model.toFixed(2)} | ${share} |`
  })
  return [
    `js-libp2p peers with ${dials} dials each over the memory transport with ${latencyMs} ms per link in the mean (30 to 70), ${messages} messages. Fitted on the smaller`,
    `run: ${hopMs} ms per hop. The event loop was at most ${loopDelayMs.toFixed(1)} ms late (99th percentile).`,
    '',
    '| peers | metric | real | model | residual |',
    '| --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n')
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof WeftError) && !(error instanceof TypeError)) throw error
  console.error(error.message)
  process.exitCode = error instanceof WeftError && error.code === 'LOOP_TOO_LATE' ? 1 : 64
}
