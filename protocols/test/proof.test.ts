import { jobId, leaseId, messageId, micros } from '@weft/protocols'
import { decodeProof, type EquivocationProof, encodeProof, KEYS, verifyProof } from '@weft/protocols/core'
import type { Signer } from '@weft/protocols/ports'
import { SimulatedMesh, SimulatedSigner, someCapacity, someOrder, someRequest } from '@weft/protocols/testing'
import { CODECS, type Codec, Envelopes, type MessageKind, type Messages, type Sealed } from '@weft/protocols/wire'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { alice, bob } from './ed25519.ts'
import { SAMPLES } from './samples.ts'
import { rentFrom, sellTo, stranger } from './stranger.ts'

// Alice rents, Bob provides.
const envelopes = new Envelopes('proven', alice)
const seal = <Kind extends MessageKind>(kind: Kind, value: Messages[Kind], signer: Signer): Sealed =>
  envelopes.seal(CODECS[kind] as Codec<Messages[Kind]>, value, signer)

const award = seal('award', SAMPLES.award, alice)
const lease = leaseId(award.id)
const receipt = (set: Partial<Messages['receipt']> = {}, signer: Signer = bob) =>
  seal('receipt', { ...SAMPLES.receipt, leaseId: lease, ...set }, signer)
const answer = (set: Partial<Messages['countersignature']> = {}, signer: Signer = alice) =>
  seal('countersignature', { ...SAMPLES.countersignature, leaseId: lease, ...set }, signer)
const proof = (first: Sealed, second: Sealed, of = award): EquivocationProof => ({
  award: of.bytes,
  first: first.bytes,
  second: second.bytes,
})

test('two receipts with one number prove that the provider equivocated', () => {
  const found = verifyProof(proof(receipt(), receipt({ logBytes: 78 })), envelopes)
  expect(found).toMatchObject({ leaseId: lease, seq: 2, role: 'provider', by: SAMPLES.award.provider })
})

test('two verdicts on one receipt, or on two with one number, prove that the renter did', () => {
  expect(verifyProof(proof(answer(), answer({ accepted: true, objection: undefined })), envelopes).role).toBe('renter')
  const other = receipt({ logBytes: 78 }).id
  expect(verifyProof(proof(answer(), answer({ receiptId: other })), envelopes).role).toBe('renter')
})

test.each<[string, EquivocationProof]>([
  ['the same document twice', proof(receipt(), receipt())],
  ['another number', proof(receipt(), receipt({ seq: 3 }))],
  ['a permit of another length', proof(answer(), answer({ permitMs: 1 }))],
  ['receipts that the renter signed for itself', proof(receipt({}, alice), receipt({ logBytes: 78 }, alice))],
  ['verdicts that the provider signed', proof(answer({}, bob), answer({ accepted: true, objection: undefined }, bob))],
  ['documents of two signers', proof(receipt(), receipt({ logBytes: 78 }, alice))],
  ['a receipt and an answer', proof(receipt(), answer())],
  [
    'another lease',
    proof(receipt(), receipt({ logBytes: 78 }), seal('award', { ...SAMPLES.award, nonce: new Uint8Array(16) }, alice)),
  ],
  ['a release for an award', proof(receipt(), receipt({ logBytes: 78 }), seal('release', SAMPLES.release, alice))],
  ['orders for receipts', proof(seal('order', someOrder(), bob), seal('order', someOrder({ round: 1 }), bob))],
])('%s proves nothing', (_name, claim) => {
  expect(() => verifyProof(claim, envelopes)).toThrow(expect.objectContaining({ code: 'NO_PROOF' }))
})

test('a proof is read back as it was written, and any flipped bit of it proves nothing', () => {
  const whole = proof(receipt(), receipt({ logBytes: 78 }))
  const bytes = encodeProof(whole)
  expect(decodeProof(bytes)).toEqual(whole)
  for (let at = 0; at < bytes.length; at += 7) {
    const flipped = bytes.slice()
    flipped[at] = (flipped[at] ?? 0) ^ 1
    expect(() => verifyProof(decodeProof(flipped), envelopes)).toThrow()
  }
})

