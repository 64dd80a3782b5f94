import type { Size, Stage } from '../../measure/index.ts'
import { STAGES } from '../../measure/index.ts'
import { MS_PER_DAY, type PeerId } from '../../units.ts'
import { equalBytes, toHex } from '../../wire/bytes.ts'
import type { Challenge, ChallengeFault } from '../../wire/measure.ts'
import type { ReceivedOf } from '../../wire/message.ts'
import type { Gpu } from '../../wire/types.ts'
import type { Outcome } from '../input.ts'
import type { Step } from '../step.ts'
import { taskOf } from './binding.ts'
import { measurable } from './measurable.ts'

export interface AnsweringInit {
  /** Most time in a day for which challenges may hold this provider's capacity, in all. @default 900_000 */
  msPerDay?: number
  /** Of that, for one challenger. @default 300_000 */
  msPerChallenger?: number
}

/** Challengers whose time is counted: with more in a day none is answered. */
const CHALLENGERS_MAX = 256
/** A challenger that says nothing for so long is not waited for. */
const SILENCE_MS = 30_000
/** Whatever is asked, the capacity is free again after this. */
const WINDOW_MS = 240_000

interface Window {
  challenger: PeerId
  nonce: Uint8Array
  sizes: ReadonlyMap<string, Size>
  stage: Stage
  /** Cards that have not answered the stage. */
  pending: Set<string>
  sinceMono: number
  /** While nothing is pending; undefined: something is. */
  silentMono: number | undefined
}

/**
 * The provider's side of a challenge: for the length of it all of its capacity is held, so that no lease is slowed and no card can be in
 * two places. It answers only while nothing is leased or reserved, and within a budget.
 */
export class Answering {
  readonly #init: Required<AnsweringInit>
  readonly #self: PeerId
  #window: Window | undefined
  #dayMono = Number.NEGATIVE_INFINITY
  readonly #used = new Map<PeerId, number>()
  /** The last challenge of each that was answered to its end. */
  readonly #answered = new Map<PeerId, Uint8Array>()

  constructor({ msPerDay = 900_000, msPerChallenger = 300_000 }: AnsweringInit, self: PeerId) {
    this.#init = { msPerDay, msPerChallenger }
    this.#self = self
  }

  /** While true, nothing may be bid, reserved or leased. */
  get isHolding(): boolean {
    return this.#window !== undefined
  }

  /** `why`: why this provider takes nothing now, if it does not. */
  challenge(step: Step, { from, value }: ReceivedOf<'challenge'>, gpus: readonly Gpu[], why: ChallengeFault | undefined): void {
    if (value.stage === 'ready') this.#begin(step, from, value, gpus, why)
    else this.#go(step, from, value)
  }

  /** The meter is done with one card, or could not do it. */
  executed(step: Step, id: string, outcome: Outcome): void {
    const window = this.#window
    const [nonce, stage, card = ''] = id.split('.')
    if (window === undefined || toHex(window.nonce) !== nonce || window.stage !== stage || !window.pending.delete(card)) return
    const report = outcome.ok ? (outcome.report ?? []) : []
    // Who cannot get ready says so at the next stage, card by card.
    if (stage !== 'ready')
      this.#answer(step, window.challenger, window, card, outcome.ok ? undefined : faultOf(outcome.code), report)
    if (window.pending.size > 0) return
    window.silentMono = step.nowMono
    if (window.stage === 'ready') this.#answer(step, window.challenger, window, '', undefined, [])
    if (window.stage !== STAGES.at(-1)) return
    this.#answered.set(window.challenger, window.nonce)
    this.#end(step, window)
  }

  /** Whether this challenge was answered to its end; true once. */
  takeAnswered(challenger: PeerId, nonce: Uint8Array): boolean {
    const answered = this.#answered.get(challenger)
    return answered !== undefined && equalBytes(answered, nonce) && this.#answered.delete(challenger)
  }

