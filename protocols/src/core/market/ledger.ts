import { invariant } from '../../errors.ts'
import type { Gpu, Resources } from '../../wire/types.ts'
import { type Held, isNamed, kindFor } from './matching.ts'

interface Hold {
  resources: Resources
  /** Index into the shape's gpus; undefined: the hold takes none. */
  kind: number | undefined
  /** Monotonic ms at which a reservation lapses; undefined: a lease, which never does by itself. */
  untilMono: number | undefined
}

/**
 * What a provider has promised of what it has: firm reservations and leases together never exceed the capacity.
 * Keys are order ids for reservations and lease ids for leases.
 */
export class CapacityLedger {
  readonly #shape: Held
  readonly #holds = new Map<string, Hold>()

  constructor(shape: Held) {
    this.#shape = shape
  }

  /** What is neither reserved nor leased at `nowMono`; the whole shape, not a copy, where nothing is. */
  free(nowMono: number, except?: string): Held {
    if (this.#holds.size === 0) return this.#shape
    let { cpuMilli, memoryMib, diskMib } = this.#shape
    const gpus: Gpu[] = this.#shape.gpus.map((gpu) => ({ ...gpu }))
    for (const [key, hold] of this.#live(nowMono)) {
      if (key === except) continue
      cpuMilli -= hold.resources.cpuMilli
      memoryMib -= hold.resources.memoryMib
      diskMib -= hold.resources.diskMib
      const gpu = hold.kind === undefined ? undefined : gpus[hold.kind]
      if (gpu !== undefined) gpu.count -= hold.resources.gpuCount
    }
    return { gpus, cpuMilli, memoryMib, diskMib }
  }

  /** Reserves until `untilMono`; false, and nothing changed, if it does not fit. Reserving again replaces. */
  reserve(key: string, resources: Resources, untilMono: number, nowMono: number): boolean {
    return this.#hold(key, resources, untilMono, nowMono)
  }

  /** Turns reservation `from`, or free capacity, into a lease; false, and nothing changed, if it does not fit. */
  lease(key: string, from: string, resources: Resources, nowMono: number): boolean {
    const reservation = this.#holds.get(from)
    this.#holds.delete(from)
    if (this.#hold(key, resources, undefined, nowMono)) return true
    if (reservation !== undefined) this.#holds.set(from, reservation)
    return false
  }

  /** A lease that existed before a restart: held even if the machine now has less, so that nothing of it is sold twice. */
  restore(key: string, resources: Resources, nowMono: number): void {
    if (this.#hold(key, resources, undefined, nowMono)) return
    const kind = this.#shape.gpus.findIndex((gpu) => resources.gpuCount > 0 && isNamed(resources, gpu))
    this.#holds.set(key, { resources, kind: kind < 0 ? undefined : kind, untilMono: undefined })
  }

  release(key: string): void {
    this.#holds.delete(key)
  }

  *#live(nowMono: number): Generator<[string, Hold]> {
    for (const [key, hold] of this.#holds) {
      if (hold.untilMono !== undefined && hold.untilMono <= nowMono) this.#holds.delete(key)
      else yield [key, hold]
    }
  }

  #hold(key: string, resources: Resources, untilMono: number | undefined, nowMono: number): boolean {
    const free = this.free(nowMono, key)
    const kind = resources.gpuCount === 0 ? undefined : kindFor(resources, free.gpus)
    const fits = resources.cpuMilli <= free.cpuMilli && resources.memoryMib <= free.memoryMib && resources.diskMib <= free.diskMib
    if (!fits || kind === -1) return false
    this.#holds.set(key, { resources, kind, untilMono })
    const after = this.free(nowMono)
    const whole = after.cpuMilli >= 0 && after.memoryMib >= 0 && after.diskMib >= 0 && after.gpus.every((gpu) => gpu.count >= 0)
    invariant(whole, 'a provider promised more than it has')
    return true
  }
}
