import { type GossipModel, GossipStats } from '../gossip/gossip.ts'
import type { Stream } from '../kernel/draws.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { MessageTable } from '../kernel/messages.ts'
import type { LinkModel } from '../network/links.ts'

/** Every subscriber hears every message after a uniform delay. */
export class Flood implements GossipModel {
  deliver: GossipModel['deliver'] = () => 'ignore'
  retired: GossipModel['retired'] = () => {}
  readonly stats = new GossipStats()
  readonly #kernel: Kernel
  readonly #messages: MessageTable
  readonly #draws: Stream
  readonly #class: number
  readonly #online: Uint8Array
  readonly #subscribers: Set<number>[] = []
  readonly #left: number[] = []
  readonly #authors: number[] = []
  readonly #topics: number[] = []

  constructor(kernel: Kernel, _links: LinkModel, messages: MessageTable, peers: number) {
    this.#kernel = kernel
    this.#messages = messages
    this.#draws = kernel.draws.stream('flood', peers)
    this.#online = new Uint8Array(peers)
    this.#class = kernel.on('flood', (peer, message) => this.#arrive(peer, message))
  }

  online(peer: number): void {
    this.#online[peer] = 1
  }

  offline(peer: number): void {
    this.#online[peer] = 0
  }

  subscribe(peer: number, topic: number): void {
    ;(this.#subscribers[topic] ??= new Set()).add(peer)
  }

  unsubscribe(peer: number, topic: number): void {
    this.#subscribers[topic]?.delete(peer)
  }

  publish(peer: number, topic: number, message: number): number {
    let count = 0
    for (const subscriber of this.#subscribers[topic] ?? []) {
      if (subscriber === peer || this.#online[subscriber] === 0) continue
      count += 1
      const delay = 50_000 + this.#draws.below(peer, 400_000)
      this.#kernel.at(this.#kernel.nowUs + delay, this.#class, peer, subscriber, message, 0)
    }
    if (count === 0) return 0
    this.#messages.retain(message)
    this.#left[message] = (this.#left[message] ?? 0) + count
    this.#authors[message] = peer
    this.#topics[message] = topic
    return count
  }

  #arrive(peer: number, message: number): void {
    if (this.#online[peer] === 1) {
      this.stats.deliveries += 1
      this.deliver(peer, this.#topics[message] as number, message, this.#authors[message] as number)
    }
    const left = (this.#left[message] as number) - 1
    this.#left[message] = left
    if (left > 0) return
    this.retired(message, this.#topics[message] as number, this.#authors[message] as number, 0, 0)
    this.#messages.release(message)
  }
}
