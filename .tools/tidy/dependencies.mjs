/** Every dependency is pinned to one version, explained to the reader in the table of DEPENDENCIES.md, and imported by somebody. */
import { execFileSync } from 'node:child_process'
import { importsOf, packageOf, read } from './files.mjs'

const KINDS = ['dependencies', 'devDependencies', 'optionalDependencies']
const CODE = /\.(ts|mts|mjs|js)$/
const EXACT = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/

export function dependencyProblems(root, files) {
  const manifests = files.filter((path) => /^([a-z]+\/)?package\.json$/.test(path))
  const explained = explainedIn(read(root, 'DEPENDENCIES.md'))
  return manifests.flatMap((path) => {
    const manifest = JSON.parse(read(root, path))
    return KINDS.flatMap((kind) => Object.entries(manifest[kind] ?? {})).flatMap(([name, version]) => {
      const problems = EXACT.test(version) ? [] : [`${path}: ${name} is "${version}": pin one exact version`]
      const isOurs = name.startsWith('@weft/')
      return isOurs || explained.has(name)
        ? problems
        : [...problems, `${path}: ${name} has no line in the table of DEPENDENCIES.md`]
    })
  })
}

/** What a package asks everybody to install, one of its own sources or programs imports; packages of ours may be started instead. */
export function unusedProblems(root, files) {
  const manifests = files.filter((path) => /^[a-z]+\/package\.json$/.test(path))
  return manifests.flatMap((path) => {
    const [home] = path.split('/')
    const sources = files.filter(
      (file) => CODE.test(file) && /^(src|bin|lab)\//.test(file.slice(home.length + 1)) && file.startsWith(`${home}/`),
    )
    const imported = new Set(sources.flatMap((file) => importsOf(read(root, file)).map(({ name }) => packageOf(name))))
    const declared = Object.keys(JSON.parse(read(root, path)).dependencies ?? {})
    return declared
      .filter((name) => !name.startsWith('@weft/') && !imported.has(name))
      .map((name) => `${path}: ${name} is imported by no source of this package: take it out`)
  })
}

/** Names in code marks within table rows. */
function explainedIn(page) {
  const rows = page.split('\n').filter((line) => line.startsWith('|'))
  return new Set(rows.flatMap((row) => [...row.matchAll(/`([^`]+)`/g)].map((match) => match[1])))
}

/** The simulator's tree must hold no network stack: what `npm ls` says is the evidence. */
export function simulatorTreeProblems(root) {
  const npm = process.env.npm_execpath
  const args = ['ls', '-w', '@weft/simulator', '--all', '--json']
  const [file, words] = npm?.endsWith('.js') ? [process.execPath, [npm, ...args]] : ['npm', args]
  const tree = execFileSync(file, words, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    shell: process.platform === 'win32',
  })
  return networkIn(JSON.parse(tree)).map((name) => `simulator: its dependencies hold ${name}`)
}

/** Names of network packages anywhere in an `npm ls --json` document. */
export function networkIn(tree) {
  return Object.entries(tree.dependencies ?? {}).flatMap(([name, child]) => {
    // Left behind by an older install: npm lists it under every workspace.
    if (child.extraneous) return []
    const found = /libp2p|^@weft\/node$|^undici$|^ws$/.test(name) ? [name] : []
    return [...found, ...networkIn(child)]
  })
}
