import { deviceHex } from './kinds.ts'
import { isTaken, NameLocks } from './name-locks.ts'

/** Who has the locks that live as long as a container is on a device. Devices are named by their hashes (`deviceHex`). */
export interface ContainerLocks {
  /**
   * From now on these are lent and no others; what a container is on stays locked however. Resolves with those of them that no
   * other peer's containers may be on; undefined: nobody can say.
   */
  hold(hexes: readonly string[]): Promise<ReadonlySet<string> | undefined>
}

/** The lock of whoever may have containers on a device. */
export const containerLock = (hex: string): string => `weft-device-${hex}-containers`
const peerLock = (hex: string): string => `weft-device-${hex}`

/** Without a guard nothing is held, and what guards of other peers hold is seen. `own`: by its hash, what this peer's guard holds. */
export const seenLocks = (own: ReadonlySet<string> = new Set()): ContainerLocks => ({
  async hold(hexes) {
    const free = new Set<string>()
    for (const hex of hexes) if (own.has(hex) || !(await isTaken(containerLock(hex)))) free.add(hex)
    return free
  },
})

const SHARE = 'stop that one (weft down), or share the cards out: devices in the capacity.yaml of each'
const LENT = `another peer of this machine lends it; ${SHARE}`
const HELD = `another peer of this machine lends it, or had it when it ended and a container is on it still; ${SHARE}`
const UNSAID =
  'the guard of this peer does not answer, and nothing else would hold it for a container; tried again every few seconds'

/**
 * One device is lent by one peer of a machine. Two locks say so, whose names are made of the device's hash: the peer's own, which goes
 * with its process, and its guard's, a process of its own that stays while a container of the peer is there. So a card of a peer that
 * was killed is nobody else's before the last container is off it.
 */
export class DeviceLocks {
  readonly #locks: NameLocks
  readonly #containers: ContainerLocks
  /** By id, hash. */
  readonly #held = new Map<string, string>()
  #wanted = ''

  constructor(containers: ContainerLocks = seenLocks(), platform: NodeJS.Platform = process.platform) {
    this.#containers = containers
    this.#locks = new NameLocks(platform)
  }

  /** Takes those that nobody else has. Resolves with the others: by id, why. Call it, and `keep`, one after the other. */
  async take(ids: readonly string[]): Promise<Map<string, string>> {
    const refused = new Map<string, string>()
    const asked = ids.filter((id) => !this.#held.has(id)).map((id): [string, string] => [id, deviceHex(id)])
    if (asked.length === 0) return refused
    const free = await this.#hold([...this.#held.values(), ...asked.map(([, hex]) => hex)])
    for (const [id, hex] of asked) {
      if (free === undefined) refused.set(id, UNSAID)
      else if (!free.has(hex)) refused.set(id, HELD)
      else if (await this.#locks.take(peerLock(hex))) this.#held.set(id, hex)
      else refused.set(id, LENT)
    }
    return refused
  }

  /** Lets go of all but these. */
  async keep(ids: ReadonlySet<string>): Promise<void> {
    for (const id of this.#held.keys()) if (!ids.has(id)) this.#held.delete(id)
    const hexes = [...this.#held.values()]
    await this.#locks.keep(new Set(hexes.map(peerLock)))
    if (hexes.join() !== this.#wanted) await this.#hold(hexes)
  }

  #hold(hexes: readonly string[]): Promise<ReadonlySet<string> | undefined> {
    this.#wanted = hexes.join()
    return this.#containers.hold(hexes)
  }
}
