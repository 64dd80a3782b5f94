import type { Stream } from '../kernel/draws.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { WORLD } from '../kernel/queue.ts'
import type { Quantiles, Scenario, Sessions } from '../scenario.ts'

/** What the population does to its peers. */
export interface Inhabitants {
  come(peer: number): void
  /** Gracefully: what it has promised ends first. False: it stays, ask again later. */
  leave(peer: number): boolean
  crash(peer: number): void
}

/** Who is online at the start comes within so long, µs: a network never starts all at once. */
const ARRIVAL_US = 60_000_000
/** A peer that could not leave yet is asked again so much later, µs. */
const ASK_AGAIN_US = 60_000_000
/** Two sessions of one peer are never closer than this, nor shorter, µs. */
const LEAST_US = 1_000_000

const COME = 0
const GO = 1

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
  #isOver = false

  constructor(scenario: Scenario, kernel: Kernel, inhabitants: Inhabitants) {
    this.#scenario = scenario
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

  /** Plans everybody's first coming. */
  start(): void {
    const { churn, peers } = this.#scenario
    for (let peer = 0; peer < peers; peer++) {
      const begins = this.#draws.chance(peer, churn.initialShare)
      const share = this.#draws.fraction(peer)
      if (begins) this.#plan(peer, COME, Math.floor(share * ARRIVAL_US))
      else if (churn.offline !== undefined) this.#plan(peer, COME, Math.floor(share * this.#length(peer, churn.offline)))
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
    if (this.isOnline(peer)) return
    this.#place[peer] = this.online.length
    this.online.push(peer)
    this.#turns[peer] = (this.#turns[peer] as number) + 1
    const { online } = this.#scenario.churn
    if (online !== undefined && !this.#isOver) this.#plan(peer, GO, this.#length(peer, online))
    this.#inhabitants.come(peer)
  }

  /** Takes the peer off; it comes back by churn, or, with `backUs`, after that. */
  takeOff(peer: number, crashed: boolean, backUs?: number): void {
    if (!this.isOnline(peer)) return
    if (crashed) this.#inhabitants.crash(peer)
    else if (!this.#inhabitants.leave(peer)) {
      this.#plan(peer, GO, ASK_AGAIN_US)
      return
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
    if (backUs !== undefined) this.#plan(peer, COME, backUs)
    else if (offline !== undefined) this.#plan(peer, COME, this.#length(peer, offline))
  }

  #happen(peer: number, what: number, turn: number): void {
    if (turn !== this.#turns[peer] || (this.#isOver && what === GO)) return
    if (what === COME) this.bringOn(peer)
    else this.takeOff(peer, this.#draws.chance(peer, this.#scenario.churn.crashShare))
  }

  #plan(peer: number, what: number, inUs: number): void {
    this.#kernel.at(this.#kernel.nowUs + inUs, this.#class, WORLD, peer, what, this.#turns[peer] as number)
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
