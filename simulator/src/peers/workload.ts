import { type JobId, jobId, type Micros, micros } from '@weft/protocols'
import { type JobRequest, PAUSE_MS_MAX } from '@weft/protocols/core'
import { toHex } from '@weft/protocols/wire'
import type { Stream } from '../kernel/draws.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { WORLD } from '../kernel/queue.ts'
import type { JobsWorkload, Scenario } from '../scenario.ts'
import { CURRENCY, type Fleet } from './fleet.ts'

/** One job of the workload, as a trace would have it. */
export interface PlannedJob {
  atSeconds: number
  durationSeconds: number
  gpus: number
  vramGiB: number
  exit: 'done' | 'failed' | 'cancelled'
}

/** A planned job in this run: who submits it, and what of it the container obeys. */
export interface Job extends PlannedJob {
  index: number
  id: JobId
  renter: number
  budgetPerHour: number
}

export interface Submitter {
  /** The renter itself if it is online, or the next one that is; undefined: none is. */
  renterNear(renter: number): number | undefined
  submit(job: Job, request: JobRequest): void
  cancel(job: Job): void
}

/** Without a renter online a job waits so long, µs. */
const WAIT_US = 60_000_000
/** Images in use: providers that keep what they pulled are spared the same again. */
const IMAGES = 16
/** A core and two GiB of memory for each device, or for a job without devices, so that devices are what is scarce. */
const CPU_MILLI = 1_000
const MEMORY_MIB = 2_048
const MIB = 1_048_576
const ATTEMPTS_MAX = 8

/** The slowest line of the presets, with another download beside it. */
const PULL_BYTES_PER_MS = 2_500
/** What a lease takes beside its run and its image: messages, their repeats, an engine. */
const HANDSHAKES_MS = 300_000

/**
 * How long a job takes at most that neither loses an attempt nor its renter: it seeks, from the end of the permit that its last
 * attempt had; it is brought and runs; and its provider may vanish at the last moment, which only the permit's end tells.
 */
export function timeLimitMs({ durationSeconds }: PlannedJob, { queueMs, spec, terms }: JobRequest): number {
  const permitMs = terms.stopAfterMs + terms.stopGraceMs
  return queueMs + 2 * permitMs + spec.imageBytes / PULL_BYTES_PER_MS + durationSeconds * 1_000 + HANDSHAKES_MS
}

/** Submits the scenario's jobs at their times, and cancels those that a renter gives up. */
export class Workload {
  readonly jobs: Job[] = []
  submitted = 0
  readonly #byRenter = new Map<number, Job[]>()
  readonly #scenario: Scenario
  readonly #init: JobsWorkload
  readonly #kernel: Kernel
  readonly #fleet: Fleet
  readonly #submitter: Submitter
  readonly #class: number
  readonly #draws: (name: string, jobs: number) => Stream

  constructor(init: {
    scenario: Scenario
    jobs: JobsWorkload
    kernel: Kernel
    fleet: Fleet
    submitter: Submitter
  }) {
    this.#scenario = init.scenario
    this.#init = init.jobs
    this.#kernel = init.kernel
    this.#fleet = init.fleet
    this.#submitter = init.submitter
    this.#draws = (name, jobs) => init.kernel.draws.stream(name, jobs)
    this.#class = init.kernel.on('submit', (index) => this.#submit(index))
  }

  /** Jobs that are planned and not submitted yet. */
  get waiting(): number {
    return this.jobs.length - this.submitted
  }

  /** Jobs that this renter has submitted. */
  submittedBy(renter: number): readonly Job[] {
    return this.#byRenter.get(renter) ?? []
  }

  plan(rows: readonly PlannedJob[]): void {
    const draws = this.#draws('workload', this.jobs.length + rows.length)
    const { renters } = this.#fleet
    if (renters.length === 0) return
    for (const row of rows) {
      const index = this.jobs.length
      const words = Array.from({ length: 4 }, () => draws.u32(index))
      const id = jobId(
        toHex(Uint8Array.from(words.flatMap((word) => [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255]))),
      )
      const renter = renters[draws.below(index, renters.length)] as number
      const budget = draws.sample(index, this.#init.budget)
      const budgetPerHour = Math.round(this.#fleet.meanPrice * budget * Math.max(1, row.gpus))
      this.jobs.push({ ...row, index, id, renter, budgetPerHour })
      this.#kernel.at(Math.round(row.atSeconds * 1e6), this.#class, WORLD, index, 0, 0)
    }
  }

  /** A container of the job runs: a renter that will give it up does so after the time it would have taken. */
  started(job: Job): void {
    if (job.exit !== 'cancelled') return
    this.#kernel.after(job.renter, Math.round(job.durationSeconds * 1e6), () => this.#submitter.cancel(job))
  }

  #submit(index: number): void {
    const job = this.jobs[index] as Job
    const renter = this.#submitter.renterNear(job.renter)
    if (renter === undefined) {
      this.#kernel.at(this.#kernel.nowUs + WAIT_US, this.#class, WORLD, index, 0, 0)
      return
    }
    job.renter = renter
    this.submitted += 1
    const own = this.#byRenter.get(renter)
    if (own === undefined) this.#byRenter.set(renter, [job])
    else own.push(job)
    this.#submitter.submit(job, this.#request(job))
  }

  #request(job: Job): JobRequest {
    const units = Math.max(1, job.gpus)
    const { receiptSeconds, awaySeconds } = this.#scenario.market
    const receiptMs = receiptSeconds * 1_000
    const awayMs = awaySeconds * 1_000
    const maxPricePerHour = micros(BigInt(job.budgetPerHour))
    const hours = Math.ceil((job.durationSeconds * 2) / 3_600) + 1
    return {
      jobId: job.id,
      name: `job ${job.index}`,
      spec: {
        imageId: `sha256:${(job.index % IMAGES).toString(16).padStart(64, '0')}`,
        imageReference: 'simulated',
        imagePull: '',
        imageFromRenter: false,
        imageBytes: Math.round(this.#init.imageMiB * MIB),
        // What the container does: the executor reads it, as an engine reads a command.
        command: [String(job.index)],
        env: [],
        workdir: '',
        inputs: [],
        outputs: [],
      },
      resources: {
        gpuCount: job.gpus,
        gpuVramMib: job.vramGiB * 1_024,
        gpuVendor: '',
        gpuModels: [],
        gpuComputeCapability: '',
        cpuMilli: units * CPU_MILLI,
        memoryMib: units * MEMORY_MIB,
        diskMib: 0,
      },
      regions: [],
      arch: 'amd64',
      currency: CURRENCY,
      maxPricePerHour,
      maxTotal: micros(maxPricePerHour * BigInt(hours)) as Micros,
      maxRunMs: 0,
      outputBytesMax: 0,
      queueMs: this.#init.queueSeconds * 1_000,
      retryFailed: 0,
      attemptsMax: ATTEMPTS_MAX,
      terms: {
        intervalMs: receiptMs,
        creditMs: 4 * receiptMs,
        stopAfterMs: awayMs + 4 * receiptMs + Math.min(2 * receiptMs, PAUSE_MS_MAX),
        stopGraceMs: 10_000,
        prepayMs: awayMs,
      },
    }
  }
}
