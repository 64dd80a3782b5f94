import { lstat, mkdir, readdir, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { PeerId } from '@weft/protocols'
import { CONFIG_TEMPLATE } from '../config/template.ts'
import { createAtomic } from './atomic.ts'
import { asHomeError, HomeError } from './errors.ts'
import { type HomePaths, homePaths } from './folder.ts'
import { createIdentity, type Identity, loadIdentity } from './identity.ts'
import { checkVersion, versionText } from './version.ts'

/** A data folder that has been checked. */
export interface Home {
  folder: string
  paths: HomePaths
  identity: Identity
}

export interface Initialised {
  home: Home
  peerId: PeerId
  /** Names of what was not there before; empty: everything was. */
  made: string[]
}

const FOLDERS = ['blocks', 'leases', 'jobs'] as const
/** What a folder may hold and still be taken for empty; the last is what an init under way, or cut short, begins with. */
const IGNORED = /^(\.DS_Store|lost\+found|version\.[0-9a-f]{12}\.tmp)$/

/**
 * Opens a data folder: format, identity and its permissions are checked before anything is touched. With `create` a missing
 * or empty folder is made one. Throws HomeError.
 */
export async function openHome(folder: string, { create }: { create: boolean }): Promise<Home> {
  const path = resolve(folder)
  const paths = homePaths(path)
  if (create) await prepared(path, paths, [])
  else if (!(await isHome(path, paths))) throw new HomeError('NO_HOME', `there is no peer in ${path} yet; run: weft init`)
  return { folder: path, paths, identity: await loadIdentity(paths.identity) }
}

/** Makes a data folder, or completes one; what is there already stays as it is. */
export async function initHome(folder: string): Promise<Initialised> {
  const path = resolve(folder)
  const paths = homePaths(path)
  const made: string[] = []
  await prepared(path, paths, made)
  const home = { folder: path, paths, identity: await loadIdentity(paths.identity) }
  return { home, peerId: home.identity.peerId, made }
}

async function prepared(folder: string, paths: HomePaths, made: string[]): Promise<void> {
  try {
    await prepare(folder, paths, made)
  } catch (error) {
    throw asHomeError(folder, error)
  }
}

async function prepare(folder: string, paths: HomePaths, made: string[]): Promise<void> {
  if ((await isHome(folder, paths)) && ((await exists(paths.identity)) || (await exists(paths.store)))) {
    // Before anything is changed. An identity is made once: where it got lost, receipts are left that no new one could claim.
    await loadIdentity(paths.identity)
  } else {
    await makeFolder(folder)
    await make(made, 'version', () => createAtomic(paths.version, versionText()))
    await make(made, 'identity.key', () => createIdentity(paths.identity))
  }
  await make(made, 'config.yaml', () => createAtomic(paths.config, CONFIG_TEMPLATE))
  for (const name of FOLDERS) await make(made, `${name}/`, () => mkdir(paths[name], { mode: 0o700 }))
}

/** True for a data folder of this format, false where one could be made. Throws HomeError for everything else. */
async function isHome(folder: string, paths: HomePaths): Promise<boolean> {
  const stats = await stat(folder).catch(() => undefined)
  if (stats === undefined) return false
  if (!stats.isDirectory()) throw new HomeError('NOT_A_HOME', `${folder} is not a folder; choose another with --data`)
  if (await checkVersion(folder, paths.version)) return true
  const others = (await readdir(folder)).filter((name) => !IGNORED.test(name))
  if (others.length === 0) return false
  // Another init may have come this far since the version was looked for.
  if (others.includes('version')) return await checkVersion(folder, paths.version)
  throw new HomeError('NOT_A_HOME', `${folder} holds other things than a peer; choose an empty or a new folder with --data`)
}

async function make(made: string[], name: string, create: () => Promise<unknown>): Promise<void> {
  try {
    await create()
    made.push(name)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
}

/** As mkdir does with `recursive`, which tries for ever where the path leads through a link to nowhere, or into /proc. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    if (code === 'EEXIST') return
    if (code !== 'ENOENT' || (await exists(dirname(folder)))) throw error
    await makeFolder(dirname(folder))
    await makeFolder(folder)
  }
}

const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  )
