import { WeftError } from '@weft/protocols'
import type { PeerIndex } from '../kernel/kernel.ts'
import { KEYS_MAX, PROVIDERS_PER_ANSWER_MAX } from './directory.ts'
import { type Id, idOfKey } from './ids.ts'

/** What one peer holds under a key, until then and only during that session of it. */
export interface Held {
  record: Uint8Array
  seq: number
  untilUs: number
  session: number
}

/** The part of a shelf that one peer holds. */
interface HeldShelf {
  session: number
  peers: PeerIndex[]
  untilUs: number[]
  indexOf: Map<PeerIndex, number>
}

/** All that is held under one key, by holder. */
export interface Key {
  readonly name: string
  readonly id: Id
  readonly records: Map<PeerIndex, Held>
  readonly shelves: Map<PeerIndex, HeldShelf>
}

/** What peers hold for each other. Entries of past sessions are swept when a key has more holders than it should. */
export class Holdings {
  readonly #keys = new Map<string, Key>()
  readonly #sessionOf: Int32Array
  readonly #holdersMax: number

  constructor(init: { sessionOf: Int32Array; k: number }) {
    this.#sessionOf = init.sessionOf
    this.#holdersMax = init.k * 4
  }

  key(name: string): Key {
    let key = this.#keys.get(name)
    if (key === undefined) {
      if (this.#keys.size >= KEYS_MAX)
        throw new WeftError('DHT_KEYS_MAX', `more than ${KEYS_MAX} keys in the DHT; run fewer peers or publish fewer keys`)
      key = { name, id: idOfKey(name), records: new Map(), shelves: new Map() }
      this.#keys.set(name, key)
    }
    return key
  }

  /** Whoever puts a record holds it too, as kad-dht does: a peer alone finds its own. */
  keep(key: Key, owner: PeerIndex, held: Omit<Held, 'session'>): void {
    key.records.set(owner, { ...held, session: this.#sessionOf[owner] as number })
  }

  /** An older sequence number never replaces a newer one that still counts; false: refused. */
  store(key: Key, holder: PeerIndex, held: Held, nowUs: number): boolean {
    const old = this.record(key, holder, nowUs)
    if (old !== undefined && old.seq > held.seq) return false
    if (key.records.size >= this.#holdersMax) this.#sweep(key.records, nowUs)
    key.records.set(holder, held)
    return true
  }

  record(key: Key, holder: PeerIndex, nowUs: number): Held | undefined {
    const held = key.records.get(holder)
    return held !== undefined && held.untilUs > nowUs && held.session === this.#sessionOf[holder] ? held : undefined
  }

  provide(key: Key, holder: PeerIndex, provider: PeerIndex, untilUs: number): void {
    let shelf = key.shelves.get(holder)
    if (shelf === undefined || shelf.session !== this.#sessionOf[holder]) {
      if (key.shelves.size >= this.#holdersMax)
        for (const [other, { session }] of key.shelves) if (session !== this.#sessionOf[other]) key.shelves.delete(other)
      shelf = { session: this.#sessionOf[holder] as number, peers: [], untilUs: [], indexOf: new Map() }
      key.shelves.set(holder, shelf)
    }
    const index = shelf.indexOf.get(provider) ?? shelf.peers.length
    shelf.indexOf.set(provider, index)
    shelf.peers[index] = provider
    shelf.untilUs[index] = untilUs
  }

  /** A stretch of the shelf that begins anywhere, `fraction` of the way: at most PROVIDERS_PER_ANSWER_MAX peers. */
  providers(key: Key, holder: PeerIndex, nowUs: number, fraction: number): PeerIndex[] {
    const shelf = key.shelves.get(holder)
    if (shelf === undefined || shelf.session !== this.#sessionOf[holder]) return []
    return stretch(shelf, nowUs, fraction)
  }

  #sweep(records: Map<PeerIndex, Held>, nowUs: number): void {
    for (const [holder, { untilUs, session }] of records)
      if (untilUs <= nowUs || session !== this.#sessionOf[holder]) records.delete(holder)
  }
}

/** Whoever expired is dropped on the way, its place taken by the last. */
export function stretch(shelf: Omit<HeldShelf, 'session'>, nowUs: number, fraction: number): PeerIndex[] {
  const found: PeerIndex[] = []
  let at = Math.floor(fraction * shelf.peers.length)
  for (let looked = shelf.peers.length; looked > 0 && found.length < PROVIDERS_PER_ANSWER_MAX; looked--) {
    if (at >= shelf.peers.length) at = 0
    const provider = shelf.peers[at] as PeerIndex
    if ((shelf.untilUs[at] as number) > nowUs) {
      found.push(provider)
      at++
      continue
    }
    const last = shelf.peers.pop() as PeerIndex
    const lastUntil = shelf.untilUs.pop() as number
    shelf.indexOf.delete(provider)
    if (last === provider) continue
    shelf.peers[at] = last
    shelf.untilUs[at] = lastUntil
    shelf.indexOf.set(last, at)
  }
  return found
}
