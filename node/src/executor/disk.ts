import { statfs } from 'node:fs/promises'

/** What the disk under a peer's data keeps free, so that the peer itself can go on writing. */
export const DISK_RESERVE_BYTES = 256 * 1024 * 1024
const EVERY_MS = 2_000

/** Bytes that a user who is not root may still write under `path`. */
export async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path)
  return bavail * bsize
}

export interface DiskWatchInit {
  path: string
  /** Called once, when less than the reserve is free; the watch has ended by then. */
  onShort(): void
  /** @default 2_000 */
  everyMs?: number
  /** @default DISK_RESERVE_BYTES */
  reserveBytes?: number
  /** @default statfs of `path` */
  free?: (path: string) => Promise<number>
}

/** Looks now and then whether the disk still has its reserve. Returns what ends the watch. */
export function watchDisk(init: DiskWatchInit): () => void {
  const { path, onShort, everyMs = EVERY_MS, reserveBytes = DISK_RESERVE_BYTES, free = freeBytes } = init
  let timer: NodeJS.Timeout | undefined
  let isOver = false
  const look = async (): Promise<void> => {
    // A disk that cannot be asked is not a full one: writing will tell.
    const isShort = await free(path).then(
      (bytes) => bytes < reserveBytes,
      () => false,
    )
    if (isOver) return
    if (!isShort) return schedule()
    isOver = true
    onShort()
  }
  const schedule = (): void => {
    timer = setTimeout(() => void look(), everyMs)
    timer.unref()
  }
  schedule()
  return () => {
    isOver = true
    clearTimeout(timer)
  }
}
