import type { PeerId } from '../../units.ts'
import type { ChallengeFault } from '../../wire/measure.ts'
import type { ReceivedOf } from '../../wire/message.ts'
import type { Outcome } from '../input.ts'
import type { CapacityInit } from '../provider/announcer.ts'
import type { Step } from '../step.ts'
import { Answering, type AnsweringInit } from './answering.ts'
import { isTimely, type Measured } from './measured-view.ts'
import { ShownMeasurements } from './shown.ts'

/** The provider as a challenge meets it. */
interface Challenged {
  capacity(): Pick<CapacityInit, 'gpus'>
  /** Why it takes no challenge now, if it does not. */
  whyNot(step: Step): ChallengeFault | undefined
}

/** A provider's side of measuring: it is challenged, and shows what challengers saw. */
export class ProviderMeasuring {
  readonly #self: PeerId
  readonly #challenged: Challenged
  readonly #answering: Answering | undefined
  readonly #shown = new ShownMeasurements()

  /** `init`: undefined: it cannot measure itself, and answers nothing. */
  constructor(init: AnsweringInit | undefined, self: PeerId, challenged: Challenged) {
    this.#self = self
    this.#challenged = challenged
    this.#answering = init === undefined ? undefined : new Answering(init, self)
  }

  /** While true, nothing may be bid, reserved or leased. */
  get isHolding(): boolean {
    return this.#answering?.isHolding === true
  }

  restore(message: ReceivedOf<'measurement'>): void {
    this.#shown.restore(message)
  }

  challenge(step: Step, message: ReceivedOf<'challenge'>): void {
    if (this.#answering !== undefined) {
      this.#answering.challenge(step, message, this.#challenged.capacity().gpus, this.#challenged.whyNot(step))
    } else {
      const { nonce, stage } = message.value
      step.send(message.from, 'challengeAnswer', { nonce, stage, card: '', fault: 'no-meter', report: [] })
    }
  }

  /** A challenger's word, which is shown: only of one that was just answered. */
  measurement(step: Step, message: ReceivedOf<'measurement'>): void {
    const { provider, nonce } = message.value
    if (provider !== this.#self || !isTimely(message.value, step.nowWall)) return
    if (this.#answering?.takeAnswered(message.from, nonce) !== true) return
    this.#shown.keep(step, message)
  }

  metered(step: Step, id: string, outcome: Outcome): void {
    this.#answering?.executed(step, id, outcome)
  }

  /** Shows `to` what challengers saw. */
  tell(step: Step, to: PeerId): void {
    this.#shown.tell(step, to)
  }

  all(): readonly Measured[] {
    return this.#shown.all()
  }

  tick(step: Step): void {
    this.#answering?.tick(step)
  }

  dueMono(): number {
    return this.#answering?.dueMono() ?? Number.POSITIVE_INFINITY
  }
}
