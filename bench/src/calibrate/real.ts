import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { type GossipSub, gossipsub } from '@libp2p/gossipsub'
import { identify } from '@libp2p/identify'
import { memory } from '@libp2p/memory'
import { plaintext } from '@libp2p/plaintext'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p, type Libp2p } from 'libp2p'
import { type Experiment, linkLatencies, type Measured, publishers, randomGraph, type Timeline } from './experiment.ts'

const TOPIC = 'calibration'
/** Gossipsub's default. */
const HEARTBEAT_MS = 1_000
/** Heartbeats, of one second each, in which meshes form before the first message. */
const WARM_UP_MS = 8_000
/** After the last message: more than any delivery takes, repair by IHAVE and IWANT included. */
const COOL_DOWN_MS = 4_000

/** While a message flies, lateness of the event loop becomes latency; after that it does not matter. */
const FLIGHT_MS = 400
const DELAY_RESOLUTION_MS = 1

interface Peer {
  node: Libp2p
  gossip: GossipSub
}

/**
 * The experiment on real js-libp2p peers in this process: memory transport with latency, plaintext, yamux, gossipsub with its
 * defaults. Times are meaningful only while the event loop keeps up: see `loopDelayMs`.
 */
export async function measureReal(experiment: Experiment): Promise<{ measured: Measured; timeline: Timeline }> {
  const peers: Peer[] = []
  const begun = performance.now()
  const timeline: Timeline = { startedMs: [], connectedMs: [], publishedMs: [] }
  try {
    for (let i = 0; i < experiment.peers; i++) {
      // Heartbeats beat from the start of each peer on: spread over one, as strangers' are.
      await sleep(Math.max(0, begun + (i * HEARTBEAT_MS) / experiment.peers - performance.now()))
      peers.push(await start(i, experiment))
      timeline.startedMs.push(performance.now() - begun)
    }
    const measured = await measure(peers, experiment, timeline, begun)
    return { measured, timeline }
  } finally {
    await Promise.allSettled(peers.map(({ node }) => node.stop()))
  }
}

async function start(i: number, experiment: Experiment): Promise<Peer> {
  const node = await createLibp2p({
    addresses: { listen: [address(i, experiment.seed)] },
    // The transport delays each direction.
    transports: [memory({ latency: linkLatencies(experiment)[i] ?? experiment.latencyMs })],
    connectionEncrypters: [plaintext()],
    streamMuxers: [yamux()],
    connectionMonitor: { enabled: false },
    services: {
      identify: identify(),
      // Without signatures: what is calibrated is the protocol, and hashing would saturate one core before it does.
      pubsub: gossipsub({
        allowPublishToZeroTopicPeers: true,
        globalSignaturePolicy: 'StrictNoSign',
        msgIdFn: ({ data }) => data.slice(0, 4),
      }),
    },
  })
  return { node, gossip: node.services['pubsub'] as GossipSub }
}

const address = (i: number, seed: number): string => `/memory/calibration-${process.pid}-${seed}-${i}`

async function measure(peers: Peer[], experiment: Experiment, timeline: Timeline, begun: number): Promise<Measured> {
  const { everyMs, bytes } = experiment
  for (const { gossip } of peers) gossip.subscribe(TOPIC)
  const edges = randomGraph(experiment)
  await inBatches([...edges.entries()], 8, async ([index, [from, to]]) => {
    await at(peers, from).node.dial(multiaddr(address(to, experiment.seed)))
    timeline.connectedMs[index] = performance.now() - begun
  })
  await sleep(WARM_UP_MS)
  const publishedMs: number[] = []
  const latenciesMs: number[] = []
  let copies = 0
  for (const { gossip } of peers) {
    gossip.addEventListener('gossipsub:message', ({ detail: { msg } }) => {
      if (msg.topic !== TOPIC) return
      const index = new DataView(msg.data.buffer, msg.data.byteOffset).getUint32(0)
      const published = publishedMs[index]
      if (published !== undefined) latenciesMs.push(performance.now() - published)
    })
    countCopies(gossip, () => {
      copies += 1
    })
  }
  const delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS })
  for (const [index, publisher] of publishers(experiment).entries()) {
    const data = new Uint8Array(Math.max(4, bytes))
    new DataView(data.buffer).setUint32(0, index)
    delay.enable()
    publishedMs.push(performance.now())
    timeline.publishedMs.push(performance.now() - begun)
    await at(peers, publisher).gossip.publish(TOPIC, data)
    await sleep(Math.min(FLIGHT_MS, everyMs))
    delay.disable()
    await sleep(Math.max(0, everyMs - FLIGHT_MS))
  }
  await sleep(COOL_DOWN_MS)
  return {
    latenciesMs,
    transmissionsPerDelivery: copies / Math.max(1, latenciesMs.length),
    meshDegrees: peers.map(({ gossip }) => inside(gossip).getMeshPeers(TOPIC).length),
    // Each reading is the time between two ticks, which on time is one resolution.
    loopDelayMs: Math.max(0, delay.percentile(99) / 1e6 - DELAY_RESOLUTION_MS),
  }
}

/** What the class has and its published type hides. */
interface Inside {
  handleReceivedMessage(...args: unknown[]): Promise<void>
  getMeshPeers(topic: string): string[]
}

function inside(gossip: GossipSub): Inside {
  const inner = gossip as unknown as Inside
  if (typeof inner.handleReceivedMessage !== 'function' || typeof inner.getMeshPeers !== 'function')
    throw new Error('this gossipsub is built otherwise than 17.1 was: mend the calibration')
  return inner
}

/** Gossipsub tells of first copies only; its receiving method sees them all. */
function countCopies(gossip: GossipSub, count: () => void): void {
  const inner = inside(gossip)
  const original = inner.handleReceivedMessage
  inner.handleReceivedMessage = function (this: unknown, ...args) {
    count()
    return original.apply(this, args)
  }
}

function at(peers: readonly Peer[], i: number): Peer {
  const peer = peers[i]
  if (peer === undefined) throw new RangeError(`there is no peer ${i}`)
  return peer
}

async function inBatches<T>(items: readonly T[], size: number, work: (item: T) => Promise<void>): Promise<void> {
  for (let i = 0; i < items.length; i += size) await Promise.all(items.slice(i, i + size).map(work))
}