test('arbitrary bytes, and more than a proof can have, are refused with a WireError', () => {
  expect(() => decodeProof(new Uint8Array(20_000))).toThrow(expect.objectContaining({ code: 'TOO_LONG' }))
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        decodeProof(bytes)
      } catch (error) {
        expect(error).toMatchObject({ name: 'WireError' })
      }
    }),
  )
})

test('a provider that forks its chain is proven to, and has no more bids looked at', async () => {
  const mesh = new SimulatedMesh()
  const renter = await mesh.add()
  const forker = stranger(mesh, 82)
  const forked = await sellTo(mesh, forker, renter.id, () => renter.host.submit(someRequest({ attemptsMax: 1 })))
  const value = { ...SAMPLES.receipt, leaseId: forked, seq: 1, prevHash: '', kind: 'interval' as const, final: undefined }
  const first = { ...value, runMs: 0, pausedMs: 0, egressBytes: 0, amount: micros(0n) }
  for (const logBytes of [1, 2]) forker.say(renter.id, 'receipt', { ...first, logBytes })
  await mesh.time.run(mesh.time.nowMs + 100)
  const stored = await renter.store.get(KEYS.proof(forked, 1))
  const open = new Envelopes('test', new SimulatedSigner(0))
  expect(verifyProof(decodeProof(stored ?? new Uint8Array(0)), open)).toMatchObject({ by: forker.id, role: 'provider' })
  expect(renter.notes).toContainEqual(expect.objectContaining({ type: 'equivocation', by: forker.id }))
  await renter.restart()
  await renter.host.submit({ ...someRequest(), jobId: jobId('11'.repeat(16)) })
  const ordered = renter.notes.filter((note) => note.type === 'ordered').at(-1)
  const bid = { prices: someCapacity().prices, firm: false, validMs: 30_000, startInMs: 0, region: '' }
  const bids = () => renter.notes.filter(({ type }) => type === 'bid').length
  const before = bids()
  for (const seller of [forker, stranger(mesh, 83)]) {
    seller.say(renter.id, 'bid', { ...bid, orderId: ordered?.orderId ?? messageId('') })
    await mesh.time.run(mesh.time.nowMs + 50)
    expect(bids()).toBe(seller === forker ? before : before + 1)
  }
})

test('a renter that takes its word back is proven to', async () => {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity: someCapacity() }, { runMs: 60_000 })
  const renter = stranger(mesh, 77)
  const id = await rentFrom(mesh, renter, provider.id)
  await mesh.time.run(mesh.time.nowMs + 11_000)
  const claim = renter.last('receipt')
  if (claim === undefined) throw new Error('the provider sent no receipt')
  const verdict = { leaseId: id, seq: 1, receiptId: claim.id, permitMs: 40_000 }
  renter.say(provider.id, 'countersignature', { ...verdict, accepted: true, objection: undefined })
  renter.say(provider.id, 'countersignature', { ...verdict, accepted: true, objection: undefined, permitMs: 39_000 })
  await mesh.time.run(mesh.time.nowMs + 100)
  expect(await provider.store.get(KEYS.proof(id, 1))).toBeUndefined()
  renter.say(provider.id, 'countersignature', {
    ...verdict,
    accepted: false,
    objection: { reason: 'amount', runMs: 0, acceptedSeq: 0 },
    permitMs: 0,
  })
  await mesh.time.run(mesh.time.nowMs + 100)
  const stored = (await provider.store.get(KEYS.proof(id, 1))) ?? new Uint8Array(0)
  const open = new Envelopes('test', new SimulatedSigner(0))
  expect(verifyProof(decodeProof(stored), open)).toMatchObject({ by: renter.id, role: 'renter' })
})
