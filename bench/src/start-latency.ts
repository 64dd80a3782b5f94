/**
 * `npm run bench -- start-latency [--runs 30] [--json] [--assert]`
 *
 * What the market costs a person who waits: the time from starting the command to the first byte of the container's output,
 * for `weft run` and for the engine's own `run` of the same image and command with exactly our container flags. Ten
 * providers as processes on loopback, a warm image, a running renter daemon; both sides alternate, so that the machine's
 * moods meet both. The command prints as soon as it runs.
 */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runFlags } from '@weft/node/executor'
import { messageOf, WeftError } from '@weft/protocols'
import type { JobView, TimingsView } from '@weft/protocols/core'
import { busyboxImage, COMMAND, jobBody } from './latency-image.ts'
import { benchEngine } from './mesh/engine.ts'
import { leftovers } from './mesh/leftovers.ts'
import { Mesh } from './mesh/mesh.ts'
import { CLI, Processes } from './mesh/processes.ts'
import { median, quantile } from './statistics.ts'

const PROVIDERS = 10
const WARM_UP_RUNS = 3
const LIMIT_MS = 300
const RUN_MS_MAX = 60_000
const EXIT_FAILED = 1

interface Sample {
  weftMs: number
  engineMs: number
  timings: TimingsView
}

interface Summary {
  engine: string
  machine: string
  runs: number
  weft: { medianMs: number; p95Ms: number }
  engineRun: { medianMs: number; p95Ms: number }
  differenceMs: number
  ratio: number
  /** Medians of the job's timings, since submission. */
  profile: Record<string, number>
}

export async function main(argv: readonly string[]): Promise<number> {
  const options = {
    runs: { type: 'string', default: '30' },
    json: { type: 'boolean', default: false },
    assert: { type: 'boolean', default: false },
  } as const
  const { values } = parseArgs({ args: [...argv], options })
  const runs = Number(values.runs)
  if (!Number.isInteger(runs) || runs < 1 || runs > 10_000) throw new WeftError('USAGE', '--runs takes a number from 1 to 10000')
  const interrupt = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interrupt.abort(new Error('interrupted')))
  const summary = await measureAll(runs, interrupt.signal, (line) => console.error(line))
  if (values.json) console.log(JSON.stringify(summary))
  else console.log(textOf(summary))
  return values.assert && summary.differenceMs > LIMIT_MS ? EXIT_FAILED : 0
}

