/** Where a command finds the data folder and the daemon's socket, without loading anything else. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { dataFolder } from '../home/folder.ts'
import { usage } from './exit.ts'
import type { GlobalFlags } from './verb.ts'

export const dataFolderOf = ({ data }: Pick<GlobalFlags, 'data'>, env: NodeJS.ProcessEnv): string =>
  data === undefined || data === '' ? dataFolder({ env }) : resolve(data)

/** `--host`, WEFT_HOST, or the socket of the data folder. */
export async function socketOf(flags: Pick<GlobalFlags, 'host'>, env: NodeJS.ProcessEnv, folder: string): Promise<string> {
  const named = flags.host ?? env['WEFT_HOST']
  if (named === undefined || named === '') return socketIn(folder)
  if (named.startsWith('ssh://')) {
    throw usage(
      `${named}: daemons on other machines cannot be driven yet; log in there, or forward its socket with ssh -L and name that`,
    )
  }
  const path = named.replace(/^unix:\/\//, '')
  if (/^[a-z]+:\/\//.test(path)) throw usage(`--host and WEFT_HOST take the path of a socket, not "${named}"`)
  return path.startsWith('\\\\') ? path : resolve(path)
}

/** Nearly always it is in the folder itself; only otherwise is it worth loading what knows the other places. */
async function socketIn(folder: string): Promise<string> {
  const usual = join(folder, 'weft.sock')
  if (process.platform !== 'win32' && existsSync(usual)) return usual
  const { findSocket } = await import('../home/socket.ts')
  return (await findSocket(folder)) ?? usual
}
