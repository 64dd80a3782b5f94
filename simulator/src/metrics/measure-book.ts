import type { Note } from '@weft/protocols/core'
import { HARDWARE_LIES, type Role } from '../faults/roles.ts'
import type { HardwareRow } from '../result.ts'

interface MeasureBookInit {
  readonly fleet: { readonly providers: readonly number[] }
  readonly roles: ReadonlyMap<number, Role>
  indexOf(peer: string): number | undefined
}

/** What honest challengers found of one provider. */
interface Found {
  challenges: number
  passed: number
  /** When the first of them gave it up, and how many challenges of all of them that had taken. */
  caught: { challenges: number; us: number } | undefined
  avoiders: Set<number>
}

/** Messages of which challenges consist, as traffic names them. */
const KINDS: readonly string[] = ['challenge', 'challenge-answer', 'measurement']
const US_PER_SECOND = 1e6
const US_PER_HOUR = 3.6e9
const US_PER_DAY = 24 * US_PER_HOUR

/** What comes of challenges: who is found out by whom, and what it costs those who are challenged. */
export class MeasureBook {
  readonly #init: MeasureBookInit
  readonly #found = new Map<number, Found>()
  readonly #onlineSinceUs = new Map<number, number>()
  readonly #heldSinceUs = new Map<number, number>()
  #onlineUs = 0
  #heldUs = 0
  #answered = 0
  #refused = 0

  constructor(init: MeasureBookInit) {
    this.#init = init
  }

  came(peer: number, nowUs: number): void {
    this.#onlineSinceUs.set(peer, nowUs)
  }

  gone(peer: number, nowUs: number): void {
    this.#onlineUs += nowUs - (this.#onlineSinceUs.get(peer) ?? nowUs)
    this.#onlineSinceUs.delete(peer)
  }

  released(peer: number, nowUs: number): void {
    this.#heldUs += nowUs - (this.#heldSinceUs.get(peer) ?? nowUs)
    this.#heldSinceUs.delete(peer)
  }

  note(peer: number, note: Note, nowUs: number): void {
    if (note.type === 'challenged' && note.fault !== '') this.#refused += 1
    else if (note.type === 'challenged') {
      this.#answered += 1
      this.#heldSinceUs.set(peer, nowUs)
    } else if (note.type === 'measured') this.#judged(peer, note, nowUs)
  }

  /** One row for those who are honest and for each way of lying that there is. */
  rows(): HardwareRow[] {
    const { fleet, roles } = this.#init
    const isHonest = (peer: number): boolean => !roles.has(peer)
    const challengers = fleet.providers.filter(isHonest).length
    return ([undefined, ...HARDWARE_LIES, 'lender'] as const).flatMap((role) => {
      const peers = fleet.providers.filter((peer) => roles.get(peer) === role)
      if (peers.length === 0) return []
      const found = peers.flatMap((peer) => this.#found.get(peer) ?? [])
      const caught = found.flatMap((each) => each.caught ?? [])
      const concluded = sum(found.map(({ challenges }) => challenges))
      const avoided = sum(found.map(({ avoiders }) => avoiders.size))
      return {
        kind: role ?? 'honest',
        peers: peers.length,
        caught: caught.length,
        challengesUntilCaught: caught.length === 0 ? null : sum(caught.map(({ challenges }) => challenges)) / caught.length,
        hoursUntilCaught: caught.length === 0 ? null : sum(caught.map(({ us }) => us)) / caught.length / US_PER_HOUR,
        passedShare: concluded === 0 ? null : sum(found.map(({ passed }) => passed)) / concluded,
        avoidedByShare: challengers === 0 ? 0 : avoided / peers.length / challengers,
      }
    })
  }

  /** What it costs. `traffic`: direct messages of the run, by kind. A share of nothing is NaN. */
  totals(traffic: readonly { kind: string; messages: number; bytes: number }[], nowUs: number): Record<string, number> {
    const days = (this.#onlineUs + sum([...this.#onlineSinceUs.values()].map((since) => nowUs - since))) / US_PER_DAY
    const own = traffic.filter(({ kind }) => KINDS.includes(kind))
    const rows = this.rows()
    const liars = rows.filter(({ kind }) => kind !== 'honest')
    const asked = this.#answered + this.#refused
    return {
      liarsCaughtShare: sum(liars.map(({ caught }) => caught)) / sum(liars.map(({ peers }) => peers)),
      honestProvidersAvoided: sum(rows.filter(({ kind }) => kind === 'honest').map(({ caught }) => caught)),
      challengesAnswered: this.#answered,
      challengesRefusedShare: this.#refused / asked,
      challengesPerProviderDay: this.#answered / days,
      challengeMeanSeconds: this.#heldUs / US_PER_SECOND / this.#answered,
      heldByChallengesShare: this.#heldUs / US_PER_DAY / days,
      messagesPerChallenge: sum(own.map(({ messages }) => messages)) / asked,
      challengeMeanBytes: sum(own.map(({ bytes }) => bytes)) / asked,
    }
  }

  #judged(challenger: number, { provider, verdict }: Extract<Note, { type: 'measured' }>, nowUs: number): void {
    const { roles, indexOf } = this.#init
    const peer = indexOf(provider)
    if (peer === undefined || verdict === 'refused' || roles.has(challenger)) return
    const found = this.#found.get(peer) ?? { challenges: 0, passed: 0, caught: undefined, avoiders: new Set() }
    this.#found.set(peer, found)
    found.challenges += 1
    if (verdict === 'measured') found.passed += 1
    if (verdict !== 'failed') return
    found.avoiders.add(challenger)
    found.caught ??= { challenges: found.challenges, us: nowUs }
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
