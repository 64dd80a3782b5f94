import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { CID } from 'multiformats/cid'
import { writeAtomic } from '../home/atomic.ts'
import { checkCid, isLeaf, keyOf, linksOf } from './cid.ts'
import { ContentError } from './errors.ts'
import type { BlockShelf } from './shelf.ts'

/** What keeps blocks on disk: a whole tree that somebody owns, or a draft of one that is being packed. */
export interface Root {
  readonly cid: CID | undefined
  readonly blocks: Set<string>
  readonly owners: Set<string>
  /** Who may fetch it, as `peer owner`: a grant ends with its owner's interest. */
  readonly grants: Set<string>
}

/**
 * Which trees are kept, for whom, and who may fetch them. One small file per tree; the blocks of each are found again by
 * walking it, so that a crash at any point costs nothing but work.
 */
export class Roots {
  readonly #folder: string
  readonly #shelf: BlockShelf
  readonly #roots = new Map<string, Root>()
  /** How many roots and drafts hold each block. */
  readonly #holders = new Map<string, number>()
  #writing: Promise<void> = Promise.resolve()

  private constructor(folder: string, shelf: BlockShelf) {
    this.#folder = folder
    this.#shelf = shelf
  }

  /** Reads what is kept, and removes every block that belongs to nothing. */
  static async open(folder: string, shelf: BlockShelf): Promise<Roots> {
    const roots = new Roots(folder, shelf)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    for (const file of await readdir(folder)) await roots.#load(file)
    for (const key of shelf.keys()) if (!roots.#holders.has(key)) await shelf.remove(key)
    return roots
  }

  get(cid: CID): Root | undefined {
    return this.#roots.get(cid.toString())
  }

  list(): CID[] {
    return [...this.#roots.values()].flatMap(({ cid }) => cid ?? [])
  }

  /** Keeps a tree for an owner; its blocks may still be on their way. */
  async keep(cid: CID, owner: string): Promise<Root> {
    const name = cid.toString()
    const root = this.#roots.get(name) ?? { cid, blocks: new Set(), owners: new Set(), grants: new Set() }
    this.#roots.set(name, root)
    if (root.owners.has(owner)) return root
    root.owners.add(owner)
    await this.#save(root)
    return root
  }

  /** Something to hold blocks while their root is not known yet. */
  draft(): Root {
    return { cid: undefined, blocks: new Set(), owners: new Set(), grants: new Set() }
  }

  hold(root: Root, key: string): void {
    if (root.blocks.has(key)) return
    root.blocks.add(key)
    this.#holders.set(key, (this.#holders.get(key) ?? 0) + 1)
  }

  /** Holds every block of the root's tree that is on the shelf. */
  async holdReachable(root: Root): Promise<void> {
    const wanted = root.cid === undefined ? [] : [root.cid]
    for (let cid = wanted.pop(); cid !== undefined; cid = wanted.pop()) {
      if (root.blocks.has(keyOf(cid)) || !this.#shelf.has(cid)) continue
      this.hold(root, keyOf(cid))
      if (isLeaf(cid)) continue
      const bytes = await this.#shelf.read(cid)
      if (bytes !== undefined) wanted.push(...linksOf(cid, bytes))
    }
  }

  /** Lets go of a draft's blocks; those that nothing else holds are removed. */
  async drop(root: Root): Promise<void> {
    const orphans: string[] = []
    for (const key of root.blocks) {
      const holders = (this.#holders.get(key) ?? 1) - 1
      if (holders > 0) this.#holders.set(key, holders)
      else {
        this.#holders.delete(key)
        orphans.push(key)
      }
    }
    root.blocks.clear()
    // Decided again for each: a tree packed meanwhile may hold the block by now.
    for (const key of orphans) if (!this.#holders.has(key)) await this.#shelf.remove(key)
  }

  /** Ends an owner's interest; without owners the tree is forgotten and its blocks removed. Unknown ones are no error. */
  async release(cid: CID, owner: string): Promise<void> {
    const root = this.get(cid)
    if (root === undefined || !root.owners.delete(owner)) return
    for (const grant of root.grants) if (grant.endsWith(` ${owner}`)) root.grants.delete(grant)
    if (root.owners.size === 0) this.#roots.delete(cid.toString())
    await this.#save(root)
    if (root.owners.size === 0) await this.drop(root)
  }

  async grant(cid: CID, peer: string, owner: string): Promise<void> {
    const root = this.get(cid)
    if (root === undefined) throw new ContentError('MISSING', `there is no content ${cid} here to share`)
    const grant = `${peer} ${owner}`
    if (root.grants.has(grant)) return
    root.grants.add(grant)
    await this.#save(root)
  }

  async revoke(cid: CID, peer: string, owner: string): Promise<void> {
    const root = this.get(cid)
    if (root?.grants.delete(`${peer} ${owner}`)) await this.#save(root)
  }

  /** The root if it is shared with the peer. */
  granted(cid: CID, peer: string): Root | undefined {
    const root = this.get(cid)
    if (root === undefined) return undefined
    for (const grant of root.grants) if (grant.startsWith(`${peer} `)) return root
    return undefined
  }

  /** Writes, or removes, the root's file; in the order of changes. */
  #save(root: Root): Promise<void> {
    this.#writing = this.#writing
      .catch(() => {})
      .then(async () => {
        const file = join(this.#folder, `${root.cid}`)
        if (root.owners.size === 0) await rm(file, { force: true })
        else await writeAtomic(file, JSON.stringify({ owners: [...root.owners], grants: [...root.grants] }))
      })
    return this.#writing
  }

  /** A file that is no root's, or was cut short, is removed: what it kept can be packed or fetched again. */
  async #load(file: string): Promise<void> {
    try {
      const cid = CID.parse(file)
      checkCid(cid)
      const { owners, grants } = parseRecord(await readFile(join(this.#folder, file), 'utf8'))
      const root: Root = { cid, blocks: new Set(), owners: new Set(owners), grants: new Set(grants) }
      this.#roots.set(cid.toString(), root)
      await this.holdReachable(root)
    } catch {
      await rm(join(this.#folder, file), { force: true })
    }
  }
}

function parseRecord(text: string): { owners: string[]; grants: string[] } {
  const record: unknown = JSON.parse(text)
  if (typeof record !== 'object' || record === null || !('owners' in record) || !('grants' in record))
    throw new TypeError('no record')
  const { owners, grants } = record
  if (!isTexts(owners) || !isTexts(grants) || owners.length === 0) throw new TypeError('no record')
  return { owners, grants }
}

const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every((item) => typeof item === 'string')
