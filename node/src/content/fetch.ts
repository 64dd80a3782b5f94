import { UnreachableError, WeftError, WireError } from '@weft/protocols'
import type { CID } from 'multiformats/cid'
import { keyOf, linksOf, matches } from './cid.ts'
import { withDeadline } from './deadline.ts'
import { ContentError } from './errors.ts'
import { LEVELS_MAX, type TreeLimits } from './limits.ts'
import type { Root, Roots } from './roots.ts'
import type { BlockShelf } from './shelf.ts'
import { CIDS_PER_REQUEST_MAX, type ContentChannel, decodeResponse, encodeRequest, messages, RESPONSE_BYTES_MAX } from './wire.ts'

/** Blocks asked for and not yet here. They come one after the other, so that only the channel's own credit is in memory. */
const OUTSTANDING_MAX = 64
/** Blocks being written at once, and what they hold in memory. */
const WRITES_MAX = 16
const WRITE_BYTES_MAX = 8 * 1024 * 1024
/** A holder that sends nothing for this long is given up. */
const IDLE_MS = 30_000

export interface PullInit {
  shelf: BlockShelf
  roots: Roots
  root: Root & { cid: CID }
  limits: TreeLimits
  /** Opens a channel to the holder; called only if a block is missing here. */
  open(): Promise<ContentChannel>
  /** Bytes of the tree's blocks that are here by now. */
  onBytes: (bytes: number) => void
  signal: AbortSignal | undefined
}

interface Wanted {
  cid: CID
  level: number
  /** Here already, and asked for only to name the tree. */
  isKnown?: true
}

/** Brings every block of one tree here, from top to bottom; what is here already is not asked for again. */
export class Pull {
  readonly #init: PullInit
  readonly #wanted: Wanted[]
  readonly #seen = new Set<string>()
  readonly #asked: Wanted[] = []
  readonly #writes = new Set<Promise<void>>()
  #writeBytes = 0
  #channel: ContentChannel | undefined
  #responses: AsyncGenerator<Uint8Array> | undefined
  #requestId = 0
  #bytes = 0
  /** Blocks that this pull brought: whether trying again makes sense. */
  fetched = 0

  constructor(init: PullInit) {
    this.#init = init
    this.#wanted = [{ cid: init.root.cid, level: 1 }]
    this.#seen.add(keyOf(init.root.cid))
  }

  async run(): Promise<void> {
    try {
      while (this.#wanted.length > 0 || this.#asked.length > 0) {
        await this.#ask()
        if (this.#asked.length > 0) await this.#receive()
      }
      await Promise.all(this.#writes)
      await this.#channel?.end()
    } catch (error) {
      this.#channel?.reset('the fetch failed')
      await Promise.allSettled(this.#writes)
      throw error
    }
  }

  /** Asks for missing blocks until enough are on their way; meets those that are here. */
  async #ask(): Promise<void> {
    if (this.#asked.length > OUTSTANDING_MAX - CIDS_PER_REQUEST_MAX) return
    const missing: Wanted[] = []
    // Until the root is here there is nothing else to ask for: the first request names the root alone.
    while (
      this.#wanted.length > 0 &&
      this.#asked.length + missing.length < OUTSTANDING_MAX &&
      missing.length < CIDS_PER_REQUEST_MAX
    ) {
      this.#init.signal?.throwIfAborted()
      const wanted = this.#wanted.pop()
      if (wanted === undefined) break
      this.#init.roots.hold(this.#init.root, keyOf(wanted.cid))
      const bytes = await this.#init.shelf.read(wanted.cid)
      if (bytes === undefined) missing.push(wanted)
      else this.#meet(wanted, bytes)
    }
    if (missing.length > 0) await this.#request(missing)
  }

  async #request(missing: readonly Wanted[]): Promise<void> {
    const { root, signal } = this.#init
    const channel = this.#channel ?? (await this.#open())
    const namesRoot = missing[0]?.cid.equals(root.cid) ?? false
    // A resumed fetch has the root already, and names it even so: the holder must know whose tree this is.
    const requests =
      this.#requestId === 0 && !namesRoot ? [[{ cid: root.cid, level: 1, isKnown: true as const }], missing] : [missing]
    for (const batch of requests) {
      this.#asked.push(...batch)
      const frame = encodeRequest({ id: this.#requestId++, cids: batch.map(({ cid }) => cid.bytes) })
      await channel.send(frame, signal === undefined ? {} : { signal })
    }
  }

  async #open(): Promise<ContentChannel> {
    const channel = await this.#init.open()
    this.#channel = channel
    this.#responses = messages(withDeadline(channel.source, IDLE_MS, this.#init.signal), RESPONSE_BYTES_MAX)
    return channel
  }

  async #receive(): Promise<void> {
    const next = await this.#responses?.next()
    const wanted = this.#asked.shift()
    if (next === undefined || next.done === true || wanted === undefined) {
      throw new WeftError('CHANNEL_ENDED', 'the holder ended the channel before everything was here')
    }
    const { cid, data } = decodeResponse(next.value)
    if (Buffer.compare(cid, wanted.cid.bytes) !== 0)
      throw new WireError('BAD_BLOCK_MESSAGE', 'the holder answers another question')
    if (data === undefined) throw new ContentError('MISSING', `the peer does not have, or does not share, block ${wanted.cid}`)
    if (!matches(wanted.cid, data))
      throw new WireError('BAD_CONTENT', `the peer sent other bytes than those of block ${wanted.cid}`)
    if (wanted.isKnown) return
    this.fetched += 1
    this.#meet(wanted, data)
    await this.#write(wanted.cid, data)
  }

  async #write(cid: CID, data: Uint8Array): Promise<void> {
    const write = this.#init.shelf.put(cid, data)
    this.#writes.add(write)
    this.#writeBytes += data.length
    const done = () => {
      this.#writes.delete(write)
      this.#writeBytes -= data.length
    }
    // A failed one stays, for the race or the end of the run to meet.
    write.then(done, () => {})
    while (this.#writes.size >= WRITES_MAX || this.#writeBytes >= WRITE_BYTES_MAX) await Promise.race(this.#writes)
  }

  /** Counts a block whose hash holds, and queues what it points at. */
  #meet({ cid, level }: Wanted, bytes: Uint8Array): void {
    const { limits, roots, root } = this.#init
    // Once more: the tree may have been released, and its holds with it, since this block was asked for.
    roots.hold(root, keyOf(cid))
    this.#bytes += bytes.length
    if (this.#bytes > limits.blockBytesMax)
      throw new ContentError('TOO_LARGE', `the content is larger than the agreed ${limits.bytesMax} bytes`)
    for (const link of linksOf(cid, bytes)) {
      if (this.#seen.has(keyOf(link))) continue
      if (level >= LEVELS_MAX) throw new ContentError('TOO_MANY', `the content is nested more than ${LEVELS_MAX} deep`)
      if (this.#seen.size >= limits.blocksMax)
        throw new ContentError('TOO_MANY', 'the content has more parts than its size allows')
      this.#seen.add(keyOf(link))
      this.#wanted.push({ cid: link, level: level + 1 })
    }
    this.#init.onBytes(this.#bytes)
  }
}

/** True for failures of the way, not of the content: the same fetch may succeed on a new channel. */
export function isPassing(error: unknown): boolean {
  if (error instanceof UnreachableError) return true
  return error instanceof WeftError && ['CHANNEL_RESET', 'CHANNEL_ENDED', 'STALLED'].includes(error.code)
}
