import type { PeerId } from '../../units.ts'
import { type Class, classOf } from '../../wire/class.ts'
import { fitAddresses } from '../../wire/limits.ts'
import { capacityKey, capacityTopic, classShelf, modelShelf } from '../../wire/topics.ts'
import type { Capacity } from '../../wire/types.ts'
import { KEYS } from '../keys.ts'
import type { Step } from '../step.ts'

/** What a provider has and charges; sequence, times, class and addresses are added when it is announced. */
export type CapacityInit = Omit<Capacity, 'seq' | 'issuedAtMs' | 'expiresAtMs' | 'class' | 'addresses'>

/** A record is believed so long; it is renewed well before. */
const LIFETIME_MS = 3_600_000
/** A topic carries at most about five announcements a second, however many announce on it. */
const INTERVAL_MS = { least: 30_000, perAnnouncer: 200 }
/** After a start: until the gossip mesh has formed, most announcements reach nobody. */
const EAGER_DELAYS_MS = [1_000, 2_000, 4_000, 8_000]
/** Which announcements also go into the DHT: one when the first neighbours are there, one when the routing table has filled. */
const EAGER_DIRECTORY = [1, 4]
/** DHT records are put again long before holders drop them, and seldom: a put costs tens of messages. */
const DIRECTORY_EVERY_MS = 600_000

interface AnnouncerInit {
  network: string
  peerId: PeerId
  capacity: CapacityInit
  addresses(): readonly string[]
  /** Providers that this peer knows of: the more there are, the slower each announces. */
  known(): number
}

/** Tells the network what this provider has: by gossip, in the DHT, and to whoever asks. Three ways, so that no one of them is needed. */
export class Announcer {
  readonly class: Class
  readonly #init: AnnouncerInit
  #seq = 0
  #nextMono = Number.POSITIVE_INFINITY
  #nextDirectoryMono = Number.POSITIVE_INFINITY
  #announcements = 0
  #current: { bytes: Uint8Array; capacity: Capacity; issuedMono: number } | undefined

  constructor(init: AnnouncerInit) {
    this.#init = init
    const largest = Math.max(0, ...init.capacity.gpus.map((gpu) => gpu.vramMib))
    this.class = classOf(init.capacity.gpus.length, largest)
  }

  restore(seq: number): void {
    this.#seq = seq
  }

  start(step: Step): void {
    this.#announce(step)
  }

  /** The first neighbour after a start: the announcements so far reached nobody, and the DHT was empty. */
  neighbour(step: Step): void {
    this.#announcements = Math.min(this.#announcements, 1)
    this.#nextMono = Math.min(this.#nextMono, step.nowMono + 200)
  }

  /** The current record for somebody who asked. */
  answer(step: Step, to: PeerId): void {
    step.sendBytes(to, this.#record(step))
  }

  /** What was last announced, and when; undefined before the first time. */
  own(): { capacity: Capacity; issuedMono: number } | undefined {
    return this.#current
  }

  tick(step: Step): void {
    if (step.nowMono >= this.#nextMono) this.#announce(step)
  }

  dueMono(): number {
    return this.#nextMono
  }

  #announce(step: Step): void {
    const bytes = this.#record(step)
    step.network({ type: 'publish', topic: capacityTopic(this.#init.network, this.class), bytes })
    const eager = EAGER_DIRECTORY.includes(this.#announcements)
    if (eager || step.nowMono >= this.#nextDirectoryMono) this.#register(step, bytes)
    const steady = Math.max(INTERVAL_MS.least, this.#init.known() * INTERVAL_MS.perAnnouncer)
    const nextInMs = EAGER_DELAYS_MS[this.#announcements] ?? steady
    this.#announcements += 1
    this.#nextMono = step.nowMono + nextInMs
    step.note({ type: 'announced', seq: this.#seq, class: this.class, nextInMs })
  }

  #register(step: Step, record: Uint8Array): void {
    const { peerId, capacity } = this.#init
    step.network({ type: 'put', key: capacityKey(peerId), record })
    step.network({ type: 'provide', shelf: classShelf(this.class) })
    for (const { vendor, model } of capacity.gpus) step.network({ type: 'provide', shelf: modelShelf(vendor, model) })
    this.#nextDirectoryMono = step.nowMono + DIRECTORY_EVERY_MS
  }

  /** A signed record of now, made anew when the last is old: an unchanged capacity need not be signed for every question. */
  #record(step: Step): Uint8Array {
    const current = this.#current
    if (current !== undefined && step.nowMono - current.issuedMono < INTERVAL_MS.least / 2) return current.bytes
    this.#seq = Math.max(this.#seq + 1, step.nowWall)
    step.persist(KEYS.announcement, { seq: this.#seq }, { sync: true })
    const capacity: Capacity = {
      ...this.#init.capacity,
      seq: this.#seq,
      issuedAtMs: step.nowWall,
      expiresAtMs: step.nowWall + LIFETIME_MS,
      class: this.class,
      addresses: fitAddresses(this.#init.addresses(), 'capacity'),
    }
    const { bytes } = step.seal('capacity', capacity)
    this.#current = { bytes, capacity, issuedMono: step.nowMono }
    return bytes
  }
}
