/**
 * Compiles the CUDA kernels to PTX, NVIDIA's portable assembly, which the driver of each card compiles on: part of `npm run generate`. The output is committed,
 * so that nobody needs the compiler; `npm run check` fails where it does not belong to the source.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const SOURCE = 'node/src/meter/cuda/kernels.cu'
const OUT = 'node/src/meter/cuda/generated/kernels.ts'
/** Debian 12's. PTX of a newer one would need a newer driver for no gain. */
const CLANG = 'clang-14'
const FLAGS = [
  '-x',
  'cuda',
  '--cuda-device-only',
  '-nocudainc',
  '-nocudalib',
  '-Wall',
  '-Werror',
  '-Wno-unknown-cuda-version',
  '-S',
  '-O3',
]
/** The oldest cards that have what a module uses, and the oldest drivers: PTX 6.3 is read from 410, 7.0 from 450 (docs.nvidia.com, PTX ISA, release notes). */
const MODULES = [
  { name: 'base', define: 'BASE', arch: 'sm_50', ptx: 63 },
  { name: 'fp16', define: 'FP16', arch: 'sm_70', ptx: 63 },
  { name: 'bf16', define: 'BF16', arch: 'sm_80', ptx: 70 },
]

const argsOf = ({ define, arch, ptx }) => [
  ...FLAGS,
  `-D${define}`,
  `--cuda-gpu-arch=${arch}`,
  ...['-Xclang', '-target-feature', '-Xclang', `+ptx${ptx}`],
]

/** Writes the PTX of all modules; false, and nothing written, where the compiler is not there. */
export function generateKernels(root) {
  try {
    execFileSync(CLANG, ['--version'], { stdio: 'ignore' })
  } catch {
    return false
  }
  const modules = MODULES.map((module) => [module.name, compile(root, module)])
  const lines = [
    `/** Compiled by \`npm run generate\` from ${SOURCE}. */`,
    ...modules.map(([name, ptx]) => `export const ${name} = \`${escaped(ptx)}\`\n`),
    `/** SHA-256 of the source with its flags, and of what is above. */`,
    `export const SOURCE_SHA256 = '${sourceHash(root)}'`,
    `export const PTX_SHA256 = '${hashOf(modules.map(([, ptx]) => ptx))}'`,
  ]
  mkdirSync(dirname(join(root, OUT)), { recursive: true })
  writeFileSync(join(root, OUT), `${lines.join('\n')}\n`)
  return true
}

/** What is wrong with the committed PTX, one line each. Needs no compiler. */
export function kernelProblems(root) {
  const text = readFileSync(join(root, OUT), 'utf8')
  const modules = MODULES.map(({ name }) => new RegExp(`^export const ${name} = \`([^\`]*)\`$`, 'm').exec(text)?.[1] ?? '')
  const said = (name) => new RegExp(`^export const ${name} = '(\\w+)'$`, 'm').exec(text)?.[1]
  const isFresh = said('SOURCE_SHA256') === sourceHash(root)
  const isWhole = said('PTX_SHA256') === hashOf(modules.map(unescaped))
  return [
    ...(isFresh ? [] : [`${OUT} is not what ${SOURCE} gives: npm run generate, on a machine with ${CLANG}`]),
    ...(isWhole ? [] : [`${OUT} was changed by hand: change ${SOURCE}, and npm run generate`]),
  ]
}

function compile(root, module) {
  // From the root, so that no path of this machine gets into the output.
  return execFileSync(CLANG, [...argsOf(module), SOURCE, '-o', '-'], { cwd: root, encoding: 'utf8', maxBuffer: 16 << 20 })
}

const sourceHash = (root) => hashOf([readFileSync(join(root, SOURCE), 'utf8'), JSON.stringify(MODULES.map(argsOf))])

const hashOf = (texts) => createHash('sha256').update(texts.join('\n')).digest('hex')

const escaped = (ptx) => ptx.replace(/[\\`]|\$\{/g, '\\$&')
const unescaped = (text) => text.replace(/\\([\\`]|\$\{)/g, '$1')
