import { WireError } from '../../errors.ts'
import { type LeaseId, leaseId, type PeerId } from '../../units.ts'
import { decodeStrictly, encodeWith } from '../../wire/codec.ts'
import type { Envelopes } from '../../wire/envelope.ts'
import { weft } from '../../wire/generated/messages.js'
import * as limit from '../../wire/limits.ts'
import { decodeMessage, type ReceivedOf } from '../../wire/message.ts'
import { KEYS } from '../keys.ts'
import type { Step } from '../step.ts'

/** Two envelopes of one signer that contradict each other, and the award that says whose lease they are about. */
export interface EquivocationProof {
  award: Uint8Array
  first: Uint8Array
  second: Uint8Array
}

/** What a proof proves. */
export interface Equivocation {
  leaseId: LeaseId
  seq: number
  /** Who signed both. */
  by: PeerId
  role: 'provider' | 'renter'
}

type Signed = ReceivedOf<'receipt'> | ReceivedOf<'countersignature'>

const PROOF_BYTES_MAX = limit.AWARD_BYTES_MAX + 2 * limit.RECEIPT_BYTES_MAX + 3 * limit.ENVELOPE_OVERHEAD_BYTES_MAX

export const encodeProof = (proof: EquivocationProof): Uint8Array => encodeWith(weft.Equivocation, proof)

/** Throws WireError on bytes that are no proof. What it proves is for `verifyProof` to say. */
export function decodeProof(bytes: Uint8Array): EquivocationProof {
  if (bytes.length > PROOF_BYTES_MAX) throw new WireError('TOO_LONG', `a proof of ${bytes.length} bytes`)
  try {
    const { award, first, second } = decodeStrictly(weft.Equivocation, bytes)
    return { award: new Uint8Array(award), first: new Uint8Array(first), second: new Uint8Array(second) }
  } catch (cause) {
    if (cause instanceof WireError) throw cause
    throw new WireError('MALFORMED', 'these bytes are no proof of equivocation', { cause })
  }
}

/**
 * Checks a proof with nothing but its own bytes: three signatures that hold on the network of `envelopes`, and two documents
 * that one party of the lease cannot both have signed in good faith. Throws WireError NO_PROOF, or what opening an envelope throws.
 */
export function verifyProof({ award, first, second }: EquivocationProof, envelopes: Pick<Envelopes, 'open'>): Equivocation {
  const lease = decodeMessage(envelopes.open(award))
  if (lease.kind !== 'award') throw new WireError('NO_PROOF', `the proof has a ${lease.kind} where the award belongs`)
  const one = decodeMessage(envelopes.open(first))
  const other = decodeMessage(envelopes.open(second))
  if (!isSigned(one) || !isSigned(other)) throw new WireError('NO_PROOF', 'the proof is not about receipts or their answers')
  const found = equivocation(one, other)
  if (found === undefined || one.value.leaseId !== leaseId(lease.id))
    throw new WireError('NO_PROOF', 'the two documents of the proof do not contradict each other under its award')
  const party = one.kind === 'receipt' ? lease.value.provider : lease.from
  if (one.from !== party) throw new WireError('NO_PROOF', `the documents of the proof are not signed by the lease's own party`)
  return found
}

/** Keeps what proves `found`, so that the lease's other party, or anybody, can be shown it. */
export function keepProof(step: Step, found: Equivocation, proof: EquivocationProof): void {
  const { leaseId, seq, by, role } = found
  step.persist(KEYS.proof(leaseId, seq), encodeProof(proof), { sync: true })
  step.note({ type: 'equivocation', leaseId, seq, by, role })
}

const isSigned = (message: { kind: string }): message is Signed =>
  message.kind === 'receipt' || message.kind === 'countersignature'

/**
 * What two documents prove against their common signer, if anything: a number names one receipt, and a receipt gets one verdict.
 * A permit's length is no part of the verdict.
 */
export function equivocation(one: Signed, other: Signed): Equivocation | undefined {
  const { leaseId, seq } = one.value
  if (one.from !== other.from || leaseId !== other.value.leaseId || seq !== other.value.seq) return undefined
  if (one.kind === 'receipt' && other.kind === 'receipt')
    return one.id === other.id ? undefined : { leaseId, seq, by: one.from, role: 'provider' }
  if (one.kind !== 'countersignature' || other.kind !== 'countersignature') return undefined
  const isOne = one.value.receiptId === other.value.receiptId && one.value.accepted === other.value.accepted
  return isOne ? undefined : { leaseId, seq, by: one.from, role: 'renter' }
}
