import { createHash } from 'node:crypto'
import type { PeerId } from '@libp2p/interface'
import type { KadDHT } from '@libp2p/kad-dht'
import { invariant } from '@weft/protocols'

/** As many of the closest peers as a bucket holds: those the routing table knows without gaps. */
const CLOSEST = 20
/** Leading bits of a distance that are looked at: what a double holds exactly. */
const BITS = 48

/** What is asked of kad-dht's routing table, which its published interface leaves out. */
export interface RoutingTable {
  readonly size: number
  closestPeers(kadId: Uint8Array, options?: { count?: number }): PeerId[]
}

/**
 * About how many peers a Kademlia network has, `self` included, from the peers closest to it in its own routing table. Ids are
 * spread evenly over the key space, so the i-th closest of N others lies at about i / (N + 1) of it: the slope of a line
 * through the origin and the distances gives N (Sohl, "A new way to estimate the network size", 2020, as in netsize.go of
 * go-libp2p-kad-dht). Up to a bucket of others is known whole, and counted. Good to about a quarter, and as many attackers'
 * ids around our own would move it.
 */
export function networkSize(self: PeerId, table: RoutingTable): number {
  if (table.size <= CLOSEST) return table.size + 1
  const own = kadId(self)
  let slopeOver = 0
  let slopeUnder = 0
  const distances = table.closestPeers(own, { count: CLOSEST }).map((peer) => distance(own, kadId(peer)))
  for (const [index, each] of distances.sort((a, b) => a - b).entries()) {
    const rank = index + 1
    slopeOver += rank * each
    slopeUnder += rank * rank
  }
  // Fewer than are known by name there cannot be.
  return Math.max(table.size + 1, Math.round(slopeUnder / slopeOver))
}

/** kad-dht keeps its routing table to itself; its type names it only for tests of its own. */
export function routingTableOf(dht: KadDHT): RoutingTable {
  const { routingTable } = dht as KadDHT & { routingTable?: RoutingTable }
  invariant(typeof routingTable?.closestPeers === 'function', 'this version of kad-dht has no routing table that can be read')
  return routingTable
}

/** Where a peer stands in the key space of kad-dht. */
const kadId = (peer: PeerId): Uint8Array => createHash('sha256').update(peer.toMultihash().bytes).digest()

/** The XOR distance as a share of the key space. */
function distance(a: Uint8Array, b: Uint8Array): number {
  let share = 0
  for (let i = BITS / 8 - 1; i >= 0; i--) share = (share + ((a[i] ?? 0) ^ (b[i] ?? 0))) / 256
  return share
}
