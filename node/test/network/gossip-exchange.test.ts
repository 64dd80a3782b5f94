import { noise } from '@chainsafe/libp2p-noise'
import { type GossipSub, gossipsub } from '@libp2p/gossipsub'
import { identify } from '@libp2p/identify'
import type { Libp2p } from '@libp2p/interface'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'
import { afterEach, expect, test } from 'vitest'
import { Bans } from '../../src/network/bans.ts'
import { gossipSettings } from '../../src/network/gossip-settings.ts'
import { TOPIC, until } from './mesh.ts'

type Gossiper = Libp2p<{ gossipsub: GossipSub }>

const running: Gossiper[] = []

afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()))
})

/** A peer with our gossip and nothing else that could tell it of others: no DHT, no peer book, no keeper. */
async function gossiper(options: { trusted?: string[]; bootstrap?: boolean } = {}): Promise<Gossiper> {
  const { trusted = [], bootstrap = false } = options
  const bans = new Bans(() => performance.now())
  const libp2p = await createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: {
      identify: identify(),
      gossipsub: gossipsub(gossipSettings({ topics: [TOPIC], bans, trusted: new Set(trusted), bootstrap })),
    },
  })
  running.push(libp2p)
  libp2p.services.gossipsub.subscribe(TOPIC)
  return libp2p
}

test('a newcomer that knows only the bootstrap peer is told of others by its gossip, and connects to them', async () => {
  const hub = await gossiper({ bootstrap: true })
  const trusted = [hub.peerId.toString()]
  const early = await Promise.all([1, 2, 3].map(() => gossiper({ trusted })))
  for (const one of early) await one.dial(hub.getMultiaddrs())
  await until(() => hub.services.gossipsub.getSubscribers(TOPIC).length === early.length)
  const newcomer = await gossiper({ trusted })
  await newcomer.dial(hub.getMultiaddrs())
  await until(() => newcomer.getPeers().length > 1)
  expect(newcomer.getPeers().map(String)).toContain(hub.peerId.toString())
})

test('a newcomer takes no such word from a peer that it does not trust', async () => {
  const hub = await gossiper({ bootstrap: true })
  const early = await gossiper()
  await early.dial(hub.getMultiaddrs())
  await until(() => hub.services.gossipsub.getSubscribers(TOPIC).length === 1)
  const newcomer = await gossiper()
  let pruned = 0
  newcomer.services.gossipsub.addEventListener('gossipsub:prune', () => pruned++)
  await newcomer.dial(hub.getMultiaddrs())
  await until(() => pruned > 0)
  expect(newcomer.getPeers().map(String)).toEqual([hub.peerId.toString()])
})
