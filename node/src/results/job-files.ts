import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { JobId, LeaseId } from '@weft/protocols'

/** What a node keeps of a job beside the core's state: what was typed and where things come from and go to on this machine. */
export interface JobFile {
  version: 1
  name: string
  /** The command line as it was typed, without values of variables; for `show`. */
  typed: string[]
  submittedAt: string
  inputs: { host: string; container: string; readOnly: boolean; cid: string; bytes: number }[]
  /** Position in the lease's outputs → where it goes. `placed`: where it went, null until then. */
  outputs: { container: string; host: string; placed: string | null }[]
  /** CIDs of inputs: the lease's provider may fetch them. */
  shared: string[]
  /** Id of the image that the lease's provider may ask this peer for; empty or absent: it is to be had elsewhere. */
  image?: string
  /** Sentences about what did not come whole; absent: none. */
  warnings?: string[]
  /** How it ended; absent: it has not, or this machine was not there to write it. */
  ended?: JobEnd
}

/** What stays of a job when all else is forgotten. */
export interface JobEnd {
  at: string
  state: string
  endReason: string | null
  exitCode: number | null
  /** Micros. */
  amount: string
  currency: string
  leases: string[]
}

const JOB_ID = /^[0-9a-f]{32}$/
const SPOOL = /^([0-9a-f]{64})\.spool$/

/** `jobs/<jobId>/` in the data folder: `job.json` and one `<leaseId>.spool` an attempt. */
export class JobFiles {
  readonly #root: string

  constructor(root: string) {
    this.#root = root
  }

  folder(jobId: JobId): string {
    return join(this.#root, jobId)
  }

  spool(jobId: JobId, leaseId: LeaseId): string {
    return join(this.folder(jobId), `${leaseId}.spool`)
  }

  /** Replaces `job.json` in one step: a crash leaves the old one or the new one. */
  async write(jobId: JobId, file: JobFile): Promise<void> {
    const folder = this.folder(jobId)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const temporary = join(folder, `job.json.${randomBytes(4).toString('hex')}`)
    const handle = await open(temporary, 'wx', 0o600)
    try {
      await handle.writeFile(`${JSON.stringify(file, undefined, 2)}\n`)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, join(folder, 'job.json'))
  }

  async read(jobId: JobId): Promise<JobFile | undefined> {
    try {
      return JSON.parse(await readFile(join(this.folder(jobId), 'job.json'), 'utf8')) as JobFile
    } catch {
      return undefined
    }
  }

  /** Attempts that have a spool here, in no order. */
  async spooled(jobId: JobId): Promise<LeaseId[]> {
    const names = await readdir(this.folder(jobId)).catch(() => [] as string[])
    return names.flatMap((name) => (SPOOL.exec(name)?.[1] ?? []) as LeaseId[])
  }

  /** Every job that has files here, in no order. */
  async ids(): Promise<JobId[]> {
    const entries = await readdir(this.#root, { withFileTypes: true }).catch(() => [])
    return entries.flatMap((entry) => (entry.isDirectory() && JOB_ID.test(entry.name) ? [entry.name as JobId] : []))
  }

  /** When a spool of the job was last written, in Unix ms; undefined: it has none. */
  async spooledAtMs(jobId: JobId): Promise<number | undefined> {
    const leases = await this.spooled(jobId)
    const times = await Promise.all(leases.map((leaseId) => stat(this.spool(jobId, leaseId)).catch(() => undefined)))
    return leases.length === 0 ? undefined : Math.max(0, ...times.map((found) => found?.mtimeMs ?? 0))
  }

  async removeSpools(jobId: JobId): Promise<void> {
    for (const leaseId of await this.spooled(jobId)) await rm(this.spool(jobId, leaseId), { force: true })
  }

  /** Forgets a job that was never handed to the core. */
  async remove(jobId: JobId): Promise<void> {
    await rm(this.folder(jobId), { recursive: true, force: true })
  }
}
