import type { PeerIndex } from '../kernel/kernel.ts'
import type { Key } from './holdings.ts'
import type { Id, Ids } from './ids.ts'
import { ContactState, Shortlist } from './shortlist.ts'

/** What a lookup is for; each carries what it needs and gathers what it finds. */
export type Purpose =
  | { kind: 'walk'; done: (result: WalkResult) => void }
  | { kind: 'put'; key: Key; record: Uint8Array; seq: number; done: (ok: boolean) => void }
  | { kind: 'get'; key: Key; record: Uint8Array | undefined; seq: number; done: (record: Uint8Array | undefined) => void }
  | { kind: 'provide'; key: Key; done: (ok: boolean) => void }
  | { kind: 'find'; key: Key; limit: number; found: Set<PeerIndex>; done: (peers: PeerIndex[]) => void }

export interface WalkResult {
  /** Closest first, those that answered. */
  peers: PeerIndex[]
  /** To the closest: 1 if it was a contact of the asker. 0: nobody answered. */
  hops: number
  requests: number
  timeouts: number
}

/**
 * Kademlia's iterative lookup (Maymounkov and Mazières 2002, section 2.3): α requests at a time to the closest contacts not yet
 * asked; it has converged when the k closest that did not fail have all answered.
 */
export class Lookup {
  readonly list: Shortlist
  owner: PeerIndex = -1
  session = 0
  purpose: Purpose | undefined
  inFlight = 0
  requests = 0
  /** Whom it asked, in that order. */
  readonly order: PeerIndex[] = []
  /** Requests that needed no dial, and requests answered. */
  connected = 0
  answers = 0
  timeouts = 0
  deadlineUs = 0
  /** The second phase of put and provide: the k closest are told. */
  storing = false
  stored = 0

  constructor(ids: Ids, k: number) {
    // Three times k leave room for contacts that fail.
    this.list = new Shortlist(ids, k * 3)
  }

  begin(init: { owner: PeerIndex; session: number; target: Id; purpose: Purpose; deadlineUs: number }): void {
    this.owner = init.owner
    this.session = init.session
    this.purpose = init.purpose
    this.deadlineUs = init.deadlineUs
    this.inFlight = 0
    this.requests = 0
    this.order.length = 0
    this.timeouts = 0
    this.connected = 0
    this.answers = 0
    this.storing = false
    this.stored = 0
    this.list.reset(init.target)
  }

  ask(peer: PeerIndex): void {
    this.inFlight++
    this.requests++
    this.order.push(peer)
  }

  /** The closest contact among the `k` closest not failed that is still to be asked; −1: none. */
  next(k: number): number {
    const { list } = this
    for (let i = 0, counted = 0; i < list.length && counted < k; i++) {
      const state = list.state[i] as number
      if (state === ContactState.fresh) return i
      if (state !== ContactState.failed) counted++
    }
    return -1
  }

  /** Those that answered, closest first, at most `k`: indices of the list. */
  answered(k: number): number[] {
    const indices: number[] = []
    for (let i = 0; i < this.list.length && indices.length < k; i++)
      if (this.list.state[i] === ContactState.answered) indices.push(i)
    return indices
  }

  result(k: number): WalkResult {
    const indices = this.answered(k)
    return {
      peers: indices.map((index) => this.list.peers[index] as PeerIndex),
      hops: indices.length === 0 ? 0 : (this.list.depth[indices[0] as number] as number),
      requests: this.requests,
      timeouts: this.timeouts,
    }
  }
}
