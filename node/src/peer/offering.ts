import { MIB, messageOf } from '@weft/protocols'
import type { CapacityInit } from '@weft/protocols/core'
import {
  allDevices,
  type Detection,
  type Device,
  DeviceLocks,
  detectDevices,
  detectMachine,
  detectSize,
  type FileView,
  inUseBy,
  isChild,
  isWithin,
  type Kept,
  type Lent,
  lendable,
  localText,
  type Machine,
  type MachineSize,
  machineProbe,
  openCapacityFile,
  type Probe,
  type WatchedFile,
} from '../capacity/index.ts'
import type { Settings } from '../config/index.ts'
import { deviceSupport, type Engine, type EngineInfo, grantable } from '../executor/index.ts'
import { measureTree } from '../executor/tree.ts'
import { homePaths } from '../home/index.ts'
import type { Unpriced } from '../prices/book.ts'
import { capacityOf } from './capacity.ts'
import { GONE } from './device-care.ts'
import { SteadySize } from './steady-size.ts'

export interface OfferingInit {
  /** The data folder. */
  folder: string
  settings: Pick<Settings, 'lend' | 'lendFile' | 'region'>
  /** Says what is charged for it. */
  priced(capacity: Unpriced): CapacityInit
  engine: Engine
  /** Gets a sentence about each limit above what is there, and about a file that is refused. */
  onWarning(sentence: string): void
  /** @default of a peer without a guard */
  locks?: DeviceLocks
  /** @default this machine */
  probe?: Probe
  /** How large the machine is, as far as this process may use it. @default as `probe` and the disk of `folder` say */
  size?: () => Promise<MachineSize>
  /** Unix ms. @default Date.now */
  wallMs?: () => number
}

/** What a provider lends now, and what it does not. */
export interface Offered {
  capacity: CapacityInit
  devices: readonly Device[]
  kept: readonly Kept[]
  /** Why nothing is lent at all; undefined: something is. */
  closed: string | undefined
}

/** Who follows what is lent. */
export interface Followers {
  onChange(offered: Offered): void
  /** Some lease has the device, whether it is lent still or not. */
  isLeased(id: string): boolean
}

/** How often the file and the clock are looked at, and every how many looks the devices. */
const LOOK_MS = 5_000
const LOOKS_PER_DETECTION = 60
/** A device that a tool misses once may only have been slow to answer. */
const MISSES_MAX = 2

/**
 * What a peer lends: its machine, as settings and capacity file allow, less what failed, what another peer of this machine lends and what
 * was withdrawn after a job. Follows file and clock, and more seldom cards, cores, memory and disk, while it runs.
 */
export class Offering {
  readonly #init: OfferingInit
  readonly #probe: Probe
  readonly #file: WatchedFile
  #engine: EngineInfo
  readonly #size: SteadySize
  readonly #locks: DeviceLocks
  readonly #misses = new Map<string, number>()
  readonly #said = new Set<string>()
  #machine: Machine
  #withdrawn: ReadonlyMap<string, string> = new Map()
  /** By id, why another peer of this machine has it. */
  #elsewhere: ReadonlyMap<string, string> = new Map()
  /** What the engine cannot give to a container, and what to do. */
  #unable: ReadonlyMap<string, string> = new Map()
  /** What others compute on so much that too little is left. */
  #inUse: ReadonlyMap<string, string> = new Map()
  #now: Offered
  #followers: Followers = { onChange: () => undefined, isLeased: () => false }
  #timer: NodeJS.Timeout | undefined
  #looks = 0
  #looking = Promise.resolve()
  #isLooking = false

  private constructor(init: OfferingInit, parts: { probe: Probe; file: WatchedFile; machine: Machine; engine: EngineInfo }) {
    this.#init = init
    this.#locks = init.locks ?? new DeviceLocks()
    this.#probe = parts.probe
    this.#file = parts.file
    this.#machine = parts.machine
    this.#size = new SteadySize(parts.machine)
    this.#engine = parts.engine
    this.#now = this.#offered(this.#lendable())
  }

  /** Throws UsageError, with the line, for a capacity file with an error. Holds the locks of what it lends until `stop`. */
  static async open(init: OfferingInit): Promise<Offering> {
    const { folder, settings, engine, probe = machineProbe() } = init
    const file = await openCapacityFile(folder, settings.lendFile)
    const [machine, info] = await Promise.all([detectMachine({ folder, probe }), engine.info()])
    const usable = { ...machine, ...(await usableSize(init, probe, info)) }
    const offering = new Offering(init, { probe, file, machine: usable, engine: info })
    await offering.#askEngine()
    await offering.#askUse(new Set())
    await offering.#apply()
    return offering
  }

