import type { PeerIndex } from './gossip.ts'
import { grownFloats, PairRows } from './pairs.ts'
import type { ScoreParameters } from './score-parameters.ts'
import type { Subscriptions } from './subscriptions.ts'

/** Longest time that decay is worked out for; anything has decayed to nothing by then. */
const DECAY_INTERVALS_MAX = 1 << 20

/**
 * The score function of GossipSub v1.1 (github.com/libp2p/specs/blob/master/pubsub/gossipsub/gossipsub-v1.1.md, "Peer Scoring"):
 * what each subscriber thinks of each peer that it dealt with. Counters are decayed when they are read, by decay^k.
 */
export class Score {
  readonly parameters: ScoreParameters
  readonly #subscriptions: Subscriptions
  readonly #honest: number
  /** (subscription, other peer) → row. */
  readonly #rows = new PairRows(1024)
  /** Time of the graft, µs; −1: not in the mesh. */
  #grafted = new Float64Array(512)
  #first = new Float64Array(512)
  #mesh = new Float64Array(512)
  #failure = new Float64Array(512)
  #invalid = new Float64Array(512)
  #interval = new Float64Array(512)
  /** (peer, other peer) → row of P7. */
  readonly #behaviourRows = new PairRows(64)
  #behaviour = new Float64Array(64)
  #behaviourInterval = new Float64Array(64)

  constructor(parameters: ScoreParameters, subscriptions: Subscriptions, honest: number) {
    this.parameters = parameters
    this.#subscriptions = subscriptions
    this.#honest = honest
  }

  /** The other peer's score in the eyes of `peer`. */
  of(peer: PeerIndex, other: PeerIndex, nowUs: number): number {
    let score = this.#colocation(other) + this.#misbehaviour(peer, other, nowUs)
    const { head, next } = this.#subscriptions
    for (let row = head[peer] as number; row >= 0; row = next[row] as number) score += this.#topicScore(row, other, nowUs)
    return score
  }

  /** P1, P3: the other peer is in the mesh from now on. */
  grafted(subscription: number, other: PeerIndex, nowUs: number): void {
    const row = this.#settle(subscription, other, nowUs)
    this.#grafted[row] = nowUs
    this.#mesh[row] = 0
  }

  /** P3b: a deficit at the end of membership is remembered. */
  left(subscription: number, other: PeerIndex, nowUs: number): void {
    const row = this.#settle(subscription, other, nowUs)
    const deficit = this.#deficit(row, nowUs)
    this.#failure[row] = (this.#failure[row] as number) + deficit * deficit
    this.#grafted[row] = -1
  }

  /** P2, P3: the other peer brought a message first. */
  first(subscription: number, other: PeerIndex, nowUs: number): void {
    const row = this.#settle(subscription, other, nowUs)
    const { firstDeliveriesCap } = this.parameters
    this.#first[row] = Math.min(firstDeliveriesCap, (this.#first[row] as number) + 1)
    this.#countMesh(row)
  }

  /** P3: a mesh member brought a copy within the window after the first. */
  nearFirst(subscription: number, other: PeerIndex, nowUs: number): void {
    this.#countMesh(this.#settle(subscription, other, nowUs))
  }

  /** P4. */
  invalid(subscription: number, other: PeerIndex, nowUs: number): void {
    const row = this.#settle(subscription, other, nowUs)
    this.#invalid[row] = (this.#invalid[row] as number) + 1
  }

