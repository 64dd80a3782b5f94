import type { Kernel } from '../kernel/kernel.ts'

/** What waits for one frozen peer: beyond it the oldest is dropped, as a full socket buffer drops a sender. */
const WAITING_MAX = 4_096

/**
 * The door through which everything reaches a process that may be frozen (SIGSTOP, a laptop's lid, a pause of the collector):
 * while it is, what comes waits in order; when it thaws, all of it happens at once.
 */
export class Gate {
  readonly #kernel: Pick<Kernel, 'after' | 'settle' | 'nowUs'>
  readonly #waiting = new Map<number, (() => void)[]>()
  /** When a peer thaws; the latest of several pauses counts. */
  readonly #untilUs = new Map<number, number>()
  readonly #thawedUs = new Map<number, number>()
  /** Dropped because too much waited. */
  dropped = 0

  constructor(kernel: Pick<Kernel, 'after' | 'settle' | 'nowUs'>) {
    this.#kernel = kernel
  }

  isFrozen(peer: number): boolean {
    return this.#waiting.has(peer)
  }

  /** When the peer thawed last, µs; 0: it has not in this life of its process. */
  thawedUs(peer: number): number {
    return this.#thawedUs.get(peer) ?? 0
  }

  /** Does it now, or when the peer thaws. */
  pass(peer: number, what: () => void): void {
    const waiting = this.#waiting.get(peer)
    if (waiting === undefined) {
      what()
      return
    }
    waiting.push(what)
    if (waiting.length <= WAITING_MAX) return
    waiting.shift()
    this.dropped += 1
  }

  freeze(peer: number, us: number): void {
    const untilUs = this.#kernel.nowUs + us
    if (untilUs <= (this.#untilUs.get(peer) ?? 0)) return
    this.#untilUs.set(peer, untilUs)
    if (!this.#waiting.has(peer)) this.#waiting.set(peer, [])
    this.#kernel.after(peer, us, () => {
      if (this.#untilUs.get(peer) === untilUs) this.#thaw(peer)
    })
  }

  /** The process died: what waited for it is gone, and the next one is not frozen. */
  forget(peer: number): void {
    this.#waiting.delete(peer)
    this.#untilUs.delete(peer)
    this.#thawedUs.delete(peer)
  }

  #thaw(peer: number): void {
    const waiting = this.#waiting.get(peer) ?? []
    this.forget(peer)
    this.#thawedUs.set(peer, this.#kernel.nowUs)
    for (const what of waiting) what()
    this.#kernel.settle()
  }
}
