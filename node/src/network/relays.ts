import type { Libp2p, Listener } from '@libp2p/interface'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { messageOf } from '@weft/protocols'
import { deferred } from './deferred.ts'
import type { Logger } from './init.ts'
import { peerIdIn } from './keeper.ts'

/** A relay that gave no slot is asked again after this long, doubled each time up to the longest; jittered by half. */
const RETRY_MS_MIN = 1_000
const RETRY_MS_MAX = 60_000
/** How long a start waits for slots, so that the first message already carries their addresses. */
const START_WAIT_MS = 3_000
const RELAYS_MAX = 8

/** What libp2p's transport manager does for us. */
export interface TransportHost {
  listen(addresses: Multiaddr[]): Promise<void>
  getListeners(): Listener[]
}

export interface RelaysInit {
  /** Multiaddrs of the relays, each ending in `/p2p/<peer id>`. */
  relays: readonly string[]
  transports: TransportHost
  log: Logger
}

/**
 * Slots on relays, through which a peer behind NAT is reached. libp2p would fail the start where one relay is down, and
 * never ask a lost one again; here each relay is asked until it gives a slot, and anew when that is lost.
 */
export class Relays {
  readonly #slots: Slot[]

  constructor(libp2p: Libp2p, { relays, transports, log }: RelaysInit) {
    const self = libp2p.peerId.toString()
    const byPeer = new Map<string, string[]>()
    for (const address of relays) {
      const peer = peerIdIn(address)
      // A relay that is reached through another one gives no slots.
      if (peer === self || address.includes('/p2p-circuit')) continue
      byPeer.set(peer, [...(byPeer.get(peer) ?? []), address])
    }
    this.#slots = [...byPeer.values()].slice(0, RELAYS_MAX).map((addresses) => new Slot(addresses, { self, transports, log }))
  }

  /** Resolves when every relay has answered once, or after 3 s; never rejects. */
  async start(): Promise<void> {
    const { promise, resolve } = deferred<void>()
    const timer = setTimeout(resolve, START_WAIT_MS)
    await Promise.race([Promise.all(this.#slots.map((slot) => slot.start())), promise])
    clearTimeout(timer)
  }

  stop(): void {
    for (const slot of this.#slots) slot.stop()
  }

  /** Relayed multiaddrs of this peer: for each relay that gave a slot, the address by which this peer reaches it first. */
  addresses(): string[][] {
    return this.#slots.map((slot) => slot.addresses()).filter((addresses) => addresses.length > 0)
  }
}

/** One relay: at most one listener of libp2p, which is told to listen again whenever the slot is gone. */
class Slot {
  readonly #relay: readonly string[]
  readonly #init: { self: string; transports: TransportHost; log: Logger }
  #listener: Listener | undefined
  #timer: NodeJS.Timeout | undefined
  #retryMs = RETRY_MS_MIN
  #isAsking = false
  #isTold = false
  #isStopped = false

  constructor(relay: readonly string[], init: { self: string; transports: TransportHost; log: Logger }) {
    this.#relay = relay
    this.#init = init
  }

  start(): Promise<void> {
    return this.#ask()
  }

  stop(): void {
    this.#isStopped = true
    clearTimeout(this.#timer)
  }

  addresses(): string[] {
    return (this.#listener?.getAddrs() ?? []).map((address) => `${address.toString()}/p2p/${this.#init.self}`)
  }

  async #ask(): Promise<void> {
    if (this.#isAsking || this.#isStopped) return
    this.#isAsking = true
    const fault = await this.#tryAddresses()
    this.#isAsking = false
    if (this.#isStopped) return
    const fields = { relay: this.#relay.join(' ') }
    if (fault === undefined) {
      this.#retryMs = RETRY_MS_MIN
      this.#isTold = false
      this.#init.log.info(fields, 'this peer can be reached through a relay')
      // Lost while it was being given.
      if (this.addresses().length === 0) this.#schedule()
      return
    }
    // Once for each time that the relay is away.
    if (!this.#isTold)
      this.#init.log.warn({ ...fields, error: fault }, 'a relay gives no slot; it is asked again from time to time')
    this.#isTold = true
    this.#schedule()
  }

  /** Resolves with what was wrong with the last address; undefined where one gave a slot. */
  async #tryAddresses(): Promise<string | undefined> {
    let fault = 'it has no address'
    for (const address of this.#relay) {
      if (this.#isStopped) break
      try {
        await this.#listen(multiaddr(`${address}/p2p-circuit`))
        return undefined
      } catch (error) {
        fault = messageOf(error)
      }
    }
    return fault
  }

  async #listen(address: Multiaddr): Promise<void> {
    if (this.#listener !== undefined) return await this.#listener.listen(address)
    const { transports } = this.#init
    const others = new Set(transports.getListeners())
    // The manager keeps the listener even if it fails: closing it would cancel the slots on every relay, so it is used again.
    const listening = transports.listen([address])
    this.#listener = transports.getListeners().find((listener) => !others.has(listener))
    this.#listener?.addEventListener('listening', this.#onChange)
    await listening
  }

  readonly #onChange = (): void => {
    if (this.addresses().length === 0) this.#schedule()
  }

  #schedule(): void {
    clearTimeout(this.#timer)
    if (this.#isStopped) return
    // Jittered, so that a relay that comes back is not asked by everybody at once.
    this.#timer = setTimeout(() => void this.#ask(), this.#retryMs * (0.5 + Math.random()))
    this.#timer.unref()
    this.#retryMs = Math.min(RETRY_MS_MAX, this.#retryMs * 2)
  }
}
