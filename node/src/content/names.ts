import { ContentError } from './errors.ts'

/** What ext4, APFS and NTFS all hold, in bytes of UTF-8. */
const NAME_BYTES_MAX = 255
/** Names that Windows gives to devices, whatever follows a point. */
const WINDOWS_DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i
/** What Windows takes for drives, streams and wildcards. */
const WINDOWS_CHARACTERS = /[<>:"|?*]/
/** What a name becomes whose bytes are not UTF-8. */
const REPLACEMENT = '\uFFFD'

/** The reason why an entry of a directory may not have this name, or undefined. */
export function nameFault(name: string, platform: NodeJS.Platform = process.platform): string | undefined {
  if (name === '') return 'is empty'
  if (name === '.' || name === '..') return 'means another folder'
  // A backslash separates on Windows, and escapes a separator inside the UnixFS importer.
  if (/[/\\]/.test(name)) return 'holds a path separator'
  if (name.includes('\0')) return 'holds a zero byte'
  if (name.includes(REPLACEMENT)) return 'is not UTF-8'
  if (Buffer.byteLength(name) > NAME_BYTES_MAX) return `is longer than ${NAME_BYTES_MAX} bytes`
  if (platform !== 'win32') return undefined
  if (WINDOWS_DEVICE.test(name) || WINDOWS_CHARACTERS.test(name) || /[. ]$/.test(name)) return 'is none that Windows can hold'
  // Windows refuses control characters; elsewhere they are ugly but harmless.
  return [...name].some((character) => character < ' ') ? 'holds control characters' : undefined
}

/** Throws ContentError where an entry may not have this name. */
export function checkName(name: string, platform?: NodeJS.Platform): void {
  const fault = nameFault(name, platform)
  if (fault !== undefined) throw new ContentError('BAD_NAME', `the name ${JSON.stringify(name.slice(0, 80))} ${fault}`)
}
