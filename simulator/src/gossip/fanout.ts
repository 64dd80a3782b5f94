import type { Gossip } from '../scenario.ts'
import type { PeerIndex, Scheduler } from './gossip.ts'
import { Lists } from './lists.ts'
import { grownFloats, PairRows } from './pairs.ts'
import type { Topology } from './topology.ts'

/** A fanout is forgotten this long after the last publication; the specification's default. */
const FANOUT_TTL_US = 60_000_000

/** Whom a publisher sends to. */
export class Fanout {
  readonly #kernel: Scheduler
  readonly #gossip: Gossip
  readonly #topology: Topology
  /** (peer, topic) → row: neighbours that a publisher outside the topic sends to. */
  readonly #fanoutRows = new PairRows()
  readonly #fanouts = new Lists(16, 128)
  #fanoutUntil = new Float64Array(16)

  constructor(kernel: Scheduler, gossip: Gossip, topology: Topology) {
    this.#kernel = kernel
    this.#gossip = gossip
    this.#topology = topology
  }

  /** Whom a publisher sends to: everybody it knows in the topic, or the mesh, or its fanout. */
  recipients(peer: PeerIndex, topic: number, subscription: number): number[] {
    const gossip = this.#gossip
    const { mesh, score, version, isFixed } = this.#topology
    const threshold = score === undefined ? 0 : score.parameters.publishThreshold
    if (gossip.floodPublish && version === '1.1' && !isFixed) {
      const all = this.#topology.recipientsIn(peer, topic)
      return score === undefined ? all : all.filter((other) => score.of(peer, other, this.#kernel.nowUs) >= threshold)
    }
    if (subscription >= 0)
      return Array.from({ length: mesh.members.length[subscription] as number }, (_, i) => mesh.members.at(subscription, i) >> 1)
    return this.#fanout(peer, topic)
  }

  /** Random ones of those in the topic whom it can send to, remembered while the peer goes on publishing; those that left are replaced. */
  #fanout(peer: PeerIndex, topic: number): number[] {
    const nowUs = this.#kernel.nowUs
    const row = this.#fanoutRows.add(peer, topic)
    this.#fanouts.reserve(row + 1)
    this.#fanoutUntil = grownFloats(this.#fanoutUntil, row + 1)
    if (nowUs > (this.#fanoutUntil[row] as number)) this.#fanouts.clear(row)
    this.#fanoutUntil[row] = nowUs + FANOUT_TTL_US
    const known = this.#topology.recipientsIn(peer, topic)
    for (let i = (this.#fanouts.length[row] as number) - 1; i >= 0; i--)
      if (!known.includes(this.#fanouts.at(row, i))) this.#fanouts.removeAt(row, i)
    for (const other of known) {
      if ((this.#fanouts.length[row] as number) >= this.#gossip.d) break
      if (this.#fanouts.indexOf(row, other) < 0) this.#fanouts.push(row, other)
    }
    return Array.from({ length: this.#fanouts.length[row] as number }, (_, i) => this.#fanouts.at(row, i))
  }
}
