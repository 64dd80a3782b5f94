/** Where the card's memory begins, and where generic addresses show what threads of a group share: such as no number by chance is. */
export const CARD_BASE = 2 ** 40
export const SHARED_BASE = 2 ** 44
/** Between any two allocations. */
const GAP_BYTES = 4096
const GRANULE_BYTES = 256

/** Bytes as programs read them: 2 or 4 at once, where they belong. */
export class Memory {
  readonly bytes: Uint8Array
  readonly u16: Uint16Array
  readonly i32: Int32Array
  readonly f32: Float32Array

  constructor(bytes: number) {
    const buffer = new ArrayBuffer(Math.ceil(bytes / GRANULE_BYTES) * GRANULE_BYTES)
    this.bytes = new Uint8Array(buffer)
    this.u16 = new Uint16Array(buffer)
    this.i32 = new Int32Array(buffer)
    this.f32 = new Float32Array(buffer)
  }
}

/** A card's memory: what was never allocated, or was freed, cannot be touched. */
export class CardMemory extends Memory {
  readonly #sizes = new Map<number, number>()
  readonly #isGiven: Uint8Array

  constructor(bytes: number) {
    super(bytes)
    this.#isGiven = new Uint8Array(this.bytes.length / GRANULE_BYTES)
  }

  get freeBytes(): number {
    return this.bytes.length - [...this.#sizes.values()].reduce((sum, size) => sum + size + GAP_BYTES, 0)
  }

  get allocations(): number {
    return this.#sizes.size
  }

  /** The first place where it fits; undefined: nowhere. */
  alloc(bytes: number): number | undefined {
    const size = Math.ceil(bytes / GRANULE_BYTES) * GRANULE_BYTES
    let at = GAP_BYTES
    for (const [start, taken] of [...this.#sizes].toSorted(([a], [b]) => a - b)) {
      if (at + size + GAP_BYTES <= start) break
      at = start + taken + GAP_BYTES
    }
    if (at + size > this.bytes.length) return undefined
    this.#sizes.set(at, size)
    this.#isGiven.fill(1, at / GRANULE_BYTES, (at + size) / GRANULE_BYTES)
    // Nobody may count on what he finds there.
    this.bytes.fill(0xa5, at, at + size)
    return CARD_BASE + at
  }

  free(address: number): void {
    const at = address - CARD_BASE
    const size = this.#sizes.get(at)
    if (size === undefined) throw new Error(`nothing was allocated at ${address}`)
    this.#sizes.delete(at)
    this.#isGiven.fill(0, at / GRANULE_BYTES, (at + size) / GRANULE_BYTES)
  }

  /** Where `bytes` from `address` on are; throws where they are not, or not where so many bytes belong. */
  at(address: number, bytes: number): number {
    const at = address - CARD_BASE
    if (at % Math.min(bytes, 16) !== 0) throw new Error(`address ${at} is not aligned to ${bytes} bytes`)
    if (!this.holds(at) || !this.holds(at + bytes - 1)) throw new Error(`${bytes} bytes at ${at} were never allocated`)
    return at
  }

  holds(at: number): boolean {
    return this.#isGiven[Math.floor(at / GRANULE_BYTES)] === 1
  }
}

/**
 * What the threads of one group share. It sees who reads what another wrote with nothing between them that waits: on a card that is
 * a matter of luck, and here, where all threads take each step together, it would never show.
 */
export class SharedMemory extends Memory {
  /** By word: who wrote last, and when; who read since, and when. A time is the group's, and the warp's of whoever did it. */
  readonly #writer: Int32Array
  readonly #writtenAt: Float64Array
  readonly #reader: Int32Array
  readonly #readAt: Float64Array
  readonly #warpTime: Float64Array
  #groupTime = 1

  constructor(bytes: number, warps: number) {
    super(bytes)
    this.bytes.fill(0xa5)
    this.#writer = new Int32Array(bytes / 4).fill(NOBODY)
    this.#writtenAt = new Float64Array(bytes / 4)
    this.#reader = new Int32Array(bytes / 4).fill(NOBODY)
    this.#readAt = new Float64Array(bytes / 4)
    this.#warpTime = new Float64Array(warps).fill(1)
  }

  groupWaited(): void {
    this.#groupTime = Math.max(this.#groupTime, ...this.#warpTime) + 1
    this.#warpTime.fill(this.#groupTime)
  }

  warpWaited(warp: number): void {
    this.#warpTime[warp] = (this.#warpTime[warp] as number) + 1
  }

  read(thread: number, at: number, bytes: number): void {
    this.#check(at, bytes)
    for (let word = at >> 2; word < (at + bytes) >> 2; word++) {
      this.#after(word, this.#writer[word] as number, this.#writtenAt[word] as number, thread)
      const other = this.#reader[word] as number
      const isAlone = other === NOBODY || other === thread || (this.#readAt[word] as number) < this.#groupTime
      this.#reader[word] = isAlone ? thread : isOf(other, thread >> 5) ? WARP - (thread >> 5) : MANY
      this.#readAt[word] = this.#warpTime[thread >> 5] as number
    }
  }

  write(thread: number, at: number, bytes: number): void {
    this.#check(at, bytes)
    for (let word = at >> 2; word < (at + bytes + 3) >> 2; word++) {
      this.#after(word, this.#writer[word] as number, this.#writtenAt[word] as number, thread)
      this.#after(word, this.#reader[word] as number, this.#readAt[word] as number, thread)
      this.#writer[word] = thread
      this.#writtenAt[word] = this.#warpTime[thread >> 5] as number
      this.#reader[word] = NOBODY
    }
  }

  #check(at: number, bytes: number): void {
    if (at < 0 || at + bytes > this.bytes.length) throw new Error(`${bytes} shared bytes at ${at} are not there`)
    if (at % Math.min(bytes, 16) !== 0) throw new Error(`shared address ${at} is not aligned to ${bytes} bytes`)
  }

  /** Throws unless `thread` waited since `other` touched the word. */
  #after(word: number, other: number, when: number, thread: number): void {
    if (other === NOBODY || other === thread || when < this.#groupTime) return
    const warp = thread >> 5
    if (isOf(other, warp) && when < (this.#warpTime[warp] as number)) return
    throw new Error(`thread ${thread} touches shared word ${word}, which another touched, and nothing waits between them`)
  }
}

const NOBODY = -1
const MANY = -2
/** Less a warp's number: several of its threads. */
const WARP = -3

const isOf = (other: number, warp: number): boolean => (other >= 0 ? other >> 5 === warp : other === WARP - warp)
