import type { Micros, PeerId } from '../../units.ts'
import type { Step } from '../step.ts'
import type { UnstatedIn } from './statement.ts'

/** When a peer proposes statements by itself. */
export interface SettlePolicy {
  /** How long after something was agreed, or the other connected, what is not stated yet is looked at, ms. */
  everyMs: number
  /** What both earned since the last statement, together, from which on one is proposed; micro-units of each currency. @default 0 */
  least?: Micros
}

/**
 * Proposes statements without being told to, to peers that are connected: a while after something was agreed with one, once for all
 * that was agreed meanwhile. Where nothing was there is no timer.
 */
export class AutoSettling {
  readonly #policy: SettlePolicy
  /** Connected, and perhaps with something to state. */
  readonly #met = new Set<PeerId>()
  #dueMono = Number.POSITIVE_INFINITY

  constructor(policy: SettlePolicy) {
    this.#policy = policy
  }

  /** A peer is connected (again), or has agreed to something. */
  met(step: Step, peer: PeerId): void {
    this.#met.add(peer)
    this.#dueMono = Math.min(this.#dueMono, step.nowMono + this.#policy.everyMs)
  }

  parted(peer: PeerId): void {
    this.#met.delete(peer)
  }

  tick(step: Step): void {
    if (step.nowMono < this.#dueMono) return
    this.#dueMono = Number.POSITIVE_INFINITY
    for (const peer of this.#met) step.execute(`unstated/${peer}`, { on: 'books', do: 'unstated', peer })
    this.#met.clear()
  }

  dueMono(): number {
    return this.#dueMono
  }

  /** What is worth a statement. */
  worthwhile(unstated: readonly UnstatedIn[]): UnstatedIn[] {
    const { least = 0n } = this.#policy
    const gross = ({ lines }: UnstatedIn) => lines.reduce((sum, { amount, stated }) => sum + amount - stated, 0n)
    return unstated.filter((one) => one.lines.length > 0 && gross(one) >= least)
  }
}
