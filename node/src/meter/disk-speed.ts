import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { MIB, messageOf } from '@weft/protocols'
import { DISK_RESERVE_BYTES, freeBytes } from '../executor/disk.ts'

/** Written and flushed. */
const DISK_BYTES = 256 * MIB
const PIECE_BYTES = 8 * MIB

/**
 * MiB/s at which the disk of `folder`, which need not be there yet, takes a file. `problem`: why it took none; then there is no number,
 * and whatever else was measured stands.
 */
export async function diskSpeed(
  folder: string,
  { bytes = DISK_BYTES, free = freeBytes } = {},
): Promise<{ writeMiBs: number | null; problem: string | null }> {
  const there = existingAbove(folder)
  const not = (why: string) => ({ writeMiBs: null, problem: `${there} takes no ${Math.ceil(bytes / MIB)} MiB: ${why}` })
  try {
    // A peer that runs here stops where it cannot write.
    if ((await free(there)) < bytes + DISK_RESERVE_BYTES) return not('the disk is nearly full')
    return { writeMiBs: await write(join(there, `weft-bench-${randomUUID()}.tmp`), bytes), problem: null }
  } catch (error) {
    return not(messageOf(error))
  }
}

async function write(path: string, bytes: number): Promise<number> {
  const piece = randomBytes(Math.min(PIECE_BYTES, bytes))
  const file = await open(path, 'wx', 0o600)
  try {
    // It stays for as long as it is open, and goes with this process, however that ends.
    await rm(path)
    const started = performance.now()
    // Of a piece, a disk that is nearly full takes a part.
    for (let written = 0; written < bytes; ) written += (await file.write(piece)).bytesWritten
    await file.sync()
    return bytes / MIB / ((performance.now() - started) / 1000)
  } finally {
    await file.close()
  }
}

const existingAbove = (folder: string): string =>
  existsSync(folder) || dirname(folder) === folder ? folder : existingAbove(dirname(folder))
