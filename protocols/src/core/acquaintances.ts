import type { PeerId } from '../units.ts'

/** Peers that are remembered, of each kind: those that changed least recently are forgotten first. */
const ACQUAINTANCES_MAX = 10_000

/** What a peer knows of another that it dealt with. */
interface Known {
  /** It signed documents that contradict each other: it is dealt with no more. */
  equivocated?: true
}

/**
 * What a peer knows of others from its own dealings, in the order of the last change, and no more than it can hold. Who contradicted
 * itself is remembered apart: any number of new names may come and pay, and none of them makes a cheat forgotten.
 */
export class Acquaintances<Knowledge extends Known> {
  readonly #honest = new Map<PeerId, Knowledge>()
  readonly #equivocators = new Map<PeerId, Knowledge>()
  readonly #max: number
  /** From the store, whose order is that of names. */
  #restored: { peer: PeerId; knowledge: Knowledge; writtenMs: number }[] = []

  constructor(max: number = ACQUAINTANCES_MAX) {
    this.#max = max
  }

  /** As it was before a restart; `writtenMs`: by the wall clock of then, which tells who was met last. */
  restore(peer: PeerId, knowledge: Knowledge, writtenMs: number): void {
    this.#restored.push({ peer, knowledge, writtenMs })
  }

  get(peer: PeerId): Knowledge | undefined {
    this.#sortIn()
    return this.#honest.get(peer) ?? this.#equivocators.get(peer)
  }

  /** Returns who is forgotten for it. */
  set(peer: PeerId, knowledge: Knowledge): PeerId | undefined {
    this.#sortIn()
    this.#honest.delete(peer)
    this.#equivocators.delete(peer)
    const all = knowledge.equivocated === true ? this.#equivocators : this.#honest
    all.set(peer, knowledge)
    if (all.size <= this.#max) return undefined
    const [oldest] = all.keys()
    if (oldest !== undefined) all.delete(oldest)
    return oldest
  }

  #sortIn(): void {
    if (this.#restored.length === 0) return
    const restored = this.#restored.toSorted((a, b) => a.writtenMs - b.writtenMs)
    this.#restored = []
    for (const { peer, knowledge } of restored)
      (knowledge.equivocated === true ? this.#equivocators : this.#honest).set(peer, knowledge)
  }
}
