import type { DirectoryInit, DirectoryModel } from '../dht/directory.ts'
import { ExactDirectory } from '../dht/exact.ts'
import { StatDirectory } from '../dht/stat.ts'
import { createGossip } from '../gossip/create.ts'
import type { GossipModel } from '../gossip/gossip.ts'
import { scoreParameters } from '../gossip/score-parameters.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { MessageTable } from '../kernel/messages.ts'
import { DialledChannels } from '../network/channels.ts'
import { Flows } from '../network/flows.ts'
import { RegionalLinks } from '../network/links.ts'
import { Reachability } from '../network/nat.ts'
import type { Scenario } from '../scenario.ts'
import type { Transfer } from './images.ts'

/** The network of a run. */
export interface Models {
  messages: MessageTable
  links: RegionalLinks
  reachability: Reachability
  channels: DialledChannels
  gossip: GossipModel
  directory: DirectoryModel
  transfer: Transfer
}

/** All that have a place in the network: peers, and sybils of an attack on gossip after them. */
export const populationOf = ({ peers, attack }: Pick<Scenario, 'peers' | 'attack'>): number =>
  peers + (attack !== undefined && 'degree' in attack ? attack.sybils : 0)

/** Those that sybils connect to; undefined: everyone. Publishers are the first peers; a victim alone is one that only listens. */
function targetsOf({ peers, attack, workload }: Scenario): number[] | undefined {
  if (attack === undefined || !('target' in attack) || attack.target === 'everyone') return undefined
  return attack.target === 'one' ? [peers - 1] : Array.from({ length: workload.stream?.publishers ?? 0 }, (_, peer) => peer)
}

/** Builds the models that the scenario asks for. `records`: what its directory has to know of the world's records. */
export function makeModels(scenario: Scenario, kernel: Kernel, records: Pick<DirectoryInit, 'seqOf' | 'intern'>): Models {
  const { peers, regions, nat, gossip: parameters, dht, attack, fidelity, workload } = scenario
  const linksInit = { peers: populationOf(scenario), regions, links: scenario.links }
  const messages = new MessageTable()
  const links = new RegionalLinks({ ...linksInit, kernel })
  const reachability = new Reachability({ kernel, links, nat, peers })
  const channels = new DialledChannels({ kernel, links, reachability, messages, peers })
  const freshLinks = (fresh: Pick<Kernel, 'nowUs' | 'draws'>) => new RegionalLinks({ ...linksInit, kernel: fresh })
  const gossip = createGossip(fidelity.gossip, {
    kernel,
    links,
    messages,
    peers,
    gossip: parameters,
    attack,
    attackTargets: targetsOf(scenario),
    score: scoreParameters(workload.stream?.perSecond ?? 0),
    // Sybils of an attack have no channels.
    talksWith: (peer) => (peer < peers ? channels.peersOf(peer) : []),
    freshLinks,
  })
  const Directory = fidelity.dht === 'exact' ? ExactDirectory : StatDirectory
  const directory = new Directory({ kernel, links, dht, peers, reachability, dialRoundTrips: nat.dialRoundTrips, ...records })
  const transfer = registry(new Flows({ kernel, links, homes: { ...links.homes, up: new Float64Array(peers) } }), peers)
  return { messages, links, reachability, channels, gossip, directory, transfer }
}

/** Images come from registries: their own lines are never what limits, their distance is that of some other peer. */
function registry(flows: Flows, peers: number): Transfer {
  return (peer, bytes, done) => {
    if (peers < 2) throw new RangeError('an image comes from elsewhere: a world needs two peers or more')
    let isOver = false
    const flow = flows.start({ from: (peer + 1) % peers, to: peer, bytes }, (ok) => {
      isOver = true
      if (ok) done()
    })
    return () => {
      if (!isOver) flows.cancel(flow)
    }
  }
}
