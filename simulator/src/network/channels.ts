import type { Stream } from '../kernel/draws.ts'
import type { Kernel, PeerIndex } from '../kernel/kernel.ts'
import type { MessageTable } from '../kernel/messages.ts'
import { ConnectionState, ConnectionTable, NO_CONNECTION } from './connections.ts'
import { InFlight } from './in-flight.ts'
import type { LinkModel } from './links.ts'
import type { Reachability } from './nat.ts'

/** Direct messages between two peers: dialled when first needed, in order per direction, at most once. */
export interface ChannelModel {
  online(peer: PeerIndex): void
  /** Says goodbye, or not: after a crash its neighbours notice at their next keep-alive. */
  offline(peer: PeerIndex, crashed: boolean): void
  /**
   * Holds a reference to `message` of its own until it is delivered or lost. False: unreachable, or no connection would be open
   * within `withinUs`; known at once, and nothing is dialled then. @default withinUs infinite
   */
  send(from: PeerIndex, to: PeerIndex, message: number, withinUs?: number): boolean
  onMessage: (to: PeerIndex, from: PeerIndex, message: number) => void
  onConnected: (peer: PeerIndex, other: PeerIndex) => void
  onDisconnected: (peer: PeerIndex, other: PeerIndex) => void
  /** Opens a connection that is not closed for idleness. False: unreachable. */
  connect(a: PeerIndex, b: PeerIndex): boolean
  /** `a` ends the connection; `b` hears of it. */
  disconnect(a: PeerIndex, b: PeerIndex): void
}

export interface ChannelStats {
  messages: number
  bytes: number
  /** Accepted and never delivered: the receiver, the relay or the path went away. */
  lost: number
  dials: number
  /** Dials that began over a relay, and those of them that became direct. */
  relayed: number
  punched: number
  idleClosed: number
}

export interface DialledChannelsInit {
  kernel: Kernel
  links: LinkModel
  reachability: Reachability
  messages: MessageTable
  peers: number
  /** Without a message for so long a connection that nobody asked to keep is closed. @default 300_000_000 */
  idleUs?: number
  /** Per peer; the one that was silent longest makes room. @default 300, the connection manager of js-libp2p 3 */
  connectionsMax?: number
}

/** How late the copy of a message that comes twice may be. */
const COPY_LATE_US_MAX = 10_000_000
const IDLE_US_DEFAULT = 300_000_000
const CONNECTIONS_PER_PEER_MAX = 300
/** Pairs that talk and messages under way, in all: a run beyond them is refused rather than left to swap. */
const CONNECTIONS_MAX = 1 << 25
/** js-libp2p's connection monitor pings every 10 s and waits up to 5 s for the answer. */
const KEEP_ALIVE_US = 10_000_000
const KEEP_ALIVE_TIMEOUT_US = 5_000_000
/** Frame and Noise tag around one message, bytes: yamux header 12, Noise length 2 and tag 16. */
const FRAME_BYTES = 30
const CLOSE_BYTES = FRAME_BYTES

export class DialledChannels implements ChannelModel {
  onMessage: ChannelModel['onMessage'] = () => {}
  onConnected: ChannelModel['onConnected'] = () => {}
  onDisconnected: ChannelModel['onDisconnected'] = () => {}
  readonly stats: ChannelStats = { messages: 0, bytes: 0, lost: 0, dials: 0, relayed: 0, punched: 0, idleClosed: 0 }
  readonly #kernel: Kernel
  readonly #links: LinkModel
  readonly #reachability: Reachability
  readonly #messages: MessageTable
  readonly #idleUs: number
  readonly #connectionsMax: number
  readonly #table: ConnectionTable
  readonly #inFlight = new InFlight()
  /** Odd while online; each coming and going counts one, so that what was meant for an earlier session is known. */
  readonly #session: Int32Array
  readonly #draws: Stream
  readonly #isOnline = (peer: PeerIndex) => ((this.#session[peer] as number) & 1) === 1
  readonly #deliverClass: number
  readonly #openClass: number
  readonly #goneClass: number
  readonly #idleClass: number
  readonly #deadClass: number
  #duplicateShare = 0

