import type { Scenario } from '@weft/simulator'
import { delaysOneByOne, ExactGossip, type GossipLinks, Kernel, MessageTable } from '@weft/simulator/models'
import { type Experiment, linkLatencies, type Measured, publishers, randomGraph, type Timeline } from './experiment.ts'

const TOPIC = 0
const COOL_DOWN_US = 4_000_000

/** js-libp2p's gossipsub 17.1 as it comes (its constants.ts); times in ms. */
const JS_LIBP2P: Scenario['gossip'] = {
  d: 6,
  dLow: 4,
  dHigh: 12,
  dLazy: 6,
  dScore: 4,
  dOut: 2,
  heartbeatMs: 1_000,
  gossipFactor: 0.25,
  historyLength: 5,
  historyGossip: 3,
  seenTtlMs: 120_000,
  pruneBackoffMs: 60_000,
  floodPublish: true,
  idontwant: true,
  skipDelivered: true,
  validationMs: 0,
  validationSpread: 0,
  scoring: true,
  opportunisticGraftTicks: 60,
  opportunisticGraftThreshold: 1,
  dials: 0,
}

/** The same graph and timeline in the model. `hopMs`: what a message costs at each peer beside the link, the one fitted number. */
export async function measureModel(experiment: Experiment, timeline: Timeline, hopMs: number): Promise<Measured> {
  const { peers, bytes, seed } = experiment
  const kernel = new Kernel({ seed, peers })
  const delayUs = delays(experiment, hopMs)
  const links: GossipLinks = { delayUs, delaysUs: delaysOneByOne(delayUs), medianUs: delayUs, reachable: () => true }
  const messages = new MessageTable()
  const model = new ExactGossip({ kernel, links, messages, peers, gossip: JS_LIBP2P, discovery: false })
  const publishedUs = new Map<number, number>()
  const latenciesMs: number[] = []
  model.deliver = (_peer, _topic, message) => {
    latenciesMs.push((kernel.nowUs - (publishedUs.get(message) ?? Number.NaN)) / 1_000)
    return 'accept'
  }
  const us = (ms: number | undefined) => Math.round((ms ?? 0) * 1_000)
  const start = kernel.on('calibrate/start', (peer) => {
    model.subscribe(peer, TOPIC)
    model.online(peer)
  })
  const connect = kernel.on('calibrate/connect', (from, to) => void model.topology.overlay.connect(from, to))
  const publish = kernel.on('calibrate/publish', (publisher) => {
    const message = messages.intern(new Uint8Array(Math.max(4, bytes)))
    publishedUs.set(message, kernel.nowUs)
    model.publish(publisher, TOPIC, message)
  })
  for (let peer = 0; peer < peers; peer++) kernel.at(us(timeline.startedMs[peer]), start, peer, peer, 0, 0)
  for (const [index, [from, to]] of randomGraph(experiment).entries())
    kernel.at(us(timeline.connectedMs[index]), connect, from, from, to, 0)
  for (const [index, publisher] of publishers(experiment).entries())
    kernel.at(us(timeline.publishedMs[index]), publish, publisher, publisher, 0, 0)
  await kernel.run(us(timeline.publishedMs.at(-1)) + COOL_DOWN_US)
  const { length } = model.topology.mesh.members
  return {
    latenciesMs,
    transmissionsPerDelivery: model.stats.transmissions / Math.max(1, model.stats.deliveries),
    meshDegrees: Array.from({ length: peers }, (_, peer) => length[model.topology.subscriptions.of(TOPIC, peer)] ?? 0),
    loopDelayMs: 0,
  }
}

/** A link has the delay of the peer that was dialled, both ways. */
function delays(experiment: Experiment, hopMs: number): (a: number, b: number) => number {
  const { peers, latencyMs } = experiment
  const latencies = linkLatencies(experiment)
  const key = (a: number, b: number) => Math.min(a, b) * peers + Math.max(a, b)
  const links = new Map(randomGraph(experiment).map(([from, to]) => [key(from, to), latencies[to] ?? latencyMs]))
  return (a, b) => Math.round(((links.get(key(a, b)) ?? latencyMs) + hopMs) * 1_000)
}
