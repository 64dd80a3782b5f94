/** Where one lease's files lie, and the small documents that let a restarted peer go on, and the guard without a peer. */

import { chmod, mkdir, open, readFile, rename, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { GIB, MIB } from '@weft/protocols'
import type { Collected, Permit, Work } from '@weft/protocols/ports'
import { suspendedMs, systemClock } from '../clock.ts'
import { removeTree } from './tree.ts'
import { parsePermit, permitText, type Reading, type WrittenPermit } from './written-permit.ts'

/** What must be known of a lease when the peer comes back: nothing of its command, environment or secrets. */
export interface LeaseRecord {
  version: 1
  leaseId: string
  /** Peer id: who may fetch the outputs. */
  renter: string
  /** CIDs of the inputs, as hex: what this lease keeps in the content store. */
  inputs: string[]
  /** How many outputs the job asked for. */
  outputs: number
  outputBytesMax: number
  /** Positions of the inputs that the job may write to. Absent: an earlier release wrote this. */
  writable?: number[]
  /** What the job may take of the disk, those inputs as they came included. @default ROOM_BYTES */
  roomBytes?: number
}

/** What a job may write whose grant says nothing of the disk. */
export const ROOM_BYTES = 10 * GIB

export interface CollectedRecord {
  version: 1
  /** Hex; empty: none asked for. */
  outputs: string
  outputBytes: number
  logBytes: number
  /** Why outputs that were asked for are not among this. */
  fault?: NonNullable<Collected['fault']>
}

const LEASE_ID = /^[0-9A-Za-z][0-9A-Za-z._-]{0,127}$/

/** A lease's id is the name of its folder, so it must be able to be one. */
export function isLeaseName(name: string): boolean {
  return LEASE_ID.test(name)
}

/**
 * That the guard ends, or ended, the lease's container, because its permit had passed: written first without `exit`, then,
 * before the container is removed, with it.
 */
export interface EndedRecord {
  version: 1
  /** Of the clock whose readings are here. */
  era: string
  /** When the guard found the container over its permit. */
  foundMono: number
  /** True: it ran, and the guard stopped it. False: it had ended by itself, and nobody had taken note. */
  stopped: boolean
  exit?: { exitCode: number; outOfMemory: boolean; endedMono?: number }
}

/** A permit takes 200 bytes; whatever is longer is none. */
const PERMIT_BYTES_MAX = 1_024

export class LeaseFolder {
  readonly path: string
  #permits: Promise<void> = Promise.resolve()

  constructor(root: string, leaseId: string) {
    this.path = join(root, leaseId)
  }

  get spool(): string {
    return join(this.path, 'output.spool')
  }

  get imageArchive(): string {
    return join(this.path, 'image.tar')
  }

  get outputs(): string {
    return join(this.path, 'outputs')
  }

  input(index: number): string {
    return join(this.path, 'inputs', String(index))
  }

  output(index: number): string {
    return join(this.outputs, String(index))
  }

  /**
   * Only this peer's user gets into the lease's folder. Below it, outputs are open to all, because the container's user owns
   * nothing: on a machine where the peer is not root it could not be given them.
   */
  async create(work: Work): Promise<void> {
    await mkdir(this.path, { recursive: true, mode: 0o700 })
    await mkdir(join(this.path, 'inputs'), { recursive: true })
    for (const index of work.spec.outputs.keys()) {
      await mkdir(this.output(index), { recursive: true })
      await chmod(this.output(index), 0o777)
    }
    const record: LeaseRecord = {
      version: 1,
      leaseId: work.leaseId,
      renter: work.renter,
      inputs: work.spec.inputs.map((mount) => Buffer.from(mount.cid).toString('hex')),
      outputs: work.spec.outputs.length,
      outputBytesMax: work.outputBytesMax,
      writable: [...work.spec.inputs.entries()].flatMap(([index, mount]) => (mount.readOnly ? [] : [index])),
      roomBytes: roomOf(work),
    }
    await this.#write('lease.json', record)
    await this.savePermit(work.permit)
  }

  /**
   * Replaces the lease's permit; one after the other, so that the last one given stays. Not synced: one that a power cut takes
   * away was for a container that the cut ended.
   */
  savePermit(permit: Permit): Promise<void> {
    const { untilMono, graceMs } = permit
    const text = permitText({ untilMono, graceMs, era: systemClock.era, suspendedMs: suspendedMs() })
    const saved = this.#permits.then(() => this.#replace('permit.json', text))
    this.#permits = saved.catch(() => undefined)
    return saved
  }

  /** What the peer wrote last; undefined: nothing, or nothing that is a permit. */
  async permit(now: Reading): Promise<WrittenPermit | undefined> {
    const file = await open(join(this.path, 'permit.json'), 'r').catch(missing)
    if (file === undefined) return undefined
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(PERMIT_BYTES_MAX), 0, PERMIT_BYTES_MAX, 0)
      return parsePermit(buffer.toString('utf8', 0, bytesRead), now)
    } finally {
      await file.close()
    }
  }

  /** What the guard did to the lease's container, if it did anything. */
  ended(): Promise<EndedRecord | undefined> {
    return this.#read<EndedRecord>('ended.json')
  }

  /** Does nothing where the folder is gone: nobody waits for a lease that has none. */
  async saveEnded(record: EndedRecord): Promise<void> {
    await this.#write('ended.json', record).catch(missing)
  }

  /** Undefined where the lease was never delivered here. */
  record(): Promise<LeaseRecord | undefined> {
    return this.#read<LeaseRecord>('lease.json')
  }

  collected(): Promise<CollectedRecord | undefined> {
    return this.#read<CollectedRecord>('collected.json')
  }

  saveCollected(record: CollectedRecord): Promise<void> {
    return this.#write('collected.json', record)
  }

  /** Removes what the job could write, where nothing of it is handed over: it may be what fills the disk. */
  async purge(): Promise<void> {
    for (const path of [this.outputs, join(this.path, 'inputs')]) await removeTree(path)
  }

  /**
   * Resolves with the path of what could not be removed: folders that a container's user made and closed to all others, where
   * this peer is not root. They are put aside, so that they are no lease any more.
   */
  async remove(): Promise<string | undefined> {
    try {
      await removeTree(this.path)
      return undefined
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && (error.code === 'EACCES' || error.code === 'EPERM'))) throw error
      const aside = join(dirname(this.path), `.left-${basename(this.path)}`)
      await rename(this.path, aside)
      return aside
    }
  }

  #write(name: string, value: unknown): Promise<void> {
    return this.#replace(name, JSON.stringify(value))
  }

  async #replace(name: string, text: string): Promise<void> {
    const path = join(this.path, name)
    await writeFile(`${path}.part`, text, { mode: 0o600 })
    await rename(`${path}.part`, path)
  }

  async #read<T>(name: string): Promise<T | undefined> {
    const text = await readFile(join(this.path, name), 'utf8').catch(missing)
    return text === undefined ? undefined : (JSON.parse(text) as T)
  }
}

function missing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
  throw error
}

/** What the grant says, beside the inputs that come already: nobody grants a job less than what it is given. */
function roomOf({ grant, spec }: Work): number {
  const given = spec.inputs.reduce((sum, { bytes, readOnly }) => (readOnly ? sum : sum + bytes), 0)
  return given + (grant.diskMib > 0 ? grant.diskMib * MIB : ROOM_BYTES)
}
