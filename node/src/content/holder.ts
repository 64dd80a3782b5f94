import { messageOf, WireError } from '@weft/protocols'
import type { CID } from 'multiformats/cid'
import { keyOf, parseCid } from './cid.ts'
import { withDeadline } from './deadline.ts'
import type { Roots } from './roots.ts'
import type { BlockShelf } from './shelf.ts'
import { type ContentChannel, decodeRequest, encodeResponse, messages, REQUEST_BYTES_MAX } from './wire.ts'

/** A fetcher that asks for nothing, or takes nothing, for this long is given up. */
const IDLE_MS = 120_000
/** Each holds one block in memory. */
const CHANNELS_PER_PEER_MAX = 8
const CHANNELS_MAX = 64

export interface HolderComponents {
  shelf: BlockShelf
  roots: Roots
}

/** Answers requests for blocks of trees that are shared with whoever asks; for everything else it has nothing. */
export class Holder {
  readonly #shelf: BlockShelf
  readonly #roots: Roots
  readonly #perPeer = new Map<string, number>()
  #channels = 0

  constructor({ shelf, roots }: HolderComponents) {
    this.#shelf = shelf
    this.#roots = roots
  }

  /** Serves one channel until its other side ends it. Throws WireError on a request that breaks the protocol. */
  async serve(channel: ContentChannel): Promise<void> {
    const mine = this.#perPeer.get(channel.peer) ?? 0
    if (mine >= CHANNELS_PER_PEER_MAX || this.#channels >= CHANNELS_MAX) {
      channel.reset('too many content channels')
      return
    }
    this.#perPeer.set(channel.peer, mine + 1)
    this.#channels += 1
    try {
      await this.#answer(channel)
      await channel.end()
    } catch (error) {
      channel.reset(messageOf(error))
      throw error
    } finally {
      this.#channels -= 1
      const left = (this.#perPeer.get(channel.peer) ?? 1) - 1
      if (left > 0) this.#perPeer.set(channel.peer, left)
      else this.#perPeer.delete(channel.peer)
    }
  }

  async #answer(channel: ContentChannel): Promise<void> {
    let root: CID | undefined
    for await (const bytes of messages(withDeadline(channel.source, IDLE_MS), REQUEST_BYTES_MAX)) {
      const { id, cids } = decodeRequest(bytes)
      if (root === undefined && cids.length !== 1)
        throw new WireError('BAD_BLOCK_MESSAGE', 'the first request must name one root')
      const wanted = cids.map(wireCid)
      root ??= wanted[0] as CID
      await this.#send(channel, { id, root, wanted })
    }
  }

  /** Reads each block while the one before it is on its way. */
  async #send(channel: ContentChannel, { id, root, wanted }: { id: number; root: CID; wanted: readonly CID[] }): Promise<void> {
    const read = (cid: CID | undefined) => (cid === undefined ? undefined : this.#block(channel.peer, root, cid))
    let next = read(wanted[0])
    for (const [at, cid] of wanted.entries()) {
      const data = await next
      next = read(wanted[at + 1])
      // Should the sending fail, nobody waits for this one.
      next?.catch(() => {})
      for (const part of encodeResponse({ id, cid: cid.bytes, data })) {
        await channel.send(part, { signal: AbortSignal.timeout(IDLE_MS) })
      }
    }
  }

  /** Asked anew for each block: sharing may end in the middle. */
  async #block(peer: string, rootCid: CID, cid: CID): Promise<Uint8Array | undefined> {
    const root = this.#roots.granted(rootCid, peer)
    if (root === undefined || !root.blocks.has(keyOf(cid))) return undefined
    return await this.#shelf.read(cid)
  }
}

function wireCid(bytes: Uint8Array): CID {
  try {
    return parseCid(bytes)
  } catch (cause) {
    throw new WireError('BAD_BLOCK_MESSAGE', 'a request names no valid content id', { cause })
  }
}