  get now(): Offered {
    return this.#now
  }

  isLeased(id: string): boolean {
    return this.#followers.isLeased(id)
  }

  /** Every device there is, lent or not. */
  get devices(): readonly Device[] {
    return allDevices(this.#machine, this.#file.rules)
  }

  get machine(): Machine {
    return this.#machine
  }

  get file(): FileView {
    return this.#file.view
  }

  /** Follows what changes, until `stop`. */
  start(followers: Followers): void {
    this.#followers = followers
    // What was there before this peer knew of its leases was theirs.
    this.#inUse = new Map([...this.#inUse].filter(([id]) => !followers.isLeased(id)))
    this.#now = this.#offered(this.#lendable())
    followers.onChange(this.#now)
    this.#timer = setInterval(() => {
      // A tool that hangs may take longer than the pause between two looks.
      if (!this.#isLooking) void this.look({ devices: ++this.#looks % LOOKS_PER_DETECTION === 0 })
    }, LOOK_MS).unref()
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#looking
    await this.#locks.keep(new Set())
  }

  /** Looks at the file and the clock now, and with `devices` at the cards. Resolves when what is lent is what should be. */
  look({ devices }: { devices: boolean }): Promise<void> {
    this.#looking = this.#looking.then(async () => {
      this.#isLooking = true
      try {
        const isOther = await this.#file.look()
        const { problem } = this.#file.view
        if (isOther && problem !== undefined) this.#init.onWarning(`${problem}; what was in force before stays so`)
        if (devices) {
          const leased = this.#leased()
          this.#take(await detectDevices(this.#probe))
          await this.#measure()
          await this.#askEngine()
          await this.#askUse(leased)
        }
        await this.#apply()
      } catch (error) {
        this.#init.onWarning(`what is lent could not be looked at: ${messageOf(error)}`)
      }
      this.#isLooking = false
    })
    return this.#looking
  }

  /** These are not lent, whatever else is said: by id, why. */
  withdraw(devices: ReadonlyMap<string, string>): Promise<void> {
    this.#withdrawn = new Map(devices)
    return this.look({ devices: false })
  }

  /** Each keeps its place, by which a capacity file may name it; what is new comes last. */
  #take({ devices, faults }: Detection): void {
    const found = new Map(devices.map((device) => [device.id, device]))
    const isDivided = ({ id }: Device): boolean => devices.some(({ sliceOf }) => sliceOf === id)
    const known = this.#machine.devices.flatMap((before): Device[] => {
      const now = found.get(before.id)
      if (now === undefined) return isDivided(before) ? [] : this.#missed(before)
      this.#misses.delete(before.id)
      found.delete(before.id)
      return [now]
    })
    this.#machine = { ...this.#machine, devices: [...known, ...found.values()], faults }
  }

  /** What a tool forgets stays until it has done so twice; then a slice is gone, and a card has failed. */
  #missed(device: Device): Device[] {
    const misses = (this.#misses.get(device.id) ?? 0) + 1
    this.#misses.set(device.id, misses)
    if (misses < MISSES_MAX || device.health.state === 'failed') return [device]
    this.#misses.delete(device.id)
    return device.sliceOf === undefined ? [{ ...device, health: { state: 'failed', text: GONE } }] : []
  }

  /** An engine that does not answer now is as large as it was. */
  async #measure(): Promise<void> {
    this.#engine = await this.#init.engine.info().catch(() => this.#engine)
    try {
      const size = this.#size.read(await usableSize(this.#init, this.#probe, this.#engine))
      this.#machine = { ...this.#machine, ...size }
    } catch (error) {
      this.#warn([`cores, memory and disk count as they were, since they cannot be read: ${messageOf(error)}`])
    }
  }

  /** Which devices the engine can give to a container, and of the others what is in the way. */
  async #askEngine(): Promise<void> {
    const { devices } = this
    if (devices.length === 0) return
    const { support, faults: broken } = await deviceSupport(this.#init.engine, devices)
    const { devices: able, faults } = grantable(devices, support)
    const unable = devices.filter((device) => !able.includes(device))
    this.#unable = new Map(
      unable.map(({ id }) => {
        const fault = faults.get(id)
        return [id, fault === undefined ? 'it is granted by the slice' : `${fault.text}; ${fault.fix}`]
      }),
    )
    this.#warn(broken)
  }

  /** Of devices that no lease has, nor had when they were looked at: what a job does on its own is nobody's concern. */
  async #askUse(leased: ReadonlySet<string>): Promise<void> {
    const now = this.#leased()
    const free = this.#machine.devices.filter(({ id }) => !leased.has(id) && !now.has(id))
    const uses = await Promise.all(free.map((device) => inUseBy(device, (pid) => isChild(this.#probe, pid))))
    this.#inUse = new Map(free.flatMap(({ id }, at): [string, string][] => (uses[at] === undefined ? [] : [[id, uses[at]]])))
  }

  /** Each once. */
  #warn(warnings: readonly string[]): void {
    for (const warning of warnings) {
      if (!this.#said.has(warning)) this.#init.onWarning(warning)
      this.#said.add(warning)
    }
  }

  async #apply(): Promise<void> {
    await this.#lock()
    const lent = this.#lendable()
    this.#warn(lent.warnings)
    const offered = this.#offered(lent)
    const isSame = JSON.stringify(offered, plain) === JSON.stringify(this.#now, plain)
    this.#now = offered
    if (!isSame) this.#followers.onChange(offered)
  }

  /** What another peer of this machine lends is not lent here; where not all are wanted, others take its place. */
  async #lock(): Promise<void> {
    const elsewhere = new Map<string, string>()
    for (;;) {
      this.#elsewhere = elsewhere
      const wanted = this.#lendable().devices.map(({ id }) => id)
      const taken = await this.#locks.take(wanted)
      for (const [id, why] of taken) elsewhere.set(id, why)
      if (taken.size > 0) continue
      await this.#locks.keep(new Set([...wanted, ...this.#leased()]))
      return
    }
  }

  #leased(): Set<string> {
    return new Set(this.#machine.devices.flatMap(({ id }) => (this.isLeased(id) ? [id] : [])))
  }

  #lendable(): Lent {
    const { rules } = this.#file
    const isOpen = isWithin(rules.hours, this.#wallMs(), rules.timeZone)
    const unavailable = new Map([...this.#elsewhere, ...this.#inUse, ...this.#unable, ...this.#withdrawn])
    return lendable(this.#machine, { limits: this.#init.settings.lend, rules, isOpen, unavailable })
  }

  #offered(lent: Lent): Offered {
    const { hours, timeZone } = this.#file.rules
    const isOpen = isWithin(hours, this.#wallMs(), timeZone)
    return {
      capacity: this.#init.priced(capacityOf(lent, this.#init.settings.region, this.#engine)),
      devices: lent.devices,
      kept: lent.kept,
      closed: isOpen ? undefined : `outside the hours of the capacity file: it is ${localText(this.#wallMs(), timeZone)} there`,
    }
  }

  #wallMs(): number {
    return (this.#init.wallMs ?? Date.now)()
  }
}

/** Walked at most to know what leases take of the disk: what is not seen counts as taken by others. */
const LEASE_FILES_MAX = 200_000

/**
 * What there is for leases, those that run included. Where the engine runs in a machine of its own (Docker Desktop, Podman machine), that
 * one's size counts. What leases wrote is free for leases: it is they who hold it, as the ledger knows.
 */
async function usableSize({ folder, size }: OfferingInit, probe: Probe, engine: EngineInfo): Promise<MachineSize> {
  const limits = { bytesMax: Number.MAX_SAFE_INTEGER, entriesMax: LEASE_FILES_MAX }
  const [{ cpuMilli, memoryMib, diskMib }, leases] = await Promise.all([
    size?.() ?? detectSize({ folder, probe }),
    measureTree(homePaths(folder).leases, limits),
  ])
  return {
    cpuMilli: Math.min(cpuMilli, engine.cpus * 1000),
    memoryMib: Math.min(memoryMib, engine.memoryMib),
    diskMib: diskMib + Math.floor(leases.diskBytes / MIB),
  }
}

/** Who uses a card changes all the time and nothing that is sold. */
const plain = (key: string, value: unknown): unknown =>
  key === 'usedBy' || key === 'closed' ? undefined : typeof value === 'bigint' ? `${value}` : value
