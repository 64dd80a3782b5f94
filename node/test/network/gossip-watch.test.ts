import { once } from 'node:events'
import { noise } from '@chainsafe/libp2p-noise'
import { type GossipSub, gossipsub } from '@libp2p/gossipsub'
import { identify } from '@libp2p/identify'
import type { Libp2p, Stream } from '@libp2p/interface'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'
import { afterEach, expect, test } from 'vitest'
import { GossipWatch } from '../../src/network/gossip-watch.ts'
import { until } from './mesh.ts'

type Gossiper = Libp2p<{ gossipsub: GossipSub }>

const CHECK_MS = 50
const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const stops: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

async function gossiper(): Promise<Gossiper> {
  const libp2p = await createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: { identify: identify(), gossipsub: gossipsub({ allowPublishToZeroTopicPeers: true }) },
  })
  stops.push(async () => await libp2p.stop())
  return libp2p
}

const gossipStream = (from: Gossiper): Stream | undefined =>
  from
    .getConnections()
    .flatMap(({ streams }) => streams)
    .find((stream) => stream.direction === 'outbound' && stream.protocol.startsWith('/meshsub/') && stream.status === 'open')

async function watchedPair(): Promise<{ speaker: Gossiper; listener: Gossiper; hangUps: () => number }> {
  const [speaker, listener] = await Promise.all([gossiper(), gossiper()])
  let hangUps = 0
  speaker.addEventListener('peer:disconnect', () => hangUps++)
  listener.services.gossipsub.subscribe('topic')
  await speaker.dial(listener.getMultiaddrs())
  await until(() => gossipStream(speaker) !== undefined)
  const watch = new GossipWatch(speaker, { log: SILENT, checkMs: CHECK_MS })
  watch.start()
  stops.push(() => watch.stop())
  return { speaker, listener, hangUps: () => hangUps }
}

test('a gossip stream that dies under a living connection comes back, and messages with it', async () => {
  const { speaker, listener, hangUps } = await watchedPair()
  const heard = once(listener.services.gossipsub as unknown as EventTarget, 'message')
  gossipStream(speaker)?.abort(new Error('a test'))
  expect(gossipStream(speaker)).toBeUndefined()
  await until(async () => {
    const { recipients } = await speaker.services.gossipsub.publish('topic', crypto.getRandomValues(new Uint8Array(8)))
    return recipients.length > 0 && gossipStream(speaker) !== undefined
  })
  await heard
  expect(hangUps()).toBe(1)
})

test('a peer that refuses gossip is connected anew once, then left alone', async () => {
  const { speaker, listener, hangUps } = await watchedPair()
  const abort = () => gossipStream(speaker)?.abort(new Error('a test'))
  abort()
  await until(() => hangUps() === 1 && gossipStream(speaker) !== undefined)
  abort()
  let checks = 0
  const getPeers = speaker.services.gossipsub.getPeers.bind(speaker.services.gossipsub)
  speaker.services.gossipsub.getPeers = () => {
    checks++
    return getPeers()
  }
  await until(() => checks >= 6)
  expect(hangUps()).toBe(1)
  expect(listener.getConnections()).toHaveLength(1)
})
