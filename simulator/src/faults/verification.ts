import type { LeaseId, PeerId } from '@weft/protocols'
import { billOf } from '@weft/protocols/core'
import type { LeaseFacts } from '../checkers/index.ts'
import type { Stream } from '../kernel/draws.ts'

/**
 * Renters that check a share of their finished leases by a challenge that shows what was really given, and deal no more with
 * whoever gave less. Each renter learns only from its own leases.
 */
export class Verification {
  /** Micro-units paid for time that was not given. */
  overpaid = 0
  paid = 0
  checked = 0
  caught = 0
  /** Leases that a renter had with a liar until it found out, one entry for each that was found out. */
  readonly leasesUntilCaught: number[] = []
  readonly #share: number
  readonly #draws: Stream
  readonly #dealt = new Map<string, number>()
  readonly #excluded = new Set<string>()
  /** Time that was really given, ms; of leases whose bill is not settled yet. */
  readonly #given = new Map<LeaseId, number>()

  constructor(share: number, draws: Stream) {
    this.#share = share
    this.#draws = draws
  }

  isExcluded(renter: PeerId, provider: PeerId): boolean {
    return this.#excluded.has(`${renter} ${provider}`)
  }

  /** A liar's container ended after giving so much. */
  ended(lease: LeaseFacts | undefined, givenMs: number, renterIndex: number): void {
    if (lease === undefined) return
    this.#given.set(lease.leaseId, (this.#given.get(lease.leaseId) ?? 0) + givenMs)
    const pair = `${lease.renter} ${lease.provider}`
    if (this.#excluded.has(pair)) return
    const dealt = (this.#dealt.get(pair) ?? 0) + 1
    this.#dealt.set(pair, dealt)
    if (!this.#draws.chance(renterIndex, this.#share)) return
    this.checked += 1
    this.caught += 1
    this.#excluded.add(pair)
    this.leasesUntilCaught.push(dealt)
  }

  /** The lease's bill is settled. */
  settled(lease: LeaseFacts): void {
    const given = this.#given.get(lease.leaseId)
    const signed = lease.signed
    if (signed === undefined) return
    this.paid += Number(signed.receipt.amount)
    if (given === undefined) return
    this.#given.delete(lease.leaseId)
    const due = billOf(lease.award, { runMs: Math.min(signed.receipt.runMs, Math.round(given)), egressBytes: 0 })
    this.overpaid += Number(signed.receipt.amount - due)
  }
}
