import type { PeerIndex } from '../kernel/kernel.ts'

export const NO_CONNECTION = -1
/** Dialled: from its birth on, since what waits for the handshake is already on the books. Dead: one side has not noticed yet. */
export const ConnectionState = { free: 0, dialled: 1, dead: 2 } as const

const FIRST_CAPACITY = 64
const NUMBERS = ['openUs', 'directUs', 'usedUs', 'lastToHighUs', 'lastToLowUs'] as const
const INTEGERS = ['low', 'high', 'relay', 'generation', 'nextOfLow', 'nextOfHigh', 'previousOfLow', 'previousOfHigh'] as const
const BYTES = ['state', 'pinned'] as const
type Columns = Record<(typeof NUMBERS)[number], Float64Array> &
  Record<(typeof INTEGERS)[number], Int32Array> &
  Record<(typeof BYTES)[number], Uint8Array>

/**
 * Connections by unordered pair, in columns; only pairs that talk have a row. Each peer's rows hang on a list, since its end
 * ends them all. A row that is freed gets another generation, so that events about the old one know.
 */
export class ConnectionTable {
  columns: Columns = makeColumns(FIRST_CAPACITY)
  readonly #peers: number
  readonly #rowsMax: number
  readonly #rowOfPair = new Map<number, number>()
  readonly #free: number[] = []
  readonly #head: Int32Array
  readonly #count: Int32Array
  #rows = 0

  constructor(init: { peers: number; rowsMax: number }) {
    this.#peers = init.peers
    this.#rowsMax = init.rowsMax
    this.#head = new Int32Array(init.peers).fill(NO_CONNECTION)
    this.#count = new Int32Array(init.peers)
  }

  get size(): number {
    return this.#rowOfPair.size
  }

  countOf(peer: PeerIndex): number {
    return this.#count[peer] as number
  }

  find(a: PeerIndex, b: PeerIndex): number {
    return this.#rowOfPair.get(this.#pair(a, b)) ?? NO_CONNECTION
  }

  /** A new row for a pair that has none; NO_CONNECTION when the table is full. */
  add(a: PeerIndex, b: PeerIndex): number {
    const row = this.#free.pop() ?? this.#rows
    if (row >= this.#rowsMax) return NO_CONNECTION
    if (row === this.#rows) this.#rows++
    if (row >= this.columns.low.length) this.columns = makeColumns(Math.min(this.#rowsMax, row * 2), this.columns)
    const c = this.columns
    c.low[row] = Math.min(a, b)
    c.high[row] = Math.max(a, b)
    c.state[row] = ConnectionState.dialled
    c.pinned[row] = 0
    c.lastToHighUs[row] = 0
    c.lastToLowUs[row] = 0
    this.#rowOfPair.set(this.#pair(a, b), row)
    this.#hang(row, a)
    this.#hang(row, b)
    return row
  }

  remove(row: number): void {
    const c = this.columns
    const [low, high] = [c.low[row] as number, c.high[row] as number]
    this.#rowOfPair.delete(this.#pair(low, high))
    this.#unhang(row, low)
    this.#unhang(row, high)
    c.state[row] = ConnectionState.free
    c.generation[row] = (c.generation[row] as number) + 1
    this.#free.push(row)
  }

  other(row: number, peer: PeerIndex): PeerIndex {
    const low = this.columns.low[row] as number
    return low === peer ? (this.columns.high[row] as number) : low
  }

  /** The peer's rows, newest first; copied, since callers remove them. */
  rowsOf(peer: PeerIndex): number[] {
    const rows: number[] = []
    for (let row = this.#head[peer] as number; row !== NO_CONNECTION; row = this.#next(row, peer)) rows.push(row)
    return rows
  }

  #pair(a: PeerIndex, b: PeerIndex): number {
    return a < b ? a * this.#peers + b : b * this.#peers + a
  }

  #next(row: number, peer: PeerIndex): number {
    const c = this.columns
    return (c.low[row] === peer ? c.nextOfLow[row] : c.nextOfHigh[row]) as number
  }

  #link(row: number, peer: PeerIndex, end: 'next' | 'previous', value: number): void {
    const c = this.columns
    if (c.low[row] === peer) c[`${end}OfLow`][row] = value
    else c[`${end}OfHigh`][row] = value
  }

  #hang(row: number, peer: PeerIndex): void {
    const first = this.#head[peer] as number
    this.#link(row, peer, 'next', first)
    this.#link(row, peer, 'previous', NO_CONNECTION)
    if (first !== NO_CONNECTION) this.#link(first, peer, 'previous', row)
    this.#head[peer] = row
    this.#count[peer] = (this.#count[peer] as number) + 1
  }

  #unhang(row: number, peer: PeerIndex): void {
    const c = this.columns
    const next = this.#next(row, peer)
    const previous = (c.low[row] === peer ? c.previousOfLow[row] : c.previousOfHigh[row]) as number
    if (previous === NO_CONNECTION) this.#head[peer] = next
    else this.#link(previous, peer, 'next', next)
    if (next !== NO_CONNECTION) this.#link(next, peer, 'previous', previous)
    this.#count[peer] = (this.#count[peer] as number) - 1
  }
}

function makeColumns(capacity: number, old?: Columns): Columns {
  const columns: Record<string, Float64Array | Int32Array | Uint8Array> = {}
  const make = (name: string, column: Float64Array | Int32Array | Uint8Array) => {
    const before = (old as typeof columns | undefined)?.[name]
    if (before !== undefined) column.set(before)
    columns[name] = column
  }
  for (const name of NUMBERS) make(name, new Float64Array(capacity))
  for (const name of INTEGERS) make(name, new Int32Array(capacity))
  for (const name of BYTES) make(name, new Uint8Array(capacity))
  return columns as unknown as Columns
}
