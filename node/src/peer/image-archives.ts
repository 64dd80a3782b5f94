/**
 * Archives of images that only this machine's engine has. One is saved when a provider asks for it, not before: most providers
 * have the image already. It is kept while a job that somebody asked for it for is alive, then removed, so that the disk does not
 * hold every image twice.
 */
import { readFile } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { GIB, type JobId, type LeaseId, type PeerId, WeftError } from '@weft/protocols'
import type { Note } from '@weft/protocols/core'
import { CID } from 'multiformats/cid'
import { within } from '../content/deadline.ts'
import type { Content } from '../content/index.ts'
import type { Engine, SavedImage } from '../executor/index.ts'
import { writeAtomic } from '../home/atomic.ts'
import { SAVE_MS_MAX } from './image-protocol.ts'

export interface ImageArchivesInit {
  content: Pick<Content, 'packFile' | 'share' | 'unshare' | 'release' | 'list'>
  engine: Pick<Engine, 'saveImage'> | undefined
  /** Where it remembers which archive an image was saved as, and for which jobs. */
  file: string
  /** The job of a lease that `provider` has and that is not over. */
  jobOf(lease: LeaseId, provider: PeerId): JobId | undefined
  /** The image that the job's spec says this peer sends; undefined: none. */
  imageOf(job: JobId): Promise<string | undefined>
}

interface Archive extends SavedImage {
  jobs: Set<JobId>
}

interface Ask {
  job: JobId
  image: string
  provider: PeerId
  onBytes(bytes: number): void
}

interface Saving {
  archive: Promise<void>
  cancel: AbortController
}

/** Owner of archives in the content store. */
const OWNER = 'images'
const ARCHIVE_BYTES_MAX = 256 * GIB

export class ImageArchives {
  readonly #init: ImageArchivesInit
  readonly #asks = new Map<LeaseId, Ask>()
  readonly #saving = new Map<string, Saving>()
  #archives: Map<string, Archive> | undefined
  #isStopped = false
  /** Changes of what is kept and shared come one after the other. */
  #changing: Promise<unknown> = Promise.resolve()

  constructor(init: ImageArchivesInit) {
    this.#init = init
  }

