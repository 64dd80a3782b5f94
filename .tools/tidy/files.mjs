/** What tidy looks at: the files of a tree that git would commit, and their code without comments. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

const SKIPPED = new Set(['node_modules', 'dist', 'coverage', '.git', '.cache'])

/**
 * Paths relative to `root`, with forward slashes: tracked and untracked files that git does not ignore, or every file
 * where there is no git.
 *
 * @param {string} root
 * @returns {string[]}
 */
export function filesOf(root) {
  if (!existsSync(join(root, '.git'))) return walk(root, root)
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  })
  return listed.split('\0').filter((path) => path !== '' && existsSync(join(root, path)) && statSync(join(root, path)).isFile())
}

function walk(root, folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.has(entry.name)) return []
    const path = join(folder, entry.name)
    return entry.isDirectory() ? walk(root, path) : [relative(root, path).split(sep).join('/')]
  })
}

/** @returns {string} the file as text */
export const read = (root, path) => readFileSync(join(root, path), 'utf8')

/** Sources that people write: no generated code, no fixtures. */
export const isSource = (path) => /\.(ts|mts|mjs|js)$/.test(path) && !/(^|\/)(generated|fixtures)\//.test(path)

const TOKEN = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g

/** The code without comments and without the insides of strings. */
export const bare = (code) => code.replace(TOKEN, (token) => (token.startsWith('/') ? blank(token) : `''${blank(token)}`))

/** Strings stay: what stands in the middle of a template is code. */
export const withoutComments = (code) => code.replace(TOKEN, (token) => (token.startsWith('/') ? blank(token) : token))

const blank = (text) => text.replace(/[^\n]/g, '')

const IMPORT = /(?:\bfrom\s*|\bimport\s*|\b(?:import|require(?:\.resolve)?)\s*\(\s*)'#(\d+)'/g

/**
 * Module names that the code imports, with their lines: static, dynamic with a fixed name, `require`, and
 * `require.resolve` of a file that is read instead of run. Strings are taken
 * out first, so that an import inside one does not count.
 */
export function importsOf(code) {
  const strings = []
  const text = code.replace(TOKEN, (token) => {
    if (token.startsWith('/')) return blank(token)
    strings.push(token.slice(1, -1))
    return `'#${strings.length - 1}'${blank(token)}`
  })
  return [...text.matchAll(IMPORT)].map((match) => ({ name: strings[Number(match[1])], line: lineOf(text, match.index) }))
}

export const lineOf = (text, index) => text.slice(0, index).split('\n').length

/** `@scope/name/deep` and `name/deep` without what follows the package's name. */
export const packageOf = (specifier) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
