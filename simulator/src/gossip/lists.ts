/** Longest list. A sybil that dials everybody has one entry per honest peer. */
const LENGTH_LOG_MAX = 26

/**
 * Many short lists of int32 in one growing array. Blocks have a power of two of entries; a list that outgrows its block moves
 * to one twice as large, and the old block serves the next list of that size.
 */
export class Lists {
  /** Entries of list `i` lie at `start[i] … start[i] + length[i] − 1`. All three arrays are replaced when they grow. */
  items: Int32Array
  start: Int32Array
  length: Int32Array
  #log: Int8Array
  #used = 0
  /** First free block of each size, −1: none; a free block's first entry names the next. */
  readonly #free = new Int32Array(LENGTH_LOG_MAX + 1).fill(-1)

  constructor(lists: number, items: number) {
    this.items = new Int32Array(items)
    this.start = new Int32Array(lists)
    this.length = new Int32Array(lists)
    this.#log = new Int8Array(lists).fill(-1)
  }

  /** Room for lists 0 … lists − 1. */
  reserve(lists: number): void {
    const size = this.start.length
    if (lists <= size) return
    const larger = Math.max(lists, size * 2, 16)
    this.start = grown(this.start, larger)
    this.length = grown(this.length, larger)
    const log = new Int8Array(larger).fill(-1)
    log.set(this.#log)
    this.#log = log
  }

  push(list: number, item: number): void {
    const length = this.length[list] as number
    const log = this.#log[list] as number
    if (log < 0 || length === 1 << log) this.#enlarge(list, log < 0 ? 1 : log + 1)
    this.items[(this.start[list] as number) + length] = item
    this.length[list] = length + 1
  }

  at(list: number, position: number): number {
    return this.items[(this.start[list] as number) + position] as number
  }

  indexOf(list: number, item: number): number {
    const start = this.start[list] as number
    const end = start + (this.length[list] as number)
    for (let i = start; i < end; i++) if (this.items[i] === item) return i - start
    return -1
  }

  /** The last entry takes the place of the one that goes. */
  removeAt(list: number, position: number): void {
    const start = this.start[list] as number
    const last = (this.length[list] as number) - 1
    this.items[start + position] = this.items[start + last] as number
    this.length[list] = last
  }

  remove(list: number, item: number): boolean {
    const position = this.indexOf(list, item)
    if (position < 0) return false
    this.removeAt(list, position)
    return true
  }

  /** Empties the list and gives its block back. */
  clear(list: number): void {
    const log = this.#log[list] as number
    if (log >= 0) this.#release(this.start[list] as number, log)
    this.#log[list] = -1
    this.length[list] = 0
  }

  #enlarge(list: number, log: number): void {
    if (log > LENGTH_LOG_MAX) throw new RangeError('a list of the gossip model outgrew 2^26 entries')
    const to = this.#allocate(log)
    const length = this.length[list] as number
    const from = this.start[list] as number
    this.items.copyWithin(to, from, from + length)
    const old = this.#log[list] as number
    if (old >= 0) this.#release(from, old)
    this.start[list] = to
    this.#log[list] = log
  }

  #allocate(log: number): number {
    const free = this.#free[log] as number
    if (free >= 0) {
      this.#free[log] = this.items[free] as number
      return free
    }
    const block = this.#used
    this.#used += 1 << log
    if (this.#used > this.items.length) this.items = grown(this.items, Math.max(this.#used, this.items.length * 2))
    return block
  }

  #release(block: number, log: number): void {
    this.items[block] = this.#free[log] as number
    this.#free[log] = block
  }
}

function grown(array: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer>
function grown(array: Int32Array, length: number): Int32Array
function grown(array: Int32Array, length: number): Int32Array {
  const larger = new Int32Array(length)
  larger.set(array)
  return larger
}

/** A list of lists that come and go: numbers of cleared ones are used again. */
export class ListPool extends Lists {
  readonly #unused: number[] = []
  #lists = 0

  constructor() {
    super(64, 1024)
  }

  take(): number {
    const list = this.#unused.pop()
    if (list !== undefined) return list
    this.reserve(this.#lists + 1)
    return this.#lists++
  }

  give(list: number): void {
    this.clear(list)
    this.#unused.push(list)
  }
}
