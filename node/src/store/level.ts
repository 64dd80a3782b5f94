import { messageOf, WeftError } from '@weft/protocols'
import { Level } from 'level'
import { corrupt } from './damage.ts'

/**
 * Opens or creates a LevelDB of text keys and byte values. Throws WeftError: `LOCKED` while somebody else has it open (the
 * operating system lets go of that lock when its process dies), `CORRUPT` where files are damaged, `STORE` for the rest.
 */
export async function openLevel(folder: string): Promise<Level<string, Uint8Array>> {
  const db = new Level<string, Uint8Array>(folder, { keyEncoding: 'utf8', valueEncoding: 'view', compression: false })
  try {
    await db.open()
  } catch (error) {
    throw openError(folder, error)
  }
  return db
}

/** What is on disk is not what was written, whichever way LevelDB says so. */
export const isDamage = (error: unknown): boolean =>
  levelCode(error) === 'LEVEL_CORRUPTION' || levelCode(error) === 'LEVEL_IO_ERROR' || /corrupt|missing files/i.test(said(error))

export function openError(folder: string, error: unknown): WeftError {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
  if (levelCode(error) === 'LEVEL_LOCKED') {
    return new WeftError('LOCKED', `the store in ${folder} is in use by another weft; stop that one first`, { cause })
  }
  if (NOT_DAMAGE.test(said(error)))
    return new WeftError('STORE', `the store in ${folder} cannot be opened: ${said(error)}`, { cause })
  if (isDamage(error)) return corrupt(folder, said(error), cause)
  return new WeftError('STORE', `the store in ${folder} cannot be opened: ${said(error)}`, { cause })
}

/** What went wrong while a store was read. */
export function readError(folder: string, error: unknown): unknown {
  if (error instanceof WeftError) return error.code === 'CORRUPT' ? corrupt(folder, error.message, error) : error
  return isDamage(error) ? corrupt(folder, said(error), error) : error
}

/** Input and output fail for these reasons on files that are sound. */
const NOT_DAMAGE = /no space left|permission denied|read-only file system|too many open files|quota exceeded/i

const said = (error: unknown): string => messageOf(error instanceof Error && error.cause !== undefined ? error.cause : error)

/** The reason that LevelDB gave, which `level` hides one error deeper. */
function levelCode(error: unknown): string {
  const deepest = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return typeof deepest === 'object' && deepest !== null && 'code' in deepest ? String(deepest.code) : ''
}
