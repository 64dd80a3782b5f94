/**
 * One peer's network: libp2p with its own DHT and gossip, and the channel layer over it, behind the ports of the core.
 *
 * @example
 * const network = await createNetwork({ privateKey, network: 'weft', listen: ['/ip4/0.0.0.0/tcp/4001'], … })
 * network.channels.listen({ message, connected, disconnected })
 * await network.start()
 */
export { BAN_MS } from './bans.ts'
export { type Channel, WINDOW_BYTES } from './channel.ts'
export { type ChannelHandler, type ChannelHost, type Lane, laneProtocol, type OpenOptions } from './channels.ts'
export { FRAME_PAYLOAD_BYTES_MAX } from './frames.ts'
export { GOSSIP_BYTES_MAX } from './gossip-settings.ts'
export type { Datastore, Logger, NetworkInit, RecordStamp } from './init.ts'
export { CHANNELS_PER_PEER_MAX } from './mux.ts'
export { createNetwork, NETWORK_ID_PATTERN, type Network, type PeerInfo } from './network.ts'
export { RECORD_BYTES_MAX } from './records.ts'
export { createSeedNetwork, type SeedNetworkInit } from './seed-network.ts'
