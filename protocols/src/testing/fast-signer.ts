import type { Signer } from '../ports/signer.ts'
import { equalBytes } from '../wire/bytes.ts'

/** Odd constants with well-spread bits: those of MurmurHash3 and of its finaliser (A. Appleby, 2011). */
const WORD = { before: 0xcc9e2d51, after: 0x1b873593 } as const
const LAST = { first: 0x85ebca6b, second: 0xc2b2ae35 } as const
const LANES = 8

/**
 * A stand-in for Ed25519 and SHA-256 for simulations of many peers, some thirty times cheaper than SHA-256 in JavaScript. It
 * is no cryptography: anybody can forge it, and messages that collide can be made. Distinct messages of honest and of modelled
 * dishonest peers get distinct digests, as 256 well-mixed bits do, and that is all that a simulation asks of it. Where its
 * digests are compared with real ones, use `SimulatedSigner`.
 */
export class FastSigner implements Signer {
  readonly publicKey: Uint8Array

  constructor(seed: number) {
    this.publicKey = digest(Uint8Array.of(seed & 255, (seed >>> 8) & 255, (seed >>> 16) & 255, seed >>> 24), KEY_SEED)
  }

  sign(bytes: Uint8Array): Uint8Array {
    const half = digest(bytes, seedOf(this.publicKey))
    const signature = new Uint8Array(2 * half.length)
    signature.set(half)
    signature.set(half, half.length)
    return signature
  }

  verify(publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array): boolean {
    if (publicKey.length !== 32 || signature.length !== 64) return false
    const half = digest(bytes, seedOf(publicKey))
    return equalBytes(half, signature.subarray(0, 32)) && equalBytes(half, signature.subarray(32))
  }

  /** 32 bytes that take the place of SHA-256. */
  sha256(bytes: Uint8Array): Uint8Array {
    return digest(bytes, HASH_SEED)
  }
}

const KEY_SEED = 1
const HASH_SEED = 2

/** Two keys with one seed would sign alike; of a million peers' keys a few have, and nothing comes of it: ids hold the whole key. */
function seedOf(key: Uint8Array): number {
  let seed = key.length
  for (let i = 0; i < key.length; i += 4) seed = Math.imul(seed ^ wordAt(key, i), WORD.before) ^ (seed >>> 15)
  return seed
}

const lanes = new Int32Array(LANES)

/** Eight lanes of MurmurHash3's word mixing, taken in turn, and then each mixed into every other. */
function digest(bytes: Uint8Array, seed: number): Uint8Array {
  for (let lane = 0; lane < LANES; lane++) lanes[lane] = Math.imul(seed + lane, LAST.first)
  const { length } = bytes
  const whole = length & ~3
  let lane = 0
  for (let i = 0; i < whole; i += 4) {
    absorb(lane, wordAt(bytes, i))
    lane = (lane + 1) & (LANES - 1)
  }
  let rest = length
  for (let i = whole; i < length; i++) rest = (rest << 8) | (bytes[i] as number)
  absorb(lane, rest)
  absorb((lane + 1) & (LANES - 1), length)
  let carry = length
  for (let turn = 0; turn < 3 * LANES; turn++) {
    const at = turn & (LANES - 1)
    carry = finish((lanes[at] as number) + carry)
    lanes[at] = carry
  }
  const out = new Uint8Array(4 * LANES)
  for (let i = 0; i < out.length; i++) out[i] = (lanes[i >> 2] as number) >>> (8 * (i & 3))
  return out
}

function absorb(lane: number, word: number): void {
  const mixed = Math.imul(word, WORD.before)
  const joined = (lanes[lane] as number) ^ Math.imul((mixed << 15) | (mixed >>> 17), WORD.after)
  lanes[lane] = (Math.imul((joined << 13) | (joined >>> 19), 5) + 0xe6546b64) | 0
}

function finish(value: number): number {
  let mixed = value | 0
  mixed = Math.imul(mixed ^ (mixed >>> 16), LAST.first)
  mixed = Math.imul(mixed ^ (mixed >>> 13), LAST.second)
  return mixed ^ (mixed >>> 16)
}

const wordAt = (bytes: Uint8Array, at: number): number =>
  (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24)
