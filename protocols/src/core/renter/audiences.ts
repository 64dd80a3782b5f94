import type { MessageId, PeerId } from '../../units.ts'
import { AUDIENCE_ALL, audiencePart, audiencePlace, nonceWords } from '../../wire/commitments.ts'
import type { Order } from '../../wire/types.ts'
import { audienceFor, likelyFits } from '../market/auction.ts'

/** What a renter knows of the market when it asks. */
export interface Known {
  /** Known providers that fit. */
  fits: number
  /** Known providers. */
  known: number
  /** Providers that there may be. */
  providers: number
}

/** An order that was out, and which strangers answered it: late ones too, which come when its auction has closed. */
interface Invitation {
  readonly orderId: MessageId
  readonly words: Int32Array
  readonly audience: number
  /** Sent the order directly: they would answer whatever the audience. */
  readonly asked: readonly PeerId[]
  readonly publishedMono: number
  /** Strangers that should have answered, if the guess was right. */
  readonly expected: number
  readonly answered: Set<PeerId>
}

/** Orders that are looked back on: what the market was like before them is forgotten. */
const INVITATIONS_MAX = 8
/** Answers counted of one order; a flood of them must not grow it. */
const ANSWERED_MAX = 128
/** Nearly all answers have come so long after their order. */
const ANSWERED_AFTER_MS = 2_000
/** Answers, expected and come, that the first guess is worth. */
const GUESS_WEIGHT = 6
/** Answers move the guess so far either way: whoever feigns them leaves a quarter of those wanted, and an empty round asks four times as many. */
const FACTOR_MAX = 4

/**
 * How many may answer an order, from how many answered those before. What is guessed of a market (its size from a DHT that
 * counts only peers that can be dialled, the share that sells from neighbours that are connected because they sell, the share that
 * fits from nobody) is out by several times; strangers' answers count it. A stranger is whoever was not asked directly, and counts
 * once per order, if it is in the audience.
 */
export class Audiences {
  /** Newest last. */
  readonly #invitations: Invitation[] = []

  /** For round `round` of an order; see `audienceFor`. */
  audience(guess: Known, round: number, nowMono: number): number {
    return audienceFor(guess.fits, guess.known, this.#corrected(guess, nowMono), round)
  }

  /** An order is out. `asked` may grow. */
  invited(orderId: MessageId, { nonce, audience }: Order, asked: readonly PeerId[], guess: Known, nowMono: number): void {
    const strangers = Math.max(0, likelyFits(guess.fits, guess.known, guess.providers) - asked.length)
    this.#invitations.push({
      orderId,
      words: nonceWords(nonce),
      audience,
      asked,
      publishedMono: nowMono,
      expected: strangers * (audience / AUDIENCE_ALL),
      answered: new Set(),
    })
    if (this.#invitations.length > INVITATIONS_MAX) this.#invitations.shift()
  }

  /** A bid for an order came, in time or not. */
  answered(orderId: MessageId, provider: PeerId): void {
    const invitation = this.#invitations.find((each) => each.orderId === orderId)
    if (invitation === undefined || invitation.answered.size >= ANSWERED_MAX) return
    const { words, audience, asked, answered } = invitation
    if (audiencePlace(words, audiencePart(provider)) <= audience && !asked.includes(provider)) answered.add(provider)
  }

  /** Providers that there may be, going by the answers. */
  #corrected({ providers }: Known, nowMono: number): number {
    let expected = GUESS_WEIGHT
    let came = GUESS_WEIGHT
    for (const invitation of this.#invitations) {
      if (nowMono < invitation.publishedMono + ANSWERED_AFTER_MS) continue
      expected += invitation.expected
      came += invitation.answered.size
    }
    return Math.floor(providers * Math.min(FACTOR_MAX, Math.max(1 / FACTOR_MAX, came / expected)))
  }
}
