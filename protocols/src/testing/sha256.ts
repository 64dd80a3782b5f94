/**
 * SHA-256 (FIPS 180-4) with nothing allocated but the result: a run takes tens of millions of ids. Real peers hash natively;
 * protocols/ and simulator/ have no platform to ask.
 */
export function sha256(bytes: Uint8Array): Uint8Array {
  STATE.set(INITIAL)
  const { length } = bytes
  const rest = length & 63
  const whole = length - rest
  for (let at = 0; at < whole; at += 64) compress(bytes, at)
  LAST.fill(0)
  for (let i = 0; i < rest; i++) LAST[i] = bytes[whole + i] as number
  LAST[rest] = 0x80
  if (rest >= 56) {
    compress(LAST, 0)
    LAST.fill(0)
  }
  // The length in bits; messages are far shorter than 2^32 bytes.
  putWord(LAST, 56, Math.floor(length / 2 ** 29))
  putWord(LAST, 60, length << 3)
  compress(LAST, 0)
  const out = new Uint8Array(32)
  for (let i = 0; i < 8; i++) putWord(out, 4 * i, STATE[i] as number)
  return out
}

const ROUNDS = 64
/** Cube roots' and square roots' fractional bits of the first primes: FIPS 180-4, 4.2.2 and 5.3.3, computed in integers. */
const K = Int32Array.from(primes(ROUNDS), (prime) => rootBits(prime, 3n))
const INITIAL = Int32Array.from(primes(8), (prime) => rootBits(prime, 2n))
const STATE = new Int32Array(8)
const W = new Int32Array(ROUNDS)
/** The last block, or the last two in turn. */
const LAST = new Uint8Array(64)

function compress(bytes: Uint8Array, at: number): void {
  for (let i = 0, j = at; i < 16; i++, j += 4) {
    W[i] =
      ((bytes[j] as number) << 24) | ((bytes[j + 1] as number) << 16) | ((bytes[j + 2] as number) << 8) | (bytes[j + 3] as number)
  }
  for (let i = 16; i < ROUNDS; i++) {
    const x = W[i - 15] as number
    const y = W[i - 2] as number
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)
    W[i] = ((W[i - 16] as number) + s0 + (W[i - 7] as number) + s1) | 0
  }
  let a = STATE[0] as number
  let b = STATE[1] as number
  let c = STATE[2] as number
  let d = STATE[3] as number
  let e = STATE[4] as number
  let f = STATE[5] as number
  let g = STATE[6] as number
  let h = STATE[7] as number
  for (let i = 0; i < ROUNDS; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (K[i] as number) + (W[i] as number)) | 0
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + t2) | 0
  }
  STATE[0] = (STATE[0] as number) + a
  STATE[1] = (STATE[1] as number) + b
  STATE[2] = (STATE[2] as number) + c
  STATE[3] = (STATE[3] as number) + d
  STATE[4] = (STATE[4] as number) + e
  STATE[5] = (STATE[5] as number) + f
  STATE[6] = (STATE[6] as number) + g
  STATE[7] = (STATE[7] as number) + h
}

function putWord(bytes: Uint8Array, at: number, word: number): void {
  bytes[at] = word >>> 24
  bytes[at + 1] = word >>> 16
  bytes[at + 2] = word >>> 8
  bytes[at + 3] = word
}

function primes(count: number): bigint[] {
  const found: bigint[] = []
  for (let n = 2n; found.length < count; n++) if (found.every((prime) => n % prime !== 0n)) found.push(n)
  return found
}

/** The first 32 fractional bits of n^(1/power): the integer root of n·2^(32·power), low word. */
function rootBits(n: bigint, power: bigint): number {
  const scaled = n << (32n * power)
  let low = 0n
  let high = 1n << 40n
  while (low + 1n < high) {
    const middle = (low + high) / 2n
    if (middle ** power <= scaled) low = middle
    else high = middle
  }
  return Number(BigInt.asIntN(32, low))
}
