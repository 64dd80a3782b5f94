import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What a run depends on besides its scenario, and what tells a folder of ours. */
export interface Versions {
  format: typeof FORMAT
  weft: string
  /** Of the clone that ran it; undefined where Weft is installed from npm. `-dirty` at the end: files were changed since. */
  commit?: string
  node: string
  v8: string
  platform: string
  arch: string
  /** SHA-256 of the clone's package-lock.json. */
  lockHash?: string
  traceHash?: string
  /** With `--rule`: its name, the copy of its file in this folder, that file's SHA-256, and which of its imports were too many to keep. */
  rule?: Omit<StoredRule, 'files'>
  /** RFC 3339 UTC, when the results were written. */
  writtenAt: string
  /** Repeats the run. */
  command: string
}

export interface StoredRule {
  name: string
  file: string
  sha256: string
  /** By name in the folder: the rule's file and what it imports by a path. */
  files: Record<string, string>
  leftOut: string[]
}

/** A folder whose versions.json says this was written by us and may be replaced. */
export const FORMAT = 'weft-sim-results/1'

/** The folder of this package, from source or from `dist`. */
export const packageRoot = ((): string => {
  let at = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(at, 'package.json')) && dirname(at) !== at) at = dirname(at)
  return at
})()

export function versionsOf(init: { traceHash?: string; command: string; now: Date; rule?: StoredRule | undefined }): Versions {
  const commit = commitOf(packageRoot)
  const lockHash = hashOf(join(dirname(packageRoot), 'package-lock.json'))
  return {
    format: FORMAT,
    weft: (JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }).version,
    ...(commit === undefined ? {} : { commit }),
    node: process.versions.node,
    v8: process.versions.v8,
    platform: process.platform,
    arch: process.arch,
    ...(lockHash === undefined ? {} : { lockHash }),
    ...(init.traceHash === undefined ? {} : { traceHash: init.traceHash }),
    ...(init.rule === undefined ? {} : { rule: describe(init.rule) }),
    writtenAt: init.now.toISOString(),
    command: init.command,
  }
}

const describe = ({ name, file, sha256, leftOut }: StoredRule): Omit<StoredRule, 'files'> => ({ name, file, sha256, leftOut })

/** The commit of the clone that holds `folder`; undefined where there is no clone or no git. */
export function commitOf(folder: string): string | undefined {
  // A package inside node_modules may lie in somebody else's clone.
  if (folder.split(/[\\/]/).includes('node_modules')) return undefined
  const git = (...words: string[]): string =>
    execFileSync('git', ['-C', folder, ...words], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 10_000,
    }).trim()
  try {
    const commit = git('rev-parse', 'HEAD')
    return git('status', '--porcelain', '--untracked-files=no') === '' ? commit : `${commit}-dirty`
  } catch {
    return undefined
  }
}

const hashOf = (path: string): string | undefined =>
  existsSync(path) ? createHash('sha256').update(readFileSync(path)).digest('hex') : undefined
