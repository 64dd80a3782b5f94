/**
 * The models without the market: virtual time, links, gossip, DHT. For experiments that need no hosts.
 *
 * @example
 * const kernel = new Kernel({ seed: 1, peers: 100 })
 * const gossip = createGossip('exact', { kernel, links, messages: new MessageTable(), peers: 100, gossip: presets })
 */
export * from './dht/index.ts'
export { createGossip } from './gossip/create.ts'
export { ExactGossip } from './gossip/exact.ts'
export {
  type Deliver,
  delaysOneByOne,
  type GossipInit,
  type GossipLinks,
  type GossipModel,
  type GossipStats,
  type Retired,
  type Verdict,
} from './gossip/gossip.ts'
export * from './kernel/index.ts'
export * from './network/index.ts'
