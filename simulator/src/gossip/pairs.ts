/**
 * A hash table from pairs of int32 to small integers 0, 1, 2 …: rows of the caller's own columns. Linear probing over typed
 * arrays, because a million Map entries would cost 60 bytes and a pointer chase each.
 */
export class PairRows {
  #first: Int32Array
  #second: Int32Array
  /** Row + 1, 0: empty. */
  #row: Int32Array
  #mask: number
  #count = 0
  readonly #unused: number[] = []
  /** Rows handed out so far: columns need as many entries. */
  rows = 0

  constructor(slots = 64) {
    this.#first = new Int32Array(slots)
    this.#second = new Int32Array(slots)
    this.#row = new Int32Array(slots)
    this.#mask = slots - 1
  }

  get count(): number {
    return this.#count
  }

  /** −1: no such pair. */
  find(first: number, second: number): number {
    return (this.#row[this.#slot(first, second)] as number) - 1
  }

  /** The pair's row, a new one if need be. */
  add(first: number, second: number): number {
    let slot = this.#slot(first, second)
    if (this.#row[slot] !== 0) return (this.#row[slot] as number) - 1
    if (this.#count * 2 > this.#mask) {
      this.#enlarge()
      slot = this.#slot(first, second)
    }
    const row = this.#unused.pop() ?? this.rows++
    this.#first[slot] = first
    this.#second[slot] = second
    this.#row[slot] = row + 1
    this.#count++
    return row
  }

  remove(first: number, second: number): void {
    let hole = this.#slot(first, second)
    const row = this.#row[hole] as number
    if (row === 0) return
    this.#unused.push(row - 1)
    this.#count--
    // Entries behind the hole move up as far as their own place allows, so that no search ends too early.
    let next = hole
    for (;;) {
      next = (next + 1) & this.#mask
      if (this.#row[next] === 0) break
      const home = hash(this.#first[next] as number, this.#second[next] as number) & this.#mask
      if (((next - home) & this.#mask) < ((next - hole) & this.#mask)) continue
      this.#first[hole] = this.#first[next] as number
      this.#second[hole] = this.#second[next] as number
      this.#row[hole] = this.#row[next] as number
      hole = next
    }
    this.#row[hole] = 0
  }

  #slot(first: number, second: number): number {
    let slot = hash(first, second) & this.#mask
    while (this.#row[slot] !== 0 && (this.#first[slot] !== first || this.#second[slot] !== second)) slot = (slot + 1) & this.#mask
    return slot
  }

  #enlarge(): void {
    const [first, second, row] = [this.#first, this.#second, this.#row]
    const slots = (this.#mask + 1) * 2
    this.#first = new Int32Array(slots)
    this.#second = new Int32Array(slots)
    this.#row = new Int32Array(slots)
    this.#mask = slots - 1
    for (let i = 0; i < row.length; i++) {
      if (row[i] === 0) continue
      const slot = this.#slot(first[i] as number, second[i] as number)
      this.#first[slot] = first[i] as number
      this.#second[slot] = second[i] as number
      this.#row[slot] = row[i] as number
    }
  }
}

function hash(first: number, second: number): number {
  let mixed = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca77)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d)
  return mixed ^ (mixed >>> 13)
}

/** A copy of at least `length` entries. */
export function grownFloats(array: Float64Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> {
  if (length <= array.length) return array
  const larger = new Float64Array(Math.max(length, array.length * 2))
  larger.set(array)
  return larger
}