async function measureAll(runs: number, signal: AbortSignal, log: (line: string) => void): Promise<Summary> {
  const chosen = await benchEngine({ yes: false, noInstall: true, log })
  const { engine } = chosen
  if (engine === undefined)
    throw new WeftError('NO_ENGINE', 'this bench needs Docker or Podman; start one, or name its socket with DOCKER_HOST')
  const folder = await mkdtemp(join(tmpdir(), 'weft-bench-'))
  const network = `bench-${randomBytes(6).toString('hex')}`
  const processes = new Processes(folder, chosen.env)
  const tag = `weft-bench:${network}`
  try {
    await busyboxImage(engine, tag, signal)
    log(`starting ${PROVIDERS} providers and a renter`)
    const renter = await startMesh(new Mesh({ processes, folder, network, unsafeProcessEngine: false, signal }))
    const samples: Sample[] = []
    const body = await jobBody(engine, tag)
    const words = [...runFlags(body), body.Image, ...COMMAND]
    const client = [
      engine.name === 'podman' ? 'podman' : 'docker',
      ...(engine.name === 'podman' ? ['--remote', '--url'] : ['--host']),
      engine.host,
    ]
    for (let run = -WARM_UP_RUNS; run < runs; run++) {
      const name = `latency-${run + WARM_UP_RUNS}`
      const weftMs = await firstByte([process.execPath, '--', CLI, ...weftArgs(renter, name, tag)], signal)
      const engineMs = await engineRun(client, words, name, network, signal)
      const view = await processes.json<JobView>(['show', name, '--data', renter], { signal })
      if (run >= 0) samples.push({ weftMs, engineMs, timings: view.timings })
      if (run >= 0 && (run + 1) % 10 === 0) log(`${run + 1} of ${runs}`)
    }
    return summaryOf(samples, `${engine.name} ${engine.version}`)
  } finally {
    await processes.endAll()
    await engine.removeImage(tag).catch((error: unknown) => log(messageOf(error)))
    for (const left of await leftovers({ folder, network, engine, image: tag })) log(`left behind: ${left}`)
    await chosen.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Resolves with the renter's data folder once it knows every provider. */
async function startMesh(mesh: Mesh): Promise<string> {
  const bootstrap = await mesh.bootstrap()
  const [renter] = await Promise.all([
    mesh.renter('renter', bootstrap.addresses),
    ...Array.from({ length: PROVIDERS }, (_, index) =>
      mesh.provider({ name: `p${index}`, cpus: 1, memory: '256m', pricePerCpuHour: `0.0${index + 10}` }, bootstrap.addresses),
    ),
  ])
  await mesh.offers(renter, PROVIDERS)
  return renter.home
}

function weftArgs(renter: string, name: string, image: string): string[] {
  return [
    'run',
    '--data',
    renter,
    '--name',
    name,
    '--cpus',
    '1',
    '--memory',
    '128m',
    '--disk',
    '64m',
    '--max-price',
    '1',
    '-y',
    image,
    ...COMMAND,
  ]
}

/** The same container by the engine's own command line; removing it is not measured, as it is not for `weft run`. */
async function engineRun(client: string[], words: string[], name: string, network: string, signal: AbortSignal): Promise<number> {
  const container = `${network}-${name}`
  try {
    return await firstByte([...client, 'run', '--name', container, ...words], signal)
  } finally {
    await once(spawn(client[0] ?? '', [...client.slice(1), 'rm', '--force', container], { stdio: 'ignore' }), 'exit')
  }
}

/** Milliseconds from starting a program to the first byte on its stdout. Rejects if it ends otherwise than well. */
async function firstByte(words: readonly string[], signal: AbortSignal): Promise<number> {
  const [file = '', ...args] = words
  const started = performance.now()
  const child = spawn(file, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: AbortSignal.any([signal, AbortSignal.timeout(RUN_MS_MAX)]),
  })
  let firstMs: number | undefined
  let errors = ''
  child.stdout.on('data', () => {
    firstMs ??= performance.now() - started
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-2_000)
  })
  const [code] = await once(child, 'close')
  if (code !== 0 || firstMs === undefined) throw new WeftError('BENCH_RUN', `${file} ended with ${String(code)}: ${errors}`)
  return firstMs
}

const STEPS = ['orderedMs', 'firstBidMs', 'leasedMs', 'deliveredMs', 'startedMs', 'firstOutputMs', 'endedMs'] as const

function summaryOf(samples: readonly Sample[], engine: string): Summary {
  const ours = samples.map(({ weftMs }) => weftMs)
  const theirs = samples.map(({ engineMs }) => engineMs)
  const timings = STEPS.map((step) => [step, round(median(samples.map((sample) => sample.timings[step] ?? Number.NaN)))] as const)
  const outside = round(median(samples.map(({ weftMs, timings: { firstOutputMs } }) => weftMs - (firstOutputMs ?? Number.NaN))))
  return {
    engine,
    machine: `${availableParallelism()} cores, ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.versions.node}`,
    runs: samples.length,
    weft: { medianMs: round(median(ours)), p95Ms: round(quantile(ours, 0.95)) },
    engineRun: { medianMs: round(median(theirs)), p95Ms: round(quantile(theirs, 0.95)) },
    differenceMs: round(median(ours) - median(theirs)),
    ratio: Math.round((100 * median(ours)) / median(theirs)) / 100,
    profile: { commandLineMs: outside, ...Object.fromEntries(timings) },
  }
}

const round = (ms: number): number => Math.round(ms * 10) / 10

function textOf({ engine, machine, runs, weft, engineRun: own, differenceMs, ratio, profile }: Summary): string {
  const row = (name: string, medianMs: number, p95Ms: number) =>
    `  ${name.padEnd(22)}${`${medianMs} ms`.padStart(12)}${`${p95Ms} ms`.padStart(12)}`
  return [
    `time to the container's first output: ${runs} runs each, ${engine}, ${machine}`,
    '',
    `  ${''.padEnd(22)}${'median'.padStart(12)}${'p95'.padStart(12)}`,
    row('weft run', weft.medianMs, weft.p95Ms),
    row("the engine's own run", own.medianMs, own.p95Ms),
    `  difference of medians ${differenceMs} ms, ratio ${ratio} (limit: ${LIMIT_MS} ms)`,
    '',
    'where weft run spends it (medians; since submission, the first line outside it):',
    ...Object.entries(profile).map(([step, ms]) => `  ${step.padEnd(22)}${`${ms} ms`.padStart(12)}`),
  ].join('\n')
}
