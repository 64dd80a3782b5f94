import { WeftError } from '@weft/protocols'

/**
 * Something about the data folder that a person must mend; what was on disk stays.
 * - `NO_HOME`: there is none yet
 * - `NOT_A_HOME`: the folder is somebody else's
 * - `HOME_VERSION`: another version of Weft wrote it
 * - `IDENTITY`: the key is missing, damaged, or open to others
 * - `LOCKED`: another process uses it
 * - `NOT_WRITABLE`: the system does not let this user write there
 */
export type HomeCode = 'NO_HOME' | 'NOT_A_HOME' | 'HOME_VERSION' | 'IDENTITY' | 'LOCKED' | 'NOT_WRITABLE'

export class HomeError extends WeftError {
  constructor(code: HomeCode, message: string, options?: { cause?: unknown }) {
    super(code, message, options)
  }
}

const ADVICE: Record<string, string> = {
  EROFS: 'its file system is read-only; choose another folder with --data',
  // What Node says of a folder that is to be made, with those above it, in a file system that is read-only.
  ENOENT: 'no folder can be made there; choose another with --data',
  EACCES: 'this user may not; give the folder to this user, or choose another with --data',
  EPERM: 'this user may not; give the folder to this user, or choose another with --data',
  ENOSPC: 'the disk is full; make room, or choose another folder with --data',
  EDQUOT: "this user's share of the disk is full; make room, or choose another folder with --data",
  ENOTDIR: 'a part of its path is a file; choose another folder with --data',
  ELOOP: 'the links in its path lead in a circle; choose another folder with --data',
  ENAMETOOLONG: 'its path is too long; choose another folder with --data',
}

/** What the system says about a data folder, as a sentence that says what to do. Other errors stay as they are. */
export function asHomeError(folder: string, error: unknown): unknown {
  const code = error instanceof Error && !(error instanceof WeftError) && 'code' in error ? String(error.code) : ''
  const advice = ADVICE[code]
  return advice === undefined
    ? error
    : new HomeError('NOT_WRITABLE', `${folder} cannot be used as a data folder: ${advice}`, { cause: error })
}
