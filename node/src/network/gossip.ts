import { type GossipSub, type Message, TopicValidatorResult } from '@libp2p/gossipsub'
import type { PeerId as Libp2pPeerId } from '@libp2p/interface'
import { type PeerId, peerId, WeftError } from '@weft/protocols'
import type { GossipHandler, GossipVerdict, PubSub } from '@weft/protocols/ports'
import { GOSSIP_BYTES_MAX } from './gossip-settings.ts'
import type { Logger } from './init.ts'
import type { NetworkMetrics } from './metrics.ts'
import { TokenBucket, TokenBuckets } from './token-bucket.ts'

/** What one author may say on all topics, and what one topic may carry, before messages are dropped unread. */
const AUTHOR = { perSecond: 20, burst: 200 }
const AUTHORS_MAX = 4096
const TOPIC = { perSecond: 500, burst: 1000 }
/** Messages that deserve a reject, before the peer that passed them on is cut off; honest peers pass on none. */
const REJECTS = { perSecond: 0.1, burst: 8 }

const RESULTS: Record<GossipVerdict, TopicValidatorResult> = {
  accept: TopicValidatorResult.Accept,
  ignore: TopicValidatorResult.Ignore,
  reject: TopicValidatorResult.Reject,
}

export interface GossipInit {
  topics: readonly string[]
  topicBytesMax?: ((topic: string) => number) | undefined
  log: Logger
  metrics: NetworkMetrics
  /** Monotonic ms. */
  monoMs(): number
  onViolation(peer: PeerId, code: string, reason: string): void
}

/** The PubSub port over gossipsub: verdicts are given before a message is forwarded, and cheap refusals first. */
export class GossipPubSub implements PubSub {
  readonly #gossipsub: GossipSub
  readonly #init: GossipInit
  readonly #topics: ReadonlySet<string>
  readonly #authors = new TokenBuckets(AUTHOR, AUTHORS_MAX)
  readonly #perTopic = new Map<string, TokenBucket>()
  readonly #rejects = new TokenBuckets(REJECTS, AUTHORS_MAX)

  constructor(gossipsub: GossipSub, init: GossipInit) {
    this.#gossipsub = gossipsub
    this.#init = init
    this.#topics = new Set(init.topics)
  }

  subscribe(topic: string, handler: GossipHandler): void {
    this.#assertKnown(topic)
    this.#gossipsub.topicValidators.set(topic, (from, message) => this.#judge(topic, from, message, handler))
    this.#gossipsub.subscribe(topic)
  }

  unsubscribe(topic: string): void {
    this.#gossipsub.unsubscribe(topic)
    this.#gossipsub.topicValidators.delete(topic)
  }

  async publish(topic: string, bytes: Uint8Array): Promise<{ recipients: number }> {
    this.#assertKnown(topic)
    if (bytes.length > this.#bytesMax(topic))
      throw new WeftError('TOO_LARGE', `a message on ${topic} has at most ${this.#bytesMax(topic)} bytes`)
    const { recipients } = await this.#gossipsub.publish(topic, bytes)
    return { recipients: recipients.length }
  }

  #judge(topic: string, from: Libp2pPeerId, message: Message, handler: GossipHandler): TopicValidatorResult {
    const verdict = this.#verdict(topic, message, handler)
    this.#init.metrics.gossip(verdict)
    if (verdict === 'reject' && !this.#rejects.take(from.toString(), this.#init.monoMs())) {
      this.#init.onViolation(peerId(from.toString()), 'GOSSIP_REJECTED', `passed on too many invalid messages on ${topic}`)
    }
    return RESULTS[verdict]
  }

  #verdict(topic: string, message: Message, handler: GossipHandler): GossipVerdict {
    if (message.type !== 'signed' || message.data.length === 0 || message.data.length > this.#bytesMax(topic)) return 'reject'
    const author = peerId(message.from.toString())
    const monoMs = this.#init.monoMs()
    const bucket = this.#perTopic.get(topic) ?? new TokenBucket(TOPIC, monoMs)
    this.#perTopic.set(topic, bucket)
    if (!this.#authors.take(author, monoMs) || !bucket.take(monoMs)) return 'ignore'
    try {
      return handler.hear(author, message.data, topic)
    } catch (error) {
      this.#init.log.error({ topic, author, error }, 'judging a gossip message failed')
      return 'ignore'
    }
  }

  #bytesMax(topic: string): number {
    return Math.min(GOSSIP_BYTES_MAX, this.#init.topicBytesMax?.(topic) ?? GOSSIP_BYTES_MAX)
  }

  #assertKnown(topic: string): void {
    if (!this.#topics.has(topic)) throw new WeftError('UNKNOWN_TOPIC', `there is no topic ${topic}`)
  }
}
