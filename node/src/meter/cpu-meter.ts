import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { messageOf, WeftError } from '@weft/protocols'
import { filledMib, layoutOf, type Range, regionWords, type Task } from '@weft/protocols/measure'
import type { Meter } from '@weft/protocols/ports'
import type { Piece, PieceResult } from './cpu-worker.ts'

export interface CpuMeterInit {
  /** Now, at least 1. @default as many as this process may use */
  threads?: () => number
  /** Most memory that is filled for one task. @default 1024 */
  fillMibMax?: number
  /** A thread that takes longer is ended. @default 60_000 */
  timeoutMs?: number
}

/** Measures with this machine's processor: the machine itself, where it has no card. Its threads end when they have nothing to do. */
export class CpuMeter implements Meter {
  readonly #threads: () => number
  readonly #fillMibMax: number
  readonly #timeoutMs: number
  /** What was filled and not walked yet, by card. */
  readonly #filled = new Map<string, Uint32Array[]>()
  readonly #workers = new Set<Worker>()
  /** Pieces that wait for a thread: a round of challenges has many reports to check at once. */
  readonly #queue: (() => void)[] = []
  #running = 0
  /** Counts releases: what was asked for before the last is given up. */
  #released = 0

  constructor({ threads = availableParallelism, fillMibMax = 1024, timeoutMs = 60_000 }: CpuMeterInit = {}) {
    this.#threads = threads
    this.#fillMibMax = fillMibMax
    this.#timeoutMs = timeoutMs
  }

  async perform(task: Task): Promise<readonly number[]> {
    switch (task.stage) {
      case 'ready':
        return []
      case 'fill':
        return this.#fill(task)
      case 'walk':
        return this.#walk(task)
      default:
        return this.#shared(task.rows, (rows) => ({ do: 'multiply', task, rows }))
    }
  }

  release(): void {
    this.#filled.clear()
    this.#released += 1
    for (const worker of this.#workers) void worker.terminate()
  }

  async check(task: Task, report: readonly number[], picks: Uint8Array): Promise<string | undefined> {
    return (await this.#run({ do: 'check', task, report, picks })) as string | undefined
  }

  async #fill(task: Task): Promise<readonly number[]> {
    if (filledMib(task) > this.#fillMibMax) {
      throw new WeftError(
        'UNSUPPORTED',
        `a processor fills at most ${this.#fillMibMax} MiB, and ${filledMib(task)} are asked for`,
      )
    }
    const { regions: count, linesPerRegion } = layoutOf(task)
    const regions = Array.from({ length: count }, () => new Uint32Array(new SharedArrayBuffer(4 * regionWords(task))))
    await this.#shared(linesPerRegion, (lines) => ({ do: 'fill', task, regions, lines }))
    this.#filled.set(task.card, regions)
    return []
  }

  async #walk(task: Task): Promise<readonly number[]> {
    const regions = this.#filled.get(task.card)
    if (regions === undefined) throw new WeftError('METER_FAILED', 'nothing was filled that could be walked')
    this.#filled.delete(task.card)
    return this.#shared(layoutOf(task).chains, (chains) => ({ do: 'walk', task, regions, chains }))
  }

  /** Shares `count` things among the threads; what they report, in order. */
  async #shared(count: number, piece: (range: Range) => Piece): Promise<readonly number[]> {
    const each = Math.ceil(count / this.#threads())
    const ranges: Range[] = []
    for (let from = 0; from < count; from += each) ranges.push({ from, to: Math.min(count, from + each) })
    const reports = await Promise.all(ranges.map((range) => this.#run(piece(range))))
    return (reports as (readonly number[])[]).flat()
  }

  async #run(piece: Piece): Promise<PieceResult> {
    const released = this.#released
    if (this.#running >= this.#threads()) await new Promise<void>((resolve) => void this.#queue.push(resolve))
    else this.#running += 1
    try {
      if (released !== this.#released) throw new WeftError('METER_FAILED', 'what was measured here was given up')
      return await this.#runNow(piece)
    } finally {
      // Whoever waits takes over the place.
      const next = this.#queue.shift()
      if (next === undefined) this.#running -= 1
      else next()
    }
  }

  #runNow(piece: Piece): Promise<PieceResult> {
    const isSource = import.meta.url.endsWith('.ts')
    const worker = new Worker(new URL(isSource ? './cpu-worker.ts' : './cpu-worker.js', import.meta.url), {
      execArgv: isSource ? ['--conditions=@weft/source', '--disable-warning=ExperimentalWarning'] : [],
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB },
    })
    this.#workers.add(worker)
    return new Promise<PieceResult>((resolve, reject) => {
      const fail = (why: string): void =>
        reject(new WeftError('METER_FAILED', `measuring this machine's processor failed: ${why}`))
      const timer = setTimeout(() => fail(`it took longer than ${this.#timeoutMs} ms`), this.#timeoutMs)
      worker.once('message', ({ result }: { result: PieceResult }) => resolve(result))
      worker.once('error', (error) => fail(messageOf(error)))
      worker.once('exit', () => {
        clearTimeout(timer)
        this.#workers.delete(worker)
        fail('it was given up')
      })
      worker.postMessage(piece)
    }).finally(() => void worker.terminate())
  }
}

/** A matrix and what V8 needs; filled memory is not of the heap. */
const HEAP_MIB = 128
