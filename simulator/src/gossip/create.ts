import type { GossipFidelity } from '../scenario.ts'
import { ExactGossip } from './exact.ts'
import type { GossipInit, GossipModel } from './gossip.ts'
import { StatGossip } from './stat.ts'
import { TreeGossip } from './tree.ts'

/** The gossip model of a fidelity. Throws a RangeError where the fidelity cannot show what the scenario asks for. */
export function createGossip(fidelity: GossipFidelity, init: GossipInit): GossipModel {
  switch (fidelity) {
    case 'exact':
      return new ExactGossip(init)
    case 'tree':
      return new TreeGossip(init)
    case 'stat':
      return new StatGossip(init)
  }
}
