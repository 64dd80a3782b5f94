import { micros, type PeerId } from '@weft/protocols'
import { billOf } from '@weft/protocols/core'
import type { Award, Receipt, Received, ReceivedOf } from '@weft/protocols/wire'
import type { Forger, Letter, Lie } from './lying-channels.ts'
import { remember } from './remember.ts'

/** What an inflater claims for each millisecond that ran. */
const INFLATION = 1.5
const SKIP = 3

/** What a renter's clock lets pass beyond what it shows (`claimsTooMuchTime`). */
const DRIFT = 1.01
const SLACK_MS = 2_000

type Kind = 'inflater' | 'creeper' | 'skipper' | 'forker'

interface Told {
  honest: { id: string; seq: number }
  id: string
  letters: Uint8Array[]
}

/**
 * A provider whose receipts are not what its host wrote. The chain that the renter sees is consistent in itself: hashes and
 * numbers are of the receipts that were sent, and the answers to them are turned back into answers to the host's own.
 */
export class ReceiptLie implements Lie {
  readonly #kind: Kind
  readonly #forger: Forger
  readonly #awards = new Map<string, Award>()
  /** When the manifest of a lease came, on the provider's own clock. */
  readonly #manifestMs = new Map<string, number>()
  /** By the host's id, and by the id that was sent. */
  readonly #byHonest = new Map<string, Told>()
  readonly #bySent = new Map<string, Told>()

  constructor(kind: Kind, forger: Forger) {
    this.#kind = kind
    this.#forger = forger
  }

  outgoing(message: Received, to: PeerId): Letter[] {
    // What both signed is not what its host wrote: neither may be shown the other's.
    if (message.kind === 'leaseState') return []
    if (message.kind !== 'receipt') return [{ to, bytes: message.bytes }]
    const told = this.#byHonest.get(message.id) ?? this.#tell(message)
    return told.letters.map((bytes) => ({ to, bytes }))
  }

  incoming(message: Received): Uint8Array | undefined {
    if (message.kind === 'leaseState') return undefined
    if (message.kind === 'award') remember(this.#awards, message.id, message.value)
    if (message.kind !== 'countersignature') return message.bytes
    const told = this.#bySent.get(message.value.receiptId)
    if (told === undefined || told.id === told.honest.id) return message.bytes
    const { id: receiptId, seq } = told.honest
    return this.#forger.seal('countersignature', { ...message.value, receiptId: receiptId as never, seq }, message.from).bytes
  }

  #tell({ id, value, from }: ReceivedOf<'receipt'>): Told {
    const award = this.#awards.get(value.leaseId)
    const prevHash = this.#byHonest.get(value.prevHash)?.id ?? value.prevHash
    const lie = this.#lie({ ...value, prevHash }, award)
    const sealed = this.#forger.seal('receipt', lie, from)
    const letters = [sealed.bytes]
    // The fork claims one more byte of log: as small a difference as there is.
    if (this.#kind === 'forker') letters.push(this.#forger.seal('receipt', { ...lie, logBytes: lie.logBytes + 1 }, from).bytes)
    const told = { honest: { id, seq: value.seq }, id: sealed.id, letters }
    remember(this.#byHonest, id, told)
    remember(this.#bySent, sealed.id, told)
    return told
  }

  #lie(receipt: Receipt, award: Award | undefined): Receipt {
    if (this.#kind === 'skipper') return { ...receipt, seq: receipt.seq * SKIP }
    if (this.#kind === 'forker' || award === undefined) return receipt
    if (this.#kind === 'creeper') return this.#crept(receipt, award)
    const inflated = (ms: number) => Math.round(ms * INFLATION)
    // One counter a lease.
    switch (Number.parseInt(receipt.leaseId.slice(0, 2), 16) % 4) {
      case 0:
        return { ...receipt, amount: micros((receipt.amount * 3n) / 2n + 1n) }
      case 1:
        return { ...receipt, egressBytes: receipt.runMs }
      case 2:
        return { ...receipt, pausedMs: inflated(receipt.runMs) }
      default: {
        const runMs = award.maxRunMs > 0 ? Math.min(inflated(receipt.runMs), award.maxRunMs) : inflated(receipt.runMs)
        return { ...receipt, runMs, amount: billOf(award, { runMs, egressBytes: receipt.egressBytes }) }
      }
    }
  }

  /**
   * The time since the manifest, and what its renter allows for drift and slow messages. Of what was not worked it claims no more than
   * an interval: who claims the time of a container that is gone gives nothing for it, as one that is `slow`, and no clock shows it.
   */
  #crept(receipt: Receipt, award: Award): Receipt {
    const { leaseId, sentAtMs, pausedMs, kind } = receipt
    const { intervalMs } = award.terms
    // The first receipt goes out an interval after the manifest came.
    if (!this.#manifestMs.has(leaseId) && kind === 'interval') remember(this.#manifestMs, leaseId, sentAtMs - intervalMs)
    const passed = (sentAtMs - (this.#manifestMs.get(leaseId) ?? sentAtMs)) * DRIFT + SLACK_MS - pausedMs
    const claimed = Math.min(passed, (receipt.runMs + intervalMs) * DRIFT + SLACK_MS)
    const runMs = Math.max(receipt.runMs, Math.floor(award.maxRunMs > 0 ? Math.min(claimed, award.maxRunMs) : claimed))
    return { ...receipt, runMs, amount: billOf(award, { runMs, egressBytes: 0 }) }
  }
}
