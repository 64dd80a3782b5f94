import type { Range } from './memory.ts'
import { isPicked, mix, seedWords, sift } from './numbers.ts'
import { type Format, isFormat, MATRIX_SIZE as N, oneIn, type Task } from './task.ts'

/**
 * Entries of both factors: `(hash & mask) - offset`. Partial sums stay whole numbers that the format's accumulator holds exactly, in whatever
 * order: at most 1024 · 2048 · 8 = 2²⁴ in fp32; in fp16 with mean 256 and deviation 176, 2¹¹ being ten deviations away. fp32's left factor has
 * twelve bits, one more than TF32 and five more than int8, so that narrower units do not pass for fp32. bf16's has all nine bits that bf16 holds,
 * the sign among them, and its right one five: int8 and fp8 need two products for one, int4 six; sums, in fp32, are at most 1024 · 256 · 16 = 2²²,
 * which leaves matrix units two bits that they may drop. fp16 holds these entries too, and is as fast wherever there is bf16.
 */
const ENTRIES: Record<Format, { left: Entries; right: Entries }> = {
  fp32: { left: { mask: 4095, offset: 2048 }, right: { mask: 15, offset: 8 } },
  fp16: { left: { mask: 7, offset: 4 }, right: { mask: 7, offset: 4 } },
  bf16: { left: { mask: 511, offset: 256 }, right: { mask: 31, offset: 16 } },
}
interface Entries {
  mask: number
  offset: number
}

export const entriesOf = (format: Format): { left: Entries; right: Entries } => ENTRIES[format]

const formatOf = ({ stage }: Task): Format => (isFormat(stage) ? stage : 'fp32')

const entry = (word: number, index: number, { mask, offset }: Entries): number => (mix(index ^ word) & mask) - offset

/** The right factor, column after column, so that a product reads on. */
export function rightMatrix(task: Task): Float32Array {
  const word = seedWords(task.stageSeed)[3] as number
  const { right } = ENTRIES[formatOf(task)]
  const entries = new Float32Array(N * N)
  for (let i = 0; i < entries.length; i++) entries[i] = entry(word, i, right)
  return entries
}

const leftRow = new Float32Array(N)

/** What one row of the product comes to: every entry counts, wherever it stands. */
export function rowDigest(task: Task, row: number, right: Float32Array): number {
  const word = seedWords(task.stageSeed)[4] as number
  const { left } = ENTRIES[formatOf(task)]
  for (let i = 0; i < N; i++) leftRow[i] = entry(word, (Math.imul(row, N) + i) | 0, left)
  let digest = 0
  for (let column = 0; column < N; column++) {
    const sum = dot(right, column * N)
    digest = (digest + mix((sum | 0) ^ Math.imul(column, 0x9e3779b1))) | 0
  }
  return digest >>> 0
}

/** Of `leftRow` with a column; four sums side by side, so that none waits for the one before. */
function dot(right: Float32Array, from: number): number {
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  for (let i = 0; i < N; i += 4) {
    a += (leftRow[i] as number) * (right[from + i] as number)
    b += (leftRow[i + 1] as number) * (right[from + i + 1] as number)
    c += (leftRow[i + 2] as number) * (right[from + i + 2] as number)
    d += (leftRow[i + 3] as number) * (right[from + i + 3] as number)
  }
  return a + b + c + d
}

const saltOf = (stageKey: Uint32Array): number => stageKey[5] as number

/** Whether a row with this digest is reported. */
export const isRowKept = (stageKey: Uint32Array, digest: number, among: number): boolean =>
  isPicked(digest, saltOf(stageKey), among)

/** Those of all rows to report, ascending, by their digests. */
export const keptRows = (task: Task, digests: Uint32Array): number[] =>
  sift(digests, saltOf(seedWords(task.stageSeed)), oneIn(task))

/** Those of `rows` to report, ascending. @default all of them */
export function multiply(task: Task, rows: Range = { from: 0, to: task.rows }): number[] {
  const right = rightMatrix(task)
  const key = seedWords(task.stageSeed)
  const among = oneIn(task)
  const kept: number[] = []
  for (let row = rows.from; row < rows.to; row++) if (isRowKept(key, rowDigest(task, row, right), among)) kept.push(row)
  return kept
}

/** Multiplications and additions of a stage. */
export const operationsOf = ({ rows }: Pick<Task, 'rows'>): number => 2 * rows * N * N
