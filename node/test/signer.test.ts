import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { signerCompliance } from '@weft/protocols/testing'
import { peerIdOf } from '@weft/protocols/wire'
import { describe, expect, test } from 'vitest'
import { createSigner, createVerifier } from '../src/signer.ts'

const seed = (byte: number) => new Uint8Array(32).fill(byte)
const hex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'))

describe('the signer complies with the port: it', () => {
  for (const compliance of signerCompliance) {
    test(compliance.name, () =>
      compliance.run(async () => ({
        subject: { signer: createSigner(seed(1)), other: createSigner(seed(2)) },
        close: async () => {},
      })),
    )
  }
})

// RFC 8032, section 7.1, tests 1 to 3.
const VECTORS = [
  {
    seed: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    key: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    message: '',
    signature:
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  },
  {
    seed: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    key: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    message: '72',
    signature:
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  },
  {
    seed: 'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    key: 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    message: 'af82',
    signature:
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  },
]

test.each(VECTORS)('signs as RFC 8032 does: message "$message"', ({ seed: text, key, message, signature }) => {
  const signer = createSigner(hex(text))
  expect(signer.publicKey).toEqual(hex(key))
  expect(signer.sign(hex(message))).toEqual(hex(signature))
  expect(createVerifier().verify(hex(key), hex(message), hex(signature))).toBe(true)
})

test("agrees with libp2p's own keys in both directions", async () => {
  const key = await generateKeyPair('Ed25519')
  const again = privateKeyFromProtobuf(privateKeyToProtobuf(key))
  const signer = createSigner(again.raw)
  const message = hex('c0ffee')
  expect(signer.publicKey).toEqual(key.publicKey.raw)
  expect(peerIdOf(signer.publicKey)).toBe(peerIdFromPrivateKey(key).toString())
  expect(await key.publicKey.verify(message, signer.sign(message))).toBe(true)
  expect(signer.verify(key.publicKey.raw, message, await key.sign(message))).toBe(true)
})

test('goes on verifying when far more keys pass by than it remembers', () => {
  const verifier = createVerifier()
  const signer = createSigner(seed(7))
  const signature = signer.sign(hex('01'))
  for (let i = 0; i < 5000; i++) {
    const stranger = createSigner(new Uint8Array(Buffer.from(i.toString(16).padStart(64, '0'), 'hex')))
    if (i % 500 === 0) expect(verifier.verify(signer.publicKey, hex('01'), signature)).toBe(true)
    verifier.verify(stranger.publicKey, hex('01'), signature)
  }
  expect(verifier.verify(signer.publicKey, hex('01'), signature)).toBe(true)
})

test('a verifier has no identity: signing is refused with what to do', () => {
  const verifier = createVerifier()
  expect(() => verifier.sign(hex('01'))).toThrow('weft init')
  expect(verifier.publicKey.length).toBe(0)
})
