import { type LeaseId, messageOf } from '@weft/protocols'
import type { Exit, Work } from '@weft/protocols/ports'
import { type Detection, type Device, detectDevices, isChild, machineProbe } from '../capacity/index.ts'
import { memoryInUse } from '../capacity/memory-in-use.ts'
import {
  type ContainerDevices,
  containerDevices,
  deviceSupport,
  type Engine,
  LABELS,
  type LeaseDevices,
  NO_DEVICES,
} from '../executor/index.ts'
import { MachineMeter } from '../meter/machine-meter.ts'
import type { Logger } from '../network/index.ts'
import { DeviceCare } from './device-care.ts'
import { DevicePool } from './device-pool.ts'
import { scrub } from './scrub.ts'

export interface LentDevicesInit {
  engine: Engine
  peerId: string
  /** Every device of this machine, lent or not. */
  all: readonly Device[]
  /** What is lent at first. */
  devices: readonly Device[]
  /** Nothing of the lease runs any more, for sure. */
  isOver(leaseId: LeaseId): boolean
  /** A device of the lease failed. */
  onFault(leaseId: LeaseId, fault: NonNullable<Exit['fault']>): void
  /** What is withdrawn is other than before. */
  onChange(): void
  log: Logger
  /** @default those of this machine's tools */
  detect?: () => Promise<Detection>
  /** @default 30_000 */
  lookMs?: number
}

const LOOK_MS = 30_000

/** The devices that a provider lends: who has which, looked at while they are leased and after. */
export class LentDevices implements LeaseDevices {
  readonly #init: LentDevicesInit
  readonly #care: DeviceCare
  readonly #pool: DevicePool
  readonly #claimed = new Map<string, Device>()
  #timer: NodeJS.Timeout | undefined
  #isLooking = false

  constructor(init: LentDevicesInit) {
    this.#init = init
    const probe = machineProbe()
    const { all, devices, isOver, log, onFault, onChange, detect = () => detectDevices(probe) } = init
    const meter = new MachineMeter(all)
    this.#claim(all)
    this.#care = new DeviceCare({
      detect: async () => this.#withClaimed(await detect()),
      memoryInUse: (device) => memoryInUse(probe, device),
      isOwn: (pid) => isChild(probe, pid),
      scrub: (device) => scrub(meter, device),
      onUnscrubbed: (id, why) => log.warn({ device: id }, `what jobs left in its memory was not written over: ${why}`),
    })
    this.#pool = new DevicePool({
      devices,
      care: this.#care,
      isOver,
      onWithdrawn(id, why, leaseId) {
        log.error({ device: id, leaseId }, `not lent any more: ${why}`)
        onChange()
        if (leaseId !== undefined) onFault(leaseId, { code: 'DEVICE_FAILED', message: why })
      },
      onBack(id) {
        log.info({ device: id }, 'lent again: it is as it should be')
        onChange()
      },
    })
  }

  /** Takes up what the containers that are there have, and looks at the devices every now and then from here on. */
  async start(): Promise<void> {
    const { engine, peerId, devices, lookMs = LOOK_MS } = this.#init
    const held = new Set<string>()
    for (const { labels } of await engine.list({ [LABELS.peer]: peerId })) {
      const ids = (labels[LABELS.devices] ?? '').split(',').filter((id) => id !== '')
      this.#pool.adopt((labels[LABELS.lease] ?? '') as LeaseId, ids)
      for (const id of ids) held.add(id)
    }
    await this.#care.rest(devices.filter(({ id }) => !held.has(id)))
    this.#timer = setInterval(() => void this.#look(), lookMs).unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** These are lent from now on. Leases keep what they have. */
  async lend(devices: readonly Device[]): Promise<void> {
    this.#claim(devices)
    this.#pool.lend(devices)
    await this.#care.rest(devices.filter(({ id }) => !this.#care.knows(id) && !this.#pool.isLeased(id)))
  }

  isLeased(id: string): boolean {
    return this.#pool.isLeased(id)
  }

  /** Devices that no lease gets, and why. */
  get withdrawn(): ReadonlyMap<string, string> {
    return this.#pool.withdrawn
  }

  async take(work: Work): Promise<ContainerDevices> {
    const devices = await this.#pool.take(work)
    if (devices.length === 0) return NO_DEVICES
    return containerDevices(devices, (await deviceSupport(this.#init.engine, devices)).support)
  }

  faultOf(leaseId: LeaseId): Promise<Exit['fault']> {
    return this.#pool.faultOf(leaseId)
  }

  release(leaseId: LeaseId): void {
    this.#pool.release(leaseId)
  }

  #claim(devices: readonly Device[]): void {
    for (const device of devices) if (device.isClaimed === true) this.#claimed.set(device.id, device)
  }

  /** No tool finds what only its owner says to be there, so nothing can be said against it. */
  #withClaimed({ devices, faults }: Detection): Detection {
    const found = new Set(devices.map(({ id }) => id))
    return { devices: [...devices, ...[...this.#claimed.values()].filter(({ id }) => !found.has(id))], faults }
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return
    this.#isLooking = true
    try {
      await this.#pool.look()
    } catch (error) {
      this.#init.log.warn({ error: messageOf(error) }, 'looking at the devices failed; trying again')
    } finally {
      this.#isLooking = false
    }
  }
}
