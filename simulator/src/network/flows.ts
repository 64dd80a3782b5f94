import { WeftError } from '@weft/protocols'
import type { Kernel, PeerIndex } from '../kernel/kernel.ts'
import type { Homes } from './access.ts'
import { maxMinRates } from './fair.ts'
import type { LinkModel } from './links.ts'

/** First congestion window, RFC 6928: ten segments of 1,460 bytes. It doubles each round trip. */
const WINDOW_BYTES = 14_600
/** One js-libp2p stream over TCP moves 2.04 Gbit/s at most (libp2p perf dashboard), in bytes per µs. */
const RATE_MAX = 255
/** Transfers at once in all. */
const FLOWS_MAX = 1 << 20
const ROUNDS_MAX = 32

interface Flow {
  from: PeerIndex
  to: PeerIndex
  left: number
  /** Bytes per µs, since `sinceUs`. 0: the window still grows. */
  rate: number
  sinceUs: number
  version: number
  done: (ok: boolean) => void
}

/**
 * Large transfers as fluids: they share uplinks and downlinks by max-min fairness, computed anew for those that are touched
 * when one begins or ends. Small messages do not notice them, nor they small messages. A connection is taken to exist.
 */
export class Flows {
  readonly #kernel: Kernel
  readonly #links: LinkModel
  readonly #homes: Homes
  readonly #flows: (Flow | undefined)[] = []
  readonly #free: number[] = []
  /** Flows in their full rate, by line: 2 · peer for an uplink, 2 · peer + 1 for a downlink. */
  readonly #onLine = new Map<number, Set<number>>()
  readonly #beginClass: number
  readonly #endClass: number
  #versions = 0

  constructor(init: { kernel: Kernel; links: LinkModel; homes: Homes }) {
    this.#kernel = init.kernel
    this.#links = init.links
    this.#homes = init.homes
    this.#beginClass = init.kernel.on('flow-begin', (_to, slot, version) => this.#begin(slot, version))
    this.#endClass = init.kernel.on('flow-end', (_to, slot, version) => this.#end(slot, version))
  }

  /** Under way. */
  get size(): number {
    return this.#flows.length - this.#free.length
  }

  /** Calls back with true once the last byte has arrived, with false when a peer left. Returns a number for `rateOf` and `cancel`. */
  start(transfer: { from: PeerIndex; to: PeerIndex; bytes: number }, done: (ok: boolean) => void): number {
    const { from, to, bytes } = transfer
    if (!(Number.isFinite(bytes) && bytes >= 0)) throw new RangeError(`a transfer has 0 bytes or more, not ${bytes}`)
    if (from === to) throw new RangeError(`peer ${from} cannot transfer to itself`)
    const slot = this.#free.pop() ?? this.#flows.length
    if (slot >= FLOWS_MAX) throw new WeftError('FLOWS_MAX', `more than ${FLOWS_MAX} transfers at once; lower the workload`)
    const version = this.#nextVersion()
    const now = this.#kernel.nowUs
    this.#flows[slot] = { from, to, left: bytes, rate: 0, sinceUs: now, version, done }
    this.#kernel.at(now + this.#rampUs(from, to, bytes), this.#beginClass, from, to, slot, version)
    return slot
  }

  /** Bytes per µs now. */
  rateOf(slot: number): number {
    return this.#flows[slot]?.rate ?? 0
  }

  /** Ends it with false. */
  cancel(slot: number): void {
    const flow = this.#flows[slot]
    if (flow !== undefined) this.#leave(slot, flow, false)
  }

