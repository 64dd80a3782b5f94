import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { messageOf, type PeerId, WireError } from '@weft/protocols'
import type { CID } from 'multiformats/cid'
import { parseCid } from './cid.ts'
import { within } from './deadline.ts'
import { assertAbsent, assertFree, type Exported, exportFile, exportTree } from './export.ts'
import { isPassing, Pull } from './fetch.ts'
import { Holder } from './holder.ts'
import { treeLimits } from './limits.ts'
import type { TreeEntry } from './local-tree.ts'
import { type Packed, type PackOptions, packFile, packFolder, packTree } from './pack.ts'
import { type Root, Roots } from './roots.ts'
import { BlockShelf } from './shelf.ts'
import { type ContentChannel, contentProtocol } from './wire.ts'

/** What content needs of the channel layer: `ChannelHost` of ../network has more. */
export interface ContentChannels {
  open(peer: PeerId, protocol: string, options?: { signal?: AbortSignal; addresses?: readonly string[] }): Promise<ContentChannel>
  handle(protocol: string, handler: (channel: ContentChannel) => Promise<void>): void
  /** Ends every connection to a peer that broke the protocol, and logs it. */
  disconnect(peer: PeerId, reason: string): void
}

export interface ContentInit {
  /** Where blocks are kept. */
  folder: string
  /** The network's id. */
  network: string
  channels: ContentChannels
  /** What all blocks together may take on disk. @default 1 TiB */
  bytesMax?: number
  /** @default none */
  log?: { debug(fields: object, text: string): void }
  /** Before another attempt; rejects when the signal aborts. @default setTimeout */
  sleep?: (ms: number, signal: AbortSignal | undefined) => Promise<unknown>
}

export interface FetchOptions {
  /** Of file content. */
  bytesMax: number
  /** Files and folders. @default 10_000 */
  entriesMax?: number
  /** Who needs the blocks, until `release` by the same name. @default '' */
  owner?: string
  /** Bytes of blocks that are here by now, those of an earlier attempt included. */
  onBytes?: (bytes: number) => void
  signal?: AbortSignal
}

/**
 * Files and trees of files by the hash of what they hold: packed here, shared with chosen peers, fetched from peers with every
 * block verified, and kept while somebody owns them. Errors are ContentError, UnreachableError, or the channel's own.
 */
export interface Content {
  /** Packs files and folders into one directory whose entries have the given names. Links and devices are skipped and counted. */
  packTree(entries: readonly TreeEntry[], options: PackOptions): Promise<Packed>
  /** Packs what is in a folder. The folder may be given as a link; links in it are skipped at every depth. */
  packFolder(path: string, options: PackOptions): Promise<Packed>
  packFile(source: string | AsyncIterable<Uint8Array>, options: PackOptions): Promise<Packed>
  /** Fetches a tree and writes it into a folder that does not exist yet or is empty. Repeating it fetches only what is missing. */
  fetchTree(from: PeerId, addresses: readonly string[], cid: Uint8Array, into: string, options: FetchOptions): Promise<Exported>
  /** The same for one file, at a path where nothing is yet. */
  fetchFile(from: PeerId, addresses: readonly string[], cid: Uint8Array, to: string, options: FetchOptions): Promise<Exported>
  /** Lets a peer fetch a tree that is kept here, until `unshare` or the owner's `release`. @default owner '' */
  share(cid: Uint8Array, peer: PeerId, owner?: string): Promise<void>
  unshare(cid: Uint8Array, peer: PeerId, owner?: string): Promise<void>
  /** Ends an owner's interest; blocks that nobody else needs are deleted. Unknown trees are no error. @default owner '' */
  release(cid: Uint8Array, owner?: string): Promise<void>
  /** Starts answering other peers. */
  serve(): void
  /** Binary CIDs of everything kept. */
  list(): Uint8Array[]
  /** What all blocks together take on disk. */
  readonly bytes: number
}

const BYTES_MAX = 2 ** 40
/** Attempts in a row that bring nothing new: 31 s, in which a peer that was stopped is there again. */
const ATTEMPTS_MAX = 7
const RETRY_MS = 250

