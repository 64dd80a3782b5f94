// The books that tests of the audit look at: Alice rents, Bob provides, every document really signed.
import { type LeaseId, leaseId } from '@weft/protocols'
import { billOf, encodeBundle } from '@weft/protocols/core'
import type { Signer } from '@weft/protocols/ports'
import {
  type Award,
  CODECS,
  type Codec,
  type Countersignature,
  Envelopes,
  type MessageKind,
  type Messages,
  peerIdOf,
  type Receipt,
  type Sealed,
} from '@weft/protocols/wire'
import { alice, bob } from '../ed25519.ts'
import { SAMPLES } from '../samples.ts'

export const NETWORK = 'audited'
export const ALICE = peerIdOf(alice.publicKey)
export const BOB = peerIdOf(bob.publicKey)
const envelopes = new Envelopes(NETWORK, alice)

export const seal = <Kind extends MessageKind>(kind: Kind, value: Messages[Kind], signer: Signer): Sealed =>
  envelopes.seal(CODECS[kind] as Codec<Messages[Kind]>, value, signer)

/** One lease: its award and acceptance, and a way to make receipts and answers of it. */
export class Lease {
  readonly award: Sealed
  readonly terms: Award
  readonly id: LeaseId
  readonly acceptance: Sealed

  /** `nonce` tells leases apart. */
  constructor(nonce: number, set: Partial<Award> = {}) {
    this.terms = { ...SAMPLES.award, maxRunMs: 0, nonce: new Uint8Array(16).fill(nonce), ...set }
    this.award = seal('award', this.terms, alice)
    this.id = leaseId(this.award.id)
    this.acceptance = seal('acceptance', { leaseId: this.id }, bob)
  }

  receipt(seq: number, prev: Sealed | undefined, runMs: number, set: Partial<Receipt> = {}): Sealed {
    const value: Receipt = {
      ...SAMPLES.receipt,
      leaseId: this.id,
      seq,
      prevHash: prev?.id ?? '',
      kind: 'interval',
      runMs,
      pausedMs: 0,
      egressBytes: 0,
      amount: billOf(this.terms, { runMs, egressBytes: 0 }),
      logBytes: 0,
      final: undefined,
      ...set,
    }
    return seal('receipt', value, bob)
  }

  answer(seq: number, of: Sealed, set: Partial<Countersignature> = {}, signer: Signer = alice): Sealed {
    const accepted = set.accepted ?? true
    const objection = accepted ? undefined : ({ reason: 'amount', runMs: 0, acceptedSeq: 0 } as const)
    return seal('countersignature', { leaseId: this.id, seq, receiptId: of.id, accepted, objection, permitMs: 1, ...set }, signer)
  }

  /** The documents of a lease of `receipts` countersigned receipts, ten seconds each. */
  documents(receipts: number): Sealed[] {
    const all = [this.award, this.acceptance]
    let prev: Sealed | undefined
    for (let seq = 1; seq <= receipts; seq++) {
      const receipt = this.receipt(seq, prev, seq * 10_000)
      all.push(receipt, this.answer(seq, receipt))
      prev = receipt
    }
    return all
  }
}

export const bundleOf = (sealed: readonly Pick<Sealed, 'bytes'>[], exportedBy = '', network = NETWORK): Uint8Array =>
  encodeBundle({ network, exportedBy, envelopes: sealed.map(({ bytes }) => bytes) }, bob)
