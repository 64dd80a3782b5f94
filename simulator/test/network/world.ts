import { Kernel } from '../../src/kernel/kernel.ts'
import { MessageTable } from '../../src/kernel/messages.ts'
import { DialledChannels } from '../../src/network/channels.ts'
import { RegionalLinks } from '../../src/network/links.ts'
import { Reachability } from '../../src/network/nat.ts'
import type { Links, Nat, RegionShare } from '../../src/scenario.ts'

export const LINKS: Links = { matrix: 'uniform', uniformMs: [50, 50], jitterShare: 0, loss: 0, access: [], hopMs: 0 }
export const NAT: Nat = { share: 0, punchSuccess: 0.7, punchFirstTry: 0.976, dialRoundTrips: 6.6 }

/** Peers online over the given network; received messages as lines. */
export function aNetwork(
  init: {
    peers?: number
    seed?: number
    queue?: 'heap' | 'calendar'
    links?: Partial<Links>
    nat?: Partial<Nat>
    regions?: RegionShare[]
  } = {},
) {
  const peers = init.peers ?? 4
  const kernel = new Kernel({ seed: init.seed ?? 1, peers, queue: init.queue })
  const links = new RegionalLinks({ kernel, peers, regions: init.regions ?? [], links: { ...LINKS, ...init.links } })
  const reachability = new Reachability({ kernel, links, nat: { ...NAT, ...init.nat }, peers })
  const messages = new MessageTable()
  const channels = new DialledChannels({ kernel, links, reachability, messages, peers })
  const received: string[] = []
  channels.onMessage = (to, from, message) => received.push(`${kernel.nowUs / 1e3} ${from}>${to} ${messages.bytes(message)[0]}`)
  channels.onConnected = (peer, other) => received.push(`${kernel.nowUs / 1e3} ${peer} has ${other}`)
  channels.onDisconnected = (peer, other) => received.push(`${kernel.nowUs / 1e3} ${peer} lost ${other}`)
  for (let peer = 0; peer < peers; peer++) channels.online(peer)
  const send = (from: number, to: number, byte: number, bytes = 1, withinUs?: number) => {
    const message = messages.intern(new Uint8Array(bytes).fill(byte))
    const sent = channels.send(from, to, message, withinUs)
    messages.release(message)
    return sent
  }
  return { kernel, links, reachability, messages, channels, received, send }
}
