import type { Stream } from '../kernel/draws.ts'
import type { Attack, Gossip } from '../scenario.ts'
import type { Control } from './control.ts'
import type { PeerIndex, Scheduler } from './gossip.ts'
import type { Topology } from './topology.ts'

export type SybilAttack = Extract<Attack, { degree: number }>

/** A sybil waits up to this long, beside the backoff, before it grafts again. */
const REGRAFT_DELAY_US = 15_000_000
/** Sybils connect over the first second of the attack. */
const SPREAD_US = 1_000_000
const PUBLISHERS_DEFAULT = 100
/** A sybil looks for one target at most so often. */
const TRIES = 8

/**
 * Sybils as in the experiments behind the GossipSub paper (github.com/libp2p/gossipsub-hardening, test/badboy.go): each
 * connects to `degree` targets, grafts to every topic that they announce, takes every graft, heeds no backoff but grafts
 * again one backoff and up to 15 s after a prune, and drops the share `dropShare` of messages instead of passing them on.
 * Until `covertSeconds` it passes everything on. It never gossips and answers no IWANT.
 */
export class Sybils {
  readonly #kernel: Scheduler
  readonly #attack: SybilAttack
  readonly #honest: number
  readonly #targets: readonly PeerIndex[]
  readonly #backoffUs: number
  readonly #topology: Topology
  readonly #control: Control
  readonly #draws: Stream
  readonly #start: number
  readonly #regraft: number

  constructor(init: {
    kernel: Scheduler
    attack: SybilAttack
    honest: number
    targets: readonly PeerIndex[] | undefined
    gossip: Gossip
    topology: Topology
    control: Control
  }) {
    this.#kernel = init.kernel
    this.#attack = init.attack
    this.#honest = init.honest
    this.#backoffUs = init.gossip.pruneBackoffMs * 1000
    this.#topology = init.topology
    this.#control = init.control
    this.#targets = targetsOf(init.attack, init.honest, init.targets)
    this.#draws = init.kernel.draws.stream('gossip/sybils', init.honest + init.attack.sybils)
    this.#start = init.kernel.on('gossip/sybil', (sybil, wanted) => this.#connect(sybil, wanted))
    this.#regraft = init.kernel.on('gossip/regraft', (sybil, topic, other) => this.#graft(sybil, other, topic))
    const fromUs = Math.round(init.attack.fromSeconds * 1e6)
    for (let i = 0; i < init.attack.sybils; i++) {
      const sybil = init.honest + i
      const wanted = Math.min(init.attack.degree, this.#targets.length)
      init.kernel.at(fromUs + this.#draws.below(sybil, SPREAD_US), this.#start, sybil, sybil, wanted, 0)
    }
  }

  /** Does this sybil pass this copy on? */
  forwards(sybil: PeerIndex): boolean {
    if (this.#kernel.nowUs < this.#attack.covertSeconds * 1e6) return true
    return !this.#draws.chance(sybil, this.#attack.dropShare)
  }

  /** A connection between a sybil and a target began. */
  connected(sybil: PeerIndex, target: PeerIndex): void {
    const { head, next, topic } = this.#topology.subscriptions
    for (let row = head[target] as number; row >= 0; row = next[row] as number)
      if (this.#topology.subscriptions.isActive(row)) this.heard(sybil, target, topic[row] as number)
  }

  /** A neighbour announced a topic. */
  heard(sybil: PeerIndex, target: PeerIndex, topic: number): void {
    this.#topology.subscribe(sybil, topic)
    this.#graft(sybil, target, topic)
  }

  pruned(sybil: PeerIndex, by: PeerIndex, topic: number): void {
    const afterUs = this.#backoffUs + this.#draws.below(sybil, REGRAFT_DELAY_US)
    this.#kernel.at(this.#kernel.nowUs + afterUs, this.#regraft, sybil, sybil, topic, by)
  }

  /** A target went; another one takes its place. */
  disconnected(sybil: PeerIndex): void {
    if (this.#topology.overlay.isOnline(sybil)) this.#kernel.at(this.#kernel.nowUs + SPREAD_US, this.#start, sybil, sybil, 1, 0)
  }

  #connect(sybil: PeerIndex, wanted: number): void {
    const { overlay } = this.#topology
    overlay.online(sybil)
    for (let left = wanted, tries = wanted * TRIES; left > 0 && tries > 0; tries--) {
      const target = this.#targets[this.#draws.below(sybil, this.#targets.length)] as number
      if (target < this.#honest && overlay.connect(sybil, target)) left--
    }
  }

  #graft(sybil: PeerIndex, other: PeerIndex, topic: number): void {
    const { overlay, mesh, subscriptions } = this.#topology
    const row = subscriptions.of(topic, sybil)
    if (row < 0 || !overlay.isConnected(sybil, other)) return
    this.#control.graft(sybil, other, topic)
    const entry = other * 2 + (overlay.dialled(sybil, other) ? 1 : 0)
    if (mesh.members.indexOf(row, entry) < 0) mesh.members.push(row, entry)
  }
}

function targetsOf(attack: SybilAttack, honest: number, given: readonly PeerIndex[] | undefined): readonly PeerIndex[] {
  if (given !== undefined && given.length > 0) return given
  const count = attack.target === 'everyone' ? honest : attack.target === 'one' ? 1 : Math.min(honest, PUBLISHERS_DEFAULT)
  return Array.from({ length: count }, (_, peer) => peer)
}
