import type { Memory } from './memory.ts'

/**
 * Fragments of `wmma` for 16 by 16 by 16, layouts of our own: no card says where a thread has what, so a program must work with any. `registers`: of a
 * fragment, each with a value for each of 32 threads.
 */
export type Registers = readonly (Int32Array | Float32Array)[]

const SIDE = 16
/** Which entry is the `half`th of register `register` of `lane`: an odd factor scatters them. */
const entryOf = (lane: number, register: number, half: number): number => ((lane * 8 + register * 2 + half) * 77) & 255
const sumOf = (lane: number, register: number): number => ((lane * 8 + register) * 91 + 5) & 255

/** Entries of two bytes, `stride` apart from line to line. */
export function load(to: Registers, lanes: number, memory: Memory, at: number, stride: number): void {
  for (let lane = 0; lane < 32; lane++) {
    to.forEach((register, i) => {
      // fp16 has twice the registers that it needs, and fills them twice, as cards of compute capability 7.0 do.
      const low = entryAt(memory, at, stride, entryOf(lane, i % 4, 0))
      const high = entryAt(memory, at, stride, entryOf(lane, i % 4, 1))
      register[lanes + lane] = low | (high << 16)
    })
  }
}

const entryAt = (memory: Memory, at: number, stride: number, entry: number): number =>
  memory.u16[at / 2 + (entry >> 4) * stride + (entry & 15)] as number

export function store(from: Registers, lanes: number, memory: Memory, at: number, stride: number): void {
  for (let lane = 0; lane < 32; lane++) {
    from.forEach((register, i) => {
      const entry = sumOf(lane, i)
      memory.f32[at / 4 + (entry >> 4) * stride + (entry & 15)] = register[lanes + lane] as number
    })
  }
}

const left = new Float32Array(SIDE * SIDE)
const right = new Float32Array(SIDE * SIDE)
const product = new Float32Array(SIDE * SIDE)

/** `to` = `a` (line by line) times `b` (column by column), and `sums`. */
export function multiply(to: Registers, a: Registers, b: Registers, sums: Registers, lanes: number, values: Float32Array): void {
  spread(left, a, lanes, values)
  spread(right, b, lanes, values)
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) {
      let sum = 0
      for (let k = 0; k < SIDE; k++) sum += (left[row * SIDE + k] as number) * (right[column * SIDE + k] as number)
      product[row * SIDE + column] = sum
    }
  }
  for (let lane = 0; lane < 32; lane++) {
    for (let i = 0; i < 8; i++) {
      const register = to[i] as Float32Array
      register[lanes + lane] = ((sums[i] as Float32Array)[lanes + lane] as number) + (product[sumOf(lane, i)] as number)
    }
  }
}

function spread(into: Float32Array, from: Registers, lanes: number, values: Float32Array): void {
  for (let i = 0; i < 4; i++) {
    for (let lane = 0; lane < 32; lane++) {
      const bits = (from[i] as Int32Array)[lanes + lane] as number
      into[entryOf(lane, i, 0)] = values[bits & 0xffff] as number
      into[entryOf(lane, i, 1)] = values[bits >>> 16] as number
    }
  }
}

const word = new Int32Array(1)
const float = new Float32Array(word.buffer)

/** What each number of 16 bits means. */
export const BF16 = Float32Array.from({ length: 65_536 }, (_, bits) => {
  word[0] = bits << 16
  return float[0] as number
})
export const FP16 = Float32Array.from({ length: 65_536 }, (_, bits) => {
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  const size = exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25)
  if (exponent === 31) return Number.NaN
  return bits & 0x8000 ? -size : size
})
