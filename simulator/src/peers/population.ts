import type { Stream } from '../kernel/draws.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { WORLD } from '../kernel/queue.ts'
import { sampleResidual } from '../presets/sampler.ts'
import type { Quantiles, Scenario, Sessions } from '../scenario.ts'

/** What the population does to its peers. */
export interface Inhabitants {
  /** It was there before the run, and comes, with its host, within the first minute. */
  wasThere(peer: number): void
  come(peer: number): void
  /** Gracefully: what it has promised ends first. 0: it has left; otherwise it stays, and is asked again after so many µs. */
  leave(peer: number): number
  crash(peer: number): void
  /** Its process ends at once, and its machine goes on. */
  kill(peer: number): void
}

/** How a peer is taken off. */
export type Going = 'leaves' | 'is-killed' | 'crashes'

/** Hosts that are online at the start begin within so long, µs: a market never starts all at once. */
const ARRIVAL_US = 60_000_000
/** Two sessions of one peer are never closer than this, nor shorter, µs. */
const LEAST_US = 1_000_000

const COME = 0
const GO = 1
const COME_FIRST = 2
/** Going, as decided before: who had to stay for a while does not crash for that. */
const LEAVE = 3

/** Who is online: sessions drawn from the scenario's churn. Faults and scripts may force peers on and off as well. */
export class Population {
  /** Peers online now, in no order that matters; `#place` finds one in it. */
  readonly online: number[] = []
  readonly #place: Int32Array
  readonly #scenario: Scenario
  readonly #kernel: Kernel
  readonly #inhabitants: Inhabitants
  readonly #draws: Stream
  readonly #class: number
  /** Counts comings and goings of each peer: a departure that was planned for an earlier session does not happen. */
  readonly #turns: Int32Array
  readonly #permanent: number
  #isOver = false

  /** `permanent`: the first so many peers are online from the start, whatever the churn. */
  constructor(scenario: Scenario, kernel: Kernel, inhabitants: Inhabitants, permanent = 0) {
    this.#scenario = scenario
    this.#permanent = permanent
    this.#kernel = kernel
    this.#inhabitants = inhabitants
    this.#draws = kernel.draws.stream('churn', scenario.peers)
    this.#place = new Int32Array(scenario.peers).fill(-1)
    this.#turns = new Int32Array(scenario.peers)
    this.#class = kernel.on('churn', (peer, what, turn) => this.#happen(peer, what, turn))
  }

  isOnline(peer: number): boolean {
    return (this.#place[peer] as number) >= 0
  }

  /**
   * Who is online now, and everybody else's first coming: in the middle of sessions and absences, as in a network that has
   * been there for long. Without hosts to open, everybody who is online is so at once.
   */
  start(): void {
    const { churn, peers, market } = this.#scenario
    for (let peer = 0; peer < peers; peer++) {
      const begins = this.#draws.chance(peer, churn.initialShare)
      const share = this.#draws.fraction(peer)
      if (peer < this.#permanent) this.#begin(peer)
      else if (begins && market.enabled) {
        this.#inhabitants.wasThere(peer)
        this.#plan(peer, COME_FIRST, Math.floor(share * ARRIVAL_US))
      } else if (begins) this.#begin(peer)
      else if (churn.offline !== undefined) this.#plan(peer, COME, this.#rest(peer, churn.offline))
    }
  }

  /** From now on nobody comes or goes by churn. */
  stop(): void {
    this.#isOver = true
  }

  /** A peer drawn from those that are online, by the draws of `stream`; undefined: nobody is. */
  anyOnline(stream: Stream, peer: number): number | undefined {
    return this.online.length === 0 ? undefined : this.online[stream.below(peer, this.online.length)]
  }

  bringOn(peer: number): void {
    const { online } = this.#scenario.churn
    if (!this.isOnline(peer)) this.#on(peer, online === undefined ? Number.POSITIVE_INFINITY : this.#length(peer, online))
  }

  /** Takes the peer off; it comes back by churn, or, with `backUs`, after that: never, if that is Infinity. */
  takeOff(peer: number, how: Going, backUs?: number): void {
    if (!this.isOnline(peer)) return
    if (how === 'crashes') this.#inhabitants.crash(peer)
    else if (how === 'is-killed') this.#inhabitants.kill(peer)
    else {
      const waitUs = this.#inhabitants.leave(peer)
      if (waitUs > 0) {
        this.#plan(peer, LEAVE, waitUs)
        return
      }
    }
    const place = this.#place[peer] as number
    const last = this.online.pop() as number
    if (last !== peer) {
      this.online[place] = last
      this.#place[last] = place
    }
    this.#place[peer] = -1
    this.#turns[peer] = (this.#turns[peer] as number) + 1
    const { offline } = this.#scenario.churn
    if (backUs === Number.POSITIVE_INFINITY) return
    if (backUs !== undefined) this.#plan(peer, COME, backUs)
    else if (offline !== undefined) this.#plan(peer, COME, this.#length(peer, offline))
  }

  #happen(peer: number, what: number, turn: number): void {
    if (turn !== this.#turns[peer] || (this.#isOver && (what === GO || what === LEAVE))) return
    if (what === COME) this.bringOn(peer)
    else if (what === COME_FIRST) this.#begin(peer)
    else this.takeOff(peer, what === GO && this.#draws.chance(peer, this.#scenario.churn.crashShare) ? 'crashes' : 'leaves')
  }

  /** A session that had begun before the run did. */
  #begin(peer: number): void {
    if (this.isOnline(peer)) return
    const { online } = this.#scenario.churn
    const stays = online === undefined || peer < this.#permanent
    this.#on(peer, stays ? Number.POSITIVE_INFINITY : this.#rest(peer, online))
  }

  #on(peer: number, lengthUs: number): void {
    this.#place[peer] = this.online.length
    this.online.push(peer)
    this.#turns[peer] = (this.#turns[peer] as number) + 1
    if (Number.isFinite(lengthUs) && !this.#isOver) this.#plan(peer, GO, lengthUs)
    this.#inhabitants.come(peer)
  }

  #plan(peer: number, what: number, inUs: number): void {
    this.#kernel.at(this.#kernel.nowUs + inUs, this.#class, WORLD, peer, what, this.#turns[peer] as number)
  }

  /** What is left of a session or an absence that is met at a random moment, µs. */
  #rest(peer: number, sessions: Sessions): number {
    const [session, passed] = [this.#draws.u32(peer), this.#draws.u32(peer)]
    return Math.max(LEAST_US, Math.floor(sampleResidual(quantilesOf(sessions), session, passed) * 1e6))
  }

  #length(peer: number, sessions: Sessions): number {
    return Math.max(LEAST_US, Math.floor(this.#draws.sample(peer, quantilesOf(sessions)) * 1e6))
  }
}

/** Made once per table: sessions are drawn hundreds of thousands of times. */
const QUANTILES = new WeakMap<Sessions, Quantiles>()
function quantilesOf(sessions: Sessions): Quantiles {
  let quantiles = QUANTILES.get(sessions)
  if (quantiles === undefined) {
    quantiles = { p: sessions.p, x: sessions.seconds }
    QUANTILES.set(sessions, quantiles)
  }
  return quantiles
}
