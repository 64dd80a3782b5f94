/** SHA-256 (FIPS 180-4) for the simulated signer: protocols/ has no platform to ask. Real peers hash natively. */

const ROUNDS = 64
/** Cube roots' and square roots' fractional bits of the first primes: FIPS 180-4, 4.2.2 and 5.3.3, computed in integers. */
const K = primes(ROUNDS).map((prime) => rootBits(prime, 3n))
const H = primes(8).map((prime) => rootBits(prime, 2n))

export function sha256(bytes: Uint8Array): Uint8Array {
  const blocks = padded(bytes)
  const view = new DataView(blocks.buffer)
  const hash = Uint32Array.from(H)
  const w = new Uint32Array(ROUNDS)
  for (let at = 0; at < blocks.length; at += 64) {
    for (let i = 0; i < 16; i++) w[i] = view.getUint32(at + 4 * i)
    for (let i = 16; i < ROUNDS; i++) {
      const a = w[i - 15] as number
      const b = w[i - 2] as number
      const s0 = rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3)
      const s1 = rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10)
      w[i] = (w[i - 16] as number) + s0 + (w[i - 7] as number) + s1
    }
    compress(hash, w)
  }
  const out = new DataView(new ArrayBuffer(32))
  hash.forEach((word, i) => {
    out.setUint32(4 * i, word)
  })
  return new Uint8Array(out.buffer)
}

function compress(hash: Uint32Array, w: Uint32Array): void {
  let [a, b, c, d, e, f, g, h] = hash as unknown as [number, number, number, number, number, number, number, number]
  for (let i = 0; i < ROUNDS; i++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (K[i] as number) + (w[i] as number)) >>> 0
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) >>> 0
    h = g
    g = f
    f = e
    e = (d + t1) >>> 0
    d = c
    c = b
    b = a
    a = (t1 + t2) >>> 0
  }
  const worked = [a, b, c, d, e, f, g, h]
  worked.forEach((word, i) => {
    hash[i] = (hash[i] as number) + word
  })
}

const rotate = (word: number, by: number): number => (word >>> by) | (word << (32 - by))

function padded(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const blocks = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64)
  blocks.set(bytes)
  blocks[bytes.length] = 0x80
  new DataView(blocks.buffer).setBigUint64(blocks.length - 8, BigInt(bytes.length) * 8n)
  return blocks
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
  return Number(low & 0xffffffffn)
}
