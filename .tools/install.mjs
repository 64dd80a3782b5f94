/** Brings `node_modules` up to `package-lock.json`, once, however many verbs start at the same time. */
import { spawn } from 'node:child_process'
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const LOCK_POLL_MS = 200
const NOBODY = 0

/**
 * Runs `npm ci` unless what is installed is what the lockfile says.
 *
 * @param {string} root the clone's folder
 * @param {(line: string) => void} log
 * @param {(root: string) => Promise<void>} [install] @default npm ci
 */
export async function ensureInstalled(root, log, install = npmCi) {
  if (isInstalled(root)) return
  const release = await takeLock(root, log)
  try {
    if (isInstalled(root)) return
    log('weft: installing dependencies (npm ci) …')
    await install(root)
    if (!isInstalled(root))
      throw new Error('npm ci left node_modules different from package-lock.json; remove node_modules and run again')
  } finally {
    release()
  }
}

/**
 * True if every package of the lockfile is installed in that version with that checksum. npm writes
 * `node_modules/.package-lock.json` last, so an installation that was cut short does not count.
 *
 * @param {string} root
 */
export function isInstalled(root) {
  const wanted = packagesOf(join(root, 'package-lock.json'))
  const found = packagesOf(join(root, 'node_modules', '.package-lock.json'))
  if (wanted === undefined) throw new Error('package-lock.json is missing or broken: restore it with git')
  if (found === undefined) return false
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.startsWith('node_modules/')) return true
    const other = found[path]
    if (other === undefined) return entry.optional === true
    return other.version === entry.version && other.integrity === entry.integrity
  })
}

function packagesOf(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages
  } catch {
    return undefined
  }
}

/**
 * One installer at a time. The lock is a file that names its holder's process; it appears with its content (a hard link),
 * and a lock whose holder died is taken over.
 */
async function takeLock(root, log) {
  const folder = join(root, '.cache')
  const lock = join(folder, 'install.lock')
  const mine = join(folder, `install.lock.${process.pid}`)
  mkdirSync(folder, { recursive: true })
  let waiting = false
  for (;;) {
    writeFileSync(mine, `${process.pid}\n`)
    try {
      linkSync(mine, lock)
      return () => rmSync(lock, { force: true })
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    } finally {
      rmSync(mine, { force: true })
    }
    if (removeIfStale(lock, mine)) continue
    if (!waiting) log('weft: waiting for another installation in this clone …')
    waiting = true
    await delay(LOCK_POLL_MS)
  }
}

/** Moves a dead holder's lock away; if what was moved turns out to be a living one's, puts it back. */
function removeIfStale(lock, mine) {
  const holder = holderOf(lock)
  if (holder === undefined) return true
  if (holder !== NOBODY && isAlive(holder)) return false
  const aside = `${mine}.stale`
  try {
    renameSync(lock, aside)
    const moved = holderOf(aside)
    if (moved !== undefined && moved !== holder) linkSync(aside, lock)
  } catch {
    // Someone else was quicker: look again.
  } finally {
    rmSync(aside, { force: true })
  }
  return true
}

/** The process that a lock names, NOBODY if it names none, undefined if there is no lock. */
function holderOf(lock) {
  try {
    const pid = Number(readFileSync(lock, 'utf8'))
    return Number.isSafeInteger(pid) && pid > 0 ? pid : NOBODY
  } catch {
    return undefined
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** npm's own words go to stderr, so that stdout stays with the verb. */
function npmCi(root) {
  const npm = process.env.npm_execpath
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error']
  const [file, words] = npm?.endsWith('.js') ? [process.execPath, [npm, ...args]] : ['npm', args]
  return new Promise((resolve, reject) => {
    const child = spawn(file, words, {
      cwd: root,
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32' && file === 'npm',
    })
    child.on('error', (error) =>
      reject(new Error(`cannot run npm (${error.message}): install Node.js with npm from https://nodejs.org`)),
    )
    child.on('exit', (code) => {
      if (code === 0) resolve()
      else
        reject(new Error(`npm ci failed (status ${code}): see its words above; it needs the npm registry or a filled npm cache`))
    })
  })
}
