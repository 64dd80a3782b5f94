import { type ChildProcess, spawn } from 'node:child_process'
import type { RunDocument } from '../results/document.ts'
import { type ErrorDocument, EXIT, LabError } from './exit.ts'

/** A document of a million violations is cut off rather than kept. */
const OUTPUT_MAX = 256 << 20
const STDERR_KEPT = 4000

/** Runs of this program in processes of their own, a few at a time. */
export class Children {
  readonly #self: readonly string[]
  readonly #running = new Set<ChildProcess>()
  #isStopped = false
  done = 0

  constructor(self: readonly string[]) {
    this.#self = self
  }

  get running(): number {
    return this.#running.size
  }

  get isStopped(): boolean {
    return this.#isStopped
  }

  /** Ends what runs with a partial result, and begins nothing new. */
  stop(): void {
    this.#isStopped = true
    for (const child of this.#running) child.kill('SIGINT')
  }

  kill(): void {
    this.#isStopped = true
    for (const child of this.#running) child.kill('SIGKILL')
  }

  /**
   * The document of each run, in order; undefined: it was not begun, or ended before it had any.
   * @throws LabError of the first run that fails, after the others were stopped
   */
  async all(runs: readonly (readonly string[])[], atOnce: number): Promise<(RunDocument | undefined)[]> {
    const documents: (RunDocument | undefined)[] = runs.map(() => undefined)
    let next = 0
    const lane = async (): Promise<void> => {
      while (next < runs.length && !this.#isStopped) {
        const at = next++
        documents[at] = await this.#one(runs[at] as readonly string[])
        this.done++
      }
    }
    const lanes = Array.from({ length: atOnce }, lane)
    try {
      await Promise.all(lanes)
    } catch (error) {
      this.stop()
      await Promise.allSettled(lanes)
      throw error
    }
    return documents
  }

  #one(words: readonly string[]): Promise<RunDocument | undefined> {
    const [program, ...first] = this.#self as [string, ...string[]]
    const child = spawn(program, [...first, ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#running.add(child)
    const chunks: Buffer[] = []
    let size = 0
    let complaint = ''
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= OUTPUT_MAX) chunks.push(chunk)
    })
    child.stderr.on('data', (chunk: Buffer) => {
      complaint = `${complaint}${chunk}`.slice(-STDERR_KEPT)
    })
    return new Promise((resolve, reject) => {
      child.once('error', (error) => {
        this.#running.delete(child)
        reject(error)
      })
      child.once('close', (code, signal) => {
        this.#running.delete(child)
        const document = parsed(Buffer.concat(chunks).toString('utf8'))
        if (document !== undefined && !('error' in document)) resolve(document)
        else if (this.#isStopped) resolve(undefined)
        else reject(failure(words, document, complaint, code ?? signal))
      })
    })
  }
}

function parsed(text: string): RunDocument | ErrorDocument | undefined {
  try {
    return JSON.parse(text) as RunDocument | ErrorDocument
  } catch {
    return undefined
  }
}

function failure(words: readonly string[], document: ErrorDocument | undefined, complaint: string, ended: unknown): LabError {
  const what = `weft-sim ${words.slice(1).join(' ')}`
  if (document !== undefined) {
    const { code, message, fix } = document.error
    return new LabError(code, `${what}: ${message}`, fix, { exitCode: code === 'BUG' ? EXIT.wrong : EXIT.usage })
  }
  const why = complaint.trim() === '' ? `it ended with ${ended}` : complaint.trim()
  const fix =
    ended === 'SIGKILL' ? 'the system killed it, most likely for memory: run fewer peers' : 'run that command alone to see more'
  return new LabError('RUN_FAILED', `${what}: ${why}`, fix, { exitCode: EXIT.wrong })
}
