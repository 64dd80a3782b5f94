import { type LeaseId, messageOf } from '@weft/protocols'
import type { Engine, EngineExit, ListedContainer } from '../executor/engine.ts'
import { type EndedRecord, isLeaseName, LeaseFolder } from '../executor/lease-folder.ts'
import { LABELS } from '../executor/profile.ts'
import { isRunning, stopSurely } from '../executor/stop-container.ts'
import { hasPassed, permitOfLabels, type Reading, type WrittenPermit } from '../executor/written-permit.ts'

export interface GuardInit {
  engine: Engine
  /** The folder that holds one folder per lease. */
  folder: string
  /** Whose containers these are. */
  peerId: string
  now(): Reading
  /** A peer that is there, frozen or not, harvests what ended by itself. */
  isPeerThere(): boolean
  log(fields: object, text: string): void
}

/** What a container has to end of which nobody can say what permit it has. */
const UNKNOWN_GRACE_MS = 10_000

/**
 * Ends the containers of one peer whose permit has passed, whatever has become of the peer: they are stopped with what is left of
 * their grace, how they ended is written into the lease's folder, and they are removed. Files of the job stay where they are.
 */
export class Guard {
  readonly #init: GuardInit
  /** By container id. */
  readonly #ending = new Map<string, Promise<void>>()

  constructor(init: GuardInit) {
    this.#init = init
  }

  /** Looks once, and begins to end what has to be. Resolves with what is there. Rejects where the engine fails. */
  async look(): Promise<Seen> {
    const { own, others } = await this.#list()
    await Promise.all(own.map((container) => this.#judge(container)))
    return { containers: own.length, devices: devicesOf(own), others: devicesOf(others.filter(isRunning)) }
  }

  /** Devices that containers of other peers are on now. Rejects where the engine fails. */
  async devicesOfOthers(): Promise<Set<string>> {
    return devicesOf((await this.#list()).others.filter(isRunning))
  }

  async #list(): Promise<{ own: ListedContainer[]; others: ListedContainer[] }> {
    const { engine, peerId } = this.#init
    const all = await engine.list({ [LABELS.peer]: undefined })
    const isOwn = ({ labels }: ListedContainer): boolean => labels[LABELS.peer] === peerId
    return { own: all.filter(isOwn), others: all.filter((container) => !isOwn(container)) }
  }

  /** Resolves when what is being ended has been, or could not be. */
  async settled(): Promise<void> {
    await Promise.all(this.#ending.values())
  }

  async #judge(container: ListedContainer): Promise<void> {
    const { now, isPeerThere, log } = this.#init
    if (this.#ending.has(container.id)) return
    const leaseId = container.labels[LABELS.lease] ?? ''
    const folder = isLeaseName(leaseId) ? new LeaseFolder(this.#init.folder, leaseId as LeaseId) : undefined
    const reading = now()
    const unreadable = (error: unknown): undefined =>
      log({ leaseId, error: messageOf(error) }, 'a permit cannot be read') as undefined
    const written = await folder?.permit(reading).catch(unreadable)
    const permit = written ?? permitOfLabels(container.labels, reading) ?? noPermit(reading)
    if (!hasPassed(permit, reading) || this.#ending.has(container.id)) return
    if (!isRunning(container) && isPeerThere()) return
    const ending = this.#end(container, { leaseId, folder, permit, reading })
      .catch((error: unknown) => log({ leaseId, error: messageOf(error) }, 'ending a container failed; trying again'))
      .finally(() => this.#ending.delete(container.id))
    this.#ending.set(container.id, ending)
  }

  async #end({ id, state }: ListedContainer, found: Finding): Promise<void> {
    const { engine, now, log } = this.#init
    const { leaseId, folder, permit, reading } = found
    const stopped = isRunning({ state })
    const record: EndedRecord = { version: 1, era: reading.era, foundMono: reading.monoMs, stopped }
    // A disk that takes nothing more must not keep a container running.
    const save = async (saved: EndedRecord): Promise<void> =>
      folder
        ?.saveEnded(saved)
        .catch((error: unknown) => log({ leaseId, error: messageOf(error) }, 'an end cannot be written down'))
    await save(record)
    const exit = stopped ? await stopSurely(engine, id, graceLeft(permit, reading)) : (await engine.inspect(id))?.exit
    // When something ended that nobody watched, nobody knows.
    if (exit !== undefined)
      await save({ ...record, exit: stopped ? { ...written(exit), endedMono: now().monoMs } : written(exit) })
    await engine.remove(id)
    const what = stopped ? 'stopped and removed a container whose permit had passed' : 'removed a container that had ended'
    log({ leaseId, exitCode: exit?.exitCode }, what)
  }
}

/** By their ids. */
const devicesOf = (containers: readonly ListedContainer[]): Set<string> =>
  new Set(containers.flatMap(({ labels }) => (labels[LABELS.devices] ?? '').split(',')).filter((id) => id !== ''))

/** What a look finds. */
export interface Seen {
  /** Of the peer. */
  containers: number
  /** Ids of devices that the peer's containers are on, and those of other peers. */
  devices: Set<string>
  others: Set<string>
}

interface Finding {
  leaseId: string
  folder: LeaseFolder | undefined
  permit: WrittenPermit
  reading: Reading
}

const written = ({ exitCode, oomKilled }: EngineExit) => ({ exitCode, outOfMemory: oomKilled })

const noPermit = ({ era, monoMs: untilMono, suspendedMs }: Reading): WrittenPermit => ({
  untilMono,
  graceMs: UNKNOWN_GRACE_MS,
  era,
  suspendedMs,
})

/** Of the grace, what has not gone by since the permit ended. */
function graceLeft({ era, untilMono, graceMs }: WrittenPermit, now: Reading): number {
  if (era !== now.era) return graceMs
  return Math.min(graceMs, Math.max(0, untilMono + graceMs - now.monoMs))
}
