import type { PeerId } from '@weft/protocols'
import type { Award, Receipt, Received, ReceivedOf } from '@weft/protocols/wire'
import type { Forger, Letter, Lie } from './lying-channels.ts'
import { remember } from './remember.ts'

/** A provider takes an objection for a misunderstanding up to so much, once a lease. */
const SHAVED_INTERVALS = 2

/** A lease of which something was shaved off: what its host believes, which signed for all of it. */
interface Shaved {
  headId: string
  receipt: Receipt
  /** What came, by the id of what the host was shown in its place. */
  shown: Map<string, string>
}

/**
 * A renter that takes what a misunderstanding is given: it objects once in each lease, signs for two intervals less, and pays the rest.
 * Its host is shown receipts that follow on what it believes to have signed; its answers are turned into answers to those that came.
 */
export class Shaving implements Lie {
  readonly #forger: Forger
  readonly #awards = new Map<string, Award>()
  /** By id, of leases that are whole still. */
  readonly #receipts = new Map<string, Receipt>()
  readonly #shaved = new Map<string, Shaved>()

  constructor(forger: Forger) {
    this.#forger = forger
  }

  outgoing(message: Received, to: PeerId): Letter[] {
    if (message.kind === 'leaseState') return []
    if (message.kind === 'award') remember(this.#awards, message.id, message.value)
    const bytes = message.kind === 'countersignature' ? this.#answer(message) : message.bytes
    return [{ to, bytes }]
  }

  incoming(message: Received): Uint8Array | undefined {
    if (message.kind === 'leaseState') return undefined
    if (message.kind !== 'receipt') return message.bytes
    const { value, id, from } = message
    const shaved = this.#shaved.get(value.leaseId)
    if (shaved === undefined) {
      remember(this.#receipts, id, value)
      return message.bytes
    }
    const { runMs, amount } = value.runMs < shaved.receipt.runMs ? shaved.receipt : value
    const shown = this.#forger.seal('receipt', { ...value, prevHash: shaved.headId, runMs, amount }, from)
    remember(shaved.shown, shown.id, id)
    remember(this.#receipts, shown.id, { ...value, runMs, amount })
    return shown.bytes
  }

  #answer({ value, from, bytes }: ReceivedOf<'countersignature'>): Uint8Array {
    const { leaseId, receiptId } = value
    const receipt = this.#receipts.get(receiptId)
    const award = this.#awards.get(leaseId)
    if (!value.accepted || receipt === undefined || award === undefined) return bytes
    const shaved = this.#shaved.get(leaseId)
    if (shaved !== undefined) {
      Object.assign(shaved, { headId: receiptId, receipt })
      const told = shaved.shown.get(receiptId) ?? receiptId
      return this.#forger.seal('countersignature', { ...value, receiptId: told as never }, from).bytes
    }
    // Nothing was billed before, or it would have been objected to.
    const runMs = Math.max(0, receipt.runMs - SHAVED_INTERVALS * award.terms.intervalMs)
    if (runMs === receipt.runMs) return bytes
    remember(this.#shaved, leaseId, { headId: receiptId, receipt, shown: new Map() })
    const objection = { reason: 'ahead-of-clock', runMs, acceptedSeq: 0 } as const
    return this.#forger.seal('countersignature', { ...value, accepted: false, objection, permitMs: 0 }, from).bytes
  }
}
