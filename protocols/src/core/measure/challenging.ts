import { FORMATS, STAGES, type Stage } from '../../measure/index.ts'
import { MS_PER_DAY, type PeerId } from '../../units.ts'
import { equalBytes, toHex } from '../../wire/bytes.ts'
import { MEASUREMENT_LIFETIME_MS_MAX } from '../../wire/limits.ts'
import type { ChallengeFault } from '../../wire/measure.ts'
import type { ReceivedOf } from '../../wire/message.ts'
import type { Outcome } from '../input.ts'
import type { Offers } from '../offers.ts'
import type { Step } from '../step.ts'
import { taskOf } from './binding.ts'
import { chooseGroup } from './choice.ts'
import { askedCards, Classes, dueOf, faultOf, isDone, measuredCards, type Round, type Target } from './round.ts'

export interface ChallengingInit {
  /** Rounds that this peer begins by itself in a day; 0: none. @default 4 */
  roundsPerDay?: number
  /** Providers asked in one moment. @default 4 */
  groupMax?: number
  /** From a challenge that failed to the next of the same providers. @default 60_000 */
  retryMs?: number
}

interface Components {
  self: PeerId
  /** What is known of the market. */
  offers: Pick<Offers, 'book' | 'look'>
  /** Deals with the provider no more, for as long as it is remembered. */
  avoid(step: Step, provider: PeerId): void
}

/** From asking who sells to choosing whom to challenge. */
const LOOK_MS = 15_000
/** A challenge that failed is tried again, with everybody who was asked with it: networks stutter, and so do drivers. */
const ATTEMPTS = 3
/** Groups that wait for their turn. */
const WAITING_MAX = 16

interface Waiting {
  dueMono: number
  providers: readonly PeerId[]
}

/**
 * The challenger's side: asks providers, several in the same moment so that nobody lends one card to two of them, stage by stage; nobody
 * hears the next stage before all have answered. What it sees it signs for the provider to show. Of who fails it says nothing to others, who could not check it:
 * it deals with them no more itself.
 */
export class Challenging {
  readonly #roundsPerDay: number
  readonly #groupMax: number
  readonly #retryMs: number
  readonly #components: Components
  readonly #classes = new Classes()
  /** Failed challenges in a row. */
  readonly #failed = new Map<PeerId, number>()
  #round: Round | undefined
  #waiting: Waiting[] = []
  #nextMono = Number.POSITIVE_INFINITY
  #lookedMono: number | undefined

  constructor({ roundsPerDay = 4, groupMax = 4, retryMs = 60_000 }: ChallengingInit, components: Components) {
    this.#roundsPerDay = roundsPerDay
    this.#groupMax = groupMax
    this.#retryMs = retryMs
    this.#components = components
  }

