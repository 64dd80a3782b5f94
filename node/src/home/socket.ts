import { createHash } from 'node:crypto'
import { lstat, mkdtemp, readFile, rm, rmdir } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { writeAtomic } from './atomic.ts'
import { homePaths } from './folder.ts'

/** A socket's path with its final zero: 104 bytes on macOS, 108 on Linux. */
const PATH_BYTES_MAX = 103
const NAME = 'weft.sock'

export interface SocketSurroundings {
  /** @default this machine's */
  platform?: NodeJS.Platform
  /** @default XDG_RUNTIME_DIR, else the folder for temporary files */
  runtimeFolder?: string
}

/** Where the daemon of a data folder answers, or undefined where none has said so. */
export async function findSocket(
  folder: string,
  { platform = process.platform }: SocketSurroundings = {},
): Promise<string | undefined> {
  const fixed = fixedSocket(folder, platform)
  if (fixed !== undefined) return fixed
  const path = (await readFile(homePaths(folder).socket, 'utf8').catch(() => '')).trim()
  return path !== '' && (await isOurs(dirname(path))) ? path : undefined
}

/**
 * Where the daemon of a data folder is to listen: in the folder, or, where that path is too long, in a folder of its own whose
 * path is written down for findSocket. Removes what a killed daemon left there; call it only while holding the folder.
 */
export async function claimSocket(folder: string, surroundings: SocketSurroundings = {}): Promise<string> {
  const { platform = process.platform, runtimeFolder = process.env['XDG_RUNTIME_DIR'] || tmpdir() } = surroundings
  const path = (await findSocket(folder, surroundings)) ?? join(await mkdtemp(join(runtimeFolder, 'weft-')), NAME)
  if (platform === 'win32') return path
  if (fixedSocket(folder, platform) === undefined) await writeAtomic(homePaths(folder).socket, `${path}\n`)
  await rm(path, { force: true })
  return path
}

/** Removes the socket, and the folder that was made for it. */
export async function dropSocket(folder: string, { platform = process.platform }: SocketSurroundings = {}): Promise<void> {
  if (platform === 'win32') return
  const path = await findSocket(folder, { platform })
  if (path === undefined) return
  await rm(path, { force: true })
  if (fixedSocket(folder, platform) !== undefined) return
  await rmdir(dirname(path)).catch(() => {})
  await rm(homePaths(folder).socket, { force: true })
}

/** The path that needs no writing down, or undefined where it would be too long. */
function fixedSocket(folder: string, platform: NodeJS.Platform): string | undefined {
  if (platform === 'win32') return `\\\\.\\pipe\\weft-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`
  const path = join(folder, NAME)
  return Buffer.byteLength(path) <= PATH_BYTES_MAX ? path : undefined
}

/** True for a folder that nobody else can have put there or can write to. */
async function isOurs(folder: string): Promise<boolean> {
  const stats = await lstat(folder).catch(() => undefined)
  if (stats === undefined || !stats.isDirectory() || (stats.mode & 0o077) !== 0) return false
  return stats.uid === userInfo().uid
}