  tick(step: Step): void {
    if (this.#window !== undefined && step.nowMono >= this.dueMono()) this.#end(step, this.#window)
  }

  dueMono(): number {
    if (this.#window === undefined) return Number.POSITIVE_INFINITY
    const { sinceMono, silentMono = Number.POSITIVE_INFINITY } = this.#window
    return Math.min(sinceMono + WINDOW_MS, silentMono + SILENCE_MS)
  }

  #begin(step: Step, challenger: PeerId, challenge: Challenge, gpus: readonly Gpu[], why: ChallengeFault | undefined): void {
    const fault = why ?? this.#overBudget(step, challenger) ?? (isAbout(challenge, gpus) ? undefined : 'unknown-card')
    step.note({ type: 'challenged', challenger, fault: fault ?? '' })
    const { nonce, cards, rounds, rows, seed } = challenge
    if (fault !== undefined) {
      this.#answer(step, challenger, { nonce, stage: 'ready' }, '', fault, [])
      return
    }
    const sizes = new Map(cards.map(({ card, fillMib }) => [card, { fillMib, rounds, rows }]))
    const now = step.nowMono
    this.#window = { challenger, nonce, sizes, stage: 'ready', pending: new Set(), sinceMono: now, silentMono: undefined }
    this.#perform(step, this.#window, seed)
  }

  /** Each stage once, in order, when the one before is answered. */
  #go(step: Step, from: PeerId, { nonce, stage, seed }: Challenge): void {
    const window = this.#window
    if (window === undefined || window.challenger !== from || !equalBytes(window.nonce, nonce) || window.pending.size > 0) return
    if (STAGES.indexOf(stage) !== STAGES.indexOf(window.stage) + 1) return
    window.stage = stage
    window.silentMono = undefined
    this.#perform(step, window, seed)
  }

  #perform(step: Step, { nonce, challenger, sizes, stage, pending }: Window, seed: Uint8Array): void {
    const parties = { nonce, challenger, provider: this.#self }
    for (const [card, size] of sizes) {
      pending.add(card)
      const task = taskOf(step, parties, size, card, stage, seed)
      step.execute(`meter/${toHex(nonce)}.${stage}.${card}`, { on: 'meter', do: 'perform', task })
    }
  }

  #answer(
    step: Step,
    to: PeerId,
    { nonce, stage }: { nonce: Uint8Array; stage: Stage },
    card: string,
    fault: ChallengeFault | undefined,
    report: readonly number[],
  ): void {
    step.send(to, 'challengeAnswer', { nonce, stage, card, fault, report })
  }

  #end(step: Step, { challenger, sinceMono }: Window): void {
    this.#window = undefined
    this.#used.set(challenger, (this.#used.get(challenger) ?? 0) + step.nowMono - sinceMono)
    step.execute('meter/release', { on: 'meter', do: 'release' })
  }

  #overBudget(step: Step, challenger: PeerId): ChallengeFault | undefined {
    if (step.nowMono - this.#dayMono >= MS_PER_DAY) {
      this.#dayMono = step.nowMono
      this.#used.clear()
      this.#answered.clear()
    }
    let usedMs = 0
    for (const ms of this.#used.values()) usedMs += ms
    const isNew = !this.#used.has(challenger)
    if (usedMs >= this.#init.msPerDay || (isNew && this.#used.size >= CHALLENGERS_MAX)) return 'budget'
    return (this.#used.get(challenger) ?? 0) >= this.#init.msPerChallenger ? 'budget' : undefined
  }
}

const faultOf = (code: string): ChallengeFault =>
  code === 'NO_METER' ? 'no-meter' : code === 'UNSUPPORTED' ? 'unsupported' : 'failed'

/** Whether every card asked about is announced, with at least that memory; where none is announced, the machine itself. */
function isAbout({ cards, rounds, rows }: Challenge, gpus: readonly Gpu[]): boolean {
  const known = new Map(measurable(gpus).map(({ card, vramMib }) => [card, vramMib]))
  const machine = gpus.length === 0
  const asked = new Set(cards.map(({ card }) => card))
  if (cards.length === 0 || asked.size !== cards.length || rounds === 0 || rows === 0) return false
  return cards.every(({ card, fillMib }) =>
    machine ? card === '' && fillMib <= MACHINE_MIB_MAX : fillMib <= (known.get(card) ?? -1),
  )
}

const MACHINE_MIB_MAX = 256
