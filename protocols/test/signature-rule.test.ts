import { readFileSync } from 'node:fs'
import { fromHex, isSmallOrder, verifySignature } from '@weft/protocols/wire'
import { expect, test } from 'vitest'
import { alice } from './ed25519.ts'

interface Vector {
  message: string
  pub_key: string
  signature: string
}

test('the twelve vectors of ed25519-speccheck are judged XXXVXXXXXXXX', () => {
  // Vectors: https://github.com/novifinancial/ed25519-speccheck, cases.json.
  const vectors = JSON.parse(readFileSync(new URL('vectors/ed25519-speccheck.json', import.meta.url), 'utf8')) as Vector[]
  const verdicts = vectors.map(({ message, pub_key, signature }) =>
    verifySignature(alice, fromHex(pub_key), fromHex(message), fromHex(signature)) ? 'V' : 'X',
  )
  expect(verdicts.join('')).toBe('XXXVXXXXXXXX')
})

test('the identity key, whose fixed signature fits every message, is refused even where the platform accepts it', () => {
  // OpenSSL 3.0 accepts it, 3.5.8 does not: the rule must not depend on which one a peer has.
  const lenient = { verify: () => true }
  const identity = new Uint8Array(32)
  identity[0] = 1
  const forged = new Uint8Array(64)
  forged[0] = 1
  const message = new TextEncoder().encode('pay the bearer')
  expect(verifySignature(lenient, identity, message, forged)).toBe(false)
})

test('small-order points are known in every encoding, with either sign bit', () => {
  const order8 = fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a')
  const signed = order8.slice()
  signed[31] = (signed[31] ?? 0) | 0x80
  expect(isSmallOrder(order8) && isSmallOrder(signed)).toBe(true)
  expect(isSmallOrder(alice.publicKey)).toBe(false)
})

test('an honest signature holds, and none of its 512 one-bit neighbours does', () => {
  const message = new TextEncoder().encode('hello')
  const signature = alice.sign(message)
  expect(verifySignature(alice, alice.publicKey, message, signature)).toBe(true)
  for (let bit = 0; bit < 512; bit++) {
    const flipped = signature.slice()
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    expect(verifySignature(alice, alice.publicKey, message, flipped)).toBe(false)
  }
})

test('a signature or key of the wrong length is refused, not an error', () => {
  expect(verifySignature(alice, alice.publicKey, new Uint8Array(0), new Uint8Array(63))).toBe(false)
  expect(verifySignature(alice, new Uint8Array(31), new Uint8Array(0), new Uint8Array(64))).toBe(false)
})
