import { constants, open } from 'node:fs/promises'

/**
 * The first `bytesMax` bytes of a file, as text: files of /sys and /proc tell no size, and others may have no end. Rejects where it
 * cannot be read, as a pipe cannot.
 */
export async function readStart(path: string, bytesMax: number): Promise<string> {
  // Opening a pipe would wait for somebody to write to it.
  await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const buffer = Buffer.alloc(bytesMax)
  let length = 0
  while (length < bytesMax) {
    const { bytesRead } = await file.read(buffer, length, bytesMax - length, length)
    if (bytesRead === 0) break
    length += bytesRead
  }
  return buffer.toString('utf8', 0, length)
}
