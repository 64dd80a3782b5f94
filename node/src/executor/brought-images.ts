/**
 * Which images jobs brought onto this machine. They are kept, since the next job often wants the same one, but not for ever: delivery
 * is not billed, so a stranger could fill a disk with them, and a provider with a full disk sells nothing.
 */
import { readFileSync } from 'node:fs'
import { messageOf } from '@weft/protocols'
import { writeAtomic } from '../home/atomic.ts'
import { isImageId } from './image-reference.ts'
import type { ExecutorLog } from './log.ts'

export interface BroughtImagesInit {
  /** Keeps the list over restarts. */
  file: string
  /** Removes an image that nothing is made of and nobody named; false: it stays. */
  drop(imageId: string): Promise<boolean>
  log: ExecutorLog
  /** How many stay at most where there is room. @default 32 */
  keptMax?: number
}

const KEPT_MAX = 32
/** A list of such length is none of ours. */
const LISTED_MAX = 10_000

export class BroughtImages {
  readonly #init: BroughtImagesInit
  /** Used longest ago first. */
  readonly #images: Set<string>
  /** Of these a container is about to be made: whose, and how often. */
  readonly #held = new Map<string, number>()
  #work: Promise<unknown> = Promise.resolve()

  constructor(init: BroughtImagesInit) {
    this.#init = init
    this.#images = new Set(readList(init.file))
  }

  /** It is used now, and stays until it is let go, after which only a container keeps it. `isNew`: a job brought it. */
  hold(imageId: string, { isNew }: { isNew: boolean }): void {
    this.#held.set(imageId, (this.#held.get(imageId) ?? 0) + 1)
    if (!this.#images.delete(imageId) && !isNew) return
    this.#images.add(imageId)
    void this.#after(async () => {
      if (isNew) await this.#removeBeyond(this.#init.keptMax ?? KEPT_MAX)
      await this.#save()
    })
  }

  letGo(imageId: string): void {
    const count = (this.#held.get(imageId) ?? 0) - 1
    if (count > 0) this.#held.set(imageId, count)
    else this.#held.delete(imageId)
  }

  /** The disk is short: removes all that nothing uses. Resolves when that is done. */
  makeRoom(): Promise<void> {
    return this.#after(async () => {
      await this.#removeBeyond(0)
      await this.#save()
    })
  }

  async #removeBeyond(count: number): Promise<void> {
    for (const imageId of [...this.#images]) {
      if (this.#images.size <= count) return
      if (this.#held.has(imageId)) continue
      if (await this.#init.drop(imageId)) this.#images.delete(imageId)
    }
  }

  async #save(): Promise<void> {
    await writeAtomic(this.#init.file, `${JSON.stringify([...this.#images])}\n`)
  }

  /** One after the other. What fails is said, and tried again with the next image. */
  #after(action: () => Promise<void>): Promise<void> {
    const done = this.#work.then(action).catch((error: unknown) => {
      this.#init.log.warn({ file: this.#init.file }, `images that jobs brought could not be removed: ${messageOf(error)}`)
    })
    this.#work = done
    return done
  }
}

/** A list that is not there or means nothing is empty: then its images stay, as any that the owner has. */
function readList(file: string): string[] {
  try {
    const list = JSON.parse(readFileSync(file, 'utf8')) as unknown
    return Array.isArray(list)
      ? list.filter((id): id is string => typeof id === 'string' && isImageId(id)).slice(-LISTED_MAX)
      : []
  } catch {
    return []
  }
}
