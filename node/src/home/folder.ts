import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

export interface Surroundings {
  env: Readonly<Record<string, string | undefined>>
  /** @default this machine's */
  platform?: NodeJS.Platform
  /** @default this person's */
  home?: string
}

/** The data folder that the environment names: `WEFT_HOME`, else `weft` where the system keeps programs' data. */
export function dataFolder({ env, platform = process.platform, home = homedir() }: Surroundings): string {
  const named = env['WEFT_HOME']
  if (named !== undefined && named !== '') return resolve(named)
  const shared = env['XDG_DATA_HOME']
  // The XDG rules: a path that is not absolute is to be ignored.
  if (shared?.startsWith('/')) return join(shared, 'weft')
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'weft')
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'weft')
  return join(home, '.local', 'share', 'weft')
}

export interface HomePaths {
  /** Which format the folder has, and which Weft wrote it. */
  version: string
  identity: string
  config: string
  /** The process that has the store open. */
  lock: string
  /** The path of the API's socket, where it does not fit into the folder. */
  socket: string
  store: string
  datastore: string
  blocks: string
  leases: string
  /** What the guard needs: its lock, where it is met, its log. */
  guard: string
  jobs: string
  log: string
}

export function homePaths(folder: string): HomePaths {
  const at = (name: string) => join(folder, name)
  return {
    version: at('version'),
    identity: at('identity.key'),
    config: at('config.yaml'),
    lock: at('lock'),
    socket: at('socket'),
    store: at('store'),
    datastore: at('datastore'),
    blocks: at('blocks'),
    leases: at('leases'),
    guard: at('guard'),
    jobs: at('jobs'),
    log: at('log'),
  }
}
