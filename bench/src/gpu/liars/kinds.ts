import type { PeerId } from '@weft/protocols'
import type { ChallengingInit, Note, ProviderInit } from '@weft/protocols/core'
import type { Host } from '@weft/protocols/host'
import type { Meter } from '@weft/protocols/ports'
import {
  type MeterTime,
  PhysicalCard,
  type Relay,
  type Shortage,
  SimulatedMeter,
  sha256,
  someCapacity,
  someCard,
  someGpu,
} from '@weft/protocols/testing'
import { toHex, utf8 } from '@weft/protocols/wire'

/** One peer of a world. */
export interface Inhabitant {
  id: PeerId
  host: Host
  notes: Note[]
}

/** One kind of provider in one world. */
export interface LiarRow {
  kind: string
  /** `virtual`: the simulator's fleet, which goes about its days; `loopback`: real peers that are asked at once. */
  peers: 'virtual' | 'loopback'
  /** Of the kind; a challenger at least deals with `caught` of them no more. */
  identities: number
  caught: number
  /** Means until the first does, null: none; challenges of one identity by all, and hours from its appearance. */
  challenges: number | null
  hours: number | null
  /** Of its challenges; null: there were none. */
  passedShare: number | null
  /** Of the challengers, at the end. */
  avoidedByShare: number
  /** Honest providers of the same world that a challenger deals with no more. */
  falseAlarms: number
}

/** Where honest providers and liars live. Their cards are modelled. */
export interface World {
  readonly time: MeterTime
  add(
    provider: ProviderInit | undefined,
    measuring: { meter: Meter; challenges?: ChallengingInit; addresses?: readonly string[] },
  ): Promise<Inhabitant>
  /** Lets time pass until `done`; true if it came to that. */
  pass(ms: number, done: () => boolean): Promise<boolean>
  stop(): Promise<void>
}

/** What a liar announces and what it does about what it lacks. */
export interface Lie {
  kind: string
  /** Announces this many cards of 24 GB under each of `identities`. */
  cards: number
  identities: number
  /** MiB of each card that is really there. */
  memoryMib: number
  /** All that is announced is one card. */
  isOneCard: boolean
  shortage: Shortage
  relay: Relay | undefined
}

const HONEST: Lie = {
  kind: 'honest',
  cards: 1,
  identities: 1,
  memoryMib: 24_000,
  isOneCard: false,
  shortage: 'fail',
  relay: undefined,
}

/** By the names that the simulator's roles have. */
export const LIES: readonly Lie[] = [
  { ...HONEST, kind: 'doubler', cards: 2, isOneCard: true, shortage: 'refill' },
  { ...HONEST, kind: 'doubler, the rest in RAM', cards: 2, isOneCard: true, shortage: 'spill' },
  { ...HONEST, kind: 'twin', identities: 2, isOneCard: true, shortage: 'refill' },
  { ...HONEST, kind: 'padder', memoryMib: 12_000, shortage: 'spill' },
  { ...HONEST, kind: 'relay', relay: { roundTripMs: 50, isAgreed: false } },
]

/** Beyond the reach of a challenge. */
export const UNSEEN: readonly Lie[] = [
  { ...HONEST, kind: 'padder, an eighth', memoryMib: 21_000, shortage: 'spill' },
  { ...HONEST, kind: 'borrower', relay: { roundTripMs: 50, isAgreed: true } },
]

export class Population {
  readonly #world: World
  #names = 0

  constructor(world: World) {
    this.#world = world
  }

  honest(): Promise<Inhabitant[]> {
    return this.liars(HONEST)
  }

  /** One peer for each identity, all at one address. */
  async liars(lie: Lie): Promise<Inhabitant[]> {
    const machine = this.#names++
    const card = (): PhysicalCard => new PhysicalCard(someCard({ memoryMib: lie.memoryMib }), this.#world.time)
    const shared = card()
    const peers: Inhabitant[] = []
    for (let identity = 0; identity < lie.identities; identity++) {
      const hashes = Array.from({ length: lie.cards }, (_, i) => sha256(utf8(`${machine}/${identity}/${i}`)))
      const { shortage, relay } = lie
      const cards = new Map(hashes.map((hash) => [toHex(hash), lie.isOneCard ? shared : card()]))
      const meter = new SimulatedMeter({ owner: `${machine}/${identity}`, cards, time: this.#world.time, shortage, relay })
      const capacity = someCapacity({ gpus: [someGpu({ count: lie.cards, uuidHashes: hashes })] })
      const addresses = [`/ip4/192.0.2.${machine % 250}/tcp/4170`]
      peers.push(await this.#world.add({ capacity, challenges: {} }, { meter, addresses }))
    }
    return peers
  }

  /** A peer that challenges, and has nothing to show. */
  challenger(challenges: ChallengingInit): Promise<Inhabitant> {
    const meter = new SimulatedMeter({ owner: 'challenger', cards: new Map(), time: this.#world.time })
    return this.#world.add(undefined, { meter, challenges })
  }
}

export type Verdict = Extract<Note, { type: 'measured' }>

/** What a challenger found about these. */
export const verdictsOn = ({ notes }: Inhabitant, peers: readonly Inhabitant[]): Verdict[] =>
  notes.filter((note): note is Verdict => note.type === 'measured' && peers.some(({ id }) => id === note.provider))
