/** Who may import what: the layers of the design, and no package without its line in a manifest. */
import { posix } from 'node:path'
import { importsOf, isSource, packageOf, read } from './files.mjs'

/** For sources under `folder`: which packages, besides its own files. The longest folder that fits decides. */
const LAYERS = [
  { folder: 'protocols/src/', packages: [] },
  { folder: 'protocols/src/wire/', packages: ['protobufjs'] },
  { folder: 'simulator/src/', packages: ['@weft/protocols'] },
  { folder: 'simulator/lab/', packages: undefined, never: ['@weft/node', '@weft/bootstrap', '@weft/bench'] },
  { folder: 'bootstrap/src/', packages: ['@weft/protocols', '@weft/node/network', 'commander', 'node:'] },
  { folder: 'node/src/', packages: undefined, never: ['@weft/bootstrap', '@weft/simulator', '@weft/bench'] },
]
/** Folders of the core that must not reach up: `core` knows no host, `wire` knows no core. */
const BELOW = [
  { folder: 'protocols/src/wire/', never: ['protocols/src/core/', 'protocols/src/host/', 'protocols/src/testing/'] },
  {
    folder: 'protocols/src/measure/',
    never: ['protocols/src/core/', 'protocols/src/host/', 'protocols/src/ports/', 'protocols/src/testing/'],
  },
  { folder: 'protocols/src/ports/', never: ['protocols/src/core/', 'protocols/src/host/', 'protocols/src/testing/'] },
  { folder: 'protocols/src/core/', never: ['protocols/src/host/', 'protocols/src/testing/'] },
  { folder: 'protocols/src/host/', never: ['protocols/src/testing/'] },
]
const WORKSPACE = /^(protocols|node|bootstrap|simulator|bench)\//

export function importProblems(root, files) {
  return files.filter((path) => isSource(path) && WORKSPACE.test(path)).flatMap((path) => problemsOf(root, path))
}

function problemsOf(root, path) {
  const layer = LAYERS.filter(({ folder }) => path.startsWith(folder)).sort((a, b) => b.folder.length - a.folder.length)[0]
  const declared = dependenciesFor(root, path)
  return importsOf(read(root, path)).flatMap(({ name, line }) => {
    const why = name.startsWith('.') ? relativeProblem(path, name) : (layerProblem(layer, name) ?? undeclared(declared, name))
    return why === undefined ? [] : [`${path}:${line}: imports ${name}: ${why}`]
  })
}

function layerProblem(layer, name) {
  if (layer === undefined) return undefined
  const is = (allowed) => (allowed.endsWith(':') ? name.startsWith(allowed) : name === allowed || name.startsWith(`${allowed}/`))
  if (layer.never?.some(is)) return `${layer.folder} may not know ${packageOf(name)}`
  if (layer.packages === undefined || layer.packages.some(is)) return undefined
  return `${layer.folder} may import ${layer.packages.length === 0 ? 'no package' : `only ${layer.packages.join(', ')}`}`
}

function relativeProblem(path, name) {
  const target = posix.join(posix.dirname(path), name)
  const [home, part] = path.split('/')
  // The benches and tests use what the verbs use.
  if ((home === 'bench' || part === 'test') && target.startsWith('.tools/')) return undefined
  if (!target.startsWith(`${home}/`)) return 'another package is imported by its name, not by its path'
  if (part === 'src' && !target.startsWith(`${home}/src/`) && !target.startsWith(`${home}/bin/`))
    return 'sources import nothing outside src'
  const below = BELOW.find(({ folder, never }) => path.startsWith(folder) && never.some((above) => target.startsWith(above)))
  return below === undefined ? undefined : `${below.folder} lies below it`
}

/** A package's own dependencies; its tests may also use the root's tools. */
function dependenciesFor(root, path) {
  const home = path.split('/')[0]
  const own = JSON.parse(read(root, `${home}/package.json`))
  const names = [own.name, ...Object.keys(own.dependencies ?? {})]
  if (path.startsWith(`${home}/test/`)) names.push(...Object.keys(JSON.parse(read(root, 'package.json')).devDependencies ?? {}))
  return new Set(names)
}

function undeclared(declared, name) {
  if (name.startsWith('node:') || name.startsWith('#')) return undefined
  return declared.has(packageOf(name)) ? undefined : `${packageOf(name)} is not in the package's dependencies`
}
