import { ExecutorError, type LeaseId, messageOf } from '@weft/protocols'
import { isSameKind, kindFor } from '@weft/protocols/core'
import type { Exit, Work } from '@weft/protocols/ports'
import type { Gpu, GpuKind } from '@weft/protocols/wire'
import { type Device, deviceHex, gpuKinds } from '../capacity/index.ts'
import type { DeviceCare } from './device-care.ts'

export interface DevicePoolInit {
  /** What is lent at first. */
  devices: readonly Device[]
  care: Pick<DeviceCare, 'look' | 'afterJob'>
  /** Nothing of the lease runs any more, for sure. */
  isOver(leaseId: LeaseId): boolean
  /** The device is given to nobody from now on; `leaseId` has it. */
  onWithdrawn(id: string, why: string, leaseId: LeaseId | undefined): void
  /** What was withdrawn is well again, and is given to leases. */
  onBack(id: string): void
}

/**
 * Which lease has which devices. Each is one lease's at a time, and is looked at after it before another gets it; what is not as
 * it should be is withdrawn until it is. Nothing of this is on disk: after a restart the containers that are there say what they have.
 */
export class DevicePool {
  readonly #init: Omit<DevicePoolInit, 'devices'>
  #devices: readonly Device[] = []
  #kinds: readonly Gpu[] = []
  /** Whatever was lent since this peer started: a lease keeps its devices though they are lent no more. */
  readonly #known = new Map<string, Device>()
  readonly #holders = new Map<LeaseId, readonly string[]>()
  /** Whoever is being looked at after a lease; it ends by itself. */
  readonly #looking = new Map<string, Promise<void>>()
  readonly #withdrawn = new Map<string, string>()

  constructor(init: DevicePoolInit) {
    this.#init = init
    this.lend(init.devices)
  }

  /** These are lent from now on. Leases keep what they have. */
  lend(devices: readonly Device[]): void {
    this.#devices = devices
    this.#kinds = gpuKinds(devices)
    for (const device of devices) this.#known.set(device.id, device)
  }

  /** A container that is there has these. */
  adopt(leaseId: LeaseId, ids: readonly string[]): void {
    if (ids.length > 0) this.#holders.set(leaseId, ids)
  }

  /** Whether a lease has the device, or had it just now and it is being looked at. */
  isLeased(id: string): boolean {
    return this.#holderOf(id) !== undefined || this.#looking.has(id)
  }

  /** Devices that no lease gets, and why. */
  get withdrawn(): ReadonlyMap<string, string> {
    return this.#withdrawn
  }

  /**
   * The lease's devices, the same whenever it is asked: all of the kind that is leased; where too few of that are left, as after a
   * restart, of the smallest that serves. Waits for what is being looked at. Rejects with DEVICE_FAILED where too few of one kind are there.
   */
  async take({ leaseId, grant, gpu }: Pick<Work, 'leaseId' | 'grant' | 'gpu'>): Promise<readonly Device[]> {
    if (grant.gpuCount === 0) return []
    for (let tries = 0; tries <= this.#devices.length; tries += 1) {
      const ids = this.#holders.get(leaseId) ?? this.#choose(grant, gpu)
      if (ids !== undefined) {
        this.#holders.set(leaseId, ids)
        return ids.flatMap((id) => this.#known.get(id) ?? [])
      }
      if (this.#looking.size === 0) break
      await Promise.race(this.#looking.values())
    }
    const gone = this.#withdrawn.size === 0 ? '' : `; withdrawn are ${this.#withdrawn.size}`
    throw new ExecutorError(
      'DEVICE_FAILED',
      `the lease has ${grant.gpuCount} GPUs, and fewer fitting ones of one kind are free${gone}`,
    )
  }

  /** Nothing of the lease runs any more. */
  release(leaseId: LeaseId): void {
    const ids = this.#holders.get(leaseId) ?? []
    this.#holders.delete(leaseId)
    for (const id of ids) {
      if (this.#withdrawn.has(id)) continue
      const looked = this.#init.care
        .afterJob(id)
        .catch(messageOf)
        .then((why) => {
          this.#looking.delete(id)
          if (why !== undefined) this.#withdraw(id, why)
        })
      this.#looking.set(id, looked)
    }
  }

  /** What the machine fails the lease in, if one of its devices is not well now. */
  async faultOf(leaseId: LeaseId): Promise<Exit['fault']> {
    const ids = this.#holders.get(leaseId) ?? []
    if (ids.length === 0) return undefined
    for (const [id, why] of await this.#init.care.look(ids)) this.#withdraw(id, why)
    const why = ids.map((id) => this.#withdrawn.get(id)).find((reason) => reason !== undefined)
    return why === undefined ? undefined : { code: 'DEVICE_FAILED', message: why }
  }

  /** Looks at what is leased or withdrawn. Call it every now and then, and not again before it has resolved. */
  async look(): Promise<void> {
    this.#releaseEnded()
    const held = [...this.#holders.values()].flat()
    if (held.length > 0) for (const [id, why] of await this.#init.care.look(held)) this.#withdraw(id, why)
    for (const id of this.#withdrawn.keys()) {
      if (this.#holderOf(id) !== undefined || (await this.#init.care.afterJob(id, 1)) !== undefined) continue
      this.#withdrawn.delete(id)
      this.#init.onBack(id)
    }
  }

  #choose(grant: Work['grant'], leased: GpuKind | undefined): readonly string[] | undefined {
    this.#releaseEnded()
    const held = new Set([...this.#holders.values()].flat())
    const free = this.#devices.filter(({ id }) => !held.has(id) && !this.#looking.has(id) && !this.#withdrawn.has(id))
    const hashes = new Map(free.map(({ id }) => [deviceHex(id), id]))
    const idsOf = (kind: Gpu): string[] => kind.uuidHashes.flatMap((hash) => hashes.get(Buffer.from(hash).toString('hex')) ?? [])
    const kinds = this.#kinds.map((kind) => ({ ...kind, count: idsOf(kind).length }))
    const same = kinds.find((kind) => leased !== undefined && isSameKind(kind, leased) && kind.count >= grant.gpuCount)
    const kind = same ?? kinds[kindFor(grant, kinds)]
    return kind === undefined ? undefined : idsOf(kind).slice(0, grant.gpuCount)
  }

  /** A lease may end without a word, as when it never had a container. */
  #releaseEnded(): void {
    for (const leaseId of this.#holders.keys()) if (this.#init.isOver(leaseId)) this.release(leaseId)
  }

  #withdraw(id: string, why: string): void {
    if (this.#withdrawn.has(id)) return
    this.#withdrawn.set(id, why)
    this.#init.onWithdrawn(id, why, this.#holderOf(id))
  }

  #holderOf(id: string): LeaseId | undefined {
    return [...this.#holders].find(([, ids]) => ids.includes(id))?.[0]
  }
}
