/** Brings a job's inputs into its lease folder and says where everything is mounted. */
import { lstat, mkdir, open, rename, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { codeOf } from '@weft/protocols'
import type { Work } from '@weft/protocols/ports'
import type { Mount } from '@weft/protocols/wire'
import type { ContentFetcher, FetchOptions } from './content-fetcher.ts'
import { DISK_RESERVE_BYTES } from './disk.ts'
import { executorError } from './engine-errors.ts'
import { fetchError } from './fetch-error.ts'
import type { LeaseFolder } from './lease-folder.ts'
import type { HostMount } from './profile.ts'
import { isWithin } from './spec-check.ts'
import { openTree } from './tree.ts'

/** Multicodec `raw`: always a file, of one block. */
const RAW_CODEC = 0x55

export interface FetchInputsInit {
  content: ContentFetcher
  work: Work
  folder: LeaseFolder
  /** Bytes that arrived, per input, in all so far. */
  onBytes(index: number, done: number): void
  signal: AbortSignal
}

/**
 * Throws NO_SPACE where the inputs that are not here yet, as long as the spec declares them, would not leave this machine its
 * reserve. Longer than declared is never fetched.
 */
export async function demandSpace(work: Work, folder: LeaseFolder, freeBytes: number): Promise<void> {
  let missingBytes = 0
  for (const [index, mount] of work.spec.inputs.entries()) {
    if (!(await exists(folder.input(index)))) missingBytes += mount.bytes
  }
  const room = Math.max(0, freeBytes - DISK_RESERVE_BYTES)
  if (missingBytes > room)
    throw executorError('NO_SPACE', `the inputs have ${missingBytes} bytes and this machine has room for ${room}`)
}

/** Fetches what is not here yet. An input that is here under its name is whole: it was renamed to it at the end. */
export async function fetchInputs(init: FetchInputsInit): Promise<void> {
  for (const [index, mount] of init.work.spec.inputs.entries()) {
    const path = init.folder.input(index)
    if (await exists(path)) continue
    const part = `${path}.part`
    await rm(part, { recursive: true, force: true })
    await fetchOne(init, mount, index, part)
    await openTree(part, mount.readOnly ? 'read' : 'write')
    await rename(part, path)
  }
}

async function fetchOne(
  { content, work, onBytes, signal }: FetchInputsInit,
  mount: Mount,
  index: number,
  part: string,
): Promise<void> {
  const options = { bytesMax: mount.bytes, owner: work.leaseId, onBytes: (done: number) => onBytes(index, done), signal }
  try {
    await fetchAny(content, work, mount.cid, part, options)
  } catch (error) {
    throw fetchError(error, `fetching the input for ${mount.path}`, 'BAD_INPUT')
  }
}

/** A CID does not say whether it is a folder or a long file; its first block does, and asking for the wrong one stops there. */
async function fetchAny(
  content: ContentFetcher,
  work: Work,
  cid: Uint8Array,
  part: string,
  options: FetchOptions,
): Promise<void> {
  if (cid[1] !== RAW_CODEC) {
    try {
      await content.fetchTree(work.renter, work.renterAddresses, cid, part, options)
      return
    } catch (error) {
      if (codeOf(error) !== 'BAD_CONTENT') throw error
    }
  }
  await content.fetchFile(work.renter, work.renterAddresses, cid, part, options)
}

/** The mounts of a lease, outer ones first, each with a place to stand in the one around it. */
export async function hostMounts(work: Work, folder: LeaseFolder): Promise<HostMount[]> {
  const { inputs, outputs } = work.spec
  const mounts = [
    ...inputs.map((mount, index) => ({ source: folder.input(index), target: mount.path, readOnly: mount.readOnly })),
    ...outputs.map((mount, index) => ({ source: folder.output(index), target: mount.path, readOnly: false })),
  ].sort((a, b) => a.target.length - b.target.length)
  for (const [index, mount] of mounts.entries()) {
    const around = mounts.slice(0, index).findLast((outer) => isWithin(mount.target, outer.target))
    if (around !== undefined) await makePlace(around, mount)
  }
  return mounts
}

/**
 * Makes the file or folder that `inner` is mounted over, in the host's copy of `outer`: the engine would make it as root
 * otherwise. Every step is looked at first, because a link in a renter's input could lead out of it.
 */
async function makePlace(outer: HostMount, inner: HostMount): Promise<void> {
  const parts = relative(outer.target, inner.target).split('/')
  const isFolder = (await lstat(inner.source)).isDirectory()
  let path = outer.source
  for (const [depth, part] of parts.entries()) {
    path = join(path, part)
    const wantFolder = isFolder || depth < parts.length - 1
    const found = await lstat(path).catch(() => undefined)
    if (found === undefined && wantFolder) await mkdir(path, { mode: 0o755 })
    else if (found === undefined) await (await open(path, 'wx', 0o644)).close()
    else if (found.isSymbolicLink() || found.isDirectory() !== wantFolder)
      throw executorError(
        'BAD_INPUT',
        `${inner.target} cannot be mounted in ${outer.target}: ${part} is no ${wantFolder ? 'folder' : 'file'} there`,
      )
  }
}

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined
}
