import { invariant, type PeerId } from '@weft/protocols'
import { Screen, type Screens } from '@weft/protocols/core'
import type { ChannelEvents, GossipHandler, GossipVerdict } from '@weft/protocols/ports'
import { allTopics, type Demand, type Received } from '@weft/protocols/wire'
import type { DirectoryModel } from '../dht/directory.ts'
import type { GossipModel } from '../gossip/gossip.ts'
import type { Stream } from '../kernel/draws.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { MessageTable } from '../kernel/messages.ts'
import type { ChannelModel } from '../network/channels.ts'
import type { Identities } from './identities.ts'
import type { HandleOpener } from './opener.ts'
import { OrdersUnderWay } from './orders-under-way.ts'
import type { Wires } from './ports.ts'
import { VERIFY_US } from './signer.ts'

/** Who wants to know what passes: metrics and checkers. */
export interface Tap {
  /** Before the first copy leaves; then, how many subscribers there are beside its author. */
  published(topic: string, message: number, bytes: Uint8Array): void
  recipients(message: number, count: number): void
  /** So many arrivals by gossip: thousands of millions in a run. */
  heard(message: number, times: number): void
  retired(message: number, transmissions: number): void
  sent(from: number, to: number, bytes: Uint8Array, message: Received | Error): void
  delivered(from: number, to: number, message: Received | Error): void
  lookedUp(beganUs: number, found: boolean): void
}

export interface WiringInit {
  network: string
  kernel: Kernel
  messages: MessageTable
  identities: Identities
  opener: HandleOpener
  gossip: GossipModel
  channels: ChannelModel
  directory: DirectoryModel
  tap: Tap
  peers: number
  /** The hosts' own, asked before them. */
  screens: Screens
  /** Most that a peer's wall clock is off, ms. */
  clockSkewMs: number
}

/**
 * Joins the ports of all hosts to the models. What a peer computes takes it time: signatures and verifications make it busy,
 * and what it sends leaves when it is done with them.
 */
export class Wiring implements Wires {
  readonly #init: WiringInit
  /** Until when each peer's processor is busy, µs. */
  readonly #busyUntil: Float64Array
  readonly #topics: readonly string[]
  readonly #topicNumbers: ReadonlyMap<string, number>
  /** What each peer hears with, whatever the topic, and a bit for each topic that it subscribes to. */
  readonly #handlers: (GossipHandler | undefined)[]
  readonly #subscribed: Int32Array
  /** 1: what the peer's host would say of an order its row of the screens says. */
  readonly #isScreened: Uint8Array
  readonly #orders: OrdersUnderWay
  /** Keeps the reading ahead from being left out; it says nothing. */
  #touched = 0
  /** Handlers there are, by topic. */
  readonly #subscribers: number[]
  readonly #events: (ChannelEvents | undefined)[]
  readonly #losses: Stream
  /** A fault: that share of direct messages never arrives. */
  lossShare = 0
  readonly #sendClass: number
  readonly #sendUntilClass: number
  /** What leaves when its sender's processor is done, and is not worth dialling for after a time; by the order of asking. */
  readonly #untils = new Map<number, { to: number; message: number; untilUs: number }>()
  #untilsBegun = 0
  readonly #publishClass: number

  constructor(init: WiringInit) {
    this.#init = init
    const { kernel, gossip, channels, peers } = init
    this.#busyUntil = new Float64Array(peers)
    this.#isScreened = new Uint8Array(peers)
    this.#losses = kernel.draws.stream('lost-messages', peers)
    const { topics } = init.opener
    this.#topics = allTopics(init.network)
    this.#orders = new OrdersUnderWay({ ...init, topics: this.#topics.map((topic) => topics.get(topic)) })
    this.#topicNumbers = new Map(this.#topics.map((topic, i) => [topic, i]))
    invariant(this.#topics.length <= 32, 'the topics that a peer subscribes to are the bits of one word')
    this.#handlers = new Array<GossipHandler | undefined>(peers).fill(undefined)
    this.#subscribed = new Int32Array(peers)
    this.#subscribers = this.#topics.map(() => 0)
    this.#events = new Array<ChannelEvents | undefined>(peers).fill(undefined)
    this.#sendClass = kernel.on(
      'host-send',
      (from, to, message) => void this.#depart(from, to, message, Number.POSITIVE_INFINITY),
    )
    this.#sendUntilClass = kernel.on('host-send-until', (from, key) => this.#departUntil(from, key))
    this.#publishClass = kernel.on('host-publish', (peer, topic, message) => void this.#publish(peer, topic, message))
    gossip.deliver = (peer, topic, message, author) => this.#hear(peer, topic, message, author)
    gossip.sift = (peers, count, topic, message, author) => this.#sift(peers, count, topic, message, author)
    gossip.retired = (message, _topic, _author, _deliveries, transmissions) => init.tap.retired(message, transmissions)
    channels.onMessage = (to, from, message) => this.#receive(to, from, message)
    channels.onConnected = (peer, other) => this.#events[peer]?.connected(init.identities.idOf(other))
    channels.onDisconnected = (peer, other) => this.#events[peer]?.disconnected(init.identities.idOf(other))
  }