  /** P7. */
  misbehaved(peer: PeerIndex, other: PeerIndex, nowUs: number): void {
    const isNew = this.#behaviourRows.find(peer, other) < 0
    const row = this.#behaviourRows.add(peer, other)
    this.#behaviour = grownFloats(this.#behaviour, this.#behaviourRows.rows)
    this.#behaviourInterval = grownFloats(this.#behaviourInterval, this.#behaviourRows.rows)
    const interval = this.#intervalOf(nowUs)
    if (isNew) this.#behaviour[row] = 0
    this.#behaviour[row] =
      this.#decayed(
        this.#behaviour[row] as number,
        this.parameters.behaviourDecay,
        interval,
        this.#behaviourInterval[row] as number,
      ) + 1
    this.#behaviourInterval[row] = interval
  }

  /** The other peer's connection is gone. What speaks against it stays; what speaks for it goes. */
  forget(peer: PeerIndex, other: PeerIndex, nowUs: number): void {
    if (this.of(peer, other, nowUs) < 0) return
    const { head, next } = this.#subscriptions
    for (let row = head[peer] as number; row >= 0; row = next[row] as number) this.#rows.remove(row, other)
    this.#behaviourRows.remove(peer, other)
  }

  #topicScore(subscription: number, other: PeerIndex, nowUs: number): number {
    if (this.#rows.find(subscription, other) < 0) return 0
    const p = this.parameters
    const row = this.#settle(subscription, other, nowUs)
    const grafted = this.#grafted[row] as number
    const quanta = grafted < 0 ? 0 : Math.min(p.timeInMeshCap, (nowUs - grafted) / p.timeInMeshQuantumUs)
    const deficit = this.#deficit(row, nowUs)
    const invalid = this.#invalid[row] as number
    return (
      p.topicWeight *
      (p.timeInMeshWeight * quanta +
        p.firstDeliveriesWeight * (this.#first[row] as number) +
        p.meshDeliveriesWeight * deficit * deficit +
        p.meshFailureWeight * (this.#failure[row] as number) +
        p.invalidWeight * invalid * invalid)
    )
  }

  #deficit(row: number, nowUs: number): number {
    const p = this.parameters
    const grafted = this.#grafted[row] as number
    if (p.meshDeliveriesWeight === 0 || grafted < 0 || nowUs - grafted < p.meshDeliveriesActivationUs) return 0
    return Math.max(0, p.meshDeliveriesThreshold - (this.#mesh[row] as number))
  }

  #countMesh(row: number): void {
    if ((this.#grafted[row] as number) < 0) return
    this.#mesh[row] = Math.min(this.parameters.meshDeliveriesCap, (this.#mesh[row] as number) + 1)
  }

  /** The row, decayed up to now. */
  #settle(subscription: number, other: PeerIndex, nowUs: number): number {
    const interval = this.#intervalOf(nowUs)
    let row = this.#rows.find(subscription, other)
    if (row < 0) {
      row = this.#rows.add(subscription, other)
      this.#reserve(this.#rows.rows)
      this.#grafted[row] = -1
      this.#first[row] = 0
      this.#mesh[row] = 0
      this.#failure[row] = 0
      this.#invalid[row] = 0
      this.#interval[row] = interval
      return row
    }
    const since = this.#interval[row] as number
    if (since === interval) return row
    const p = this.parameters
    this.#first[row] = this.#decayed(this.#first[row] as number, p.firstDeliveriesDecay, interval, since)
    this.#mesh[row] = this.#decayed(this.#mesh[row] as number, p.meshDeliveriesDecay, interval, since)
    this.#failure[row] = this.#decayed(this.#failure[row] as number, p.meshFailureDecay, interval, since)
    this.#invalid[row] = this.#decayed(this.#invalid[row] as number, p.invalidDecay, interval, since)
    this.#interval[row] = interval
    return row
  }

  #decayed(value: number, decay: number, interval: number, since: number): number {
    if (value === 0) return 0
    const left = value * power(decay, Math.min(DECAY_INTERVALS_MAX, interval - since))
    return left < this.parameters.decayToZero ? 0 : left
  }

  #intervalOf(nowUs: number): number {
    return Math.floor(nowUs / this.parameters.decayIntervalUs)
  }

  /** P6: surplus over the threshold, squared. Sybils share addresses; honest peers have one each. */
  #colocation(other: PeerIndex): number {
    const p = this.parameters
    if (p.colocationWeight === 0 || other < this.#honest) return 0
    const surplus = Math.max(0, p.sybilsPerAddress - p.colocationThreshold)
    return p.colocationWeight * surplus * surplus
  }

  #misbehaviour(peer: PeerIndex, other: PeerIndex, nowUs: number): number {
    if (this.#behaviourRows.count === 0) return 0
    const row = this.#behaviourRows.find(peer, other)
    if (row < 0) return 0
    const p = this.parameters
    const counter = this.#decayed(
      this.#behaviour[row] as number,
      p.behaviourDecay,
      this.#intervalOf(nowUs),
      this.#behaviourInterval[row] as number,
    )
    return p.behaviourWeight * counter * counter
  }

  #reserve(rows: number): void {
    this.#grafted = grownFloats(this.#grafted, rows)
    this.#first = grownFloats(this.#first, rows)
    this.#mesh = grownFloats(this.#mesh, rows)
    this.#failure = grownFloats(this.#failure, rows)
    this.#invalid = grownFloats(this.#invalid, rows)
    this.#interval = grownFloats(this.#interval, rows)
  }
}

/** base^exponent for a whole exponent, by squaring: products are the same on every machine, which Math.pow is not. */
export function power(base: number, exponent: number): number {
  let result = 1
  let square = base
  for (let left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result *= square
    square *= square
  }
  return result
}