  /** Ends every transfer of a peer with false. */
  offline(peer: PeerIndex): void {
    this.#flows.forEach((flow, slot) => {
      if (flow !== undefined && (flow.from === peer || flow.to === peer)) this.cancel(slot)
    })
  }

  /** What slow start costs beyond the transfer at its full rate, and the way of the last byte. */
  #rampUs(from: PeerIndex, to: PeerIndex, bytes: number): number {
    const oneWay = this.#links.medianUs(from, to)
    const roundTrip = oneWay + this.#links.medianUs(to, from)
    const rate = Math.min(RATE_MAX, this.#capacity(2 * from), this.#capacity(2 * to + 1))
    const wanted = Math.min(bytes, rate * roundTrip)
    let rounds = 0
    let window = WINDOW_BYTES
    let sent = 0
    for (; window < wanted && sent + window < bytes && rounds < ROUNDS_MAX; rounds++) {
      sent += window
      window *= 2
    }
    return Math.round(oneWay + Math.max(0, rounds * roundTrip - sent / rate))
  }

  #capacity(line: number): number {
    const perByte = (line % 2 === 0 ? this.#homes.up : this.#homes.down)[Math.floor(line / 2)] as number
    return perByte === 0 ? Number.POSITIVE_INFINITY : 1 / perByte
  }

  #begin(slot: number, version: number): void {
    const flow = this.#flows[slot]
    if (flow === undefined || flow.version !== version) return
    for (const line of linesOf(flow)) {
      const flows = this.#onLine.get(line) ?? new Set()
      this.#onLine.set(line, flows.add(slot))
    }
    this.#share(slot)
  }

  #end(slot: number, version: number): void {
    const flow = this.#flows[slot]
    if (flow !== undefined && flow.version === version) this.#leave(slot, flow, true)
  }

  #leave(slot: number, flow: Flow, ok: boolean): void {
    const neighbours = new Set<number>()
    for (const line of linesOf(flow)) {
      const flows = this.#onLine.get(line)
      flows?.delete(slot)
      if (flows?.size === 0) this.#onLine.delete(line)
      for (const other of flows ?? []) neighbours.add(other)
    }
    this.#flows[slot] = undefined
    this.#free.push(slot)
    const touched = new Set<number>()
    for (const other of neighbours) if (!touched.has(other)) for (const member of this.#share(other)) touched.add(member)
    flow.done(ok)
  }

  /** New rates for all flows that share a line with this one, or with one that does, and so on. Returns them. */
  #share(slot: number): number[] {
    const members = this.#component(slot)
    const numbers = new Map<number, number>()
    const flows = members.map((member) => this.#flows[member] as Flow)
    const lines = flows.map((flow) =>
      linesOf(flow).map((line) => {
        const number = numbers.get(line) ?? numbers.size
        numbers.set(line, number)
        return number
      }),
    )
    const capacity = [...numbers.keys()].map((line) => this.#capacity(line))
    const rates = maxMinRates({ lines, capacity, ceiling: new Float64Array(flows.length).fill(RATE_MAX) })
    for (const [i, member] of members.entries()) this.#setRate(member, flows[i] as Flow, rates[i] as number)
    return members
  }

  #component(slot: number): number[] {
    const members = [slot]
    const known = new Set(members)
    // `members` grows while it is walked, by each flow once.
    for (const member of members)
      for (const line of linesOf(this.#flows[member] as Flow))
        for (const other of this.#onLine.get(line) ?? []) {
          if (known.has(other)) continue
          known.add(other)
          members.push(other)
        }
    return members
  }

  #setRate(slot: number, flow: Flow, rate: number): void {
    if (rate === flow.rate) return
    const now = this.#kernel.nowUs
    flow.left = Math.max(0, flow.left - flow.rate * (now - flow.sinceUs))
    flow.sinceUs = now
    flow.rate = rate
    flow.version = this.#nextVersion()
    this.#kernel.at(now + Math.ceil(flow.left / rate), this.#endClass, flow.from, flow.to, slot, flow.version)
  }

  /** Never that of an event under way: 32 bits of them pass only after four thousand million changes. */
  #nextVersion(): number {
    this.#versions = (this.#versions + 1) | 0
    return this.#versions
  }
}

function linesOf(flow: Flow): [uplink: number, downlink: number] {
  return [2 * flow.from, 2 * flow.to + 1]
}
