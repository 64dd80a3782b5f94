/** Jobs for the crash test: some always open, short and long ones, half of them with outputs, submitted to a renter that may die in the middle. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { ApiClient, Submission } from '@weft/node'
import type { JobView } from '@weft/protocols/core'
import type { SeededRandom } from '@weft/protocols/testing'

export interface JobsInit {
  client: () => ApiClient | undefined
  image: string
  /** Gives the command of a job that works so long and leaves a file in `/out`. */
  command: (seconds: number) => string[]
  /** Outputs are placed in it. */
  folder: string
  random: SeededRandom
  signal: AbortSignal
}

const OPEN_JOBS = 4
const POLL_MS = 250
const SECONDS = [0.1, 1, 3, 8] as const
export const LIMITS = { queueMs: 30_000, maxRunMs: 20_000 }
const CPU_MILLI = 500
const ENDED: ReadonlySet<string> = new Set(['done', 'failed', 'cancelled'])

export class Jobs {
  readonly #init: JobsInit
  readonly accepted = new Set<string>()
  #count = 0

  constructor(init: JobsInit) {
    this.#init = init
  }

  /** Keeps a few jobs open for as long as `goesOn` says. */
  async submitWhile(goesOn: () => boolean): Promise<void> {
    while (goesOn()) {
      const jobs = await this.all()
      if (jobs !== undefined && jobs.filter(isOpen).length < OPEN_JOBS) await this.#submit()
      else await delay(POLL_MS, undefined, { signal: this.#init.signal })
    }
  }

  /** Undefined: the renter does not answer now. */
  async all(): Promise<JobView[] | undefined> {
    const answer = await this.#init
      .client()
      ?.get<JobView[]>('/v1/jobs')
      .catch(() => undefined)
    this.#init.signal.throwIfAborted()
    return answer?.body
  }

  /** Names of jobs that are done without the outputs that they were to bring. */
  withoutOutputs(jobs: readonly JobView[]): string[] {
    return jobs
      .filter(({ name, state }) => state === 'done' && hasOutputs(name) && !existsSync(join(this.#place(name), 'done')))
      .map(({ name }) => name)
  }

  async #submit(): Promise<void> {
    const { client, image, command, random } = this.#init
    this.#count += 1
    const name = `crash-${this.#count}${random.fraction() < 0.5 ? OUT : ''}`
    const seconds = SECONDS[Math.floor(random.fraction() * SECONDS.length)] ?? 1
    const submission: Submission = {
      ...PLAIN,
      ...LIMITS,
      name,
      image,
      command: command(seconds),
      outputs: hasOutputs(name) ? [{ container: '/out', host: this.#place(name) }] : [],
    }
    const answer = await client()
      ?.post<JobView>('/v1/jobs', submission)
      .catch(() => undefined)
    if (answer !== undefined) this.accepted.add(answer.body.jobId)
    this.#init.signal.throwIfAborted()
  }

  #place(name: string): string {
    return join(this.#init.folder, name)
  }
}

const OUT = '-out'
const hasOutputs = (name: string): boolean => name.endsWith(OUT)
export const isOpen = ({ state }: JobView): boolean => !ENDED.has(state)

/** What every job asks for. */
export const PLAIN = {
  awayMs: 0,
  lostAfterMs: 0,
  attemptsMax: 3,
  retryFailed: 0,
  env: [],
  workdir: '',
  inputs: [],
  resources: {
    gpuCount: 0,
    gpuVramMib: 0,
    gpuVendor: '',
    gpuModels: [],
    gpuComputeCapability: '',
    cpuMilli: CPU_MILLI,
    memoryMib: 32,
    diskMib: 64,
  },
  regions: [],
  currency: 'USD',
  maxPricePerHour: '1000000000',
  maxTotal: '1000000000',
  typed: ['weft', 'run'],
}
