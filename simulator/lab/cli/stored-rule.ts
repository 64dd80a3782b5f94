import { createHash } from 'node:crypto'
import { readFileSync, realpathSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { dirname, relative, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { MarketRule } from '@weft/protocols/core'
import type { StoredRule } from '../results/versions.ts'

/** More than a rule needs, and little beside the results. */
const FILES_MAX = 64
const BYTES_MAX = 1 << 20

/** Modules of rules that were loaded: their own files, and what these import by a path. */
const own = new Set<string>()
let isLent = false

/**
 * Before a rule is loaded. It may lie outside of any package: what it imports of Weft is the Weft that runs it; what it imports by
 * a path is noted, so that it can be kept.
 */
export function followRule(path: string): void {
  own.add(pathToFileURL(realpathSync(path)).href)
  if (isLent || registerHooks === undefined) return
  isLent = true
  registerHooks({
    resolve: (specifier, context, next) => {
      if (specifier.startsWith('@weft/')) return next(specifier, { ...context, parentURL: import.meta.url })
      const found = next(specifier, context)
      const isPath = /^(\.|\/|file:)/.test(specifier)
      if (isPath && context.parentURL !== undefined && own.has(context.parentURL)) own.add(found.url)
      return found
    },
  })
}

/**
 * The file of a loaded rule and the files that it imports by a path, to be kept with the results that it gave, as they lie to each
 * other; of packages nothing is kept.
 */
export function storedRule(path: string, { name }: MarketRule): StoredRule {
  const first = realpathSync(path)
  const all = [first, ...[...own].map((url) => fileURLToPath(url)).filter((file) => file !== first)]
  const root = all.map(dirname).reduce(commonFolder)
  const stored: StoredRule = { name, file: inFolder(root, first), sha256: '', files: {}, leftOut: [] }
  let bytes = 0
  for (const file of all) {
    const text = readFileSync(file, 'utf8')
    bytes += text.length
    if (file === first) stored.sha256 = createHash('sha256').update(text).digest('hex')
    else if (Object.keys(stored.files).length >= FILES_MAX || bytes > BYTES_MAX) {
      stored.leftOut.push(inFolder(root, file))
      continue
    }
    stored.files[inFolder(root, file)] = text
  }
  return stored
}

const inFolder = (root: string, file: string): string => `rule/${relative(root, file).split(sep).join('/')}`

function commonFolder(a: string, b: string): string {
  let folder = a
  while (b !== folder && !b.startsWith(folder.endsWith(sep) ? folder : folder + sep)) folder = dirname(folder)
  return folder
}
