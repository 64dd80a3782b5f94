import type { LeaseId } from '../../units.ts'
import { KEYS } from '../keys.ts'
import { KEEP_MS } from '../lease/agreement.ts'
import { lastExchange } from '../lease/chain.ts'
import type { Step } from '../step.ts'
import type { CreditBook } from './credit-book.ts'
import { type LeaseState, noteLease, type ProviderLease, persistLease } from './lease.ts'
import type { Receipts } from './receipts.ts'

/** Whether the renter has everything is asked more and more seldom: its outputs may be on their way for hours. */
const ASK_MS = { first: 10_000, last: 3_600_000 }

type SettledState = Extract<LeaseState, { stage: 'settled' }>

interface ClosingInit {
  receipts: Receipts
  credit: CreditBook
  onCapacityFreed(leaseId: LeaseId): void
}

/** The last steps of a lease, when nothing of it runs any more: final → settled → closed. */
export class Closing {
  readonly #init: ClosingInit

  constructor(init: ClosingInit) {
    this.#init = init
  }

  /** collecting → final. */
  finish(step: Step, lease: ProviderLease): void {
    lease.state = { stage: 'final', giveUpMono: step.nowMono + KEEP_MS }
    lease.permitUntilMono = Number.POSITIVE_INFINITY
    lease.nextReceiptMono = Number.POSITIVE_INFINITY
    persistLease(step, lease, { sync: false })
    this.#init.onCapacityFreed(lease.leaseId)
    this.#init.credit.ended(step, lease)
    noteLease(step, lease)
    // What both agreed was the end stays the end.
    if (lease.chain.ended) this.settle(step, lease)
    else this.#init.receipts.issueFinal(step, lease)
  }

  /** final → settled. */
  settle(step: Step, lease: ProviderLease): void {
    this.#init.credit.settled(step, lease)
    lease.state = { stage: 'settled', keepUntilMono: step.nowMono + KEEP_MS, askMono: step.nowMono + ASK_MS.first, asked: 0 }
    persistLease(step, lease, { sync: true })
    noteLease(step, lease)
  }

  /** The renter's word that it has everything may have got lost. It answers a final receipt that it knows with that word. */
  ask(step: Step, lease: ProviderLease, state: SettledState): void {
    state.asked += 1
    state.askMono = step.nowMono + Math.min(ASK_MS.last, ASK_MS.first * 2 ** Math.min(state.asked, 10))
    const last = lastExchange(lease.exchanges)
    if (last !== undefined) step.sendBytes(lease.renter, last.receipt, lease.renterAddresses)
  }

  /** any → closed: what is left of it here goes. */
  close(step: Step, lease: ProviderLease): void {
    this.#init.credit.closed(step, lease)
    lease.open = undefined
    lease.permitUntilMono = Number.POSITIVE_INFINITY
    lease.nextReceiptMono = Number.POSITIVE_INFINITY
    // What ran, with its environment, is the renter's business: only the signed documents outlive a lease.
    lease.spec = undefined
    this.remove(step, lease)
    persistLease(step, lease, { sync: false })
    step.persist(KEYS.sent(lease.leaseId), undefined, { sync: false })
    this.#init.onCapacityFreed(lease.leaseId)
    noteLease(step, lease)
  }

  remove(step: Step, lease: ProviderLease): void {
    lease.state = { stage: 'closed', removeMono: Number.POSITIVE_INFINITY }
    step.execute(`remove/${lease.leaseId}`, { on: 'executor', do: 'remove', leaseId: lease.leaseId })
  }
}