  start(step: Step): void {
    if (this.#roundsPerDay > 0) this.#nextMono = step.nowMono + this.#pauseMs(step)
  }

  /** Challenges these in one moment, when no other round is under way. Those whose capacity is not known are left out. */
  measure(step: Step, providers: readonly PeerId[]): void {
    if (this.#waiting.length < WAITING_MAX) this.#waiting.push({ dueMono: step.nowMono, providers })
    else for (const provider of providers) refuse(step, provider, 'busy')
    this.tick(step)
  }

  answer(step: Step, { from, value }: ReceivedOf<'challengeAnswer'>): void {
    const round = this.#round
    if (round === undefined || !equalBytes(round.nonce, value.nonce) || round.stage !== value.stage) return
    const target = round.targets.find(({ provider }) => provider === from)
    if (target?.pending?.delete(value.card) !== true) return
    if (value.stage === 'ready') {
      target.pathMs = step.nowMono - round.sentMono
      if (value.fault !== undefined) giveUp(target, value.fault)
    } else this.#keep(step, round, target, value)
    if (round.targets.every(isDone)) this.#advance(step, round)
  }

  /** A check is done. */
  executed(step: Step, id: string, outcome: Outcome): void {
    const round = this.#round
    const [nonce, provider, card = '', stage] = id.split('.')
    if (round === undefined || toHex(round.nonce) !== nonce) return
    const target = round.targets.find((other) => other.provider === provider)
    const answer = target?.done.get(card)?.get(stage as Stage)
    if (target !== undefined && !outcome.ok) giveUp(target, 'unchecked')
    else if (answer !== undefined && outcome.ok) answer.wrong = outcome.wrong
    round.checking -= 1
    if (round.checking === 0) this.#conclude(step, round)
  }

  tick(step: Step): void {
    const now = step.nowMono
    if (this.#round !== undefined && this.#round.checking === 0 && now >= dueOf(this.#round)) this.#late(step, this.#round)
    if (now >= this.#nextMono) this.#schedule(step)
    if (this.#round !== undefined) return
    const due = this.#waiting.findIndex(({ dueMono }) => dueMono <= now)
    const [group] = due < 0 ? [] : this.#waiting.splice(due, 1)
    if (group !== undefined) this.#begin(step, group.providers)
  }

  dueMono(): number {
    const round = this.#round === undefined || this.#round.checking > 0 ? Number.POSITIVE_INFINITY : dueOf(this.#round)
    const waiting =
      this.#round === undefined ? Math.min(...this.#waiting.map(({ dueMono }) => dueMono)) : Number.POSITIVE_INFINITY
    return Math.min(round, waiting, this.#nextMono)
  }

  /** First it looks around, then it chooses. */
  #schedule(step: Step): void {
    if (this.#lookedMono === undefined) {
      this.#components.offers.look(step, 'cpu')
      this.#lookedMono = step.nowMono
      this.#nextMono = step.nowMono + LOOK_MS
      return
    }
    this.#lookedMono = undefined
    this.#nextMono = step.nowMono + this.#pauseMs(step)
    const group = chooseGroup(this.#components.offers.book.all(step.nowWall), step.random(16), this.#groupMax)
    if (group.length > 0) this.measure(step, group)
  }

  /** Half to one and a half of the mean, so that nobody knows when. */
  #pauseMs(step: Step): number {
    return Math.round((MS_PER_DAY / this.#roundsPerDay) * (0.5 + step.roll() / 65_536))
  }

  #begin(step: Step, providers: readonly PeerId[]): void {
    const targets = providers.flatMap((provider): Target[] => {
      const capacity = provider === this.#components.self ? undefined : this.#components.offers.book.get(provider)?.capacity
      const cards = capacity === undefined ? [] : askedCards(capacity)
      if (capacity === undefined || cards.length === 0) {
        refuse(step, provider, 'unsupported')
        return []
      }
      const { addresses } = capacity
      return [{ provider, addresses, cards, pending: new Set(['']), done: new Map(), pathMs: 0, refused: undefined }]
    })
    if (targets.length === 0) return
    const seed = step.random(32)
    const round: Round = { nonce: step.random(16), stage: 'ready', seed, sentMono: step.nowMono, targets, checking: 0 }
    this.#round = round
    for (const { provider, addresses, cards } of targets) {
      const [{ size } = { size: undefined }] = cards
      const asked = cards.map(({ card, size: { fillMib } }) => ({ card, fillMib }))
      const { rounds = 0, rows = 0 } = size ?? {}
      step.send(provider, 'challenge', { nonce: round.nonce, stage: 'ready', seed, cards: asked, rounds, rows }, addresses)
    }
  }

  #keep(step: Step, round: Round, target: Target, { card, stage, fault, report }: ReceivedOf<'challengeAnswer'>['value']): void {
    const asked = target.cards.find((other) => other.card === card)
    if (asked === undefined) return
    const parties = { nonce: round.nonce, challenger: this.#components.self, provider: target.provider }
    const task = taskOf(step, parties, asked.size, card, stage, round.seed)
    const stages = target.done.get(card) ?? new Map()
    stages.set(stage, { ms: step.nowMono - round.sentMono, fault, task, report, wrong: undefined })
    target.done.set(card, stages)
    if (fault === 'no-meter' && target.pending !== undefined) giveUp(target, fault)
  }

  /** Who has not answered is left out; the others go on. */
  #late(step: Step, round: Round): void {
    for (const target of round.targets) if (!isDone(target)) giveUp(target, 'silent')
    this.#advance(step, round)
  }

  #advance(step: Step, round: Round): void {
    const stage = STAGES[STAGES.indexOf(round.stage) + 1]
    const inside = round.targets.filter(({ pending }) => pending !== undefined)
    if (stage === undefined || inside.length === 0) {
      this.#check(step, round)
      return
    }
    round.stage = stage
    round.sentMono = step.nowMono
    round.seed = step.random(32)
    for (const target of inside) {
      target.pending = new Set(target.cards.map(({ card }) => card))
      const { nonce, seed } = round
      step.send(target.provider, 'challenge', { nonce, stage, seed, cards: [], rounds: 0, rows: 0 }, target.addresses)
    }
  }

  /** Recomputes a sample of every report. */
  #check(step: Step, round: Round): void {
    for (const { provider, done, refused } of round.targets) {
      if (refused !== undefined) continue
      for (const [card, stages] of done) {
        for (const stage of ['walk', ...FORMATS] as const) {
          const answer = stages.get(stage)
          if (answer === undefined || answer.fault !== undefined) continue
          const { task, report } = answer
          round.checking += 1
          const token = `check/${toHex(round.nonce)}.${provider}.${card}.${stage}`
          step.execute(token, { on: 'meter', do: 'check', task, report, picks: step.random(16) })
        }
      }
    }
    if (round.checking === 0) this.#conclude(step, round)
  }

  #conclude(step: Step, round: Round): void {
    this.#round = undefined
    const verdicts = round.targets.map((target) => this.#verdict(step, round, target))
    if (verdicts.includes('again')) {
      const providers = round.targets.map(({ provider }) => provider)
      if (this.#waiting.length < WAITING_MAX) this.#waiting.push({ dueMono: step.nowMono + this.#retryMs, providers })
    }
    this.tick(step)
  }

  #verdict(step: Step, round: Round, target: Target): 'measured' | 'refused' | 'again' | 'failed' {
    const { provider, refused, addresses } = target
    const together = round.targets.filter((other) => other.refused === undefined).length
    const note = (verdict: 'measured' | 'refused' | 'again' | 'failed', why: string) => {
      step.note({ type: 'measured', provider, verdict, why, together })
      return verdict
    }
    if (refused !== undefined) return note('refused', refused)
    const measured = measuredCards(target)
    const fault = faultOf(target) ?? (measured && this.#classes.slow(target, measured))
    if (fault !== undefined) return note(this.#count(step, provider), fault)
    if (measured === undefined) return note('refused', 'not measured whole')
    this.#failed.delete(provider)
    this.#classes.learn(target, measured)
    const { nowWall: issuedAtMs } = step
    const measurement = {
      provider,
      nonce: round.nonce,
      cards: measured,
      together,
      issuedAtMs,
      expiresAtMs: issuedAtMs + MEASUREMENT_LIFETIME_MS_MAX,
    }
    step.send(provider, 'measurement', measurement, addresses)
    this.#components.offers.book.measured(provider, [{ by: this.#components.self, measurement }])
    return note('measured', '')
  }

  #count(step: Step, provider: PeerId): 'again' | 'failed' {
    const failed = (this.#failed.get(provider) ?? 0) + 1
    if (failed < ATTEMPTS) {
      this.#failed.set(provider, failed)
      return 'again'
    }
    this.#failed.delete(provider)
    this.#components.avoid(step, provider)
    return 'failed'
  }
}

/** Whoever wants to know what came of a challenge hears that there was none. */
const refuse = (step: Step, provider: PeerId, why: ChallengeFault): void =>
  step.note({ type: 'measured', provider, verdict: 'refused', why, together: 0 })

function giveUp(target: Target, why: Target['refused']): void {
  target.pending = undefined
  target.refused = why
}
