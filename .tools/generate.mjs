/**
 * Generates the static code of the messages, the JSON Schema of job files, the simulator's loops in WebAssembly, and the kernels for
 * NVIDIA's cards where their compiler is there: `npm run generate`. The output is committed, so that nobody needs the generators to
 * build, and `npm run check` fails if it is not what the sources give.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generateKernels } from './kernels.mjs'
import { generateLoops, LOOPS } from './loops.mjs'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const OUT = 'protocols/src/wire/generated'
const JOB_FILE = 'node/schemas/job-file.json'
export const GENERATED = [`${OUT}/messages.js`, `${OUT}/messages.d.ts`, JOB_FILE, LOOPS]

/** Static code only: no reflection, no JSON conversion, no verify functions; 64-bit numbers always as Long. */
const FLAGS = ['-t', 'static-module', '-w', 'esm', '--dts', '--force-long']
const WITHOUT = ['verify', 'convert', 'delimited', 'typeurl', 'service'].map((name) => `--no-${name}`)

/** Writes the generated files under `target`, at the paths that GENERATED lists. */
export async function generate(target) {
  const protos = readdirSync(join(ROOT, 'protocols/proto'))
    .filter((name) => name.endsWith('.proto'))
    .sort()
    .map((name) => `protocols/proto/${name}`)
  mkdirSync(join(target, OUT), { recursive: true })
  const js = join(target, GENERATED[0])
  const pbjs = join(ROOT, 'node_modules/protobufjs-cli/bin/pbjs')
  execFileSync(process.execPath, [pbjs, ...FLAGS, ...WITHOUT, '-o', js, ...protos], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const types = join(target, GENERATED[1])
  writeFileSync(types, asModule(readFileSync(types, 'utf8')))
  await generateJobFileSchema(join(target, JOB_FILE))
  generateLoops(ROOT, target)
}

/** From the table of fields that the reader goes by; Node strips the types. */
async function generateJobFileSchema(file) {
  const { jobFileSchema } = await import('../node/src/cli/job-file/json-schema.ts')
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify(jobFileSchema(), null, 2)}\n`)
}

/** pbjs writes `import Long = require("long")`, which an ES module's declarations may not hold. */
function asModule(types) {
  return types.replace('import Long = require("long");', 'import type Long from "long";')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await generate(ROOT)
  if (!generateKernels(ROOT)) console.error('the CUDA kernels stay as they are: clang-14 is not on this machine')
}
