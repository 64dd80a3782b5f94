import type { JobId, LeaseId, PeerId } from '@weft/protocols'
import type { Award, Receipt, Received } from '@weft/protocols/wire'

/** A countersigned receipt, as far as the next one refers to it. */
export interface Head {
  seq: number
  id: string
  receipt: Receipt
}

/** What an onlooker who sees every message knows of one lease. Times are true (virtual) milliseconds. */
export interface LeaseFacts {
  leaseId: LeaseId
  jobId: JobId | undefined
  award: Award
  renter: PeerId
  provider: PeerId
  awardedMs: number
  acceptedMs: number | undefined
  manifestMs: number | undefined
  /**
   * Receipts by id, with their first sending, since about the last that was countersigned. A liar signs several with one number, and
   * objects to what it accepts: the verdict that reached the provider first is the one it goes by.
   */
  open: Map<string, { id: string; receipt: Receipt; sentMs: number; isRefused?: true }>
  /** By countersignatures that the renter sent. */
  signed: Head | undefined
  /** By countersignatures that reached the provider, and when the last did. */
  held: Head | undefined
  /** The one before: what a provider goes on from that crashed before it had written `held` down. */
  heldBefore: Head | undefined
  /** The provider came back from a crash and has not shown yet which of the two it remembers. */
  doubtful: boolean
  heldMs: number | undefined
  /** True time at which everything must have stopped, by the permits that were given; the stop grace comes on top. */
  permitUntilMs: number
  /** The container began then and has not ended. */
  runningSinceMs: number | undefined
  /** It has not been paused since. */
  workingSinceMs: number | undefined
  /** Of stretches of work that ended. */
  workedMs: number
  /** How much had been worked when the last countersignature reached the provider. */
  workedHeldMs: number
  /** Its provider did not know its renter. */
  isStranger: boolean
  /** The provider said that nothing of it runs or will run. */
  over: boolean
}

/** Time that the lease's container has worked, pauses left out. */
export const workedMs = ({ workedMs, workingSinceMs }: LeaseFacts, atMs: number): number =>
  workedMs + (workingSinceMs === undefined ? 0 : atMs - workingSinceMs)

/**
 * Whether the lease's provider could have paused it at any moment since it last heard that it will be paid: a process that is dead or
 * frozen cannot, and what it works on goes on until its guard ends it.
 */
export const couldPause = (
  { provider, heldMs, manifestMs }: LeaseFacts,
  onlooker: { actsSinceMs(peer: PeerId): number },
): boolean => onlooker.actsSinceMs(provider) <= (heldMs ?? manifestMs ?? 0)

/** The first receipt sent with that number. */
export function firstWithNumber({ open }: LeaseFacts, seq: number): { id: string; receipt: Receipt } | undefined {
  for (const one of open.values()) if (one.receipt.seq === seq) return one
  return undefined
}

/** How long an onlooker remembers a lease that is over: late repeats of its messages still find it. */
const REMEMBER_MS = 600_000
const SWEEP_EVERY_MS = 60_000
/** Awards under way that one world has at a time, by far. */
const DECIDED_MAX = 100_000

/** The facts of all leases that are alive or were of late. Bounded by what the market itself holds. */
export class Facts {
  readonly leases = new Map<LeaseId, LeaseFacts>()
  readonly #ofProvider = new Map<PeerId, Set<LeaseFacts>>()
  /** Jobs of leases whose awards have been decided on and have not left yet. */
  readonly #jobs = new Map<LeaseId, JobId>()
  readonly #over: { leaseId: LeaseId; atMs: number }[] = []
  #sweptMs = 0

  lease(id: string): LeaseFacts | undefined {
    return this.leases.get(id as LeaseId)
  }

  /** A renter says for which job a lease is; the award itself may leave a moment later, or never. */
  decided(leaseId: LeaseId, jobId: JobId): void {
    const lease = this.leases.get(leaseId)
    if (lease !== undefined) lease.jobId = jobId
    else this.#jobs.set(leaseId, jobId)
    if (this.#jobs.size > DECIDED_MAX) this.#jobs.delete(this.#jobs.keys().next().value as LeaseId)
  }

  /** A provider says that it does not know the renter of a lease. */
  unknown(leaseId: LeaseId): void {
    const lease = this.leases.get(leaseId)
    if (lease !== undefined) lease.isStranger = true
  }

  awarded(atMs: number, message: Extract<Received, { kind: 'award' }>): LeaseFacts {
    const leaseId = message.id as string as LeaseId
    const known = this.leases.get(leaseId)
    if (known !== undefined) return known
    const facts: LeaseFacts = {
      leaseId,
      jobId: this.#jobs.get(leaseId),
      award: message.value,
      renter: message.from,
      provider: message.value.provider,
      awardedMs: atMs,
      acceptedMs: undefined,
      manifestMs: undefined,
      open: new Map(),
      signed: undefined,
      held: undefined,
      heldBefore: undefined,
      doubtful: false,
      heldMs: undefined,
      permitUntilMs: 0,
      runningSinceMs: undefined,
      workingSinceMs: undefined,
      workedMs: 0,
      workedHeldMs: 0,
      isStranger: false,
      over: false,
    }
    this.#jobs.delete(leaseId)
    this.leases.set(leaseId, facts)
    const leases = this.#ofProvider.get(facts.provider) ?? new Set()
    this.#ofProvider.set(facts.provider, leases.add(facts))
    return facts
  }

  /** A provider came back: nobody knows yet which countersignature of each lease it had written down. */
  returned(provider: PeerId): void {
    for (const lease of this.#ofProvider.get(provider) ?? []) lease.doubtful = true
  }

  /** Nothing can follow but late repeats: remembered for a while, then no more. */
  forget(atMs: number, facts: LeaseFacts): void {
    this.#over.push({ leaseId: facts.leaseId, atMs })
    if (atMs < this.#sweptMs + SWEEP_EVERY_MS) return
    this.#sweptMs = atMs
    let gone = 0
    while (gone < this.#over.length && (this.#over[gone]?.atMs ?? 0) + REMEMBER_MS < atMs) gone += 1
    for (const { leaseId } of this.#over.splice(0, gone)) this.#delete(leaseId)
  }

  #delete(leaseId: LeaseId): void {
    const facts = this.leases.get(leaseId)
    if (facts === undefined) return
    this.leases.delete(leaseId)
    const leases = this.#ofProvider.get(facts.provider)
    leases?.delete(facts)
    if (leases?.size === 0) this.#ofProvider.delete(facts.provider)
  }
}
