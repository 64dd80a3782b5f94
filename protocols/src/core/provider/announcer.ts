import type { Directory } from '../../ports/directory.ts'
import type { PeerId } from '../../units.ts'
import { type Class, classOf } from '../../wire/class.ts'
import { CAPACITY_LIFETIME_MS_MAX, fitAddresses } from '../../wire/limits.ts'
import { capacityKey, capacityTopic, classShelf, modelShelf } from '../../wire/topics.ts'
import type { Capacity } from '../../wire/types.ts'
import { KEYS } from '../keys.ts'
import type { Step } from '../step.ts'

/** What a provider has and charges; sequence, times, class and addresses are added when it is announced. */
export type CapacityInit = Omit<Capacity, 'seq' | 'issuedAtMs' | 'expiresAtMs' | 'class' | 'addresses'>

/** Five announcements a second in all, however many announce, but each at least once a day: a size can be misjudged or faked. */
const INTERVAL_MS = { least: 30_000, perAnnouncer: 200, most: CAPACITY_LIFETIME_MS_MAX }
/** A record is believed so long, or for three announcements where those are seldom: one or two may be lost. */
const LIFETIME_MS = { least: 3_600_000, most: CAPACITY_LIFETIME_MS_MAX }
const LIFETIME_INTERVALS = 3
/** Peers that start together must not announce together for ever: each interval is up to so many thousandths longer or shorter. */
const JITTER_MILLI = 100
/** A record younger than this is given out again: an unchanged capacity need not be signed for every question. */
const REUSE_MS = INTERVAL_MS.least / 2
/** After a start: until the gossip mesh has formed, most announcements reach nobody. */
const EAGER_DELAYS_MS = [1_000, 2_000, 4_000, 8_000]
/** Which announcements also go into the DHT: one when the first neighbours are there, one when the routing table has filled. */
const EAGER_DIRECTORY = [1, 4]
/** So many announcements after a start, all further ones are alike. */
const EAGER = Math.max(EAGER_DELAYS_MS.length, ...EAGER_DIRECTORY.map((announcement) => announcement + 1))
/**
 * Twice in the life of a record, but once an hour where that is long: a put costs tens of messages, and those who hold it leave
 * (Maymounkov and Mazières, "Kademlia", IPTPS 2002, 2.5: keys are published again each hour).
 */
const DIRECTORY_EVERY_MS_MAX = 3_600_000
/** A change is told at once, but no sooner than this after the last announcement: a card that comes and goes must not flood a topic. */
const CHANGE_AFTER_MS = 5_000
/** What is stored is a sequence number that was not used yet, so much ahead: one write to disk for many announcements. */
const SEQ_AHEAD_MS = 3_600_000

export interface AnnouncerComponents {
  network: string
  peerId: PeerId
  addresses(): readonly string[]
  readonly ports: { readonly directory: Pick<Directory, 'networkSize'> }
}

/** All that an announcer has in mind while nothing changes; times on the monotonic clock, ms. */
export interface Rest {
  seq: number
  seqStored: number
  nextMono: number
  nextDirectoryMono: number
  announcedMono: number
  intervalMs: number
}

/** Tells the network what this provider has: by gossip, in the DHT, and to whoever asks. Three ways, so that no one of them is needed. */
export class Announcer {
  readonly #components: AnnouncerComponents
  #capacity: CapacityInit
  #seq = 0
  /** The one in the store: after a restart numbers go on from there. */
  #seqStored = 0
  /** Undefined: never. In whole ms, like the interval: V8 gives a fraction, or infinity, memory of its own. */
  #nextMono: number | undefined
  #nextDirectoryMono: number | undefined
  #announcements = 0
  #announcedMono: number | undefined
  /** What the DHT has is no longer so. */
  #isChanged = false
  #intervalMs = INTERVAL_MS.least
  #current: { bytes: Uint8Array; issuedMono: number } | undefined

  /** `rest`: it goes on from there. @default it has announced nothing yet */
  constructor(capacity: CapacityInit, components: AnnouncerComponents, rest?: Rest) {
    this.#components = components
    this.#capacity = capacity
    if (rest === undefined) return
    this.#seq = rest.seq
    this.#seqStored = rest.seqStored
    this.#nextMono = rest.nextMono
    this.#nextDirectoryMono = rest.nextDirectoryMono
    this.#announcements = EAGER
    this.#announcedMono = rest.announcedMono
    this.#intervalMs = rest.intervalMs
  }