  /** The peer's processor works for `us` more. */
  charge(peer: number, us: number): void {
    const now = this.#init.kernel.nowUs
    const busy = this.#busyUntil[peer] as number
    this.#busyUntil[peer] = (busy > now ? busy : now) + us
  }

  attach(peer: number, ears: ChannelEvents & GossipHandler): void {
    this.#events[peer] = ears
    this.#handlers[peer] = ears
  }

  /** The host of the peer is gone: nothing reaches it any more. */
  detach(peer: number): void {
    this.#events[peer] = undefined
    this.#isScreened[peer] = 0
    this.#handlers[peer] = undefined
    for (let topic = 0; topic < this.#topics.length; topic++) this.#unsubscribe(peer, topic)
  }

  subscribe(peer: number, topic: string, handler: GossipHandler): void {
    const number = this.#topicNumbers.get(topic)
    if (number === undefined) return
    if (!this.#subscribes(peer, number)) this.#subscribers[number] = (this.#subscribers[number] as number) + 1
    this.#subscribed[peer] = (this.#subscribed[peer] as number) | (1 << number)
    // A host hears all its topics with one handler, and what is put before it in one way.
    this.#handlers[peer] = handler
    // What a fault or a role puts before a host is no screen, and hears everything.
    this.#isScreened[peer] = handler instanceof Screen && handler.isRowOf(this.#init.screens, peer) ? 1 : 0
    this.#init.gossip.subscribe(peer, number)
  }

  unsubscribe(peer: number, topic: string): void {
    const number = this.#topicNumbers.get(topic)
    if (number !== undefined) this.#unsubscribe(peer, number)
  }

  #subscribes(peer: number, topic: number): boolean {
    return ((this.#subscribed[peer] as number) & (1 << topic)) !== 0
  }

  #unsubscribe(peer: number, topic: number): void {
    if (!this.#subscribes(peer, topic)) return
    this.#subscribed[peer] = (this.#subscribed[peer] as number) & ~(1 << topic)
    this.#subscribers[topic] = (this.#subscribers[topic] as number) - 1
    this.#init.gossip.unsubscribe(peer, topic)
  }

  publish(peer: number, topic: string, bytes: Uint8Array): number {
    const number = this.#topicNumbers.get(topic)
    if (number === undefined) return 0
    const { kernel, messages } = this.#init
    const message = messages.intern(bytes)
    const leavesUs = this.#busyUntil[peer] as number
    if (leavesUs <= kernel.nowUs) return this.#publish(peer, number, message)
    kernel.at(leavesUs, this.#publishClass, peer, peer, number, message)
    return 0
  }

  listen(peer: number, events: ChannelEvents): void {
    this.#events[peer] = events
  }

  send(from: number, to: PeerId, bytes: Uint8Array, withinMs?: number): boolean {
    const { kernel, messages, identities } = this.#init
    const target = identities.indexOf(to)
    if (target === undefined) return false
    const message = messages.intern(bytes)
    const leavesUs = this.#busyUntil[from] as number
    const untilUs = withinMs === undefined ? Number.POSITIVE_INFINITY : kernel.nowUs + withinMs * 1e3
    if (leavesUs <= kernel.nowUs) return this.#depart(from, target, message, untilUs)
    if (withinMs === undefined) kernel.at(leavesUs, this.#sendClass, from, from, target, message)
    else {
      const key = this.#untilsBegun++
      this.#untils.set(key, { to: target, message, untilUs })
      kernel.at(leavesUs, this.#sendUntilClass, from, from, key, 0)
    }
    return true
  }

  disconnect(from: number, to: PeerId): void {
    const target = this.#init.identities.indexOf(to)
    if (target !== undefined) this.#init.channels.disconnect(from, target)
  }

  /** No host waits for its end, nor for that of `provide`: nothing need be settled then. */
  put(peer: number, key: string, record: Uint8Array): Promise<void> {
    return new Promise((resolve) => this.#init.directory.put(peer, key, record, () => resolve()))
  }

  get(peer: number, key: string): Promise<Uint8Array | undefined> {
    const sinceUs = this.#init.kernel.nowUs
    return new Promise((resolve) => {
      this.#init.directory.get(peer, key, (bytes) => {
        this.#init.tap.lookedUp(sinceUs, bytes !== undefined)
        this.#resolve(resolve, bytes)
      })
    })
  }

  provide(peer: number, shelf: string): Promise<void> {
    return new Promise((resolve) => this.#init.directory.provide(peer, shelf, () => resolve()))
  }

  find(peer: number, shelf: string, limit: number): Promise<PeerId[]> {
    const sinceUs = this.#init.kernel.nowUs
    return new Promise((resolve) => {
      this.#init.directory.find(peer, shelf, limit, (peers) => {
        this.#init.tap.lookedUp(sinceUs, peers.length > 0)
        this.#resolve(
          resolve,
          peers.map((found) => this.#init.identities.idOf(found)),
        )
      })
    })
  }

  networkSize(peer: number): number {
    return this.#init.directory.networkSize(peer)
  }

  #hear(peer: number, topic: number, message: number, author: number): GossipVerdict {
    const { messages, identities, opener, tap } = this.#init
    const bytes = messages.bytes(message)
    const demand = this.#isScreened[peer] === 1 ? this.#demandOf(topic, message, bytes, author) : undefined
    if (demand !== undefined && !this.#init.screens.passes(peer, demand)) {
      tap.heard(message, 1)
      this.charge(peer, VERIFY_US)
      return 'accept'
    }
    const handler = this.#handlers[peer]
    if (handler === undefined || !this.#subscribes(peer, topic)) return 'ignore'
    tap.heard(message, 1)
    this.charge(peer, VERIFY_US)
    opener.openHandle(message, bytes)
    return handler.hear(identities.idOf(author), bytes, this.#topics[topic] as string)
  }

  /** Sets aside, as `#hear` would, for whom an order is not: most of what is ever heard, so that nothing else is done in between. */
  #sift(peers: Int32Array, count: number, topic: number, message: number, author: number): number {
    const { kernel, messages, screens, tap } = this.#init
    const demand = this.#demandOf(topic, message, messages.bytes(message), author)
    if (demand === undefined) return count
    const { nowUs } = kernel
    const isScreened = this.#isScreened
    const busyUntil = this.#busyUntil
    // One loop for each thing to read: the processor then fetches many at once, which is half of what a delivery costs.
    let touched = 0
    for (let i = 0; i < count; i++) touched ^= screens.touch(peers[i] as number, demand)
    for (let i = 0; i < count; i++) touched ^= busyUntil[peers[i] as number] as number
    this.#touched ^= touched
    let left = 0
    for (let i = 0; i < count; i++) {
      const peer = peers[i] as number
      if (isScreened[peer] !== 1 || screens.passes(peer, demand)) {
        peers[left++] = peer
        continue
      }
      const busy = busyUntil[peer] as number
      busyUntil[peer] = (busy > nowUs ? busy : nowUs) + VERIFY_US
    }
    if (left < count) tap.heard(message, count - left)
    return left
  }

  /** What an order asks for, if the screen of a host says of it what the host would; undefined: hosts must hear it themselves. */
  #demandOf(topic: number, message: number, bytes: Uint8Array, author: number): Demand | undefined {
    const { kernel } = this.#init
    const wallMs = kernel.epochMs + Math.floor(kernel.nowUs / 1_000)
    return this.#orders.demandOf(message, bytes, topic, author, wallMs)
  }

  #publish(peer: number, topic: number, message: number): number {
    const { messages, gossip, tap } = this.#init
    const bytes = messages.bytes(message)
    tap.published(this.#topics[topic] as string, message, bytes)
    const recipients = gossip.publish(peer, topic, message)
    const own = this.#subscribes(peer, topic) ? 1 : 0
    tap.recipients(message, (this.#subscribers[topic] as number) - own)
    messages.release(message)
    return recipients
  }

  #departUntil(from: number, key: number): void {
    const waited = this.#untils.get(key)
    invariant(waited !== undefined, 'what was to leave until a time leaves once')
    this.#untils.delete(key)
    this.#depart(from, waited.to, waited.message, waited.untilUs)
  }

  #depart(from: number, to: number, message: number, untilUs: number): boolean {
    const { kernel, messages, channels, opener, tap } = this.#init
    const bytes = messages.bytes(message)
    const left = channels.send(from, to, message, untilUs - kernel.nowUs)
    if (left) tap.sent(from, to, bytes, opener.openHandle(message, bytes))
    messages.release(message)
    return left
  }

  #receive(to: number, from: number, message: number): void {
    const events = this.#events[to]
    if (events === undefined) return
    const { messages, opener, identities, tap } = this.#init
    if (this.lossShare > 0 && this.#losses.chance(to, this.lossShare)) return
    const bytes = messages.bytes(message)
    this.charge(to, VERIFY_US)
    tap.delivered(from, to, opener.openHandle(message, bytes))
    events.message(identities.idOf(from), bytes)
  }

  #resolve<T>(resolve: (value: T) => void, value: T): void {
    resolve(value)
    this.#init.kernel.settle()
  }
}
