import cliProgress from 'cli-progress'
import type { NoteView } from '../../api/views.ts'
import { formatBytes } from '../parse/values.ts'
import type { Terminal } from '../verb.ts'
import { noteLines, progressLine, refusalLine } from './notes.ts'
import type { Asked } from './reasons.ts'

/** Piped, progress is one line each time so much more has arrived. */
const STEP_PERCENT = 25

/** What a person sees of a job under way: lines as things happen, and on a terminal a bar while bytes travel. */
export class Screen {
  readonly #terminal: Terminal
  readonly #lines: (text: string) => void
  readonly #queueMs: number
  /** When the search for a provider gives up, in ms since submission. */
  #queueEndMs: number
  #bar: InstanceType<typeof cliProgress.SingleBar> | undefined
  #percent = -STEP_PERCENT
  #lastPhase = ''
  readonly #limit: string | null
  /** What each provider bid last. */
  readonly #asked = new Map<string, Asked>()

  /**
   * @param queueMs how long each search for a provider may take
   * @param limit the job's highest price per hour, in micro-units
   */
  constructor(terminal: Terminal, queueMs: number, limit: string | null) {
    this.#limit = limit
    this.#terminal = terminal
    this.#queueMs = queueMs
    this.#queueEndMs = queueMs
    this.#lines = (text) => terminal.err.write(`${text}\n`)
  }

  /** @param atMs when it was, since submission */
  note(note: NoteView, atMs: number): void {
    if (note.type === 'attempt-ended') this.#queueEndMs = atMs + this.#queueMs
    if (note.type === 'bid') this.#asked.set(note.provider, note)
    if (note.type === 'refusal') this.say(refusalLine(note, this.#asked.get(note.provider), this.#limit))
    else if (note.type !== 'progress') this.say(...noteLines(note, this.#queueEndMs - atMs))
    else if (note.phase === 'delivering') this.#progress(note.doneBytes, note.totalBytes)
    else if (note.phase !== this.#lastPhase) {
      this.#lastPhase = note.phase
      this.say(...noteLines(note))
    }
  }

  say(...lines: string[]): void {
    if (lines.length === 0) return
    this.clear()
    for (const line of lines) this.#lines(line)
  }

  /** Takes the bar away, before anything else is written. */
  clear(): void {
    this.#bar?.stop()
    this.#bar = undefined
  }

  #progress(done: number, total: number): void {
    if (total <= 0) return
    if (this.#terminal.interactive) this.#draw(done, total)
    else this.#step(done, total)
  }

  #draw(done: number, total: number): void {
    if (this.#bar === undefined) {
      const format = 'image and inputs  {bar}  {percentage}%  {done} of {all}'
      this.#bar = new cliProgress.SingleBar(
        { format, stream: this.#terminal.err, clearOnComplete: true, hideCursor: true, barsize: 30, fps: 10 },
        cliProgress.Presets.shades_classic,
      )
      this.#bar.start(total, done, { done: formatBytes(done), all: formatBytes(total) })
    }
    this.#bar.setTotal(total)
    this.#bar.update(done, { done: formatBytes(done), all: formatBytes(total) })
    if (done >= total) this.say(progressLine(done, total))
  }

  #step(done: number, total: number): void {
    const percent = Math.floor((done / total) * 100)
    if (percent < this.#percent + STEP_PERCENT && !(done >= total && this.#percent < 100)) return
    this.#percent = percent
    this.#lines(progressLine(done, total))
  }
}
