import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { codeOf, messageOf, type PeerId, peerId, UnreachableError, WeftError } from '@weft/protocols'
import type { ChannelEvents, Channels, SendOptions } from '@weft/protocols/ports'
import { CONTROL_BYTES_MAX } from '@weft/protocols/wire'
import type { Bans } from './bans.ts'
import type { Channel } from './channel.ts'
import { ControlMessages } from './control.ts'
import { deferred } from './deferred.ts'
import { dialAddresses } from './dial.ts'
import type { Logger } from './init.ts'
import type { NetworkMetrics } from './metrics.ts'
import { CHANNELS_PER_PEER_MAX, CreditBudget, Mux } from './mux.ts'

/** `control` runs over relays as well; `bulk` only over direct connections. */
export const LANES = ['control', 'bulk'] as const
export type Lane = (typeof LANES)[number]

/** How long finding, dialling and opening a stream may take together. */
export const OPEN_TIMEOUT_MS = 5_000
const CREDIT_BUDGET_BYTES = 256 * 1024 * 1024
/** Inbound streams of one lane on one connection: one, and one while an old one dies. */
const LANE_STREAMS_MAX = 2

export interface OpenOptions {
  signal?: AbortSignal
  /** Multiaddrs to try, besides what is known of the peer. */
  addresses?: readonly string[]
}

export type ChannelHandler = (channel: Channel) => Promise<void>

export interface ChannelHost extends Channels {
  /**
   * Opens a channel on the protocol's lane, dialling if needed, for at most 5 s. Rejects with UnreachableError, or with
   * NO_PATH where only a relay connects the two and the protocol needs a direct connection.
   */
  open(peer: PeerId, protocol: string, options?: OpenOptions): Promise<Channel>
  /**
   * Serves a protocol, and says which lane both directions of it use. A handler that returns ends the channel, one that
   * throws resets it. @default lane bulk
   */
  handle(protocol: string, handler: ChannelHandler, options?: { lane?: Lane }): void
}

export interface ChannelsInit {
  network: string
  bans: Bans
  log: Logger
  metrics: NetworkMetrics
  monoMs(): number
}

export const laneProtocol = (network: string, lane: Lane): string => `/weft/${network}/${lane}/1.0.0`

/** The channel layer of one peer: at most one long-lived stream per neighbour and lane carries everything. */
export class Libp2pChannels implements ChannelHost {
  readonly #init: ChannelsInit
  readonly #libp2p: Libp2p
  readonly #budget = new CreditBudget(CREDIT_BUDGET_BYTES)
  readonly #handlers = new Map<string, { handler: ChannelHandler; lane: Lane }>()
  /** Key: peer and lane. Two muxes live side by side where both peers opened at once. */
  readonly #muxes = new Map<string, Set<Mux>>()
  readonly #opening = new Map<string, Promise<Mux>>()
  readonly #control: ControlMessages
  readonly #neighbours = new Set<PeerId>()
  #events: ChannelEvents | undefined
  #topologyId: string | undefined
  #stopped = false

