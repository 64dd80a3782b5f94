/**
 * The arithmetic of a challenge: integers mod 2³² and sums that a float holds exactly, so that every processor gives the same
 * answer. `node/src/meter/shaders.ts` says the same to a card.
 */

export const WORDS_PER_LINE = 16
export const LINE_BYTES = 64
/** "expand 32-byte k", as RFC 8439 begins its blocks. */
const CONSTANTS = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574] as const

/** The words of a 32-byte seed, little-endian as ChaCha reads a key. */
export function seedWords(seed: Uint8Array): Uint32Array {
  const view = new DataView(seed.buffer, seed.byteOffset, seed.byteLength)
  return Uint32Array.from({ length: 8 }, (_, i) => view.getUint32(4 * i, true))
}

/** Spreads a word over all its bits: MurmurHash3's finalizer (github.com/aappleby/smhasher). Unsigned. */
export function mix(word: number): number {
  let h = word
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** Whether a result is reported: one in `among`, a power of two, by `salt`. */
export const isPicked = (result: number, salt: number, among: number): boolean => (mix(result ^ salt) & (among - 1)) === 0

/**
 * Positions of the results to report, ascending. A card has four million, and they are gone through while a challenger's clock runs: through a
 * function that is given, and another for each stage, it took up to ten times as long.
 */
export function sift(results: Uint32Array, salt: number, among: number): number[] {
  const ids: number[] = []
  for (let id = 0; id < results.length; id++) if (isPicked(results[id] as number, salt, among)) ids.push(id)
  return ids
}

const state = new Int32Array(WORDS_PER_LINE)

/**
 * Writes line `counter` of the memory that `key` fills into `out` at word `at`: ChaCha's block function (RFC 8439 section 2.3)
 * with `rounds` double rounds instead of 10 and `region` in its nonce. It is long on purpose: working a line out must cost far more than
 * reading it, and what is not kept whole must be worked out whole.
 */
export function line(
  key: Uint32Array,
  counter: number,
  region: number,
  rounds: number,
  out: Uint32Array | Int32Array,
  at: number,
): void {
  const x = state
  for (let i = 0; i < 4; i++) x[i] = CONSTANTS[i] as number
  for (let i = 0; i < 8; i++) x[4 + i] = key[i] as number
  x[12] = counter
  x[13] = region
  x[14] = 0
  x[15] = 0
  mixColumns(x, rounds)
  for (let i = 0; i < 4; i++) out[at + i] = ((x[i] as number) + (CONSTANTS[i] as number)) | 0
  for (let i = 0; i < 8; i++) out[at + 4 + i] = ((x[4 + i] as number) + (key[i] as number)) | 0
  out[at + 12] = ((x[12] as number) + counter) | 0
  out[at + 13] = ((x[13] as number) + region) | 0
  out[at + 14] = x[14] as number
  out[at + 15] = x[15] as number
}

function mixColumns(x: Int32Array, rounds: number): void {
  for (let round = 0; round < rounds; round++) {
    quarter(x, 0, 4, 8, 12)
    quarter(x, 1, 5, 9, 13)
    quarter(x, 2, 6, 10, 14)
    quarter(x, 3, 7, 11, 15)
    quarter(x, 0, 5, 10, 15)
    quarter(x, 1, 6, 11, 12)
    quarter(x, 2, 7, 8, 13)
    quarter(x, 3, 4, 9, 14)
  }
}

function quarter(x: Int32Array, ia: number, ib: number, ic: number, id: number): void {
  let a = x[ia] as number
  let b = x[ib] as number
  let c = x[ic] as number
  let d = x[id] as number
  a = (a + b) | 0
  d ^= a
  d = (d << 16) | (d >>> 16)
  c = (c + d) | 0
  b ^= c
  b = (b << 12) | (b >>> 20)
  a = (a + b) | 0
  d ^= a
  d = (d << 8) | (d >>> 24)
  c = (c + d) | 0
  b ^= c
  b = (b << 7) | (b >>> 25)
  x[ia] = a
  x[ib] = b
  x[ic] = c
  x[id] = d
}
