import { basename } from 'node:path'
import { codeOf, GIB, type JobId, jobId, MIB, type Micros, micros, type PeerId, UsageError, WeftError } from '@weft/protocols'
import { type JobRequest, type JobView, type Note, PAUSE_MS_MAX } from '@weft/protocols/core'
import type { Clock, Random } from '@weft/protocols/ports'
import type { Mount, Spec, Terms } from '@weft/protocols/wire'
import type { TermsSettings } from '../config/settings.ts'
import { formatDuration } from '../config/units.ts'
import type { JobFile, JobFiles } from '../results/job-files.ts'
import { isTaken } from '../results/place.ts'
import { checkSubmission, refusalOf } from './check-submission.ts'
import type { PinnedImage } from './pin-image.ts'
import type { Submission } from './views.ts'

/** What was packed: kept on this machine, given only to peers that it was shared with. */
export interface Packed {
  /** Binary CID. */
  cid: Uint8Array
  bytes: number
  /** Links, pipes and names that do not travel: how many, and the first few with their reasons. */
  skipped: { count: number; examples: readonly string[] }
}

export interface PackLimits {
  /** More is ContentError TOO_LARGE. @default 1 TiB */
  bytesMax?: number
  signal?: AbortSignal
}

export interface DeskInit {
  files: JobFiles
  submit(request: JobRequest): Promise<JobView>
  pin(image: string): Promise<PinnedImage>
  /** Packs a file or folder of this machine as UnixFS and keeps it for the job. */
  pack(path: string, owner: JobId, limits: PackLimits): Promise<Packed>
  /** Lets `peer` fetch everything below `cid`. Repeating it is no error. */
  share(cid: string, peer: PeerId, owner: JobId): Promise<void>
  unshare(cid: string, peer: PeerId, owner: JobId): Promise<void>
  /** The job needs it no longer. */
  release(cid: string, owner: JobId): Promise<void>
  cidText(cid: Uint8Array): string
  /** Of every job. */
  terms: TermsSettings
  clock: Clock
  random: Random
}

const OUTPUT_BYTES_MAX = 16 * GIB
const JOB_ID_BYTES = 16
/** Of each: the loss of one or two receipts, or of their answers, pauses nothing. */
const CREDIT_INTERVALS = 4
const NAME_SUFFIX_LENGTH = 4

interface HostInput extends Mount {
  /** Where it is on this machine. */
  host: string
  skipped: Packed['skipped']
}

/** Takes jobs in: packs their inputs, pins their image, writes down what stays on this machine, hands the rest to the core. */
export class Desk {
  readonly #init: DeskInit
  /** What each job shares: known at once when its award goes out, because the provider fetches right after. */
  readonly #shared = new Map<JobId, Promise<readonly string[]>>()

  constructor(init: DeskInit) {
    this.#init = init
  }

  /**
   * Resolves once the job is on disk. On failure nothing of it stays behind. Once `signal` has fired nobody waits for the job
   * and nobody would pay for it gladly: it is not submitted any more.
   */
  async submit(submission: Submission, signal: AbortSignal): Promise<JobView> {
    checkSubmission(submission)
    for (const output of submission.outputs) await refuseTaken(output.host)
    const image = await this.#init.pin(submission.image)
    const id = this.#drawId()
    const inputs: HostInput[] = []
    try {
      await this.#pack(id, submission, { inputs, signal })
      const name = submission.name === '' ? `${imageStem(submission.image)}-${id.slice(0, NAME_SUFFIX_LENGTH)}` : submission.name
      const file = this.#fileOf(submission, name, inputs, image)
      await this.#init.files.write(id, file)
      this.#shared.set(id, Promise.resolve(file.shared))
      const request = requestOf(submission, {
        id,
        name,
        spec: specOf(submission, image, inputs),
        arch: image.arch,
        terms: this.#init.terms,
      })
      refuseGone(signal)
      return await this.#init.submit(request)
    } catch (error) {
      await this.#abandon(id, inputs)
      refuseGone(signal)
      throw refusalOf(error)
    }
  }

  /** Shares a job's inputs with the provider that was chosen, and takes that back when it refuses or its attempt has ended. */
  async note(note: Note): Promise<void> {
    if (note.type === 'awarded') {
      await this.#forEachShared(note.jobId, (cid) => this.#init.share(cid, note.provider, note.jobId))
    }
    if (note.type === 'award-refused' || note.type === 'attempt-ended') {
      await this.#forEachShared(note.jobId, (cid) => this.#init.unshare(cid, note.provider, note.jobId))
    }
    if (note.type === 'job-ended') await this.#forget(note.jobId)
  }

