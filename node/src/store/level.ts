import { messageOf, WeftError } from '@weft/protocols'
import { Level } from 'level'

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

export const isCorruption = (error: unknown): boolean => levelCode(error) === 'LEVEL_CORRUPTION'

export function openError(folder: string, error: unknown): WeftError {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
  if (levelCode(error) === 'LEVEL_LOCKED') {
    return new WeftError('LOCKED', `the store in ${folder} is in use by another weft; stop that one first`, { cause })
  }
  if (isCorruption(error) || /corrupt|does not exist|missing files/i.test(messageOf(cause))) {
    const advice = 'nothing was changed; restore the folder from a backup, or move it away to begin with an empty store'
    return new WeftError('CORRUPT', `the store in ${folder} is damaged (${messageOf(cause)}); ${advice}`, { cause })
  }
  return new WeftError('STORE', `the store in ${folder} cannot be opened: ${messageOf(cause)}`, { cause })
}

/** The reason that LevelDB gave, which `level` hides one error deeper. */
function levelCode(error: unknown): string {
  const deepest = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return typeof deepest === 'object' && deepest !== null && 'code' in deepest ? String(deepest.code) : ''
}
