import type { Signer } from '../../ports/signer.ts'
import { ascii, type ComplianceCase, check, equal, using } from './case.ts'

/** Two signers with different keys. */
export interface SignerPair {
  signer: Signer
  other: Signer
}

const MESSAGE = ascii('the quick brown fox')

const flip = (bytes: Uint8Array, at: number): Uint8Array => bytes.map((byte, index) => (index === at ? byte ^ 1 : byte))
const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

export const signerCompliance: readonly ComplianceCase<SignerPair>[] = [
  {
    name: 'has a key of 32 bytes and signs with 64',
    run: (create) =>
      using(create, async ({ signer, other }) => {
        equal(signer.publicKey.length, 32, 'a public key is 32 bytes')
        equal(signer.sign(MESSAGE).length, 64, 'a signature is 64 bytes')
        check(hex(signer.publicKey) !== hex(other.publicKey), 'two signers have two keys')
      }),
  },
  {
    name: 'verifies its own signature and that of another',
    run: (create) =>
      using(create, async ({ signer, other }) => {
        check(signer.verify(signer.publicKey, MESSAGE, signer.sign(MESSAGE)), 'its own signature holds')
        check(signer.verify(other.publicKey, MESSAGE, other.sign(MESSAGE)), "another's signature holds")
        const empty = new Uint8Array(0)
        check(other.verify(signer.publicKey, empty, signer.sign(empty)), 'an empty message can be signed')
      }),
  },
  {
    name: 'signs the same bytes with the same signature',
    run: (create) =>
      using(create, async ({ signer }) => {
        equal(signer.sign(MESSAGE), signer.sign(MESSAGE), 'Ed25519 is deterministic (RFC 8032)')
        check(hex(signer.sign(MESSAGE)) !== hex(signer.sign(ascii('other'))), 'other bytes get another signature')
      }),
  },
  {
    name: 'refuses a signature with any part changed',
    run: (create) =>
      using(create, async ({ signer, other }) => {
        const signature = signer.sign(MESSAGE)
        for (let at = 0; at < 64; at += 7)
          check(!signer.verify(signer.publicKey, MESSAGE, flip(signature, at)), `byte ${at} of the signature counts`)
        for (let at = 0; at < MESSAGE.length; at += 3)
          check(!signer.verify(signer.publicKey, flip(MESSAGE, at), signature), `byte ${at} of the message counts`)
        check(!signer.verify(other.publicKey, MESSAGE, signature), 'the key counts')
      }),
  },
  {
    name: 'answers false, not an error, for keys and signatures of a wrong length',
    run: (create) =>
      using(create, async ({ signer }) => {
        const signature = signer.sign(MESSAGE)
        for (const length of [0, 1, 31, 33, 64])
          check(!signer.verify(new Uint8Array(length), MESSAGE, signature), `a key of ${length} bytes is none`)
        for (const length of [0, 1, 63, 65, 128])
          check(!signer.verify(signer.publicKey, MESSAGE, new Uint8Array(length)), `a signature of ${length} bytes is none`)
        check(!signer.verify(new Uint8Array(32).fill(0xff), MESSAGE, signature), 'bytes that are no point are no key')
      }),
  },
  {
    name: 'does not keep hold of the bytes it is given',
    run: (create) =>
      using(create, async ({ signer }) => {
        const message = ascii('mutable')
        const signature = signer.sign(message)
        message[0] = 0
        check(!signer.verify(signer.publicKey, message, signature), 'changed bytes no longer verify')
        check(signer.verify(signer.publicKey, ascii('mutable'), signature), 'the original ones do')
      }),
  },
  {
    name: 'hashes with SHA-256',
    run: (create) =>
      using(create, async ({ signer }) => {
        equal(
          hex(signer.sha256(ascii('abc'))),
          'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
          'FIPS 180-2, B.1',
        )
        equal(
          hex(signer.sha256(new Uint8Array(0))),
          'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
          'the empty message',
        )
      }),
  },
]
