/** A store full of old leases, with real documents: what a provider has after a year. */
import { createHash } from 'node:crypto'
import { createSigner } from '@weft/node'
import { leaseId, MS_PER_DAY } from '@weft/protocols'
import {
  type AccountEntry,
  billOf,
  dayOf,
  EMPTY_CHAIN,
  encodeRecord,
  extended,
  KEYS,
  newLease,
  type ProviderLease,
} from '@weft/protocols/core'
import type { Signer, Store, StoreOp } from '@weft/protocols/ports'
import { somePrices, someResources, someTerms } from '@weft/protocols/testing'
import { type Award, CODECS, Envelopes, peerIdOf, type Receipt } from '@weft/protocols/wire'

export interface OldLeases {
  leases: number
  /** Of each lease. */
  receipts: number
}

const BEGUN_MS = 1_800_000_000_000
const INTERVAL_MS = 10_000
/** A peer's state keeps so many of the leases that are over; of all others it has the documents alone. */
const KEPT = 1_000
const LONG_AGO = { monoMs: 0, wallMs: 0, era: '' }
/** Leases that are written at once. */
const BATCH = 200

const seed = (name: string): Uint8Array => createHash('sha256').update(name).digest()

/** `provider` owns the store; every fiftieth lease has another renter. */
export async function fillStore(store: Store, network: string, provider: Signer, { leases, receipts }: OldLeases): Promise<void> {
  const envelopes = new Envelopes(network, provider)
  const renters = Array.from({ length: 50 }, (_, i) => createSigner(seed(`renter ${i}`)))
  let ops: StoreOp[] = []
  for (let i = 0; i < leases; i++) {
    const renter = renters[i % renters.length] as Signer
    ops.push(
      ...leaseOps(envelopes, {
        provider,
        renter,
        nonce: seed(`lease ${i}`).subarray(0, 16),
        receipts,
        day: i % 365,
        isKept: i >= leases - KEPT,
      }),
    )
    if (i % BATCH !== BATCH - 1 && i !== leases - 1) continue
    await store.batch(ops, { sync: false })
    ops = []
  }
}

interface LeaseInit {
  provider: Signer
  renter: Signer
  nonce: Uint8Array
  receipts: number
  day: number
  /** Whether the provider still has the lease itself, beside its documents. */
  isKept: boolean
}

/** The documents of a lease that is over, and what its provider booked. */
function leaseOps(envelopes: Envelopes, { provider, renter, nonce, receipts, day, isKept }: LeaseInit): StoreOp[] {
  const award: Award = {
    orderId: 'a'.repeat(64) as Award['orderId'],
    bidId: 'b'.repeat(64) as Award['bidId'],
    provider: peerIdOf(provider.publicKey),
    resources: someResources(),
    prices: somePrices(),
    terms: someTerms(),
    maxTotal: (10n ** 12n) as Award['maxTotal'],
    maxRunMs: 0,
    deliverByMs: 30_000,
    outputBytesMax: 0,
    nonce,
  }
  const sealed = envelopes.seal(CODECS.award, award, renter)
  const id = leaseId(sealed.id)
  const acceptance = envelopes.seal(CODECS.acceptance, { leaseId: id }, provider).bytes
  const ops: StoreOp[] = [
    { key: KEYS.document(id, 'award'), value: sealed.bytes },
    { key: KEYS.document(id, 'acceptance'), value: acceptance },
  ]
  let chain = EMPTY_CHAIN
  let prevHash: Receipt['prevHash'] = ''
  for (let seq = 1; seq <= receipts; seq++) {
    const runMs = seq * INTERVAL_MS
    const sentAtMs = BEGUN_MS + day * MS_PER_DAY + runMs
    const amount = billOf(award, { runMs, egressBytes: 0 })
    const isFinal = seq === receipts
    const final = { endReason: 1, exitCode: 0, outputs: new Uint8Array(0), outputBytes: 0, detail: '' }
    const value: Receipt = {
      ...{ leaseId: id, seq, prevHash, sentAtMs, runMs, amount, pausedMs: 0, egressBytes: 0, logBytes: 0 },
      kind: isFinal ? 'final' : 'interval',
      final: isFinal ? final : undefined,
    }
    const receipt = envelopes.seal(CODECS.receipt, value, provider)
    const answer = {
      leaseId: id,
      seq,
      receiptId: receipt.id,
      accepted: true,
      objection: undefined,
      permitMs: isFinal ? 0 : 40_000,
    }
    ops.push({ key: KEYS.receipt(id, seq), value: receipt.bytes })
    ops.push({ key: KEYS.countersignature(id, seq), value: envelopes.seal(CODECS.countersignature, answer, renter).bytes })
    if (isFinal) {
      const entry: AccountEntry = { role: 'provider', jobId: '', seq, receiptId: receipt.id, runMs, amount }
      const place = { peer: peerIdOf(renter.publicKey), currency: award.prices.currency, leaseId: id, day: dayOf(sentAtMs) }
      ops.push({ key: KEYS.account(place), value: encodeRecord(entry, LONG_AGO) })
    }
    chain = extended(chain, value, receipt.id)
    prevHash = receipt.id
  }
  if (!isKept) return ops
  const about = {
    leaseId: id,
    renter: peerIdOf(renter.publicKey),
    renterAddresses: [],
    award,
    awardBytes: sealed.bytes,
    acceptance,
  }
  const lease: ProviderLease = {
    ...newLease({ ...about, isStranger: false, manifestHash: nonce, declaredBytes: 0 }, 0),
    state: { stage: 'closed', removeMono: Number.POSITIVE_INFINITY },
    ending: { reason: 'workload.done', detail: '', exitCode: 0 },
    chain,
  }
  ops.push({ key: KEYS.lease(id), value: encodeRecord(lease, LONG_AGO) })
  return ops
}
