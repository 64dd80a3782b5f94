import { setImmediate as turn } from 'node:timers/promises'
import type { Channel, Network } from '@weft/node/network'
import type { PeerId } from '@weft/protocols'
import type { MeshFixture, MeshInit } from '@weft/protocols/testing'
import { channelsCompliance, directoryCompliance, pubsubCompliance } from '@weft/protocols/testing'
import { describe, test } from 'vitest'
import { idOf, record, TestMesh, type TestPeer } from './mesh.ts'

const BARRIER = '/weft/test/barrier/1.0.0'
/** Round trips of one `settle`; what answers a message is then under way as well. */
const ROUND_TRIPS = 4

async function echo(channel: Channel): Promise<void> {
  for await (const bytes of channel.source) await channel.send(bytes)
}

/**
 * Waits for the mesh by what the mesh does, not by the clock: for round trips between every two peers. Connections keep
 * order, so what was on its way before has arrived. Bounded by the channels' own limits; a pair that is not or no longer
 * connected, as after `disconnect`, has nothing on its way.
 */
async function settle(peers: readonly TestPeer[]): Promise<void> {
  for (let trip = 0; trip < ROUND_TRIPS; trip++) {
    await turn()
    await Promise.all(peers.flatMap((from) => from.network.peers().map(({ peerId }) => roundTrip(from, peerId).catch(() => {}))))
  }
}

async function roundTrip(from: TestPeer, to: PeerId): Promise<void> {
  const channel = await from.network.channels.open(to, BARRIER)
  await channel.send(Uint8Array.of(1))
  await channel.end()
  for await (const _ of channel.source);
}

/** Real peers over loopback TCP, of which a suite sees one port each. */
const fixture =
  <T>(portOf: (network: Network) => T) =>
  async (count: number, { apart = false }: MeshInit = {}): Promise<MeshFixture<T>> => {
    const mesh = new TestMesh()
    const options = { topics: ['/weft/test/orders/cpu/1', '/weft/test/capacity/cpu/1'] }
    const peers = apart ? await mesh.started(count, options) : await mesh.connected(count, options)
    for (const { network } of peers) network.channels.handle(BARRIER, echo)
    return {
      peers: peers.map((peer) => ({ id: idOf(peer), subject: portOf(peer.network), addresses: peer.network.addresses() })),
      settle: () => settle(peers),
      close: () => mesh.close(),
    }
  }

describe('PubSub over gossipsub', () => {
  for (const one of pubsubCompliance) test(one.name, () => one.run(fixture((network) => network.pubsub)))
})

describe('Directory over kad-dht', () => {
  const suite = directoryCompliance((_owner, seq) => record({ seq }))
  for (const one of suite) test(one.name, () => one.run(fixture((network) => network.directory)))
})

describe('Channels over libp2p streams', () => {
  for (const one of channelsCompliance) test(one.name, () => one.run(fixture((network) => network.channels)))
})
