import type { Stream } from '../kernel/draws.ts'
import type { Kernel, PeerIndex } from '../kernel/kernel.ts'
import type { Nat } from '../scenario.ts'
import type { LinkModel } from './links.ts'

/**
 * Round trips of each step from nothing to the first byte of an answer, by stack; counted from the protocols. TCP and QUIC
 * handshakes take one; multistream-select one for each protocol that is agreed on, none where it is optimistic (rust's
 * V1Lazy) or inlined into the handshake (go's early muxer negotiation); Noise XX one, since its third message travels with
 * what follows. `measuredMs` is what the libp2p perf dashboard (libp2p/test-plans, perf) measured for dial and one byte each
 * way at a round trip of PERF_RTT_MS; the scenario's `nat.dialRoundTrips` is that quotient, computing included.
 */
export const DIAL_STEPS = {
  'js-tcp': { steps: { tcp: 1, selectNoise: 1, noise: 1, selectYamux: 1, selectProtocol: 1, request: 1 }, measuredMs: 418 },
  'go-tcp': { steps: { tcp: 1, selectNoise: 1, noise: 1, selectProtocol: 1, request: 1 }, measuredMs: 321 },
  'go-quic': { steps: { quic: 1, selectProtocol: 1, request: 1 }, measuredMs: 193 },
  'rust-tcp': { steps: { tcp: 1, noise: 1, request: 1 }, measuredMs: 190 },
  'rust-quic': { steps: { quic: 1, request: 1 }, measuredMs: 128 },
  https: { steps: { tcp: 1, tls: 1, request: 1 }, measuredMs: 190 },
} as const
/** Ping between the two machines of that dashboard, ms. */
export const PERF_RTT_MS = 63.3

/** DCUtR: the two exchange addresses and then time their dials, one round trip over the relay and a half (libp2p specs, relay/DCUtR). */
const PUNCH_ROUND_TRIPS = 1.5
/** Tries of a hole punch before the relay stays: as in the DCUtR specification. */
const PUNCH_TRIES_MAX = 3
/** A peer behind a NAT asks a few dialable peers for a reservation and keeps the nearest. */
const RELAY_CANDIDATES = 3
/** Draws for one candidate until it gives up: enough where one peer in ten is dialable and online. */
const RELAY_DRAWS_MAX = 64

/** How two peers come together. Times are microseconds from the dial. */
export interface Dial {
  /** −1: a direct connection from the start. */
  relay: PeerIndex
  /** Until the first message may leave. */
  openUs: number
  /** Until the path is direct; Infinity: it stays relayed. */
  directUs: number
}

/** Which peers can be dialled, and what a connection costs where they cannot. */
export class Reachability {
  readonly #links: LinkModel
  readonly #nat: Nat
  readonly #dialable: Uint8Array
  readonly #relayOf: Int32Array
  readonly #draws: Stream

  constructor(init: { kernel: Kernel; links: LinkModel; nat: Nat; peers: number }) {
    const { kernel, nat, peers } = init
    for (const name of ['share', 'punchSuccess', 'punchFirstTry'] as const)
      if (!(nat[name] >= 0 && nat[name] <= 1)) throw new RangeError(`nat.${name} must be 0 to 1, not ${nat[name]}`)
    if (!(nat.dialRoundTrips >= 1 && nat.dialRoundTrips <= 100))
      throw new RangeError(`nat.dialRoundTrips must be 1 to 100, not ${nat.dialRoundTrips}: the first byte itself takes one`)
    this.#links = init.links
    this.#nat = nat
    this.#dialable = new Uint8Array(peers)
    this.#relayOf = new Int32Array(peers).fill(-1)
    this.#draws = kernel.draws.stream('nat-dial', peers)
    const classes = kernel.draws.stream('nat-class', peers)
    for (let peer = 0; peer < peers; peer++) this.#dialable[peer] = classes.chance(peer, nat.share) ? 0 : 1
  }

  dialable(peer: PeerIndex): boolean {
    return this.#dialable[peer] === 1
  }

  /** For peers that a scenario makes public, bootstrap peers for one. */
  setDialable(peer: PeerIndex, dialable: boolean): void {
    this.#dialable[peer] = dialable ? 1 : 0
  }

  /** Undefined: no way, since a relay is needed and none was found among those online. */
  dial(from: PeerIndex, to: PeerIndex, online: (peer: PeerIndex) => boolean): Dial | undefined {
    if (this.dialable(to)) {
      const openUs = this.#handshakeUs(this.#roundTripUs(from, to))
      return { relay: -1, openUs, directUs: openUs }
    }
    const relay = this.#relay(to, from, online)
    if (relay < 0) return undefined
    const relayedUs = this.#roundTripUs(from, relay) + this.#roundTripUs(relay, to)
    const openUs = this.#handshakeUs(relayedUs)
    return { relay, openUs, directUs: this.#punch(from, to, openUs, relayedUs) }
  }

  #roundTripUs(a: PeerIndex, b: PeerIndex): number {
    return this.#links.medianUs(a, b) + this.#links.medianUs(b, a)
  }

  /** The last of the round trips is the first request and its answer: the message itself travels it. */
  #handshakeUs(roundTripUs: number): number {
    return Math.round((this.#nat.dialRoundTrips - 1) * roundTripUs)
  }

  /** When the direct path is there. A dialable `from` is simply dialled back; two NATs need a punch. */
  #punch(from: PeerIndex, to: PeerIndex, openUs: number, relayedUs: number): number {
    const direct = this.#handshakeUs(this.#roundTripUs(from, to))
    if (this.dialable(from)) return openUs + direct
    const { punchSuccess, punchFirstTry } = this.#nat
    if (!this.#draws.chance(from, punchSuccess)) return Number.POSITIVE_INFINITY
    // Of those that succeed, `punchFirstTry` do at once, and as large a share of the rest at each further try.
    let tries = 1
    while (tries < PUNCH_TRIES_MAX && !this.#draws.chance(from, punchFirstTry)) tries++
    return Math.round(openUs + tries * (PUNCH_ROUND_TRIPS * relayedUs + direct))
  }

  /** Keeps the last relay while it is online; `other` is no relay to itself. */
  #relay(peer: PeerIndex, other: PeerIndex, online: (peer: PeerIndex) => boolean): PeerIndex {
    const usable = (relay: number) => relay >= 0 && relay !== other && relay !== peer && this.dialable(relay) && online(relay)
    const kept = this.#relayOf[peer] as number
    if (usable(kept) && this.#links.reachable(peer, kept)) return kept
    let best = -1
    for (let draw = 0, found = 0; draw < RELAY_DRAWS_MAX && found < RELAY_CANDIDATES; draw++) {
      const candidate = this.#draws.below(peer, this.#dialable.length)
      if (!usable(candidate) || !this.#links.reachable(peer, candidate)) continue
      found++
      if (best < 0 || this.#links.medianUs(peer, candidate) < this.#links.medianUs(peer, best)) best = candidate
    }
    this.#relayOf[peer] = best
    return best
  }
}
