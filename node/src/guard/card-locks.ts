import { containerLock } from '../capacity/device-locks.ts'
import { NameLocks } from '../capacity/name-locks.ts'

/** The locks that a guard has of devices, by their hashes: of those that its peer lends, and of those that a container is on. */
export class CardLocks {
  readonly #locks = new NameLocks()
  #held: ReadonlySet<string> = new Set()
  /** One call after the other: none lets go of what a later one took. */
  #last: Promise<unknown> = Promise.resolve()

  get held(): ReadonlySet<string> {
    return this.#held
  }

  /** Takes these too. Resolves with all that it has. */
  take(hexes: ReadonlySet<string>): Promise<ReadonlySet<string>> {
    return this.#after(() => this.#take(hexes))
  }

  /** Has these and no others, but for those that another guard has: they are tried again when it is asked again. */
  keep(hexes: ReadonlySet<string>): Promise<void> {
    return this.#after(async () => {
      this.#held = new Set([...this.#held].filter((hex) => hexes.has(hex)))
      await this.#locks.keep(new Set([...hexes].map(containerLock)))
      await this.#take(hexes)
    })
  }

  async #take(hexes: ReadonlySet<string>): Promise<ReadonlySet<string>> {
    for (const hex of hexes) if (await this.#locks.take(containerLock(hex))) this.#held = new Set([...this.#held, hex])
    return this.#held
  }

  #after<T>(act: () => Promise<T>): Promise<T> {
    const acted = this.#last.then(act)
    this.#last = acted
    return acted
  }
}