  constructor(libp2p: Libp2p, init: ChannelsInit) {
    this.#libp2p = libp2p
    this.#init = init
    this.#control = new ControlMessages({
      open: (peer, protocol, options) => this.open(peer, protocol, options),
      connect: (peer, withinMs, addresses) => this.#connect(peer, withinMs, addresses),
      deliver: (peer, bytes) => {
        init.metrics.control('in')
        this.#events?.message(peer, bytes)
      },
      onUnsent: (reason) => init.metrics.controlUnsent(reason),
      protocol: `/weft/${init.network}/message/1.0.0`,
      monoMs: init.monoMs,
    })
    this.handle(this.#control.protocol, (channel) => this.#control.serve(channel), { lane: 'control' })
  }

  async start(): Promise<void> {
    for (const lane of LANES) {
      await this.#libp2p.handle(
        laneProtocol(this.#init.network, lane),
        (stream, connection) => {
          this.#adopt(peerId(connection.remotePeer.toString()), lane, stream, false)
        },
        { maxInboundStreams: LANE_STREAMS_MAX, maxOutboundStreams: LANE_STREAMS_MAX, runOnLimitedConnection: lane === 'control' },
      )
    }
    this.#topologyId = await this.#libp2p.register(laneProtocol(this.#init.network, 'control'), {
      notifyOnLimitedConnection: true,
      onConnect: (peer) => this.#connected(peerId(peer.toString())),
    })
    this.#libp2p.addEventListener('peer:disconnect', this.#onDisconnect)
  }

  stop(): void {
    this.#stopped = true
    if (this.#topologyId !== undefined) this.#libp2p.unregister(this.#topologyId)
    this.#libp2p.removeEventListener('peer:disconnect', this.#onDisconnect)
    for (const muxes of [...this.#muxes.values()]) for (const mux of [...muxes]) mux.close('this peer is stopping')
  }

  listen(events: ChannelEvents): void {
    this.#events = events
  }

  handle(protocol: string, handler: ChannelHandler, options: { lane?: Lane } = {}): void {
    this.#handlers.set(protocol, { handler, lane: options.lane ?? 'bulk' })
  }

  async send(to: PeerId, bytes: Uint8Array, options: SendOptions = {}): Promise<void> {
    if (bytes.length > CONTROL_BYTES_MAX)
      throw new WeftError('TOO_LARGE', `a control message has at most ${CONTROL_BYTES_MAX} bytes`)
    await this.#control.send(to, bytes, options)
    this.#init.metrics.control('out')
  }

  disconnect(peer: PeerId, reason: string): void {
    this.punish(peer, 'APPLICATION', reason)
  }

  async open(peer: PeerId, protocol: string, options: OpenOptions = {}): Promise<Channel> {
    const lane = this.#handlers.get(protocol)?.lane ?? 'bulk'
    const mux = await this.#mux(peer, lane, options)
    if (this.#channelCount(peer) >= 2 * CHANNELS_PER_PEER_MAX) {
      throw new WeftError('TOO_MANY_CHANNELS', `too many channels to ${peer} are open: wait until some have ended`)
    }
    return mux.open(protocol)
  }

  /** Disconnects a peer that broke a protocol, and refuses it for a minute. `code` is a metric label. */
  punish(peer: PeerId, code: string, reason: string): void {
    this.#init.bans.add(peer)
    this.#init.metrics.violation(code)
    this.#init.log.warn({ peer, code, reason }, 'a peer broke the protocol and was disconnected')
    for (const connection of this.#libp2p.getConnections(peerIdFromString(peer))) connection.abort(new Error(reason))
  }

  async #mux(peer: PeerId, lane: Lane, options: OpenOptions): Promise<Mux> {
    const key = `${peer} ${lane}`
    const existing = [...(this.#muxes.get(key) ?? [])].find((mux) => mux.isOpen)
    if (existing !== undefined) return existing
    if (this.#stopped) throw new UnreachableError(peer, 'this peer is stopping')
    const opening =
      this.#opening.get(key) ?? this.#openMux(peer, lane, options.addresses ?? []).finally(() => this.#opening.delete(key))
    this.#opening.set(key, opening)
    return options.signal === undefined ? opening : abandonable(opening, options.signal)
  }

  async #openMux(peer: PeerId, lane: Lane, addresses: readonly string[]): Promise<Mux> {
    const signal = AbortSignal.timeout(OPEN_TIMEOUT_MS)
    try {
      const connection = await this.#connection(peer, lane, addresses, signal)
      const stream = await connection.newStream(laneProtocol(this.#init.network, lane), {
        signal,
        runOnLimitedConnection: lane === 'control',
      })
      return this.#adopt(peer, lane, stream, true)
    } catch (error) {
      if (codeOf(error) === 'NO_PATH') throw error
      this.#init.log.debug({ peer, lane, error: messageOf(error) }, 'no stream to a peer')
      throw new UnreachableError(peer, error)
    }
  }

  /** Its signal counts for this caller alone: libp2p ends a dial when all who wait for it have given up. */
  async #connect(peer: PeerId, withinMs: number, addresses: readonly string[] = []): Promise<void> {
    const id = peerIdFromString(peer)
    if (this.#libp2p.getConnections(id).some((connection) => connection.status === 'open')) return
    if (withinMs <= 0) throw new UnreachableError(peer, 'no connection is open, and there is no time to dial')
    const signal = AbortSignal.timeout(Math.ceil(Math.min(withinMs, OPEN_TIMEOUT_MS)))
    try {
      await dialAddresses(this.#libp2p, id, addresses, { signal })
    } catch (error) {
      throw new UnreachableError(peer, error)
    }
  }

  async #connection(peer: PeerId, lane: Lane, addresses: readonly string[], signal: AbortSignal): Promise<Connection> {
    const id = peerIdFromString(peer)
    const fits = (connection: Connection) =>
      connection.status === 'open' && (lane === 'control' || connection.limits === undefined)
    const open = this.#libp2p.getConnections(id).filter((connection) => connection.status === 'open')
    const direct = open.find((connection) => connection.limits === undefined)
    if (direct !== undefined) return direct
    const relayed = open[0]
    if (relayed !== undefined && lane === 'control') return relayed
    try {
      const dialled = await dialAddresses(this.#libp2p, id, addresses, { signal, direct: relayed !== undefined })
      if (fits(dialled)) return dialled
    } catch (error) {
      if (relayed === undefined) throw error
    }
    throw new WeftError('NO_PATH', `only a relay connects this peer with ${peer}: bulk transfers need a direct connection`)
  }

  #adopt(peer: PeerId, lane: Lane, stream: Stream, opener: boolean): Mux {
    const key = `${peer} ${lane}`
    const mux = new Mux({
      stream,
      peer,
      opener,
      budget: this.#budget,
      accept: (protocol) => this.#accept(peer, lane, protocol),
      onViolation: (code, text) => this.punish(peer, code, text),
      onBytes: (direction, bytes) => this.#init.metrics.channelBytes(direction, bytes),
      monoMs: this.#init.monoMs,
    })
    const muxes = this.#muxes.get(key) ?? new Set()
    this.#muxes.set(key, muxes.add(mux))
    void mux.done.then(() => {
      muxes.delete(mux)
      if (muxes.size === 0) this.#muxes.delete(key)
    })
    if (this.#stopped) mux.close('this peer is stopping')
    else this.#connected(peer)
    return mux
  }

  #accept(peer: PeerId, lane: Lane, protocol: string): ChannelHandler | string {
    const entry = this.#handlers.get(protocol)
    if (entry === undefined || entry.lane !== lane) return 'UNKNOWN_PROTOCOL'
    if (this.#channelCount(peer) >= CHANNELS_PER_PEER_MAX) return 'TOO_MANY_CHANNELS'
    return entry.handler
  }

  #channelCount(peer: PeerId): number {
    let count = 0
    for (const lane of LANES) for (const mux of this.#muxes.get(`${peer} ${lane}`) ?? []) count += mux.channelCount
    return count
  }

  #connected(peer: PeerId): void {
    if (this.#neighbours.has(peer) || this.#stopped) return
    this.#neighbours.add(peer)
    this.#events?.connected(peer)
  }

  readonly #onDisconnect = (event: CustomEvent<{ toString(): string }>): void => {
    const peer = peerId(event.detail.toString())
    if (this.#neighbours.delete(peer)) this.#events?.disconnected(peer)
  }
}

/** The caller stops waiting; the work goes on for others that wait for the same. */
async function abandonable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  const { promise, reject } = deferred<never>()
  const abandon = () => reject(signal.reason)
  signal.addEventListener('abort', abandon)
  try {
    return await Promise.race([work, promise])
  } finally {
    signal.removeEventListener('abort', abandon)
    promise.catch(() => {})
  }
}