export async function createContent(init: ContentInit): Promise<Content> {
  const shelf = await BlockShelf.open(join(init.folder, 'blocks'), init.bytesMax ?? BYTES_MAX)
  const roots = await Roots.open(join(init.folder, 'roots'), shelf)
  const holder = new Holder({ shelf, roots })
  const fetcher = new Fetcher(init, shelf, roots)
  return {
    packTree: (entries, options) => packTree({ shelf, roots }, entries, options),
    packFolder: (path, options) => packFolder({ shelf, roots }, path, options),
    packFile: (source, options) => packFile({ shelf, roots }, source, options),
    async fetchTree(from, addresses, bytes, into, options) {
      const cid = parseCid(bytes)
      await assertFree(into)
      await fetcher.fetch(cid, from, addresses, options)
      return await exportTree(
        { shelf, cid, limits: treeLimits(options.bytesMax, options.entriesMax), signal: options.signal },
        into,
      )
    },
    async fetchFile(from, addresses, bytes, to, options) {
      const cid = parseCid(bytes)
      await assertAbsent(to)
      await fetcher.fetch(cid, from, addresses, options)
      return await exportFile(
        { shelf, cid, limits: treeLimits(options.bytesMax, options.entriesMax), signal: options.signal },
        to,
      )
    },
    share: (cid, peer, owner = '') => roots.grant(parseCid(cid), peer, owner),
    unshare: (cid, peer, owner = '') => roots.revoke(parseCid(cid), peer, owner),
    release: (cid, owner = '') => roots.release(parseCid(cid), owner),
    serve: () =>
      init.channels.handle(contentProtocol(init.network), (channel) =>
        holder.serve(channel).catch((error) => {
          blame(init, channel.peer, error)
          throw error
        }),
      ),
    list: () => roots.list().map((cid) => cid.bytes),
    get bytes() {
      return shelf.bytes
    },
  }
}

/** Pulls trees, trying again as long as each attempt brings something; the same tree is never pulled twice at once. */
class Fetcher {
  readonly #init: ContentInit
  readonly #shelf: BlockShelf
  readonly #roots: Roots
  readonly #underWay = new Map<string, Promise<void>>()
  readonly #sleep: NonNullable<ContentInit['sleep']>

  constructor(init: ContentInit, shelf: BlockShelf, roots: Roots) {
    this.#init = init
    this.#sleep = init.sleep ?? ((ms, signal) => delay(ms, undefined, { signal }))
    this.#shelf = shelf
    this.#roots = roots
  }

  async fetch(cid: CID, from: PeerId, addresses: readonly string[], options: FetchOptions): Promise<void> {
    const name = cid.toString()
    // A second fetch of a tree waits for the first, and then finds everything here.
    for (let other = this.#underWay.get(name); other !== undefined; other = this.#underWay.get(name)) {
      await within(other, { signal: options.signal })
    }
    const mine = this.#attempts(cid, from, addresses, options)
    const settled = mine.catch(() => {})
    this.#underWay.set(name, settled)
    try {
      await mine
    } finally {
      this.#underWay.delete(name)
    }
  }

  async #attempts(cid: CID, from: PeerId, addresses: readonly string[], options: FetchOptions): Promise<void> {
    const { owner = '' } = options
    const root = await this.#roots.keep(cid, owner)
    try {
      await this.#pull(cid, root, from, addresses, options)
    } finally {
      // Released while its blocks were coming in: what came after that belongs to nobody.
      if (this.#roots.get(cid) !== root) await this.#roots.drop(root)
    }
  }

  async #pull(cid: CID, root: Root, from: PeerId, addresses: readonly string[], options: FetchOptions): Promise<void> {
    const { signal, onBytes = () => {} } = options
    const open = () =>
      this.#init.channels.open(from, contentProtocol(this.#init.network), {
        addresses,
        ...(signal === undefined ? {} : { signal }),
      })
    for (let failures = 0; ; ) {
      signal?.throwIfAborted()
      const pull = new Pull({
        shelf: this.#shelf,
        roots: this.#roots,
        root: { ...root, cid },
        limits: treeLimits(options.bytesMax, options.entriesMax),
        open,
        onBytes,
        signal,
      })
      try {
        return await pull.run()
      } catch (error) {
        blame(this.#init, from, error)
        failures = pull.fetched > 0 ? 1 : failures + 1
        if (!isPassing(error) || failures >= ATTEMPTS_MAX) throw error
        this.#init.log?.debug(
          { peer: from, cid: cid.toString(), reason: messageOf(error) },
          'content fetch goes on with a new channel',
        )
        await this.#sleep(RETRY_MS * 2 ** failures, signal)
      }
    }
  }
}

/** A peer that breaks the protocol, or sends other bytes than it was asked for, is cut off. */
function blame({ channels }: ContentInit, peer: PeerId, error: unknown): void {
  if (!(error instanceof WireError)) return
  channels.disconnect(peer, `${error.code}: ${error.message}`)
}
