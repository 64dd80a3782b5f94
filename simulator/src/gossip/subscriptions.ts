import type { PeerIndex } from './gossip.ts'

/** Topics that one model allows: each costs four bytes per peer. */
const TOPICS_MAX = 4096

/**
 * Who subscribes to what. A subscription is a row that its peer keeps for good, so that what others hold against it under this
 * number stays its own. It is active, and found by `of` and among the members, only while the peer is online and subscribed.
 */
export class Subscriptions {
  peer = new Int32Array(64)
  topic = new Int32Array(64)
  /** Next subscription of the same peer, −1: the last. */
  next = new Int32Array(64)
  /** First subscription of each peer, −1: none. */
  readonly head: Int32Array
  #position = new Int32Array(64)
  /** 1: the peer wants the topic, now or when it is online again. */
  wanted = new Uint8Array(64)
  readonly #peers: number
  readonly #of: (Int32Array | undefined)[] = []
  /** One bit per peer and topic, 1: active. What `#of` says too, in a thirty-second of the memory: it stays at hand. */
  readonly #active: Int32Array[] = []
  readonly #members: Int32Array[] = []
  readonly #count: number[] = []
  #rows = 0

  constructor(peers: number) {
    this.#peers = peers
    this.head = new Int32Array(peers).fill(-1)
  }

  /** Rows handed out so far. */
  get rows(): number {
    return this.#rows
  }

  /** The active subscription of the peer, −1: it has none or is offline. */
  of(topic: number, peer: PeerIndex): number {
    const rows = this.#of[topic]
    return rows === undefined ? -1 : (rows[peer] as number)
  }

  /** Whether the peer has an active subscription. */
  has(topic: number, peer: PeerIndex): boolean {
    const bits = this.#active[topic]
    return bits !== undefined && ((bits[peer >>> 5] as number) & (1 << (peer & 31))) !== 0
  }

  /** Active subscribers, the first `count(topic)` entries; in no order. */
  members(topic: number): Int32Array {
    return this.#members[topic] ?? NOBODY
  }

  /** The same in ascending order, in an array of the caller's own. */
  ascending(topic: number): Int32Array {
    const members = new Int32Array(this.count(topic))
    const bits = this.#active[topic] ?? NOBODY
    let found = 0
    for (let i = 0; i < bits.length; i++)
      for (let word = bits[i] as number; word !== 0; word &= word - 1) members[found++] = 32 * i + 31 - Math.clz32(word & -word)
    return members
  }

  count(topic: number): number {
    return this.#count[topic] ?? 0
  }

  isActive(row: number): boolean {
    return (this.#position[row] as number) >= 0
  }

  /** The subscription, active or not, −1: none. */
  find(topic: number, peer: PeerIndex): number {
    for (let row = this.head[peer] as number; row >= 0; row = this.next[row] as number) if (this.topic[row] === topic) return row
    return -1
  }

  /** The peer's row for the topic, a new one if need be; not active yet. */
  want(topic: number, peer: PeerIndex): number {
    if (!Number.isInteger(topic) || topic < 0 || topic >= TOPICS_MAX)
      throw new RangeError(`topics are numbered from 0 to ${TOPICS_MAX - 1}; ${topic} is none`)
    if (this.#of[topic] === undefined) {
      this.#of[topic] = new Int32Array(this.#peers).fill(-1)
      this.#active[topic] = new Int32Array((this.#peers + 31) >>> 5)
      this.#members[topic] = new Int32Array(16)
      this.#count[topic] = 0
    }
    const known = this.find(topic, peer)
    const row = known >= 0 ? known : this.#rows++
    if (row >= this.peer.length) this.#enlarge()
    this.wanted[row] = 1
    if (known >= 0) return row
    this.peer[row] = peer
    this.topic[row] = topic
    this.#position[row] = -1
    this.next[row] = this.head[peer] as number
    this.head[peer] = row
    return row
  }

  activate(row: number): void {
    const topic = this.topic[row] as number
    const peer = this.peer[row] as number
    ;(this.#of[topic] as Int32Array)[peer] = row
    this.#flip(topic, peer)
    let members = this.#members[topic] as Int32Array
    const count = this.#count[topic] as number
    if (count === members.length) {
      const larger = new Int32Array(count + (count >> 2))
      larger.set(members)
      members = larger
      this.#members[topic] = larger
    }
    members[count] = peer
    this.#position[row] = count
    this.#count[topic] = count + 1
  }

  deactivate(row: number): void {
    const topic = this.topic[row] as number
    const rows = this.#of[topic] as Int32Array
    const members = this.#members[topic] as Int32Array
    const last = (this.#count[topic] as number) - 1
    const position = this.#position[row] as number
    const moved = members[last] as number
    members[position] = moved
    this.#position[rows[moved] as number] = position
    this.#count[topic] = last
    rows[this.peer[row] as number] = -1
    this.#position[row] = -1
    this.#flip(topic, this.peer[row] as number)
  }

  #flip(topic: number, peer: PeerIndex): void {
    const bits = this.#active[topic] as Int32Array
    bits[peer >>> 5] = (bits[peer >>> 5] as number) ^ (1 << (peer & 31))
  }

  #enlarge(): void {
    // By a quarter: of a million peers' rows half would else stand empty.
    const length = this.peer.length + (this.peer.length >> 2)
    const larger = (array: Int32Array<ArrayBuffer>) => {
      const copy = new Int32Array(length)
      copy.set(array)
      return copy
    }
    this.peer = larger(this.peer)
    this.topic = larger(this.topic)
    this.next = larger(this.next)
    this.#position = larger(this.#position)
    const wanted = new Uint8Array(length)
    wanted.set(this.wanted)
    this.wanted = wanted
  }
}

const NOBODY = new Int32Array(0)
