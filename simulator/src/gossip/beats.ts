import type { PeerIndex, Scheduler } from './gossip.ts'

/**
 * Heartbeats. Each peer's ticks lie a whole number of intervals after its own phase, but only a tick with something to do is
 * an event: what changes between ticks arms the next one, and a beat says when it may be needed again. `eager` fires every
 * tick instead; the results are the same.
 */
export class Beats {
  readonly #kernel: Scheduler
  readonly #intervalUs: number
  readonly #eager: boolean
  readonly #event: number
  readonly #phase: Float64Array
  /** Time of the tick that counts, 0: none. */
  readonly #due: Float64Array
  readonly #isOnline: (peer: PeerIndex) => boolean

  constructor(init: {
    kernel: Scheduler
    peers: number
    intervalUs: number
    /** Phases are drawn below this. */
    withinUs: number
    eager: boolean
    isOnline(peer: PeerIndex): boolean
    /** Returns when to beat again at the earliest, µs; Infinity: when armed. */
    beat(peer: PeerIndex, tick: number): number
  }) {
    this.#kernel = init.kernel
    this.#intervalUs = init.intervalUs
    this.#eager = init.eager
    this.#isOnline = init.isOnline
    this.#due = new Float64Array(init.peers)
    this.#phase = new Float64Array(init.peers)
    const draws = init.kernel.draws.stream('gossip/phase', init.peers)
    for (let peer = 0; peer < init.peers; peer++) this.#phase[peer] = draws.below(peer, init.withinUs)
    this.#event = init.kernel.on('gossip/heartbeat', (peer) => {
      if (this.#due[peer] !== this.#kernel.nowUs) return
      this.#due[peer] = 0
      if (!this.#isOnline(peer)) return
      const again = init.beat(peer, this.tick(peer) - 1)
      if (this.#eager) this.arm(peer)
      else if (again !== Number.POSITIVE_INFINITY)
        this.#schedule(peer, this.tickTime(peer, Math.max(again, this.#kernel.nowUs + 1)))
    })
  }

  /** The number of the peer's next tick, the first one after now. */
  tick(peer: PeerIndex): number {
    return Math.floor((this.#kernel.nowUs - (this.#phase[peer] as number)) / this.#intervalUs) + 1
  }

  /** The next tick has something to do. */
  arm(peer: PeerIndex): void {
    this.#schedule(peer, this.tickTime(peer, this.#kernel.nowUs + 1))
  }

  /** The first tick at or after `fromUs`. */
  tickTime(peer: PeerIndex, fromUs: number): number {
    const phase = this.#phase[peer] as number
    return phase + Math.max(0, Math.ceil((fromUs - phase) / this.#intervalUs)) * this.#intervalUs
  }

  #schedule(peer: PeerIndex, timeUs: number): void {
    const due = this.#due[peer] as number
    if (due !== 0 && due <= timeUs) return
    this.#due[peer] = timeUs
    this.#kernel.at(timeUs, this.#event, peer, peer, 0, 0)
  }
}
