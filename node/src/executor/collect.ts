/** Takes a job's outputs out of its lease folder. What is in there was written by a stranger. */

import { ExecutorError, messageOf, peerId } from '@weft/protocols'
import type { Collected, ExecutorCode } from '@weft/protocols/ports'
import type { ContentFetcher, PackedOutputs } from './content-fetcher.ts'
import { DISK_RESERVE_BYTES, freeBytes } from './disk.ts'
import { executorError } from './engine-errors.ts'
import { packError } from './fetch-error.ts'
import { withoutHostPaths } from './host-paths.ts'
import { type CollectedRecord, type LeaseFolder, type LeaseRecord, ROOM_BYTES } from './lease-folder.ts'
import type { ExecutorLog } from './log.ts'
import type { Overflow } from './output-watch.ts'
import type { Spool } from './spool.ts'
import { dropSpecials, measureTree } from './tree.ts'

export interface CollectInit {
  folder: LeaseFolder
  spool: Spool
  content: ContentFetcher
  entriesMax: number
  /** Why the job was stopped for writing too much, if it was. */
  overflow: Overflow | undefined
  log: ExecutorLog
  /** Called when what the job wrote is gone, because nothing of it is handed over. */
  onPurged?(): void
  /** What the disk under the lease's folder has free, in bytes. @default statfs */
  freeDisk?: (path: string) => Promise<number>
}

/**
 * Packs once: the second call reads what the first wrote down. The spool is closed whether or not packing works. Rejects only
 * where this lease was never delivered or what came of it cannot be written down.
 */
export async function collectOutputs(init: CollectInit): Promise<Collected> {
  const { folder, spool } = init
  const before = await folder.collected()
  if (before !== undefined) return collected(before)
  const record = await folder.record()
  if (record === undefined) throw executorError('ENGINE_FAILED', 'this lease was never delivered here')
  const isNothing = record.outputs === 0 && init.overflow === undefined
  const packed = isNothing ? undefined : await pack(init, record).catch(packError)
  const logBytes = await spool.close()
  if (packed instanceof ExecutorError) return failed(init, packed, logBytes)
  const outputs = packed === undefined ? '' : Buffer.from(packed.cid).toString('hex')
  const result = { version: 1, outputs, outputBytes: packed?.bytes ?? 0, logBytes } as const
  await folder.saveCollected(result)
  return collected(result)
}

async function failed({ folder, log, onPurged }: CollectInit, error: ExecutorError, logBytes: number): Promise<Collected> {
  const code = error.code as ExecutorCode
  const fault = { code, message: withoutHostPaths(error.message, folder.path, { all: code === 'ENGINE_FAILED' }) }
  const result = { version: 1, outputs: '', outputBytes: 0, logBytes, fault } as const
  // This machine's own failure, a shutdown perhaps: the peer that comes back may do better.
  if (code === 'ENGINE_FAILED') {
    log.warn({ error: error.message }, 'packing outputs failed')
    return collected(result)
  }
  const save = (): Promise<boolean> =>
    folder.saveCollected(result).then(
      () => true,
      () => false,
    )
  // A full disk may not take even this before the job's files are gone.
  const isSaved = await save()
  await folder
    .purge()
    .then(onPurged, (cause: unknown) => log.warn({ error: messageOf(cause) }, 'removing what a job wrote failed'))
  if (!isSaved) await save()
  return collected(result)
}

/** Packed and shared with the renter; what cannot travel is left out, and the end of the output says so. */
async function pack(init: CollectInit, record: LeaseRecord): Promise<PackedOutputs> {
  const { folder, spool, content, entriesMax } = init
  if (init.overflow === 'disk') throw executorError('NO_SPACE', 'the disk of this machine filled up while the job ran')
  const limits = { bytesMax: record.outputBytesMax, entriesMax: entriesMax + record.outputs }
  const entries = Array.from({ length: record.outputs }, (_, index) => ({ name: String(index), path: folder.output(index) }))
  const { over, bytes } = await measureTree(folder.outputs, limits)
  const why = over ?? init.overflow
  if (why !== undefined) throw tooLarge(why, record, entriesMax)
  // Packing copies them.
  if ((await (init.freeDisk ?? freeBytes)(folder.path)) - bytes < DISK_RESERVE_BYTES)
    throw executorError('NO_SPACE', `this machine has no room left to pack outputs of ${bytes} bytes`)
  const dropped = await dropSpecials(folder.outputs)
  const packed = await content.packTree(entries, { ...limits, owner: record.leaseId })
  await content.share(packed.cid, peerId(record.renter), record.leaseId)
  const left = { count: dropped.count + packed.skipped.count, shown: [...dropped.shown, ...packed.skipped.examples] }
  const shown = left.shown.map((path) => printable(withoutHostPaths(path, folder.outputs))).join(', ')
  if (left.count > 0) await spool.note(`outputs left out because they are no plain files: ${left.count} (${shown})`)
  return packed
}

function tooLarge(why: Overflow, record: LeaseRecord, entriesMax: number): Error {
  return executorError('OUTPUT_TOO_LARGE', `the job went beyond what was agreed: ${reasonOf(why, record, entriesMax)}`)
}

function reasonOf(why: Overflow, { outputBytesMax, roomBytes }: LeaseRecord, entriesMax: number): string {
  if (why === 'hidden') return 'it left folders that are nested too deep, named too long or closed to others'
  if (why === 'room') return `it wrote more than the ${roomBytes ?? ROOM_BYTES} bytes of disk granted; ask for more with --disk`
  return `it wrote more outputs than ${why === 'entries' ? `${entriesMax} files and folders` : `${outputBytesMax} bytes`}`
}

function collected({ outputs, outputBytes, logBytes, fault }: CollectedRecord): Collected {
  return {
    outputs: outputs === '' ? undefined : Uint8Array.from(Buffer.from(outputs, 'hex')),
    outputBytes,
    logBytes,
    ...(fault === undefined ? {} : { fault }),
  }
}

/** File names are the job's: control characters in them would reach the renter's terminal. */
function printable(name: string): string {
  return name.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 100)
}
