import { FastSigner, someOrder } from '@weft/protocols/testing'
import { audienceHash, audiencePart, MessageOpener, orderCodec, peerIdOf } from '@weft/protocols/wire'
import { expect, test } from 'vitest'

/** A signer that counts what it is asked to verify. */
class CountingSigner extends FastSigner {
  verified = 0
  override verify(publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array): boolean {
    this.verified += 1
    return super.verify(publicKey, bytes, signature)
  }
}

const sealed = (signer: FastSigner, nonce = 0) =>
  new MessageOpener('test', signer).envelopes.seal(orderCodec, someOrder({ nonce: new Uint8Array(16).fill(nonce) }), signer).bytes

test('the same array, and other arrays with the same bytes, are verified once', () => {
  const signer = new CountingSigner(1)
  const opener = new MessageOpener('test', signer)
  const bytes = sealed(signer)
  const first = opener.open(bytes)
  expect(first).toMatchObject({ kind: 'order', from: peerIdOf(signer.publicKey) })
  expect(opener.open(bytes)).toBe(first)
  expect(opener.open(bytes.slice())).toBe(first)
  expect(signer.verified).toBe(1)
})

test('a bad message is judged once too, and a message that differs in one byte is another', () => {
  const signer = new CountingSigner(1)
  const opener = new MessageOpener('test', signer)
  const bytes = sealed(signer)
  opener.open(bytes)
  // Its end, which tells messages apart, is the same; its nonce is not.
  const forged = bytes.map((byte, i) => (i === 70 ? byte ^ 1 : byte))
  const error = opener.open(forged)
  expect(error).toBeInstanceOf(Error)
  expect(opener.open(forged)).toBe(error)
  expect(signer.verified).toBe(2)
})

test('no more than the given number of messages is remembered', () => {
  const signer = new CountingSigner(1)
  const opener = new MessageOpener('test', signer, { remembered: 4 })
  const all = Array.from({ length: 6 }, (_, nonce) => sealed(signer, nonce))
  for (const bytes of all) opener.open(bytes)
  expect(signer.verified).toBe(6)
  opener.open(all[0] as Uint8Array)
  expect(signer.verified).toBe(7)
  opener.open(all[5] as Uint8Array)
  expect(signer.verified).toBe(7)
})

test('places in audiences are uniform over peers for each order, and over orders for each peer', () => {
  const peers = Array.from({ length: 2_000 }, (_, i) => audiencePart(peerIdOf(new FastSigner(i + 1).publicKey)))
  const nonces = Array.from({ length: 2_000 }, (_, i) => new FastSigner(0).sha256(Uint8Array.of(i & 255, i >> 8)).slice(0, 16))
  const quarters = (places: readonly number[]) => {
    const counts = [0, 0, 0, 0]
    for (const place of places) counts[Math.floor(place / 2 ** 30)] = (counts[Math.floor(place / 2 ** 30)] ?? 0) + 1
    return counts
  }
  // 500 expected in each, standard deviation 19.4: five of those either way.
  for (const nonce of nonces.slice(0, 8))
    for (const count of quarters(peers.map((part) => audienceHash(nonce, part)))) expect(Math.abs(count - 500)).toBeLessThan(97)
  for (const part of peers.slice(0, 8))
    for (const count of quarters(nonces.map((nonce) => audienceHash(nonce, part)))) expect(Math.abs(count - 500)).toBeLessThan(97)
})
