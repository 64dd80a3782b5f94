/** Brings a job's image onto this machine: it is here, or its registry has it, or the renter saves and sends it. */
import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { type LeaseId, messageOf } from '@weft/protocols'
import type { Work } from '@weft/protocols/ports'
import type { BroughtImages } from './brought-images.ts'
import type { AskForImage, ContentFetcher } from './content-fetcher.ts'
import type { Engine, ImageInfo } from './engine.ts'
import { executorError } from './engine-errors.ts'
import { fetchError } from './fetch-error.ts'

export interface EnsureImageInit {
  work: Work
  /** Where the renter's archive is put while it is loaded. */
  archivePath: string
  /** Bytes that arrived in all so far. */
  onBytes(done: number): void
  signal: AbortSignal
}

export interface ImagesInit {
  engine: Engine
  content: ContentFetcher
  ask: AskForImage
  brought: BroughtImages
}

/** An archive is this much longer than the image at most: tar headers, and layers counted once that it holds twice. */
const ARCHIVE_SLACK = 1.25
const ARCHIVE_SLACK_BYTES = 64 * 1024 * 1024

/**
 * An image's size is what the renter's engine says, which may be that of its compressed layers: programs unpack to three to five times of that.
 * What unpacks to more is no image that was declared.
 */
const UNPACKED_RATIO = 10
const unpackedMax = (imageBytes: number): number => UNPACKED_RATIO * imageBytes + ARCHIVE_SLACK_BYTES
/** What is fetched for an image: never more than it has unpacked. */
const fetchedMax = (imageBytes: number): number => Math.ceil(imageBytes * ARCHIVE_SLACK) + ARCHIVE_SLACK_BYTES

export class Images {
  readonly #engine: Engine
  readonly #content: ContentFetcher
  readonly #ask: AskForImage
  readonly #brought: BroughtImages
  readonly #bringing = new Map<string, Promise<void>>()
  /** Which image a lease's container is about to be made of. */
  readonly #held = new Map<LeaseId, string>()

  constructor({ engine, content, ask, brought }: ImagesInit) {
    this.#engine = engine
    this.#content = content
    this.#ask = ask
    this.#brought = brought
  }

  /**
   * Resolves with the image once it is here; it stays until `letGo`. Leases that want the same image at once fetch it once.
   */
  async ensure(init: EnsureImageInit): Promise<ImageInfo> {
    const { leaseId, spec } = init.work
    // Before it is looked for: it must not go between the look and what follows.
    if (spec.imageId !== '') this.#brought.hold(spec.imageId, { isNew: false })
    try {
      const { image, isNew } = await this.#find(init)
      this.letGo(leaseId)
      this.#held.set(leaseId, image.imageId)
      this.#brought.hold(image.imageId, { isNew })
      return image
    } finally {
      if (spec.imageId !== '') this.#brought.letGo(spec.imageId)
    }
  }

  /** The lease has its container, or gets none. */
  letGo(leaseId: LeaseId): void {
    const imageId = this.#held.get(leaseId)
    if (imageId === undefined) return
    this.#held.delete(leaseId)
    this.#brought.letGo(imageId)
  }

  async #find(init: EnsureImageInit): Promise<{ image: ImageInfo; isNew: boolean }> {
    const { imageId, imagePull } = init.work.spec
    const reference = imageId === '' ? imagePull : imageId
    if (reference === '') throw executorError('BAD_IMAGE', 'the job names its image neither by id nor by digest')
    for (;;) {
      init.signal.throwIfAborted()
      const found = await this.#engine.describeImage(reference)
      if (found !== undefined) return { image: found, isNew: false }
      const other = this.#bringing.get(reference)
      if (other === undefined) break
      // Whether that worked shows in the next look; a failure there may have been that lease's own, so this one tries too.
      await other.catch(() => undefined)
    }
    const bringing = this.#bring(init)
    this.#bringing.set(reference, bringing)
    try {
      await bringing
    } finally {
      this.#bringing.delete(reference)
    }
    const found = await this.#engine.describeImage(reference)
    if (found !== undefined) {
      await this.#demandSize(found, init)
      return { image: found, isNew: true }
    }
    throw executorError(
      'BAD_IMAGE',
      `what ${imagePull} names is not ${imageId}: it was built for another machine, or it is not the image promised`,
    )
  }

  async #bring(init: EnsureImageInit): Promise<void> {
    const { imagePull, imageFromRenter, imageReference } = init.work.spec
    let why = 'no registry has it and the renter does not send it'
    if (imagePull !== '') {
      try {
        return await this.#pull(init)
      } catch (error) {
        why = messageOf(error)
      }
    }
    init.signal.throwIfAborted()
    if (!imageFromRenter) throw executorError('BAD_IMAGE', `the image ${imageReference} cannot be had: ${why}`)
    await this.#fetchArchive(init)
  }

  /** A registry's layers are unpacked while they come, so only what is fetched can be bounded here; the rest is seen once it is here. */
  async #pull({ work, onBytes, signal }: EnsureImageInit): Promise<void> {
    const { imagePull, imageBytes } = work.spec
    const bytesMax = fetchedMax(imageBytes)
    const large = new AbortController()
    const tooLarge = executorError('BAD_IMAGE', `its layers have more than the ${bytesMax} bytes that were agreed`)
    const watched = (done: number): void => {
      if (done > bytesMax) large.abort(tooLarge)
      onBytes(done)
    }
    try {
      await this.#engine.pullImage(imagePull, { onBytes: watched, signal: AbortSignal.any([signal, large.signal]) })
    } catch (error) {
      throw large.signal.aborted ? tooLarge : error
    }
  }

  /** An image that this lease brought goes again; one that was here is somebody else's too. */
  async #demandSize({ imageId, bytes }: ImageInfo, { work }: EnsureImageInit): Promise<void> {
    const bytesMax = unpackedMax(work.spec.imageBytes)
    if (bytes <= bytesMax) return
    await this.#engine.removeImage(imageId)
    throw executorError('BAD_IMAGE', `the image takes ${bytes} bytes, where what was declared allows ${bytesMax}`)
  }

  async #fetchArchive({ work, archivePath, onBytes, signal }: EnsureImageInit): Promise<void> {
    const { imageBytes, imageId } = work.spec
    const bytesMax = fetchedMax(imageBytes)
    const doing = 'fetching the image from the renter'
    const wrong = (error: unknown) => Promise.reject(fetchError(error, doing, 'BAD_IMAGE'))
    const archive = await this.#ask(work, { signal }).catch(wrong)
    if (archive.bytes > bytesMax)
      throw executorError('BAD_IMAGE', `the image's archive has ${archive.bytes} bytes, where ${bytesMax} were agreed`)
    try {
      await this.#content
        .fetchFile(work.renter, work.renterAddresses, archive.cid, archivePath, {
          bytesMax,
          owner: work.leaseId,
          onBytes,
          signal,
        })
        .catch(wrong)
      await this.#engine.loadImage(createReadStream(archivePath), imageId, { signal, unpackedMax: unpackedMax(imageBytes) })
    } finally {
      await rm(archivePath, { force: true })
      // The engine has it now, or it was no good.
      await this.#content.release(archive.cid, work.leaseId)
    }
  }
}
