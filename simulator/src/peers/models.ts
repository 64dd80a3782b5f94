import type { DirectoryModel } from '../dht/directory.ts'
import type { GossipModel } from '../gossip/gossip.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { MessageTable } from '../kernel/messages.ts'
import { DialledChannels } from '../network/channels.ts'
import { RegionalLinks } from '../network/links.ts'
import { Reachability } from '../network/nat.ts'
import type { Scenario } from '../scenario.ts'
import { Flood } from './flood.ts'
import type { Transfer } from './images.ts'
import { OneTable } from './one-table.ts'

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

/** Builds the models that the scenario asks for. */
export function makeModels(
  scenario: Scenario,
  kernel: Kernel,
  _seqOf: (record: Uint8Array, key: string) => number | undefined,
): Models {
  const { peers, regions, nat } = scenario
  const messages = new MessageTable()
  const links = new RegionalLinks({ kernel, peers, regions, links: scenario.links })
  const reachability = new Reachability({ kernel, links, nat, peers })
  const channels = new DialledChannels({ kernel, links, reachability, messages, peers })
  const gossip = new Flood(kernel, links, messages, peers)
  const directory = new OneTable(kernel)
  const transfer: Transfer = (peer, bytes, done) =>
    kernel.after(peer, Math.round(bytes * (links.homes.down[peer] as number)), done)
  return { messages, links, reachability, channels, gossip, directory, transfer }
}