  /** Fills `inputs` one by one, so that whoever catches a failure knows what is packed by then. */
  async #pack(id: JobId, { inputs, resources }: Submission, into: { inputs: HostInput[]; signal: AbortSignal }): Promise<void> {
    const diskBytes = resources.diskMib * MIB
    let left = diskBytes
    for (const { host, container, readOnly } of inputs) {
      refuseGone(into.signal)
      const limits = { signal: into.signal, ...(diskBytes === 0 ? {} : { bytesMax: left }) }
      const packed = await this.#init.pack(host, id, limits).catch((error: unknown) => {
        throw codeOf(error) === 'TOO_LARGE' && diskBytes > 0 ? largerThanDisk(resources.diskMib, error) : error
      })
      left -= packed.bytes
      into.inputs.push({ path: container, readOnly, host, ...packed })
    }
  }

  #fileOf(submission: Submission, name: string, inputs: readonly HostInput[], image: PinnedImage): JobFile {
    return {
      version: 1,
      name,
      typed: submission.typed,
      submittedAt: new Date(this.#init.clock.wallMs()).toISOString(),
      inputs: inputs.map(({ host, path, readOnly, cid, bytes }) => ({
        host,
        container: path,
        readOnly,
        cid: this.#init.cidText(cid),
        bytes,
      })),
      outputs: submission.outputs.map(({ container, host }) => ({ container, host, placed: null })),
      shared: inputs.map(({ cid }) => this.#init.cidText(cid)),
      image: image.fromRenter ? image.id : '',
      warnings: inputs.flatMap(({ host, skipped }) => (skipped.count === 0 ? [] : [skippedText(host, skipped)])),
    }
  }

  async #forEachShared(id: JobId, act: (cid: string) => Promise<void>): Promise<void> {
    const shared = this.#shared.get(id) ?? this.#init.files.read(id).then((file) => file?.shared ?? [])
    this.#shared.set(id, shared)
    await Promise.all((await shared).map(act))
  }

  async #forget(id: JobId): Promise<void> {
    try {
      await this.#forEachShared(id, (cid) => this.#init.release(cid, id))
    } finally {
      this.#shared.delete(id)
    }
  }

  /** Takes back whatever was done for a job that was not submitted. What fails here is less than why this is done. */
  async #abandon(id: JobId, inputs: readonly HostInput[]): Promise<void> {
    this.#shared.delete(id)
    const releases = inputs.map(async ({ cid }) => this.#init.release(this.#init.cidText(cid), id))
    await Promise.allSettled([...releases, this.#init.files.remove(id)])
  }

  #drawId(): JobId {
    return jobId(Buffer.from(this.#init.random.bytes(JOB_ID_BYTES)).toString('hex'))
  }
}

/** Checked when the job is submitted, not only when its results arrive. */
async function refuseTaken(path: string): Promise<void> {
  if (await isTaken(path))
    throw new UsageError(`${path} already holds something; empty it or choose another folder for this output`)
}

/** `registry/team/train:2@sha256:…` → `train`. */
function imageStem(image: string): string {
  const stem = basename(image.split('@')[0] ?? '').replace(/:.*$/, '')
  return /^[a-z0-9]/.test(stem) ? stem : 'job'
}

/** Nobody reads this: whoever asked has hung up. */
function refuseGone(signal: AbortSignal): void {
  if (signal.aborted) throw new WeftError('HUNG_UP', 'the job was not submitted: whoever asked for it has hung up')
}

const largerThanDisk = (diskMib: number, cause: unknown): UsageError =>
  new UsageError(`the inputs are larger than the ${diskMib} MiB of disk that the job asks for; ask for more with --disk`, {
    cause,
  })

/** Names of files reach a terminal: no escape sequence may ride in. */
function skippedText(host: string, { count, examples }: Packed['skipped']): string {
  const shown = [...examples, ...(count > examples.length ? ['…'] : [])].join(', ').replaceAll(/\p{Cc}/gu, '?')
  return `${count} ${count === 1 ? 'entry' : 'entries'} of ${host} stayed here, because only files and folders are copied in: ${shown}`
}

function specOf(submission: Submission, image: PinnedImage, inputs: readonly HostInput[]): Spec {
  return {
    imageId: image.id,
    imageReference: submission.image,
    imagePull: image.pull,
    imageFromRenter: image.fromRenter,
    imageBytes: image.bytes,
    command: submission.command,
    env: submission.env,
    workdir: submission.workdir,
    inputs: inputs.map(({ path, cid, readOnly, bytes }) => ({ path, cid, readOnly, bytes })),
    outputs: submission.outputs.map(({ container }) => ({ path: container, cid: new Uint8Array(0), readOnly: false, bytes: 0 })),
  }
}

function requestOf(
  submission: Submission,
  job: { id: JobId; name: string; spec: Spec; arch: string; terms: TermsSettings },
): JobRequest {
  return {
    jobId: job.id,
    name: job.name,
    spec: job.spec,
    resources: submission.resources,
    regions: submission.regions,
    arch: job.arch,
    currency: submission.currency,
    maxPricePerHour: amount('maxPricePerHour', submission.maxPricePerHour),
    maxTotal: amount('maxTotal', submission.maxTotal),
    maxRunMs: submission.maxRunMs,
    outputBytesMax: submission.outputs.length === 0 ? 0 : OUTPUT_BYTES_MAX,
    queueMs: submission.queueMs,
    attemptsMax: submission.attemptsMax,
    retryFailed: submission.retryFailed,
    terms: termsOf(submission, job.terms),
  }
}

/** Promised ahead is no more than the job may run, and permits last that much longer. */
function termsOf({ awayMs, lostAfterMs, maxRunMs }: Submission, { intervalMs, stopAfterMs, stopGraceMs }: TermsSettings): Terms {
  const prepayMs = maxRunMs > 0 ? Math.min(awayMs, maxRunMs) : awayMs
  const creditMs = CREDIT_INTERVALS * intervalMs
  const [least, most] = [2 * intervalMs, creditMs + PAUSE_MS_MAX]
  if (lostAfterMs > 0 && (lostAfterMs < least || lostAfterMs > most))
    throw new UsageError(
      `a job can be stopped ${formatDuration(least)} to ${formatDuration(most)} after its provider lost this peer, not after ${formatDuration(lostAfterMs)}; --away lets it go on for longer`,
    )
  const lostMs = lostAfterMs > 0 ? lostAfterMs : stopAfterMs
  return { intervalMs, creditMs, stopAfterMs: lostMs + prepayMs, stopGraceMs, prepayMs }
}

function amount(field: string, text: string): Micros {
  if (!/^\d{1,18}$/.test(text)) throw new WeftError('USAGE', `${field} must be a whole number of micro-units, not "${text}"`)
  return micros(BigInt(text))
}
