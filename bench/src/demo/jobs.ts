/** One training run as a job of the mesh: ordered through the real CLI, watched line by line, brought back. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { WeftError } from '@weft/protocols'
import type { JobView } from '@weft/protocols/core'
import type { Processes } from '../mesh/processes.ts'
import { type DemoJob, demoJob, money, seconds, shortPeer } from './report.ts'
import { JOB_NEEDS, type TrainingRun, trainingArgs } from './runs.ts'

const TRAINER = fileURLToPath(new URL('./trainer', import.meta.url))
/** Per hour; above every provider's price, so that choosing is the market's business. */
const MAX_PRICE = '1.00'
const MAX_TOTAL = '0.10'

export interface JobInit {
  processes: Processes
  /** Data folder of the renter. */
  renter: string
  image: string
  data: string
  /** Folder for the outputs; it must not exist. */
  out: string
  run: TrainingRun
  signal: AbortSignal
  onProgress: (progress: JobProgress) => void
}

export interface JobProgress {
  /** A new stage. */
  news: string
  /** Something about it that changes often. */
  detail: string
}

export interface TrainedJob {
  job: DemoJob
  /** Undefined: no metrics came back. */
  accuracy: number | undefined
  /** For people, where it went wrong. */
  complaint: string
}

/** Resolves also when the job failed; rejects only when the command itself did not work. */
export async function trainingJob(init: JobInit): Promise<TrainedJob> {
  const watcher = new JobWatcher(init.run.name, init.onProgress)
  const ended = await init.processes.weft(commandOf(init), { signal: init.signal, onLine: (line) => watcher.line(line) })
  if (ended.stdout.trim() === '') throw new WeftError('DEMO_COMMAND', `weft run ended with ${ended.code}: ${ended.tail}`)
  const view = JSON.parse(ended.stdout) as JobView
  const accuracy = view.state === 'done' ? await accuracyIn(init.out) : undefined
  init.onProgress({ news: endLine(init.run.name, view, accuracy), detail: '' })
  return {
    job: demoJob(view),
    accuracy,
    complaint: view.state === 'done' ? '' : `${view.endReason}: ${view.detail}\n${ended.tail}`,
  }
}

function commandOf({ renter, image, data, out, run }: JobInit): string[] {
  const needs = ['--cpus', JOB_NEEDS.cpus, '--memory', JOB_NEEDS.memory, '--max-price', MAX_PRICE, '--max-total', MAX_TOTAL, '-y']
  const files = ['-v', `${data}:/data:ro`, '-v', `${TRAINER}:/app:ro`, '-o', `/out:${out}`]
  const program = ['node', '/app/train.mjs', ...trainingArgs(run), '--data', '/data', '--out', '/out']
  return ['run', '--data', renter, '--json', ...needs, ...files, image, ...program]
}

async function accuracyIn(folder: string): Promise<number | undefined> {
  try {
    const metrics: unknown = JSON.parse(await readFile(join(folder, 'metrics.json'), 'utf8'))
    const { accuracy } = metrics as { accuracy?: unknown }
    return typeof accuracy === 'number' && accuracy >= 0 && accuracy <= 1 ? accuracy : undefined
  } catch {
    return undefined
  }
}

function endLine(name: string, view: JobView, accuracy: number | undefined): string {
  const where = shortPeer(view.attempts.at(-1)?.provider ?? 'nobody')
  if (view.state !== 'done' || accuracy === undefined)
    return `${name}: ${view.state} (${view.endReason ?? 'unknown'}) on ${where}`
  const percent = `${(accuracy * 100).toFixed(2)} %`
  return `${name}: ${percent} right, on ${where}, ${money(BigInt(view.amount))} ${view.currency}, first output after ${seconds(view.timings.firstOutputMs)}`
}

/** Turns what `weft run` says to people, and what the trainer prints, into one line. */
export class JobWatcher {
  readonly #name: string
  readonly #report: (progress: JobProgress) => void
  #bids = 0
  #provider = ''

  constructor(name: string, report: (progress: JobProgress) => void) {
    this.#name = name
    this.#report = report
  }

  line(line: string): void {
    const epoch = /^epoch (\d+)\/(\d+) (\d+)% loss ([\d.]+)/.exec(line)
    const leased = /^leased\s+(\S+)/.exec(line)
    if (/^bid\s/.test(line)) {
      this.#bids++
      this.#say('bidding', this.#count())
    } else if (leased !== null) {
      this.#provider = leased[1] ?? ''
      this.#say(`leased to ${this.#provider} out of ${this.#count()}`, '')
    } else if (/^image and inputs/.test(line)) {
      this.#say(`delivering to ${this.#provider}`, line)
    } else if (epoch !== null) {
      const [, at = '', of = '', percent = '', loss = ''] = epoch
      this.#say(
        `training on ${this.#provider}`,
        `${bar((Number(at) - 1 + Number(percent) / 100) / Number(of))} epoch ${at} of ${of}, loss ${loss}`,
      )
    }
  }

  #count(): string {
    return `${this.#bids} ${this.#bids === 1 ? 'bid' : 'bids'}`
  }

  #say(news: string, detail: string): void {
    this.#report({ news: `${this.#name}: ${news}`, detail })
  }
}

const BAR_WIDTH = 20
const bar = (share: number): string => '█'.repeat(Math.round(share * BAR_WIDTH)).padEnd(BAR_WIDTH, '░')
