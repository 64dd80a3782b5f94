const CELL_BYTES = 64
/** A piece has 256 KiB; what is longer has one of its own. */
const CELL_BITS = 12
const PIECE_CELLS = 1 << CELL_BITS
/** The length of a value stands before it. */
const LENGTH_BYTES = 4

/**
 * Byte strings in a few large pieces of memory, each under a number: a typed array of its own takes longer to get than to fill, some
 * 250 bytes more, and the collector's time. For what is written by the hundred thousand and soon written over.
 */
export class Slab {
  readonly #pieces: Uint8Array[] = []
  /** The piece that is being filled, and its cells that were given out. */
  #newest = -1
  #filled = PIECE_CELLS
  /** Places given back, by how many cells they have. */
  readonly #free = new Map<number, number[]>()

  put(bytes: Uint8Array): number {
    const cells = cellsOf(bytes.length)
    const place = this.#free.get(cells)?.pop() ?? this.#take(cells)
    this.#write(place, bytes)
    return place
  }

  /** Writes over what is in `place`, there if as many cells hold it; returns where it is. */
  replace(place: number, bytes: Uint8Array): number {
    if (cellsOf(bytes.length) === cellsOf(this.#length(place))) {
      this.#write(place, bytes)
      return place
    }
    this.free(place)
    return this.put(bytes)
  }

  /** A copy. */
  get(place: number): Uint8Array {
    const from = startOf(place) + LENGTH_BYTES
    return this.#pieceOf(place).slice(from, from + this.#length(place))
  }

  /** The place may be given out again. */
  free(place: number): void {
    const cells = cellsOf(this.#length(place))
    const free = this.#free.get(cells)
    if (free === undefined) this.#free.set(cells, [place])
    else free.push(place)
  }

  #take(cells: number): number {
    if (cells > PIECE_CELLS) return (this.#pieces.push(new Uint8Array(cells * CELL_BYTES)) - 1) << CELL_BITS
    if (this.#filled + cells > PIECE_CELLS) {
      this.#newest = this.#pieces.push(new Uint8Array(PIECE_CELLS * CELL_BYTES)) - 1
      this.#filled = 0
    }
    const place = (this.#newest << CELL_BITS) | this.#filled
    this.#filled += cells
    return place
  }

  #write(place: number, bytes: Uint8Array): void {
    const piece = this.#pieceOf(place)
    const at = startOf(place)
    const { length } = bytes
    piece[at] = length
    piece[at + 1] = length >>> 8
    piece[at + 2] = length >>> 16
    piece[at + 3] = length >>> 24
    piece.set(bytes, at + LENGTH_BYTES)
  }

  #length(place: number): number {
    const piece = this.#pieceOf(place)
    const at = startOf(place)
    const [a, b, c, d] = [piece[at], piece[at + 1], piece[at + 2], piece[at + 3]] as [number, number, number, number]
    return a | (b << 8) | (c << 16) | (d << 24)
  }

  #pieceOf(place: number): Uint8Array {
    return this.#pieces[place >>> CELL_BITS] as Uint8Array
  }
}

const cellsOf = (length: number): number => Math.ceil((length + LENGTH_BYTES) / CELL_BYTES)
const startOf = (place: number): number => (place & (PIECE_CELLS - 1)) * CELL_BYTES
