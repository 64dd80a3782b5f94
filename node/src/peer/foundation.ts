import type { Channels, Signer } from '@weft/protocols/ports'
import { allTopics, Envelopes, isSmallOrder } from '@weft/protocols/wire'
import { systemClock } from '../clock.ts'
import { type Content, createContent } from '../content/index.ts'
import { holdHome } from '../home/index.ts'
import { createMetrics, type MetricsInit, type PeerMetrics } from '../metrics.ts'
import { createNetwork, type Network } from '../network/index.ts'
import type { PeerInit } from '../peer.ts'
import { type LevelStore, openDatastore } from '../store/index.ts'
import type { Cleanup } from './cleanup.ts'
import { recordCheck } from './record-check.ts'

/** What stands below market and API: the store, the identity, the network, content. Not started. */
export interface Foundation {
  store: LevelStore
  signer: Signer
  metrics: PeerMetrics
  network: Network
  content: Content
}

export async function openFoundation(
  init: PeerInit,
  gauges: Omit<MetricsInit, 'connections'>,
  cleanup: Cleanup,
): Promise<Foundation> {
  const { home } = init
  const { store, release } = await holdHome(home)
  cleanup.push('store', release)
  const datastore = await openDatastore(home.paths.datastore)
  cleanup.push('peer book', () => datastore.close())
  const { signer, privateKey } = home.identity
  let network: Network | undefined
  const metrics = createMetrics({ ...gauges, connections: () => network?.connectionCount ?? 0 })
  network = await createNetwork({
    privateKey,
    network: init.network,
    listen: init.listen,
    bootstrap: init.bootstrap,
    relay: init.relay ?? false,
    mdns: init.mdns,
    mode: init.mode,
    datastore,
    topics: allTopics(init.network),
    validateRecord: recordCheck(new Envelopes(init.network, signer), systemClock),
    isSmallOrder,
    log: init.log,
    metrics: metrics.registry,
    now: systemClock.wallMs,
  })
  const { channels } = network
  cleanup.push('network', () => network.stop())
  const content = await createContent({ folder: home.paths.blocks, network: init.network, channels, log: init.log })
  content.serve()
  return { store, signer, metrics, network, content }
}

/** The Channels port, telling its listener of neighbours that connected before it listened. */
export function withNeighbours(network: Network): Channels {
  const { channels } = network
  return {
    listen(events) {
      channels.listen(events)
      for (const peer of network.peers()) events.connected(peer.peerId)
    },
    send: (to, bytes, options) => channels.send(to, bytes, options),
    disconnect: (peer, reason) => channels.disconnect(peer, reason),
  }
}
