import type { Work } from '@weft/protocols/ports'
import type { Engine, Program } from '../peers/executor.ts'

/** The engine of a cheat: the same as others' but for how long a program takes and what is told of it. */
abstract class CheatingEngine implements Engine {
  readonly #inner: Engine

  constructor(inner: Engine) {
    this.#inner = inner
  }

  abstract slowness(work: Work): number

  get nowUs(): number {
    return this.#inner.nowUs
  }

  after(peer: number, us: number, callback: () => void): () => void {
    return this.#inner.after(peer, us, callback)
  }

  pull(peer: number, image: string, bytes: number, done: () => void): () => void {
    return this.#inner.pull(peer, image, bytes, done)
  }

  settle(): void {
    this.#inner.settle()
  }

  programOf(work: Work): Program {
    const program = this.#inner.programOf(work)
    return { ...program, runUs: Math.round(program.runUs * this.slowness(work)) }
  }

  started(peer: number, work: Work): void {
    this.#inner.started(peer, work)
  }

  paused(peer: number, work: Work): void {
    this.#inner.paused(peer, work)
  }

  resumed(peer: number, work: Work): void {
    this.#inner.resumed(peer, work)
  }

  ended(peer: number, work: Work, ranUs: number, byItself: boolean): void {
    this.#inner.ended(peer, work, ranUs, byItself)
  }
}

/** Gives less than it bills: a device sold as faster than it is, or let to two at once. */
export class SlowEngine extends CheatingEngine {
  readonly #factor: number
  readonly #gave: (peer: number, work: Work, givenMs: number) => void

  /** `inflateShare`: so much more time than an honest machine would have taken, as a share of it. */
  constructor(inner: Engine, inflateShare: number, gave: (peer: number, work: Work, givenMs: number) => void) {
    super(inner)
    this.#factor = 1 + inflateShare
    this.#gave = gave
  }

  slowness(): number {
    return this.#factor
  }

  override ended(peer: number, work: Work, ranUs: number, byItself: boolean): void {
    super.ended(peer, work, ranUs, byItself)
    this.#gave(peer, work, ranUs / 1_000 / this.#factor)
  }
}

/** A machine that stands behind several identities, and how many programs share it now. */
export interface SharedMachine {
  running: number
}

/** Sold whole by each of several identities: a program that finds others there takes as many times longer. */
export class SharedEngine extends CheatingEngine {
  readonly #machine: SharedMachine

  constructor(inner: Engine, machine: SharedMachine) {
    super(inner)
    this.#machine = machine
  }

  slowness(): number {
    return this.#machine.running + 1
  }

  override started(peer: number, work: Work): void {
    this.#machine.running += 1
    super.started(peer, work)
  }

  override ended(peer: number, work: Work, ranUs: number, byItself: boolean): void {
    this.#machine.running -= 1
    super.ended(peer, work, ranUs, byItself)
  }
}
