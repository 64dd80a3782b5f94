import type { PeerId } from '../units.ts'

/** `reject` blames the sender; `ignore` drops without blame; `accept` forwards to others. */
export type GossipVerdict = 'accept' | 'ignore' | 'reject'

/** An object, no function: whoever subscribes for millions of peers needs none of their closures. */
export interface GossipHandler {
  /** Judges a message once, before it is forwarded. `author` signed it at the gossip layer; `topic` is where it came. */
  hear(author: PeerId, bytes: Uint8Array, topic: string): GossipVerdict
}

/** Best-effort broadcast to everyone subscribed to a topic. Never delivers a peer's own messages to itself. */
export interface PubSub {
  subscribe(topic: string, handler: GossipHandler): void
  unsubscribe(topic: string): void
  /** Resolves when handed to the network, with how many peers it went to; zero is no error. */
  publish(topic: string, bytes: Uint8Array): Promise<{ recipients: number }>
}
