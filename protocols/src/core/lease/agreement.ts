import { type JobId, type LeaseId, MS_PER_DAY, type PeerId } from '../../units.ts'
import type { ReceivedOf } from '../../wire/message.ts'
import type { Award } from '../../wire/types.ts'
import { KEYS } from '../keys.ts'
import { book } from '../settlement/account.ts'
import type { Step } from '../step.ts'
import { type Chain, type Exchanges, exchanged, extended } from './chain.ts'

/** What is left of a lease that ended is kept so long: outputs that the renter has not fetched, a final receipt that it has not signed. */
export const KEEP_MS = MS_PER_DAY

interface Parties {
  provider: PeerId
  renter: PeerId
}

/** A lease as one of its parties keeps it. */
export interface KeptLease {
  leaseId: LeaseId
  award: Award
  chain: Chain
  exchanges: Exchanges
}

/** A receipt with the countersignature to it. */
export interface Agreement {
  receipt: ReceivedOf<'receipt'>
  answer: ReceivedOf<'countersignature'>
}

/** Tells the other party of a lease what this one has of their agreement, so that neither goes on from less than was signed. */
export function tellAgreement(step: Step, to: PeerId, { leaseId, exchanges }: Pick<KeptLease, 'leaseId' | 'exchanges'>): void {
  const { agreed } = exchanges
  step.send(to, 'leaseState', { leaseId, agreed: agreed && { receipt: agreed.receipt, answer: agreed.answer } })
}

/**
 * What the other party tells, held against what this one has. An agreement: a later receipt of this lease that both signed, to be
 * adopted; this party signed its half itself, so nothing else about it need be checked again. `less`: the other has forgotten what
 * both signed, and is to be told. `nothing`: it is shown nothing that is new to either.
 */
export function compareAgreement(
  step: Step,
  { value }: ReceivedOf<'leaseState'>,
  { provider, renter }: Parties,
  { leaseId, chain, exchanges }: KeptLease,
): Agreement | 'less' | 'nothing' {
  const own = exchanges.agreed?.seq ?? 0
  if (value.agreed === undefined) return own > 0 ? 'less' : 'nothing'
  const receipt = step.open('receipt', value.agreed.receipt)
  const answer = step.open('countersignature', value.agreed.answer)
  if (receipt === undefined || answer === undefined) return 'nothing'
  if (receipt.from !== provider || answer.from !== renter || receipt.value.leaseId !== leaseId) return 'nothing'
  const { leaseId: about, receiptId, seq, accepted } = answer.value
  if (about !== leaseId || receiptId !== receipt.id || seq !== receipt.value.seq || !accepted) return 'nothing'
  if (seq < own) return 'less'
  return seq > chain.seq && !chain.ended ? { receipt, answer } : 'nothing'
}

/** Takes over what both signed and this party has forgotten, or never heard: its counters go on from there, and it is owed. */
export function adopt(
  step: Step,
  lease: KeptLease,
  { receipt, answer }: Agreement,
  { role, peer, jobId }: { role: 'provider' | 'renter'; peer: PeerId; jobId: JobId | '' },
): void {
  const { leaseId, award } = lease
  const { value, id: receiptId } = receipt
  const { seq } = value
  step.persist(KEYS.receipt(leaseId, seq), receipt.bytes, { sync: true })
  step.persist(KEYS.countersignature(leaseId, seq), answer.bytes, { sync: true })
  lease.chain = extended(lease.chain, value, receiptId)
  lease.exchanges = exchanged(lease.exchanges, { seq, receiptId, receipt: receipt.bytes, answer: answer.bytes }, true)
  book(step, { role, peer, award, jobId, receipt: value, receiptId })
  step.note({ type: 'caught-up', leaseId, seq })
}
