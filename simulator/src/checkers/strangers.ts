import { MS_PER_DAY, type PeerId } from '@weft/protocols'
import { amountOf, type Note, STRANGERS_TICK_MS } from '@weft/protocols/core'
import type { Checker, Onlooker, Report } from './checker.ts'
import { couldPause, type LeaseFacts, workedMs } from './facts.ts'
import { DRIFT_SHARE, SLACK_MS } from './tolerance.ts'

/** A loss counts for a day. */
const COUNTS_MS = MS_PER_DAY

/**
 * Invariant 4, over all strangers: what leases of renters that a provider does not know have worked in a day and nobody signed for
 * is within one cap, whatever they call themselves and whatever was agreed about it, but for a tick of each that runs. It also
 * measures the most.
 */
export class Strangers implements Checker {
  readonly invariant = 'strangers'
  /** The most that was unsigned, as a share of the bound. */
  largestShare = 0
  readonly #onlooker: Onlooker
  /** Strangers' leases of each provider that may be unpaid, with when they ended. */
  readonly #open = new Map<PeerId, Map<LeaseFacts, number>>()
  /** What a machine that failed had not written down was never billed, and who is frozen pauses nothing: no cap covers it. */
  readonly #spoilt = new Set<PeerId>()

  constructor(onlooker: Onlooker) {
    this.#onlooker = onlooker
  }

  returned(_report: Report, _atMs: number, peer: PeerId): void {
    this.#spoilt.add(peer)
  }

  started(_report: Report, _atMs: number, lease: LeaseFacts): void {
    if (!lease.isStranger || this.#onlooker.isByzantine(lease.provider)) return
    const leases = this.#open.get(lease.provider) ?? new Map()
    this.#open.set(lease.provider, leases.set(lease, Number.POSITIVE_INFINITY))
  }

  note(_report: Report, atMs: number, peer: PeerId, note: Note): void {
    if (note.type !== 'lease' || (note.state !== 'settled' && note.state !== 'closed')) return
    const leases = this.#open.get(peer)
    for (const lease of leases?.keys() ?? []) if (lease.leaseId === note.leaseId && isPaid(lease, atMs)) leases?.delete(lease)
  }

  ended(report: Report, atMs: number, ended: LeaseFacts): void {
    const { provider } = ended
    if (ended.isStranger && !couldPause(ended, this.#onlooker)) this.#spoilt.add(provider)
    const cap = this.#spoilt.has(provider) ? undefined : this.#onlooker.strangersCap(provider)
    const leases = this.#open.get(provider)
    if (cap === undefined || leases === undefined) return
    if (leases.has(ended)) leases.set(ended, atMs)
    let unsigned = 0n
    let bound = cap
    for (const [lease, endedMs] of leases) {
      if (atMs - endedMs > COUNTS_MS) leases.delete(lease)
      else unsigned += unsignedOf(lease, atMs)
      if (lease === ended || lease.workingSinceMs !== undefined) bound += inTick(lease)
    }
    this.largestShare = Math.max(this.largestShare, Number(unsigned) / Math.max(1, Number(bound)))
    if (unsigned > bound)
      report(`${provider} worked ${unsigned} for strangers unsigned; its bound is ${bound}, for a cap of ${cap}`)
  }
}

const worth = ({ award }: LeaseFacts, runMs: number): bigint =>
  amountOf(award.prices, award.resources, { runMs: Math.round(runMs), egressBytes: 0 })

/** What it earns in a tick and a pause; its start is paid for by what it worked before. */
const inTick = (lease: LeaseFacts): bigint => worth(lease, SLACK_MS + STRANGERS_TICK_MS) - lease.award.prices.start

const isPaid = (lease: LeaseFacts, atMs: number): boolean =>
  workedMs(lease, atMs) <= (lease.held?.receipt.runMs ?? 0) * (1 + DRIFT_SHARE) + SLACK_MS

function unsignedOf(lease: LeaseFacts, atMs: number): bigint {
  const signed = worth(lease, lease.held?.receipt.runMs ?? 0)
  const unsigned = worth(lease, workedMs(lease, atMs)) - signed
  return unsigned > 0n ? unsigned : 0n
}
