import { setTimeout as delay } from 'node:timers/promises'
import { messageOf } from '@weft/protocols'
import type { Detection, Device, Fault } from '../capacity/index.ts'

export interface DeviceCareInit {
  /** What the vendors' tools say now. */
  detect(): Promise<Detection>
  /** MiB that are in use; undefined where nothing tells. */
  memoryInUse(device: Device): Promise<number | undefined>
  /** Whether this peer started the process, to measure a device. */
  isOwn(pid: number): Promise<boolean>
  /** Writes over what a job left in the device's memory. Rejects where it cannot. */
  scrub(device: Device): Promise<void>
  /** The next lease may find in the memory what the last one left. */
  onUnscrubbed(id: string, why: string): void
  /** @default setTimeout */
  sleep?: (ms: number) => Promise<unknown>
}

/** How a device is while no lease has it. */
interface Idle {
  pids: ReadonlySet<number>
  memoryMib: number | undefined
}

/** Why a device that was there is not. */
export const GONE = 'its driver does not find it any more'

/** A tool that did not answer is asked again, in case that it was only slow. */
const LOOKS = 3
const LOOK_AGAIN_MS = 5_000
/** A driver takes a moment to give back what a killed process had. */
const CLEAN_LOOKS = 10
const CLEAN_AGAIN_MS = 1_000
/** What a driver may keep for itself beyond what it had when idle. */
const MEMORY_SLACK_MIB = 256

/** Looks at devices: whether they are well, and whether a job has left anything on one. */
export class DeviceCare {
  readonly #init: DeviceCareInit
  readonly #idle = new Map<string, Idle>()

  constructor(init: DeviceCareInit) {
    this.#init = init
  }

  /** Whether it remembers what uses the device while no lease has it. */
  knows(id: string): boolean {
    return this.#idle.has(id)
  }

  /** Remembers what uses the devices while no lease has them, such as a desktop: nothing of a job is among it. */
  async rest(devices: readonly Device[]): Promise<void> {
    for (const device of devices) {
      const pids = new Set(device.usedBy.map(({ pid }) => pid))
      this.#idle.set(device.id, { pids, memoryMib: await this.#init.memoryInUse(device) })
    }
  }

  /** Why each of the devices that are not well is not: gone, or failed by its own account. */
  async look(ids: readonly string[]): Promise<Map<string, string>> {
    for (let tries = 1; ; tries += 1) {
      const found = await this.#init.detect()
      const isSure = ids.every((id) => deviceOf(id, found) !== undefined || faultOf(id, found) === undefined)
      if (!isSure && tries < LOOKS) await this.#sleep(LOOK_AGAIN_MS)
      else return new Map(ids.flatMap((id): [string, string][] => illness(id, found).map((why) => [id, why])))
    }
  }

  /**
   * Why the device cannot be given to another lease yet; undefined: no process is on it, its memory is free, and it is well. The
   * memory is written over then, where that can be done. `looks`: how often it is looked at, a second apart, until that is so. @default 10
   */
  async afterJob(id: string, looks: number = CLEAN_LOOKS): Promise<string | undefined> {
    for (let tries = 1; ; tries += 1) {
      const found = await this.#init.detect()
      const device = deviceOf(id, found)
      const why = illness(id, found)[0] ?? (await this.#leftOn(device))
      if (why === undefined && device !== undefined) await this.#scrub(device)
      if (why === undefined || tries === looks) return why
      await this.#sleep(CLEAN_AGAIN_MS)
    }
  }

  async #scrub(device: Device): Promise<void> {
    try {
      await this.#init.scrub(device)
    } catch (error) {
      this.#init.onUnscrubbed(device.id, messageOf(error))
    }
  }

  async #leftOn(device: Device | undefined): Promise<string | undefined> {
    if (device === undefined) return undefined
    const { id, usedBy } = device
    const idle = this.#idle.get(id)
    const others = usedBy.filter(({ pid }) => idle?.pids.has(pid) !== true)
    // A challenge may begin as soon as a lease is over.
    const own = await Promise.all(others.map(({ pid }) => this.#init.isOwn(pid)))
    if (own.includes(true)) return undefined
    const [stranger] = others
    if (stranger !== undefined) return `process ${stranger.pid} uses it, and no lease does`
    const memoryMib = await this.#init.memoryInUse(device)
    if (memoryMib === undefined || idle?.memoryMib === undefined || memoryMib <= idle.memoryMib + MEMORY_SLACK_MIB)
      return undefined
    return `${memoryMib} MiB of its memory are in use, and ${idle.memoryMib} MiB when it was idle`
  }

  #sleep(ms: number): Promise<unknown> {
    return (this.#init.sleep ?? delay)(ms)
  }
}

const deviceOf = (id: string, { devices }: Detection): Device | undefined => devices.find((device) => device.id === id)

/** What keeps the tools of the device's vendor from finding it. */
function faultOf(id: string, { faults }: Detection): Fault | undefined {
  const [vendor] = id.includes(':') ? id.split(':') : ['nvidia']
  return faults.find((fault) => fault.id.startsWith(`${vendor}-`))
}

/** Why it is not well; empty: it is. */
function illness(id: string, found: Detection): string[] {
  const health = deviceOf(id, found)?.health
  if (health !== undefined && health.state !== 'failed') return []
  return [health?.text ?? faultOf(id, found)?.text ?? GONE]
}