  /** Undefined: it has just started, or something is about to change. */
  rest(): Rest | undefined {
    if (this.#announcements < EAGER || this.#isChanged || this.#current !== undefined) return undefined
    const [nextMono, nextDirectoryMono, announcedMono] = [this.#nextMono, this.#nextDirectoryMono, this.#announcedMono]
    if (nextMono === undefined || nextDirectoryMono === undefined || announcedMono === undefined) return undefined
    const [seq, seqStored, intervalMs] = [this.#seq, this.#seqStored, this.#intervalMs]
    return { seq, seqStored, nextMono, nextDirectoryMono, announcedMono, intervalMs }
  }

  get class(): Class {
    const { gpus } = this.#capacity
    return classOf(
      gpus.length,
      gpus.reduce((most, { vramMib }) => Math.max(most, vramMib), 0),
    )
  }

  restore(seq: number): void {
    this.#seq = seq
    this.#seqStored = seq
  }

  /** `known`: how many providers this peer has heard of. */
  start(step: Step, known: number): void {
    this.#announce(step, known)
  }

  /** From now on it has this. Announced as soon as may be, unless nothing has been announced yet. */
  change(step: Step, capacity: CapacityInit): void {
    this.#capacity = capacity
    this.#current = undefined
    if (this.#nextMono === undefined) return
    this.#isChanged = true
    this.#nextMono = Math.min(this.#nextMono, Math.max(Math.ceil(step.nowMono), (this.#announcedMono ?? 0) + CHANGE_AFTER_MS))
  }

  /** The first neighbour after a start: the announcements so far reached nobody, and the DHT was empty. */
  neighbour(step: Step): void {
    // Not started: there may be no room for what would be announced.
    if (this.#nextMono === undefined) return
    this.#announcements = Math.min(this.#announcements, 1)
    this.#nextMono = Math.min(this.#nextMono, Math.ceil(step.nowMono) + 200)
  }

  /** The current record for somebody who asked. */
  answer(step: Step, to: PeerId): void {
    step.sendBytes(to, this.#record(step))
  }

  /** How long a record is believed. */
  get #lifetimeMs(): number {
    return clamp(LIFETIME_INTERVALS * this.#intervalMs, LIFETIME_MS)
  }

  /** What a record signed at `nowWall` would say. */
  own(nowWall: number): Capacity {
    return {
      ...this.#capacity,
      seq: this.#seq,
      issuedAtMs: nowWall,
      expiresAtMs: nowWall + this.#lifetimeMs,
      class: this.class,
      addresses: fitAddresses(this.#components.addresses(), 'capacity'),
    }
  }

  tick(step: Step, known: number): void {
    if (this.#nextMono !== undefined && step.nowMono >= this.#nextMono) this.#announce(step, known)
    if (this.#nextDirectoryMono !== undefined && step.nowMono >= this.#nextDirectoryMono) {
      this.#register(step, this.#record(step))
      this.#current = undefined
    }
  }

  dueMono(): number {
    return Math.min(this.#nextMono ?? Number.POSITIVE_INFINITY, this.#nextDirectoryMono ?? Number.POSITIVE_INFINITY)
  }

  #announce(step: Step, known: number): void {
    this.#intervalMs = intervalMs(Math.max(known, this.#components.ports.directory.networkSize()))
    const bytes = this.#record(step)
    step.network({ type: 'publish', topic: capacityTopic(this.#components.network, this.class), bytes })
    if (this.#isChanged || EAGER_DIRECTORY.includes(this.#announcements)) this.#register(step, bytes)
    this.#announcedMono = Math.ceil(step.nowMono)
    const nextInMs = EAGER_DELAYS_MS[this.#announcements] ?? jittered(step, this.#intervalMs)
    this.#announcements += 1
    this.#nextMono = Math.ceil(step.nowMono) + nextInMs
    // Kept only while the next announcement may be the same: afterwards somebody has to ask for it.
    if (nextInMs >= REUSE_MS) this.#current = undefined
    step.note({ type: 'announced', seq: this.#seq, class: this.class, nextInMs })
  }

  #register(step: Step, record: Uint8Array): void {
    step.network({ type: 'put', key: capacityKey(this.#components.peerId), record })
    const models = this.#capacity.gpus.map(({ vendor, model }) => modelShelf(vendor, model))
    for (const shelf of new Set([classShelf(this.class), ...models])) step.network({ type: 'provide', shelf })
    this.#isChanged = false
    this.#nextDirectoryMono = Math.ceil(step.nowMono) + jittered(step, Math.min(this.#lifetimeMs / 2, DIRECTORY_EVERY_MS_MAX))
  }

  /** A signed record of now, made anew when the last is old. */
  #record(step: Step): Uint8Array {
    const current = this.#current
    if (current !== undefined && step.nowMono - current.issuedMono < REUSE_MS) return current.bytes
    this.#seq = Math.max(this.#seq + 1, step.nowWall)
    if (this.#seq > this.#seqStored) {
      this.#seqStored = this.#seq + SEQ_AHEAD_MS
      step.persist(KEYS.announcement, { seq: this.#seqStored }, { sync: true })
    }
    const { bytes } = step.seal('capacity', this.own(step.nowWall))
    this.#current = { bytes, issuedMono: step.nowMono }
    return bytes
  }
}

/** The pause between announcements where so many peers may be announcing. */
const intervalMs = (announcers: number): number => clamp(Math.round(announcers * INTERVAL_MS.perAnnouncer), INTERVAL_MS)

const clamp = (ms: number, { least, most }: { least: number; most: number }): number => Math.min(most, Math.max(least, ms))

/** `ms`, up to JITTER_MILLI thousandths more or less, in whole ms. */
function jittered(step: Step, ms: number): number {
  const milli = (step.roll() % (2 * JITTER_MILLI + 1)) - JITTER_MILLI
  return Math.round(ms + (ms * milli) / 1000)
}
