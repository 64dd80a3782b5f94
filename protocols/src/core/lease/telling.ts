import type { PeerId } from '../../units.ts'
import type { Step } from '../step.ts'
import { type KeptLease, tellAgreement } from './agreement.ts'

type Told = Pick<KeptLease, 'leaseId' | 'exchanges'>

/** So many leases are told of at once, */
const BATCH = 64
/** and as many again after so long: no connection begins with a flood. */
const BATCH_EVERY_MS = 1_000

/** Tells peers that connect what was agreed on, lease by lease: the first at once, the rest bit by bit. */
export class Telling {
  /** The leases themselves: what is said of one is what it has come to by then. */
  readonly #rest = new Map<PeerId, Told[]>()
  #nextMono = Number.POSITIVE_INFINITY

  /** A peer is connected (again). */
  begin(step: Step, to: PeerId, leases: readonly Told[]): void {
    this.#rest.set(to, [...leases])
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
    const rest = this.#rest.get(to) ?? []
    for (const lease of rest.splice(0, BATCH)) tellAgreement(step, to, lease)
    if (rest.length === 0) this.#rest.delete(to)
    else this.#nextMono = Math.min(this.#nextMono, step.nowMono + BATCH_EVERY_MS)
  }
}
