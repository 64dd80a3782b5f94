import type { GossipModel, Verdict } from '../gossip/gossip.ts'
import type { Stream as Draws } from '../kernel/draws.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { MessageTable } from '../kernel/messages.ts'
import { WORLD } from '../kernel/queue.ts'
import type { Meters } from '../metrics/meters.ts'
import { StreamBook } from '../metrics/stream-book.ts'
import type { Attack, Scenario, Workload } from '../scenario.ts'

export interface StreamInit {
  scenario: Scenario
  stream: NonNullable<Workload['stream']>
  kernel: Kernel
  gossip: GossipModel
  messages: MessageTable
  meters: Meters
  /** Number of the stream's topic: one that no host uses. */
  topic: number
  isOnline(peer: number): boolean
  /** Peers that are online now. */
  onlineCount(): number
}

type Spam = Extract<Attack, { kind: 'spam' }>

/**
 * Messages of one size at one rate, from the first peers to everybody, with no market: what shows how gossip spreads and what an
 * attack on it does. Under `spam` the last peers publish messages that no validation accepts.
 */
export class Stream {
  readonly book: StreamBook
  readonly topic: number
  /** Whom an attack on one peer is after, −1: nobody. */
  readonly victim: number
  /** Invalid messages that were published, and that reached a peer. */
  spamSent = 0
  spamHeard = 0
  readonly #init: StreamInit
  readonly #spam: Spam | undefined
  /** The last peers are spammers from this one on; what becomes of them does not count. */
  readonly #firstSpammer: number
  readonly #draws: Draws
  readonly #publishClass: number
  readonly #spamClass: number
  /** Since when each peer is online, µs. */
  readonly #sinceUs: Float64Array
  readonly #invalid = new Set<number>()

  constructor(init: StreamInit) {
    const { kernel, gossip, scenario, topic } = init
    const { attack, peers } = scenario
    this.#init = init
    this.topic = topic
    this.victim = attack !== undefined && 'target' in attack && attack.target === 'one' ? peers - 1 : -1
    this.#spam = attack?.kind === 'spam' ? attack : undefined
    this.#firstSpammer = peers - Math.min(peers, this.#spam?.spammers ?? 0)
    this.book = new StreamBook({ intervalSeconds: scenario.metrics.intervalSeconds, victim: this.victim })
    this.#draws = kernel.draws.stream('workload/stream', peers)
    this.#sinceUs = new Float64Array(peers)
    this.#publishClass = kernel.on('stream', (number) => this.#publish(number))
    this.#spamClass = kernel.on('stream-spam', (peer) => this.#sendSpam(peer))
    const { deliver, retired } = gossip
    gossip.deliver = (peer, heard, message, author) =>
      heard === topic ? this.#hear(peer, message) : deliver(peer, heard, message, author)
    gossip.retired = (message, heard, ...rest) => {
      if (heard === topic) this.#retire(message, rest[2])
      else retired(message, heard, ...rest)
    }
    for (let peer = 0; peer < peers; peer++) gossip.subscribe(peer, topic)
  }

  /** Everything was published, and has come wherever it was to come. */
  get isSettled(): boolean {
    return this.book.published >= this.#init.stream.messages && this.book.missing === 0
  }

  start(): void {
    const { kernel, stream, scenario } = this.#init
    kernel.at(Math.round(stream.fromSeconds * 1e6), this.#publishClass, WORLD, 0, 0, 0)
    const spam = this.#spam
    if (spam === undefined) return
    for (let peer = this.#firstSpammer; peer < scenario.peers; peer++)
      kernel.at(Math.round(spam.fromSeconds * 1e6) + this.#gapUs(peer, spam), this.#spamClass, WORLD, peer, 0, 0)
  }

  /** The peer is online from now on. */
  joined(peer: number): void {
    this.#sinceUs[peer] = this.#init.kernel.nowUs
  }

  #publish(number: number): void {
    const { kernel, stream } = this.#init
    if (number + 1 < stream.messages)
      kernel.at(
        Math.round((stream.fromSeconds + (number + 1) / stream.perSecond) * 1e6),
        this.#publishClass,
        WORLD,
        number + 1,
        0,
        0,
      )
    const author = this.#anyPublisher()
    if (author !== undefined) this.#send(author)
  }

  #send(author: number): void {
    const { kernel, gossip, messages, meters, stream } = this.#init
    // Each message has bytes of its own: the table knows messages by them.
    const message = messages.intern(new Uint8Array(stream.bytes))
    const recipients = this.#honestCount() - (author < this.#firstSpammer ? 1 : 0)
    const reachesVictim = this.victim >= 0 && this.victim !== author && this.#init.isOnline(this.victim)
    this.book.publish(message, { atUs: kernel.nowUs, recipients, reachesVictim })
    meters.messages.published(message, 'stream', stream.bytes, kernel.nowUs)
    meters.messages.recipients(message, recipients)
    gossip.publish(author, this.topic, message)
    messages.release(message)
  }

  /** Peers online, without spammers. */
  #honestCount(): number {
    const { scenario, isOnline, onlineCount } = this.#init
    let count = onlineCount()
    for (let peer = this.#firstSpammer; peer < scenario.peers; peer++) if (isOnline(peer)) count -= 1
    return count
  }

  /** One of the publishers that are online; undefined: none is. */
  #anyPublisher(): number | undefined {
    const { stream, scenario, isOnline } = this.#init
    const publishers = Math.min(stream.publishers, scenario.peers)
    const first = this.#draws.below(0, publishers)
    for (let i = 0; i < publishers; i++) {
      const peer = (first + i) % publishers
      if (isOnline(peer)) return peer
    }
    return undefined
  }

  #hear(peer: number, message: number): Verdict {
    if (this.#invalid.has(message)) {
      this.spamHeard += 1
      return 'reject'
    }
    if (peer >= this.#firstSpammer) return 'accept'
    const { kernel, meters } = this.#init
    if (this.book.heard(message, peer, this.#sinceUs[peer] as number, kernel.nowUs)) meters.heard(message, kernel.nowUs)
    return 'accept'
  }

  #sendSpam(peer: number): void {
    const spam = this.#spam as Spam
    const { kernel, gossip, messages, scenario, stream, isOnline } = this.#init
    const next = kernel.nowUs + this.#gapUs(peer, spam)
    if (next < scenario.durationSeconds * 1e6) kernel.at(next, this.#spamClass, WORLD, peer, 0, 0)
    if (!isOnline(peer)) return
    const message = messages.intern(new Uint8Array(stream.bytes))
    this.#invalid.add(message)
    this.spamSent += 1
    gossip.publish(peer, this.topic, message)
    messages.release(message)
  }

  /** Half to one and a half times the mean. */
  #gapUs(peer: number, { perSecond }: Spam): number {
    return Math.max(1, Math.round((1e6 / perSecond) * (0.5 + this.#draws.fraction(peer))))
  }

  #retire(message: number, transmissions: number): void {
    this.#invalid.delete(message)
    this.book.retired(message)
    this.#init.meters.messages.retired(message, transmissions)
  }
}