  /** Removes what no job of `live` needs: what a crash left behind. Call once, before the first provider asks. */
  sweep(live: readonly JobId[]): Promise<void> {
    return this.#change(async (archives) => {
      const found = archives.size
      for (const [image, { jobs }] of archives) {
        for (const job of jobs) if (!live.includes(job)) jobs.delete(job)
        if (jobs.size === 0) archives.delete(image)
      }
      if (found > 0) await this.#write(archives)
      const kept = new Set([...archives.values()].map(({ cid }) => textOf(cid)))
      // What is not an archive has other owners, and releasing it for this one changes nothing.
      for (const cid of this.#init.content.list()) if (!kept.has(textOf(cid))) await this.#init.content.release(cid, OWNER)
    })
  }

  /** See ImageServerInit. However many ask for an image, it is saved once. */
  async give(lease: LeaseId, provider: PeerId, onBytes: (bytes: number) => void = () => undefined): Promise<SavedImage> {
    const job = this.#init.jobOf(lease, provider)
    const image = job === undefined ? undefined : await this.#init.imageOf(job)
    // Looked at again: from here on the end of the attempt is heard of.
    if (this.#isStopped || job === undefined || image === undefined || this.#init.jobOf(lease, provider) !== job)
      throw noSuchLease()
    const ask: Ask = { job, image, provider, onBytes }
    this.#asks.set(lease, ask)
    for (;;) {
      const archive = await this.#change((archives) => this.#share(lease, ask, archives))
      if (archive !== undefined) return archive
      await this.#save(image)
    }
  }

  /** Ends sharing with an attempt, and keeping with a job. */
  async note(note: Note): Promise<void> {
    if (note.type === 'attempt-ended') {
      this.#forget((lease) => lease === note.leaseId)
      await this.#change((archives) => this.#unshare(note.jobId, note.provider, archives))
    }
    if (note.type === 'job-ended') {
      this.#forget((_lease, { job }) => job === note.jobId)
      await this.#change((archives) => this.#dropJob(note.jobId, archives))
    }
  }

  /** Ends what is being saved. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#asks.clear()
    const saving = [...this.#saving.values()]
    for (const { cancel } of saving) cancel.abort(notNeeded())
    await Promise.allSettled(saving.map(({ archive }) => archive))
    await this.#changing
  }

  /** The archive, shared, where it is here. */
  async #share(lease: LeaseId, ask: Ask, archives: Map<string, Archive>): Promise<SavedImage | undefined> {
    if (this.#asks.get(lease)?.job !== ask.job) throw noSuchLease()
    const archive = archives.get(ask.image)
    if (archive === undefined || !this.#isKept(archive)) return undefined
    if (!archive.jobs.has(ask.job)) {
      archive.jobs.add(ask.job)
      await this.#write(archives)
    }
    await this.#init.content.share(archive.cid, ask.provider, ask.job)
    return { cid: archive.cid, bytes: archive.bytes }
  }

  #save(image: string): Promise<void> {
    const saving = this.#saving.get(image)
    if (saving !== undefined && !saving.cancel.signal.aborted) return saving.archive
    const cancel = new AbortController()
    const signal = AbortSignal.any([cancel.signal, AbortSignal.timeout(SAVE_MS_MAX)])
    // One that was given up ends first, so that what it removes is its own.
    const archive = Promise.resolve(saving?.archive.catch(() => undefined))
      .then(() => this.#pack(image, signal))
      .finally(() => {
        if (this.#saving.get(image)?.cancel === cancel) this.#saving.delete(image)
      })
    this.#saving.set(image, { archive, cancel })
    return archive
  }

  async #pack(image: string, signal: AbortSignal): Promise<void> {
    const { content } = this.#init
    if (this.#asksFor(image).length === 0) throw notNeeded()
    const stream = await this.#open(image, signal)
    const giveUp = (): void => void stream.destroy(signal.reason as Error)
    signal.addEventListener('abort', giveUp)
    try {
      signal.throwIfAborted()
      const { cid, bytes } = await content.packFile(stream, {
        bytesMax: ARCHIVE_BYTES_MAX,
        owner: OWNER,
        signal,
        onBytes: (saved) => {
          for (const { onBytes } of this.#asksFor(image)) onBytes(saved)
        },
      })
      await this.#change(async (archives) => {
        const jobs = new Set(archives.get(image)?.jobs)
        for (const { job } of this.#asksFor(image)) jobs.add(job)
        if (jobs.size === 0) return content.release(cid, OWNER)
        archives.set(image, { cid, bytes, jobs })
        await this.#write(archives)
      })
    } finally {
      signal.removeEventListener('abort', giveUp)
      stream.destroy()
    }
  }

  /** Engines gather the whole archive before its first byte comes, and cannot be told to stop: then it is not waited for. */
  async #open(image: string, signal: AbortSignal): Promise<Readable> {
    const { engine } = this.#init
    if (engine === undefined) throw new WeftError('NO_ENGINE', 'there is no container engine to save the image with')
    signal.throwIfAborted()
    const opening = engine.saveImage(image, { signal })
    try {
      return await within(opening, { signal })
    } catch (error) {
      opening.then(
        (stream) => stream.destroy(),
        () => undefined,
      )
      throw error
    }
  }

  /** Nobody waits for what is no longer asked for. */
  #forget(which: (lease: LeaseId, ask: Ask) => boolean): void {
    for (const [lease, ask] of [...this.#asks]) if (which(lease, ask)) this.#asks.delete(lease)
    for (const [image, { cancel }] of this.#saving) if (this.#asksFor(image).length === 0) cancel.abort(notNeeded())
  }

  async #unshare(job: JobId, provider: PeerId, archives: Map<string, Archive>): Promise<void> {
    for (const { cid, jobs } of archives.values()) if (jobs.has(job)) await this.#init.content.unshare(cid, provider, job)
  }

  async #dropJob(job: JobId, archives: Map<string, Archive>): Promise<void> {
    for (const [image, { cid, jobs }] of archives) {
      if (!jobs.delete(job)) continue
      if (jobs.size === 0) archives.delete(image)
      await this.#write(archives)
      if (jobs.size === 0) await this.#init.content.release(cid, OWNER)
    }
  }

  #asksFor(image: string): Ask[] {
    return [...this.#asks.values()].filter((ask) => ask.image === image)
  }

  #isKept({ cid }: Archive): boolean {
    return this.#init.content.list().some((kept) => textOf(kept) === textOf(cid))
  }

  #change<T>(change: (archives: Map<string, Archive>) => Promise<T>): Promise<T> {
    const changed = this.#changing.then(async () => {
      this.#archives ??= await this.#read()
      return change(this.#archives)
    })
    this.#changing = changed.catch(() => undefined)
    return changed
  }

  /** A file that is damaged, or of an older version, costs no more than saving images again. */
  async #read(): Promise<Map<string, Archive>> {
    try {
      const records = JSON.parse(await readFile(this.#init.file, 'utf8')) as Record<string, ArchiveRecord>
      return new Map(Object.entries(records).map(([image, record]) => [image, archiveOf(record)]))
    } catch {
      return new Map()
    }
  }

  async #write(archives: Map<string, Archive>): Promise<void> {
    const records = [...archives].map(([image, { cid, bytes, jobs }]): [string, ArchiveRecord] => [
      image,
      { cid: textOf(cid), bytes, jobs: [...jobs] },
    ])
    await writeAtomic(this.#init.file, `${JSON.stringify(Object.fromEntries(records), undefined, 2)}\n`)
  }
}

interface ArchiveRecord {
  cid: string
  bytes: number
  jobs: JobId[]
}

/** Throws where it is none. */
const archiveOf = ({ cid, bytes, jobs }: ArchiveRecord): Archive => ({ cid: CID.parse(cid).bytes, bytes, jobs: new Set(jobs) })

const textOf = (cid: Uint8Array): string => CID.decode(cid).toString()
const noSuchLease = (): WeftError => new WeftError('NO_SUCH_LEASE', 'you have no such lease here')
const notNeeded = (): WeftError => new WeftError('NO_SUCH_LEASE', 'nobody needs the image any more')
