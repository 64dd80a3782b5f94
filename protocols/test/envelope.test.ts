import { SignatureError, WireError } from '@weft/protocols'
import { CODECS, Envelopes, peerIdOf, weft } from '@weft/protocols/wire'
import { expect, test } from 'vitest'
import { alice, bob } from './ed25519.ts'
import { SAMPLES } from './samples.ts'

const envelopes = new Envelopes('one', alice)
const sealed = envelopes.seal(CODECS.release, SAMPLES.release, alice)
const reseal = (change: Partial<weft.Envelope.$Properties>): Uint8Array =>
  Uint8Array.from(weft.Envelope.encode({ ...weft.Envelope.decode(sealed.bytes), ...change }).finish())

test('an envelope opens to its signer and its bytes', () => {
  const opened = envelopes.open(sealed.bytes)
  expect(opened).toMatchObject({ from: peerIdOf(alice.publicKey), id: sealed.id, type: '/weft/release/1' })
})

test('a message larger than any before it is signed whole', () => {
  for (const length of [5_000, 20_000, 60_000]) {
    const bytes = envelopes.seal(CODECS.manifest, { ...SAMPLES.manifest, spec: new Uint8Array(length) }, alice).bytes
    expect(envelopes.open(bytes).from).toBe(peerIdOf(alice.publicKey))
  }
})

test('what is signed for one network counts in no other', () => {
  expect(() => new Envelopes('two', alice).open(sealed.bytes)).toThrow(SignatureError)
})

test('a signature over one type does not serve another', () => {
  expect(() => envelopes.open(reseal({ payloadType: new TextEncoder().encode('/weft/stop/1') }))).toThrow(SignatureError)
})

test('an envelope under another key is refused', () => {
  const key = weft.Envelope.decode(envelopes.seal(CODECS.release, SAMPLES.release, bob).bytes).publicKey
  expect(() => envelopes.open(reseal({ publicKey: key }))).toThrow(SignatureError)
})

test('a key that is not Ed25519 is refused', () => {
  expect(() => envelopes.open(reseal({ publicKey: new Uint8Array(37) }))).toThrow(expect.objectContaining({ code: 'BAD_KEY' }))
})

test('the same words by two signers, or on two networks, have different ids', () => {
  const ids = [
    sealed.id,
    envelopes.seal(CODECS.release, SAMPLES.release, bob).id,
    new Envelopes('two', alice).seal(CODECS.release, SAMPLES.release, alice).id,
  ]
  expect(new Set(ids).size).toBe(3)
})

test('garbage, nothing and too much are each refused', () => {
  for (const bytes of [new Uint8Array(0), Uint8Array.of(255, 255, 255), new Uint8Array(65 * 1024)]) {
    expect(() => envelopes.open(bytes)).toThrow(WireError)
  }
})
