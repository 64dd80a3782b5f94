import { readFile } from 'node:fs/promises'
import { HomeError } from './errors.ts'

/** The format of the data folder: raise it when an older Weft could no longer use the folder. */
const HOME_FORMAT = 1
/** What this Weft calls itself in the folders it makes. */
export const WEFT_VERSION = '0.1.0'

interface Written {
  format: number
  weft: string
}

export const versionText = (): string => `${JSON.stringify({ format: HOME_FORMAT, weft: WEFT_VERSION } satisfies Written)}\n`

/** Checks who wrote the folder. Resolves with false where there is no version file at all. */
export async function checkVersion(folder: string, file: string): Promise<boolean> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return false
    throw new HomeError('NOT_A_HOME', `${file} cannot be read; give the folder to this user, or choose another with --data`, {
      cause,
    })
  }
  const written = parse(text)
  if (written === undefined) {
    throw new HomeError(
      'HOME_VERSION',
      `${file} does not say which weft wrote ${folder}; restore that file from a backup, or choose another folder with --data`,
    )
  }
  if (written.format !== HOME_FORMAT) {
    const other = `weft ${written.weft} wrote ${folder} in format ${written.format}, and this is weft ${WEFT_VERSION} with format ${HOME_FORMAT}`
    throw new HomeError('HOME_VERSION', `${other}; run weft ${written.weft}, or choose another folder with --data`)
  }
  return true
}

function parse(text: string): Written | undefined {
  try {
    const written: unknown = JSON.parse(text.slice(0, 1000))
    if (typeof written !== 'object' || written === null || !('format' in written) || !('weft' in written)) return undefined
    const { format, weft } = written
    // Printed to a terminal: nothing but what versions are made of.
    if (!Number.isSafeInteger(format) || typeof weft !== 'string' || !/^[\w.+-]{1,40}$/.test(weft)) return undefined
    return { format: Number(format), weft }
  } catch {
    return undefined
  }
}