  constructor(init: DialledChannelsInit) {
    const { kernel, peers } = init
    this.#kernel = kernel
    this.#links = init.links
    this.#reachability = init.reachability
    this.#messages = init.messages
    this.#idleUs = init.idleUs ?? IDLE_US_DEFAULT
    this.#connectionsMax = init.connectionsMax ?? CONNECTIONS_PER_PEER_MAX
    if (!(this.#idleUs > 0)) throw new RangeError(`idleUs must be above 0, not ${this.#idleUs}`)
    if (!(this.#connectionsMax >= 1)) throw new RangeError(`connectionsMax must be 1 or more, not ${this.#connectionsMax}`)
    this.#table = new ConnectionTable({ peers, rowsMax: CONNECTIONS_MAX })
    this.#session = new Int32Array(peers)
    this.#draws = kernel.draws.stream('channel', peers)
    this.#deliverClass = kernel.on('channel-message', (to, slot) => this.#deliver(to, slot))
    this.#openClass = kernel.on('channel-open', (peer, row, generation) => this.#opened(peer, row, generation))
    this.#goneClass = kernel.on('channel-gone', (peer, other, session) => this.#gone(peer, other, session))
    this.#idleClass = kernel.on('channel-idle', (_peer, row, generation) => this.#idle(row, generation))
    this.#deadClass = kernel.on('channel-dead', (_peer, row, generation) => this.#noticed(row, generation))
  }

  /** Connections that exist, those being dialled included. */
  get connections(): number {
    return this.#table.size
  }

  online(peer: PeerIndex): void {
    if (!this.#isOnline(peer)) this.#session[peer] = (this.#session[peer] as number) + 1
  }

  offline(peer: PeerIndex, crashed: boolean): void {
    if (!this.#isOnline(peer)) return
    for (const row of this.#table.rowsOf(peer)) {
      if (crashed) this.#die(row)
      else this.#close(row, peer)
    }
    this.#session[peer] = (this.#session[peer] as number) + 1
  }

  send(from: PeerIndex, to: PeerIndex, message: number, withinUs = Number.POSITIVE_INFINITY): boolean {
    const row = this.#connection(from, to, withinUs)
    if (row === NO_CONNECTION) return false
    const c = this.#table.columns
    const bytes = this.#messages.bytes(message).length + FRAME_BYTES
    this.stats.messages++
    this.stats.bytes += bytes
    if (c.state[row] === ConnectionState.dead || !this.#links.reachable(from, to)) {
      this.stats.lost++
      this.#die(row)
      return true
    }
    const now = this.#kernel.nowUs
    const leaves = Math.max(now, c.openUs[row] as number)
    const relay = leaves < (c.directUs[row] as number) ? (c.relay[row] as number) : -1
    const last = from === c.low[row] ? c.lastToHighUs : c.lastToLowUs
    const arrives = Math.max(leaves + this.#pathUs(from, to, relay, bytes), last[row] as number)
    last[row] = arrives
    c.usedUs[row] = leaves
    const copies = this.#duplicateShare > 0 && this.#draws.chance(from, this.#duplicateShare) ? 2 : 1
    this.#messages.retain(message, copies)
    for (let copy = 0; copy < copies; copy++) {
      const slot = this.#inFlight.add({ from, session: this.#session[to] as number, message, relay })
      // A copy comes late, behind messages that were sent after it: as one that was sent again over another connection.
      const lateUs = copy === 0 ? 0 : Math.floor(this.#draws.fraction(from) * COPY_LATE_US_MAX)
      this.#kernel.at(arrives + lateUs, this.#deliverClass, from, to, slot, 0)
    }
    return true
  }

  connect(a: PeerIndex, b: PeerIndex): boolean {
    const row = this.#connection(a, b, Number.POSITIVE_INFINITY)
    if (row === NO_CONNECTION) return false
    this.#table.columns.pinned[row] = 1
    return true
  }

  disconnect(a: PeerIndex, b: PeerIndex): void {
    const row = this.#table.find(a, b)
    if (row !== NO_CONNECTION) this.#close(row, a)
  }

  /** Whether the two can talk at once: dialled, and the handshake is over. */
  connected(a: PeerIndex, b: PeerIndex): boolean {
    const row = this.#table.find(a, b)
    return row !== NO_CONNECTION && this.#isOpen(row)
  }

  /** All to whom the peer is `connected`. */
  peersOf(peer: PeerIndex): PeerIndex[] {
    return this.#table.rowsOf(peer).flatMap((row) => (this.#isOpen(row) ? [this.#table.other(row, peer)] : []))
  }

  #isOpen(row: number): boolean {
    const c = this.#table.columns
    return c.state[row] === ConnectionState.dialled && (c.openUs[row] as number) <= this.#kernel.nowUs
  }

  /** Whether messages between the two pass a relay now; undefined: no connection. */
  relayed(a: PeerIndex, b: PeerIndex): boolean | undefined {
    const row = this.#table.find(a, b)
    if (row === NO_CONNECTION) return undefined
    const c = this.#table.columns
    return (c.relay[row] as number) >= 0 && (c.directUs[row] as number) > this.#kernel.nowUs
  }

  /** A fault: that share of messages arrives twice from now on, the second time late and out of order. */
  setDuplicates(share: number): void {
    if (!(share >= 0 && share <= 1)) throw new RangeError(`the share of duplicates must be 0 to 1, not ${share}`)
    this.#duplicateShare = share
  }

  /** The row of the pair, dialled now if need be and if that is open in time. */
  #connection(from: PeerIndex, to: PeerIndex, withinUs: number): number {
    if (from === to || !this.#isOnline(from)) return NO_CONNECTION
    const row = this.#table.find(from, to)
    if (row !== NO_CONNECTION) {
      const c = this.#table.columns
      if (c.state[row] === ConnectionState.dialled)
        return (c.openUs[row] as number) - this.#kernel.nowUs > withinUs ? NO_CONNECTION : row
      // A crashed peer that is back dials anew; whoever has not noticed goes on as if it were there.
      if (!this.#bothOnlineSince(row)) return row
      this.#table.remove(row)
    }
    return this.#dial(from, to, withinUs)
  }

  /** A dead row is of an earlier session of one side where both are online and can reach each other now. */
  #bothOnlineSince(row: number): boolean {
    const c = this.#table.columns
    const [low, high] = [c.low[row] as number, c.high[row] as number]
    return this.#isOnline(low) && this.#isOnline(high) && this.#links.reachable(low, high) && this.#links.reachable(high, low)
  }

  #dial(from: PeerIndex, to: PeerIndex, withinUs: number): number {
    const links = this.#links
    if (!this.#isOnline(to) || !links.reachable(from, to) || !links.reachable(to, from)) return NO_CONNECTION
    const dial = this.#reachability.dial(from, to, this.#isOnline)
    if (dial === undefined || dial.openUs > withinUs) return NO_CONNECTION
    if (!this.#makeRoom(from) || !this.#makeRoom(to)) return NO_CONNECTION
    const row = this.#table.add(from, to)
    if (row === NO_CONNECTION) return row
    const now = this.#kernel.nowUs
    const c = this.#table.columns
    c.relay[row] = dial.relay
    c.openUs[row] = now + dial.openUs
    c.directUs[row] = now + dial.directUs
    c.usedUs[row] = now + dial.openUs
    this.stats.dials++
    if (dial.relay >= 0) {
      this.stats.relayed++
      if (dial.directUs !== Number.POSITIVE_INFINITY) this.stats.punched++
    }
    const generation = c.generation[row] as number
    this.#kernel.at(now + dial.openUs, this.#openClass, from, from, row, generation)
    this.#kernel.at(now + dial.openUs, this.#openClass, from, to, row, generation)
    this.#kernel.at(now + dial.openUs + this.#idleUs, this.#idleClass, from, from, row, generation)
    return row
  }

  /** Closes the peer's longest silent connection if it has as many as it may; false: all of them are to be kept. */
  #makeRoom(peer: PeerIndex): boolean {
    if (this.#table.countOf(peer) < this.#connectionsMax) return true
    const c = this.#table.columns
    let oldest = NO_CONNECTION
    for (const row of this.#table.rowsOf(peer))
      if (c.pinned[row] === 0 && (oldest === NO_CONNECTION || (c.usedUs[row] as number) < (c.usedUs[oldest] as number)))
        oldest = row
    if (oldest === NO_CONNECTION) return false
    this.#close(oldest, peer)
    return true
  }

  /** A relay costs its line too; it forwards what it was sent as if both halves began together, but for the way between them. */
  #pathUs(from: PeerIndex, to: PeerIndex, relay: PeerIndex, bytes: number): number {
    if (relay < 0) return this.#links.delayUs(from, to, bytes)
    return this.#links.delayUs(from, relay, bytes) + this.#links.delayUs(relay, to, bytes)
  }

  #deliver(to: PeerIndex, slot: number): void {
    const { from, session, message, relay } = this.#inFlight.take(slot)
    const arrives = session === this.#session[to] && (relay < 0 || this.#isOnline(relay))
    if (arrives) this.onMessage(to, from, message)
    else this.stats.lost++
    this.#messages.release(message)
    if (!arrives && relay >= 0 && session === this.#session[to]) {
      const row = this.#table.find(from, to)
      if (row !== NO_CONNECTION && this.#table.columns.relay[row] === relay) this.#die(row)
    }
  }

  #opened(peer: PeerIndex, row: number, generation: number): void {
    if (this.#current(row, generation)) this.onConnected(peer, this.#table.other(row, peer))
  }

  #current(row: number, generation: number): boolean {
    const c = this.#table.columns
    return c.generation[row] === generation && c.state[row] === ConnectionState.dialled
  }

  /** `closer` ends it now; the other side hears after everything that was sent before. */
  #close(row: number, closer: PeerIndex): void {
    const c = this.#table.columns
    const now = this.#kernel.nowUs
    const other = this.#table.other(row, closer)
    const wasDead = c.state[row] === ConnectionState.dead
    const opened = (c.openUs[row] as number) <= now
    const last = (closer === c.low[row] ? c.lastToHighUs[row] : c.lastToLowUs[row]) as number
    this.#table.remove(row)
    if (!opened && !wasDead) return
    this.#tell(closer, closer, other, now)
    if (wasDead || this.#links.reachable(closer, other))
      this.#tell(closer, other, closer, Math.max(last, now + this.#links.delayUs(closer, other, CLOSE_BYTES)))
    else this.#tell(closer, other, closer, now + this.#keepAliveUs(other))
  }

  #tell(source: PeerIndex, peer: PeerIndex, other: PeerIndex, atUs: number): void {
    this.#kernel.at(atUs, this.#goneClass, source, peer, other, this.#session[peer] as number)
  }

  #gone(peer: PeerIndex, other: PeerIndex, session: number): void {
    if (session !== this.#session[peer] || !this.#isOnline(peer) || this.connected(peer, other)) return
    this.onDisconnected(peer, other)
  }

  #idle(row: number, generation: number): void {
    const c = this.#table.columns
    // What is to be kept is never idle, so nobody looks again.
    if (!this.#current(row, generation) || c.pinned[row] === 1) return
    const now = this.#kernel.nowUs
    const due = (c.usedUs[row] as number) + this.#idleUs
    if (due > now) {
      this.#kernel.at(due, this.#idleClass, c.low[row] as number, c.low[row] as number, row, generation)
      return
    }
    this.stats.idleClosed++
    this.#close(row, c.low[row] as number)
  }

  /** Nothing passes any more, and the sides learn it from their keep-alive. */
  #die(row: number): void {
    const c = this.#table.columns
    if (c.state[row] === ConnectionState.dead) return
    c.state[row] = ConnectionState.dead
    const low = c.low[row] as number
    this.#kernel.at(this.#kernel.nowUs + this.#keepAliveUs(low), this.#deadClass, low, low, row, c.generation[row] as number)
  }

  #noticed(row: number, generation: number): void {
    const c = this.#table.columns
    if (c.generation[row] !== generation || c.state[row] !== ConnectionState.dead) return
    const [low, high] = [c.low[row] as number, c.high[row] as number]
    this.#table.remove(row)
    const now = this.#kernel.nowUs
    this.#tell(low, low, high, now)
    this.#tell(low, high, low, now)
  }

  /** Until the next ping, and that it is not answered. */
  #keepAliveUs(peer: PeerIndex): number {
    return this.#draws.below(peer, KEEP_ALIVE_US) + KEEP_ALIVE_TIMEOUT_US
  }
}
