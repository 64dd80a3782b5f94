import { createReadStream, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { codeOf, messageOf } from '@weft/protocols'
import { usage } from '../exit.ts'
import { JOB_FILE_BYTES_MAX, readJobFile, type WrittenJob } from './read.ts'

/** `-` for the file: it comes on stdin. */
const STDIN = '-'

/**
 * Reads the job file that a command line names. Relative paths within are relative to its folder; of `-`, to `cwd`. Throws
 * UsageError, with the place where there is one.
 */
export async function loadJobFile(file: string, cwd: string, stdin: AsyncIterable<unknown> = process.stdin): Promise<WrittenJob> {
  const isStdin = file === STDIN
  const path = resolve(cwd, file)
  const name = isStdin ? 'stdin' : file
  const bytes = await bounded(isStdin ? stdin : opened(path, name), name)
  return readJobFile(utf8(bytes, name), { name, folder: isStdin ? cwd : dirname(path) })
}

function opened(path: string, name: string): AsyncIterable<unknown> {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
  if (isFolder) throw usage(`${name} is a folder; name the job file in it`)
  return createReadStream(path)
}

/** Reads no more than it must to know that something is no job file: what is named may have no end. */
async function bounded(source: AsyncIterable<unknown>, name: string): Promise<Buffer> {
  const pieces: Buffer[] = []
  let length = 0
  try {
    for await (const piece of source) {
      const bytes = Buffer.from(piece as Buffer)
      pieces.push(bytes)
      length += bytes.length
      if (length > JOB_FILE_BYTES_MAX) break
    }
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : codeOf(cause)
    if (code === 'ENOENT') throw usage(`${name}: there is no such file; weft job init ${name} writes one to begin with`)
    throw usage(`${name} cannot be read: ${messageOf(cause)}`)
  }
  if (length > JOB_FILE_BYTES_MAX)
    throw usage(`${name} is larger than 1 MiB: it is no job file; copy data in with inputs, and name it there`)
  return Buffer.concat(pieces)
}

function utf8(bytes: Buffer, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    const before = bytes.toString('utf8').split('\uFFFD')[0] ?? ''
    const lines = before.split('\n')
    throw usage(
      `${name}:${lines.length}:${(lines.at(-1) ?? '').length + 1}: a byte that is no UTF-8; save the file as UTF-8 text`,
    )
  }
}
