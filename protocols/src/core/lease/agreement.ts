import type { LeaseId, PeerId } from '../../units.ts'
import type { ReceivedOf } from '../../wire/message.ts'
import type { Step } from '../step.ts'
import type { Chain, Exchanges } from './chain.ts'

/** What is left of a lease that ended is kept so long: outputs that the renter has not fetched, a final receipt that it has not signed. */
export const KEEP_MS = 24 * 3_600_000

/** Leases of one pair that are told of when they connect. */
export const LEASE_STATES_MAX = 64

interface Parties {
  leaseId: LeaseId
  provider: PeerId
  renter: PeerId
}

/** A receipt with the countersignature to it. */
export interface Agreement {
  receipt: ReceivedOf<'receipt'>
  answer: ReceivedOf<'countersignature'>
}

/** Tells the other party of a lease what this one has of their agreement, so that neither goes on from less than was signed. */
export function tellAgreement(step: Step, to: PeerId, { leaseId, exchanges }: { leaseId: LeaseId; exchanges: Exchanges }): void {
  const { agreed } = exchanges
  step.send(to, 'leaseState', { leaseId, agreed: agreed && { receipt: agreed.receipt, answer: agreed.answer } })
}

/**
 * What a party is shown to have agreed to beyond what it knows: a later receipt of this lease that both signed. Undefined: it is
 * shown nothing, or nothing new. It signed its half itself, so nothing else about it need be checked again.
 */
export function newerAgreement(
  step: Step,
  { value }: ReceivedOf<'leaseState'>,
  { leaseId, provider, renter }: Parties,
  chain: Chain,
): Agreement | undefined {
  const receipt = value.agreed && step.open('receipt', value.agreed.receipt)
  const answer = value.agreed && step.open('countersignature', value.agreed.answer)
  if (receipt === undefined || answer === undefined) return undefined
  if (receipt.from !== provider || answer.from !== renter || receipt.value.leaseId !== leaseId) return undefined
  const { leaseId: about, receiptId, seq, accepted } = answer.value
  if (about !== leaseId || receiptId !== receipt.id || seq !== receipt.value.seq || !accepted) return undefined
  return seq > chain.seq ? { receipt, answer } : undefined
}
