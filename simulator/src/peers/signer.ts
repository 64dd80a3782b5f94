import type { Signer } from '@weft/protocols/ports'
import { sha256 } from '@weft/protocols/testing'

/** Takes the processor time of a signature on behalf of a peer; µs. */
export interface Busy {
  charge(peer: number, us: number): void
}

/**
 * Signs `bytes` with a real key and verifies that again; false if either failed. Called for a sample of all signatures, so
 * that a run shows that what its peers sign can be signed.
 */
export type SignSample = (bytes: Uint8Array) => boolean

/** Ed25519 in node:crypto (OpenSSL 3.5), measured on the 2-core test machine: µs per signature and per verification. */
export const SIGN_US = 49
export const VERIFY_US = 124
/** One signature in so many is also made and verified for real. */
export const SAMPLE_EVERY = 1_024

const KEY_BYTES = 32
const KEY_WORDS = KEY_BYTES / 4
const KEY_SEED = 0x9e3779b9
const SIGNATURE_BYTES = 64
const SIGNATURE_WORDS = SIGNATURE_BYTES / 4

/**
 * A stand-in for Ed25519: a signature is a fast keyed hash of the message. Everybody could forge it, nobody in the simulator
 * does but where a byzantine role says so. Key and message determine it in every byte, as with Ed25519 (RFC 8032).
 */
export class SimulatedSigner implements Signer {
  readonly #keys: Keys
  readonly #peer: number

  constructor(keys: Keys, peer: number) {
    this.#keys = keys
    this.#peer = peer
  }

  get publicKey(): Uint8Array {
    return this.#keys.publicKey(this.#peer)
  }

  sign(bytes: Uint8Array): Uint8Array {
    return this.#keys.sign(this.#peer, bytes)
  }

  verify(publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array): boolean {
    this.#keys.busy.charge(this.#peer, VERIFY_US)
    return this.#keys.verify(publicKey, bytes, signature)
  }

  sha256(bytes: Uint8Array): Uint8Array {
    return sha256(bytes)
  }
}

/** The keys of all peers. It verifies for all of them at once, charging nobody: whoever delivers a message charges its receiver. */
export class Keys {
  readonly busy: Busy
  readonly #seed: number
  readonly #sample: SignSample | undefined
  /** Whoever seals a message asks for its key, and then signs with it. */
  #last: { peer: number; key: Uint8Array; hash: number } = { peer: -1, key: new Uint8Array(KEY_BYTES), hash: 0 }
  /** Signatures made, and how many of them for real as well. */
  signatures = 0
  sampled = 0
  /** Real signatures that did not verify: must stay 0. */
  sampleFailures = 0

  constructor(init: { seed: number; busy: Busy; signSample: SignSample | undefined }) {
    this.busy = init.busy
    this.#seed = init.seed
    this.#sample = init.signSample
  }

  /** Not to be changed. */
  publicKey(peer: number): Uint8Array {
    if (peer !== this.#last.peer) {
      const key = fastHash(this.#seedOf(peer), KEY_SEED, KEY_WORDS)
      this.#last = { peer, key, hash: hash32(key, 0) }
    }
    return this.#last.key
  }

  isKeyOf(peer: number, key: Uint8Array): boolean {
    return key.length === KEY_BYTES && isFastHash(key, this.#seedOf(peer), KEY_SEED)
  }

  sign(peer: number, bytes: Uint8Array): Uint8Array {
    this.busy.charge(peer, SIGN_US)
    this.signatures += 1
    if (this.#sample !== undefined && this.signatures % SAMPLE_EVERY === 1) {
      this.sampled += 1
      if (!this.#sample(bytes)) this.sampleFailures += 1
    }
    this.publicKey(peer)
    return fastHash(bytes, this.#last.hash, SIGNATURE_WORDS)
  }

  verify(publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array): boolean {
    if (publicKey.length !== KEY_BYTES || signature.length !== SIGNATURE_BYTES) return false
    return isFastHash(signature, bytes, hash32(publicKey, 0))
  }

  sha256(bytes: Uint8Array): Uint8Array {
    return sha256(bytes)
  }

  /** What the peer's key is the hash of: good until the next call. */
  #seedOf(peer: number): Uint8Array {
    writeWord(SEED_BYTES, 0, this.#seed)
    writeWord(SEED_BYTES, 4, peer)
    return SEED_BYTES
  }
}

const SEED_BYTES = new Uint8Array(8)

function writeWord(bytes: Uint8Array, at: number, word: number): void {
  bytes[at] = word
  bytes[at + 1] = word >>> 8
  bytes[at + 2] = word >>> 16
  bytes[at + 3] = word >>> 24
}

function readWord(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  )
}

/** `words` · 4 bytes that every byte of the message and the key determine: MurmurHash3 twice, then its finaliser as a counter. */
function fastHash(bytes: Uint8Array, key: number, words: number): Uint8Array {
  const low = hash32(bytes, key)
  const high = hash32(bytes, ~key)
  const out = new Uint8Array(words * 4)
  for (let i = 0; i < words; i++) writeWord(out, 4 * i, wordOf(low, high, i))
  return out
}

/** Whether `hash` is what `fastHash` gives, which is not made for that. */
function isFastHash(hash: Uint8Array, bytes: Uint8Array, key: number): boolean {
  const low = hash32(bytes, key)
  const high = hash32(bytes, ~key)
  for (let at = 0; at < hash.length; at += 4) if (readWord(hash, at) !== wordOf(low, high, at >> 2)) return false
  return true
}

const wordOf = (low: number, high: number, i: number): number =>
  mix(low + Math.imul(i + 1, 0x9e3779b1)) ^ mix(high ^ Math.imul(i + 1, 0x85ebca77))

/** MurmurHash3_x86_32 (A. Appleby, public domain). */
export function hash32(bytes: Uint8Array, seed: number): number {
  let hash = seed | 0
  const whole = bytes.length & ~3
  for (let i = 0; i < whole; i += 4) {
    hash ^= scramble(readWord(bytes, i))
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0
  }
  let rest = 0
  for (let i = bytes.length - 1; i >= whole; i--) rest = (rest << 8) | (bytes[i] as number)
  return mix(hash ^ scramble(rest) ^ bytes.length)
}

function scramble(word: number): number {
  const k = Math.imul(word, 0xcc9e2d51)
  return Math.imul((k << 15) | (k >>> 17), 0x1b873593)
}

export function mix(word: number): number {
  let h = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
