import { WeftError } from '../errors.ts'
import { filledMib, layoutOf, operationsOf, PASSES, readBytesOf, seedWords, type Task } from '../measure/index.ts'
import type { Meter } from '../ports/meter.ts'
import { MIB } from '../units.ts'

/** What a card does in a millisecond. */
export interface CardModel {
  memoryMib: number
  fillMib: number
  /** Of random reads. */
  readMib: number
  /** From and to the memory of its machine. */
  pcieMib: number
  fp32Operations: number
  /** 0: it has no such format. */
  fp16Operations: number
  bf16Operations: number
}

/** About a consumer card of 24 GB through WebGPU: 28 GiB/s of lines with 256 double rounds, half of 1 TB/s in random reads, 10 TFLOPS. */
export const someCard = (set: Partial<CardModel> = {}): CardModel => ({
  memoryMib: 24_000,
  fillMib: 28,
  readMib: 256,
  pcieMib: 24,
  fp32Operations: 10e9,
  fp16Operations: 20e9,
  bf16Operations: 20e9,
  ...set,
})

/** Time, as whoever models it has it. */
export interface MeterTime {
  nowMs(): number
  /** Resolves after `ms`. */
  wait(ms: number): Promise<void>
}

/** One card of the real world: what is asked of it at once is done one after another, and what it holds it holds once. */
export class PhysicalCard {
  readonly model: CardModel
  /** Containers that compute on it: each takes as much of its time as a question does. */
  programs = 0
  readonly #time: MeterTime
  #freeAtMs = 0
  /** MiB by who holds them. */
  readonly #held = new Map<string, number>()

  constructor(model: CardModel, time: MeterTime) {
    this.model = model
    this.#time = time
  }

  use(ms: number): Promise<void> {
    this.#freeAtMs = Math.max(this.#freeAtMs, this.#time.nowMs()) + ms * (1 + this.programs)
    return this.#time.wait(this.#freeAtMs - this.#time.nowMs())
  }

  /** Takes up to `mib` for `holder`; what others hold goes first if `evicts`. How much is held now. */
  hold(holder: string, mib: number, evicts: boolean): number {
    this.#held.delete(holder)
    if (evicts) this.#held.clear()
    const free = this.model.memoryMib - [...this.#held.values()].reduce((sum, other) => sum + other, 0)
    const held = Math.max(0, Math.min(mib, free))
    this.#held.set(holder, held)
    return held
  }

  heldBy(holder: string): number {
    return this.#held.get(holder) ?? 0
  }

  drop(holder: string): void {
    this.#held.delete(holder)
  }
}

/** What a provider that lacks memory does about it: say so, keep the rest in its machine's memory, or throw out what another identity holds and fill it again. */
export type Shortage = 'fail' | 'spill' | 'refill'

/** Somebody else's card stands behind what is announced. */
export interface Relay {
  /** To whoever has the card and back, ms: in every stage but the first. */
  roundTripMs: number
  /** Its owner answers in the relay's name; otherwise it is asked as if for itself, and its answers are about a seed of its own. */
  isAgreed: boolean
}

export interface SimulatedMeterInit {
  /** Whose it is: two identities hold memory of one card apart. */
  owner: string
  /** What the announced cards really are, by the hash they are announced with. */
  cards: ReadonlyMap<string, PhysicalCard>
  time: MeterTime
  /** @default 'fail' */
  shortage?: Shortage
  /** @default the cards are its own */
  relay?: Relay | undefined
}

/** A meter of modelled cards: it takes the time that they would, and an answer says whose question it answers. */
export class SimulatedMeter implements Meter {
  readonly #init: SimulatedMeterInit & Required<Pick<SimulatedMeterInit, 'shortage'>>
  readonly #filled = new Set<string>()

  constructor(init: SimulatedMeterInit) {
    this.#init = { shortage: 'fail', ...init }
  }

  async perform(task: Task): Promise<readonly number[]> {
    const card = this.#init.cards.get(task.card)
    if (card === undefined) throw new WeftError('NO_METER', 'there is no such card')
    const { relay, time } = this.#init
    if (task.stage === 'ready') {
      // Whoever asks somebody else does not ask yet. An answer without any wait would be no event of virtual time, and be heard with the next one.
      await time.wait(0)
      return []
    }
    if (relay !== undefined) await time.wait(relay.roundTripMs)
    switch (task.stage) {
      case 'fill':
        return this.#fill(task, card)
      case 'walk':
        await this.#walk(task, card)
        break
      default: {
        const operations = card.model[`${task.stage}Operations`]
        if (operations === 0) throw new WeftError('UNSUPPORTED', `it has no ${task.stage}`)
        await this.#use(card, operationsOf(task) / operations)
      }
    }
    return [(answerTo(task) ^ (this.#isHandedOn ? 1 : 0)) >>> 0]
  }

  release(): void {
    for (const [name, card] of this.#init.cards) card.drop(this.#holder(name))
    this.#filled.clear()
  }

  async check(task: Task, report: readonly number[], _picks: Uint8Array): Promise<string | undefined> {
    return report[0] === answerTo(task) ? undefined : 'it answers another question'
  }

  async #fill(task: Task, card: PhysicalCard): Promise<readonly number[]> {
    const wanted = filledMib(task)
    const held = this.#isHandedOn ? wanted : card.hold(this.#holder(task.card), wanted, this.#init.shortage === 'refill')
    if (held < wanted && this.#init.shortage === 'fail') throw new WeftError('METER_FAILED', 'out of memory')
    await this.#use(card, wanted / card.model.fillMib)
    this.#filled.add(task.card)
    return []
  }

  async #walk(task: Task, card: PhysicalCard): Promise<void> {
    if (!this.#filled.delete(task.card)) throw new WeftError('METER_FAILED', 'nothing was filled')
    const { fillMib, readMib, pcieMib } = card.model
    const wanted = filledMib(task)
    const missing = this.#isHandedOn ? 0 : 1 - card.heldBy(this.#holder(task.card)) / wanted
    card.drop(this.#holder(task.card))
    const readMs = readBytesOf(task) / MIB / readMib
    // Worked out line by line as it is read, or brought from its machine's memory in every pass: whichever is faster.
    const workedOutMs = (readBytesOf(task) / (layoutOf(task).regions * layoutOf(task).linesPerRegion * 64)) * (wanted / fillMib)
    const broughtMs = (PASSES * wanted) / pcieMib
    const refilledMs = wanted / fillMib
    const ways = { fail: 0, spill: Math.min(workedOutMs, broughtMs), refill: Math.min(refilledMs, workedOutMs) }
    await this.#use(card, readMs + missing * ways[this.#init.shortage])
  }

  /** Whoever is asked as if for itself is challenged by one at a time: what it does for this one is in nobody's way. */
  #use(card: PhysicalCard, ms: number): Promise<void> {
    return this.#isHandedOn ? this.#init.time.wait(ms) : card.use(ms)
  }

  get #isHandedOn(): boolean {
    return this.#init.relay?.isAgreed === false
  }

  #holder(card: string): string {
    return `${this.#init.owner}/${card}`
  }
}

const answerTo = ({ seed, stageSeed }: Task): number => ((seedWords(seed)[0] ?? 0) ^ (seedWords(stageSeed)[1] ?? 0)) >>> 0
