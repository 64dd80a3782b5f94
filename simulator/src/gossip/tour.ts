/** Sixteen numbers of 32 bits lie in one line of memory. */
const RUN_BITS = 4
/** From so many places on, about as many are visited within a millisecond, at the height of a message's way, as a run has. */
const MANY = 4096

/** Whether places next to each other are visited together. */
export const inRuns = (count: number): boolean => count >= MANY

/**
 * The places 0 to `count` − 1, each once, in an order that differs from tour to tour: start, start + stride, … modulo their number.
 * Many are visited in runs of sixteen, and it is the runs that have this order: what is read of one place is then at hand for the next,
 * where what is read by place lies in columns.
 */
export class Tour {
  readonly #count: number
  /** A run has two to the power of so many places. */
  readonly #bits: number
  readonly #runs: number
  readonly #stride: number
  #at: number

  /** Two draws of 32 bits. */
  constructor(count: number, strideDraw: number, startDraw: number) {
    this.#count = count
    this.#bits = inRuns(count) ? RUN_BITS : 0
    this.#runs = Math.ceil(count / 2 ** this.#bits)
    this.#stride = strideOf(this.#runs, strideDraw)
    this.#at = Math.floor(startDraw * 2 ** -32 * this.#runs) << this.#bits
  }

  /** The next place; after `count` of them they come again. */
  next(): number {
    const at = this.#at
    const after = at + 1
    const isInRun = (after >>> this.#bits) << this.#bits !== after && after < this.#count
    this.#at = isInRun ? after : this.#start((at >>> this.#bits) + this.#stride)
    return at
  }

  #start(run: number): number {
    return (run < this.#runs ? run : run - this.#runs) << this.#bits
  }
}

/** A step that visits all of `count` places: prime to it. Chosen by `draw` from the middle, where neighbours end up far apart. */
function strideOf(count: number, draw: number): number {
  if (count < 3) return 1
  let stride = 1 + Math.floor((draw * 2 ** -32 * 0.8 + 0.1) * (count - 1))
  while (commonDivisor(stride, count) !== 1) stride = stride + 1 < count ? stride + 1 : 1
  return stride
}

function commonDivisor(a: number, b: number): number {
  let [x, y] = [a, b]
  while (y !== 0) [x, y] = [y, x % y]
  return x
}
