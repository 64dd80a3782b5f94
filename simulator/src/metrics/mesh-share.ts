import type { GossipModel } from '../gossip/gossip.ts'
import { Topology } from '../gossip/topology.ts'

/** The topology under a gossip model; undefined: the model has none. */
export const topologyOf = (gossip: GossipModel): Topology | undefined =>
  'topology' in gossip && gossip.topology instanceof Topology ? gossip.topology : undefined

/** Share of mesh links of honest peers `from` to `until` in a topic that lead to honest peers; not a number where there are no links. */
export function honestMeshShare(view: MeshView, topic: number, { from = 0, until }: { from?: number; until: number }): number {
  const { subscriptions, mesh } = view
  let links = 0
  let honest = 0
  for (let peer = from; peer < until; peer++) {
    const row = subscriptions.of(topic, peer)
    if (row < 0) continue
    const length = mesh.members.length[row] as number
    links += length
    for (let i = 0; i < length; i++) if (!view.isSybil(mesh.members.at(row, i) >> 1)) honest++
  }
  return links === 0 ? Number.NaN : honest / links
}

export interface MeshView {
  subscriptions: Pick<Topology['subscriptions'], 'of'>
  mesh: { members: Pick<Topology['mesh']['members'], 'length' | 'at'> }
  isSybil(peer: number): boolean
}
