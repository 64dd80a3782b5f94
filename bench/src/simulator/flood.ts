/**
 * The kernel alone: one integer floods a random graph of degree 8, in which every peer hands its first copy to all its
 * neighbours but the one it came from. Delays are drawn from 20 to 100 ms, 80,000 distinct microseconds. An event is one
 * delivery, first or not. The same flood is what PeerSim 1.0.5 (https://peersim.sourceforge.net) is commonly timed with;
 * there, too, the sender is left out.
 */
import { type Draws, Fan, type Handler, Kernel, type Touch, WORLD } from '@weft/simulator'

export const DEGREE = 8
export const DELAY_MIN_US = 20_000
export const DELAYS = 80_000

export interface FloodInit {
  /** @default 100_000 */
  peers?: number
  /** @default 1 */
  seed?: number
  /** @default 'calendar' */
  queue?: 'calendar' | 'heap'
  /** Width of buckets, µs. @default adaptive */
  widthUs?: number | undefined
}

export interface FloodRun {
  events: number
  seconds: number
  eventsPerSecond: number
}

/** Floods one after the other in one kernel; each is a run. */
export class Flood {
  readonly kernel: Kernel
  readonly #peers: number
  readonly #neighbours: Int32Array
  /** The last message that each peer got, modulo 256. */
  readonly #seen: Uint8Array
  readonly #deliver: number
  #message = 0

  constructor({ peers = 100_000, seed = 1, queue, widthUs }: FloodInit = {}) {
    this.#peers = peers
    this.kernel = new Kernel({ seed, peers, queue, widthUs })
    this.#neighbours = randomGraph(this.kernel.draws, peers)
    this.#seen = new Uint8Array(peers)
    const { kernel } = this
    const neighbours = this.#neighbours
    const seen = this.#seen
    // V8 compiles these into the code, and looks an exported constant up whenever it is used.
    const [degree, delayMinUs, delays] = [DEGREE, DELAY_MIN_US, DELAYS]
    const stream = kernel.draws.stream('flood/delay', peers)
    const words = new Uint32Array(DEGREE)
    const fan = new Fan()
    const handle: Handler = (peer, message, sender) => {
      if (seen[peer] === message) return
      seen[peer] = message
      const first = peer * degree
      stream.fill(peer, words)
      const { targets, delaysUs } = fan
      let sent = 0
      for (let i = 0; i < degree; i++) {
        const neighbour = neighbours[first + i] as number
        targets[sent] = neighbour
        delaysUs[sent] = delayMinUs + Math.floor((words[i] as number) * (delays * 2 ** -32))
        sent += isOther(neighbour, sender)
      }
      fan.length = sent
      kernel.fan(deliver, peer, fan, message, peer)
    }
    const first = new Int32Array(256)
    const touch: Touch = (targets, messages, count) => {
      let firsts = 0
      for (let i = 0; i < count; i++) {
        const peer = targets[i] as number
        first[firsts & 255] = peer
        firsts += isOther(seen[peer] as number, messages[i] as number)
      }
      let touched = 0
      for (let i = 0; i < firsts; i++) {
        const peer = first[i] as number
        // The first neighbour and the last: they may lie on two lines of the cache.
        const ends = (neighbours[peer * degree] as number) ^ (neighbours[peer * degree + degree - 1] as number)
        touched ^= ends ^ stream.touch(peer)
      }
      return touched
    }
    const deliver = kernel.on('deliver', handle, touch)
    this.#deliver = deliver
  }

  async run(): Promise<FloodRun> {
    const { kernel } = this
    const before = kernel.events
    this.#message = (this.#message % 255) + 1
    kernel.at(kernel.nowUs, this.#deliver, WORLD, this.#message % this.#peers, this.#message, -1)
    const start = performance.now()
    await kernel.run(kernel.nowUs + 60_000_000)
    const seconds = (performance.now() - start) / 1000
    const events = kernel.events - before
    return { events, seconds, eventsPerSecond: events / seconds }
  }
}

/** Four random cycles through all peers: everybody has eight neighbours, now and then one of them twice. */
export function randomGraph(draws: Draws, peers: number): Int32Array {
  const neighbours = new Int32Array(peers * DEGREE)
  const shuffle = draws.stream('flood/graph', 1)
  for (let cycle = 0; cycle < DEGREE / 2; cycle++) {
    const order = Int32Array.from({ length: peers }, (_, peer) => peer)
    for (let i = peers - 1; i > 0; i--) {
      const j = shuffle.below(0, i + 1)
      const swapped = order[i] as number
      order[i] = order[j] as number
      order[j] = swapped
    }
    for (let i = 0; i < peers; i++) {
      const one = order[i] as number
      const other = order[(i + 1) % peers] as number
      neighbours[one * DEGREE + cycle * 2] = other
      neighbours[other * DEGREE + cycle * 2 + 1] = one
    }
  }
  return neighbours
}

/** 1 if the two differ, else 0, without a branch, which would be a coin toss to the processor. */
function isOther(one: number, other: number): number {
  const difference = one ^ other
  return (difference | -difference) >>> 31
}
