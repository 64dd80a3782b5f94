import type { LeaseId, PeerId } from '../../units.ts'
import type { Step } from '../step.ts'
import { type KeptLease, tellAgreement } from './agreement.ts'

type Told = Pick<KeptLease, 'leaseId' | 'exchanges'>

/** What a peer has not been told yet. */
interface Rest {
  /** The leases themselves: what is said of one is what it has come to by then. */
  readonly leases: Told[]
  /** What the store has beside: undefined: nothing; else those after a lease, or all. */
  stored: { after: LeaseId | undefined; isAsked: boolean } | undefined
}

/** So many leases are told of at once, */
const BATCH = 64
/** and as many again after so long: no connection begins with a flood. */
const BATCH_EVERY_MS = 1_000

/**
 * Tells peers that connect what was agreed on, lease by lease: the first at once, the rest bit by bit, and then those that are only
 * in the store, read as they are told.
 */
export class Telling {
  readonly #rest = new Map<PeerId, Rest>()
  #nextMono = Number.POSITIVE_INFINITY

  /** A peer is connected (again). `hasMore`: there may be leases with it in the store alone. */
  begin(step: Step, to: PeerId, leases: readonly Told[], hasMore: boolean): void {
    this.#rest.set(to, { leases: [...leases], stored: hasMore ? { after: undefined, isAsked: false } : undefined })
    this.#tell(step, to)
  }

  /** Here is what the store has. */
  read(step: Step, to: PeerId, leases: readonly Told[]): void {
    const rest = this.#rest.get(to)
    if (rest?.stored?.isAsked !== true) return
    rest.leases.push(...leases)
    rest.stored = leases.length < BATCH ? undefined : { after: leases.at(-1)?.leaseId, isAsked: false }
    this.#tell(step, to)
  }

  /** It is gone; when it comes back telling begins anew. */
  parted(from: PeerId): void {
    this.#rest.delete(from)
  }

  tick(step: Step): void {
    if (step.nowMono < this.#nextMono) return
    this.#nextMono = Number.POSITIVE_INFINITY
    for (const to of [...this.#rest.keys()]) this.#tell(step, to)
  }

  dueMono(): number {
    return this.#nextMono
  }

  #tell(step: Step, to: PeerId): void {
    const rest = this.#rest.get(to)
    if (rest === undefined || rest.stored?.isAsked === true) return
    const told = rest.leases.splice(0, BATCH)
    for (const lease of told) tellAgreement(step, to, lease)
    if (rest.leases.length === 0 && rest.stored === undefined) this.#rest.delete(to)
    else if (told.length < BATCH && rest.stored !== undefined) {
      rest.stored.isAsked = true
      step.execute(`unsigned/${to}`, { on: 'books', do: 'unsigned', peer: to, after: rest.stored.after, max: BATCH })
    } else this.#nextMono = Math.min(this.#nextMono, step.nowMono + BATCH_EVERY_MS)
  }
}
