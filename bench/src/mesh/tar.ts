/**
 * Tar archives, as far as the demo and the benches need them: a writer for a small root file system, a reader for an npm package.
 * POSIX ustar, names up to 100 bytes.
 */
import { createReadStream } from 'node:fs'
import { UsageError } from '@weft/protocols'

const BLOCK = 512
const NAME_BYTES_MAX = 100
const TYPE = { file: '0', folder: '5' } as const

export type TarEntry =
  | { type: 'folder'; name: string; mode: number }
  | { type: 'text'; name: string; mode: number; text: string }
  /** Copied from this machine; `size` must be the file's. */
  | { type: 'file'; name: string; mode: number; source: string; size: number }

/** The archive in pieces. Owners and times are zero, so that the same parts give the same bytes. */
export async function* writeTar(entries: Iterable<TarEntry>): AsyncGenerator<Uint8Array> {
  for (const entry of entries) {
    if (entry.type === 'folder') {
      yield header(`${entry.name}/`, TYPE.folder, entry.mode, 0)
    } else if (entry.type === 'text') {
      const bytes = Buffer.from(entry.text)
      yield header(entry.name, TYPE.file, entry.mode, bytes.length)
      yield bytes
      yield padding(bytes.length)
    } else {
      yield header(entry.name, TYPE.file, entry.mode, entry.size)
      yield* createReadStream(entry.source, { end: entry.size - 1 })
      yield padding(entry.size)
    }
  }
  yield Buffer.alloc(2 * BLOCK)
}

function header(name: string, type: string, mode: number, size: number): Buffer {
  if (Buffer.byteLength(name) > NAME_BYTES_MAX)
    throw new UsageError(`the path ${name} is too long for the image: at most ${NAME_BYTES_MAX} bytes`)
  const block = Buffer.alloc(BLOCK)
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, '0')}\0`
  block.write(name, 0)
  block.write(octal(mode, 7), 100)
  block.write(octal(0, 7), 108)
  block.write(octal(0, 7), 116)
  block.write(octal(size, 11), 124)
  block.write(octal(0, 11), 136)
  block.write('        ', 148)
  block.write(type, 156)
  block.write('ustar\u000000', 257)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}

const padding = (size: number) => Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK)

/** The plain files of an archive that lies in memory, by name. Other kinds of entries are passed over. */
export function* readTar(archive: Uint8Array): Generator<{ name: string; bytes: Uint8Array }> {
  const buffer = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength)
  let at = 0
  while (at + BLOCK <= buffer.length && buffer[at] !== 0) {
    const name = text(buffer, at, NAME_BYTES_MAX)
    const size = Number.parseInt(text(buffer, at + 124, 12), 8)
    const end = at + BLOCK + size
    if (!Number.isSafeInteger(size) || end > buffer.length) throw new RangeError('the archive is cut short or broken')
    if (text(buffer, at + 156, 1) === TYPE.file) yield { name, bytes: buffer.subarray(at + BLOCK, end) }
    at = end + padding(size).length
  }
}

function text(buffer: Buffer, at: number, length: number): string {
  const bytes = buffer.subarray(at, at + length)
  const end = bytes.indexOf(0)
  return bytes.toString('utf8', 0, end < 0 ? length : end).trim()
}
