import { invariant } from '../../errors.ts'
import type { Gpu, GpuKind, Resources } from '../../wire/types.ts'
import { type Held, isNamed, isSameKind, kindFor } from './matching.ts'

interface Hold {
  resources: Resources
  /** What kind of device it takes; undefined: none. */
  gpu: GpuKind | undefined
  /** Its index in the shape's gpus; −1: it takes none, or there is none of that kind now. */
  kind: number
  /** Monotonic ms at which a reservation lapses; undefined: a lease, which never does by itself. */
  untilMono: number | undefined
}

/**
 * What a provider has promised of what it has: firm reservations and leases together never exceed the capacity.
 * Keys are order ids for reservations and lease ids for leases.
 */
export class CapacityLedger {
  #shape: Held
  readonly #holds = new Map<string, Hold>()

  constructor(shape: Held) {
    this.#shape = shape
  }

  /**
   * From now on there is this. What is held stays held, even if that is more than there is, each hold of devices by devices of its
   * kind; one whose kind is gone holds no other.
   */
  change(shape: Held): void {
    this.#shape = shape
    for (const hold of this.#holds.values()) hold.kind = this.#indexOf(hold.gpu)
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
      const gpu = gpus[hold.kind]
      if (gpu !== undefined) gpu.count -= hold.resources.gpuCount
    }
    return { gpus, cpuMilli, memoryMib, diskMib }
  }

  /** Nothing is reserved or leased. */
  isIdle(nowMono: number): boolean {
    return this.#live(nowMono).next().done === true
  }

  /** Reserves until `untilMono`; false, and nothing changed, if it does not fit. Reserving again replaces. */
  reserve(key: string, resources: Resources, untilMono: number, nowMono: number): boolean {
    return this.#hold(key, resources, untilMono, nowMono)
  }

  /**
   * Turns reservation `from`, or free capacity, into a lease; false, and nothing changed, if it does not fit. `gpu`: by devices of this
   * kind and no other. @default of the smallest that serves
   */
  lease(key: string, from: string, resources: Resources, nowMono: number, gpu?: GpuKind): boolean {
    const reservation = this.#holds.get(from)
    this.#holds.delete(from)
    if (this.#hold(key, resources, undefined, nowMono, gpu)) return true
    if (reservation !== undefined) this.#holds.set(from, reservation)
    return false
  }

  /**
   * A lease that existed before a restart: held even if the machine now has less, so that nothing of it is sold twice. `gpu`: the kind of
   * device that it took; undefined: none, or it was not kept, and one is chosen as at first.
   */
  restore(key: string, resources: Resources, gpu: GpuKind | undefined, nowMono: number): void {
    if (gpu === undefined && this.#hold(key, resources, undefined, nowMono)) return
    const kind = gpu ?? this.#shape.gpus.find((other) => resources.gpuCount > 0 && isNamed(resources, other))
    this.#holds.set(key, { resources, gpu: kind, kind: this.#indexOf(kind), untilMono: undefined })
  }

  /** The kind of device that it takes; undefined: none. */
  kindOf(key: string): GpuKind | undefined {
    return this.#holds.get(key)?.gpu
  }

  release(key: string): void {
    this.#holds.delete(key)
  }

  #indexOf(kind: GpuKind | undefined): number {
    return kind === undefined ? -1 : this.#shape.gpus.findIndex((gpu) => isSameKind(gpu, kind))
  }

  *#live(nowMono: number): Generator<[string, Hold]> {
    for (const [key, hold] of this.#holds) {
      if (hold.untilMono !== undefined && hold.untilMono <= nowMono) this.#holds.delete(key)
      else yield [key, hold]
    }
  }

  #hold(key: string, resources: Resources, untilMono: number | undefined, nowMono: number, gpu?: GpuKind): boolean {
    const free = this.free(nowMono, key)
    const kind = resources.gpuCount === 0 ? -1 : kindFor(resources, free.gpus, gpu)
    const fits = resources.cpuMilli <= free.cpuMilli && resources.memoryMib <= free.memoryMib && resources.diskMib <= free.diskMib
    if (!fits || (kind === -1 && resources.gpuCount > 0)) return false
    this.#holds.set(key, { resources, gpu: kindOf(this.#shape.gpus[kind]), kind, untilMono })
    const after = this.free(nowMono)
    // Of what was there before and is gone now there may be less than none, but not of what this takes.
    const whole = after.cpuMilli >= 0 && after.memoryMib >= 0 && after.diskMib >= 0 && (after.gpus[kind]?.count ?? 0) >= 0
    invariant(whole, 'a provider promised more than it has')
    return true
  }
}

/** Without how many there are and what they cost. */
function kindOf(gpu: Gpu | undefined): GpuKind | undefined {
  if (gpu === undefined) return undefined
  const { vendor, model, vramMib, computeCapability, detected } = gpu
  return { vendor, model, vramMib, computeCapability, ...(detected === undefined ? {} : { detected }) }
}
