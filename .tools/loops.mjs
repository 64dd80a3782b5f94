/** Compiles the simulator's loops to WebAssembly: part of `npm run generate`. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const SOURCE = 'simulator/assembly/loops.ts'
export const LOOPS = 'simulator/src/kernel/generated/loops.ts'
/** No allocator, no assertions, the memory given: plain loops. */
const FLAGS = ['-O3', '--runtime', 'stub', '--importMemory', '--noExportMemory', '--noAssert']
const LINE_LENGTH = 128

/** Writes LOOPS under `target`; throws where the compiler refuses the source, after it has said why. */
export function generateLoops(root, target) {
  const folder = mkdtempSync(join(tmpdir(), 'weft-loops-'))
  try {
    const file = join(folder, 'loops.wasm')
    const asc = join(root, 'node_modules/assemblyscript/bin/asc.js')
    execFileSync(process.execPath, [asc, SOURCE, ...FLAGS, '--outFile', file], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const lines = readFileSync(file)
      .toString('hex')
      .match(new RegExp(`.{1,${LINE_LENGTH}}`, 'g'))
    const text = `/** Compiled by \`npm run generate\` from ${SOURCE}; hexadecimal. */\nexport const LOOPS_WASM =\n  '${lines.join("' +\n  '")}'\n`
    mkdirSync(dirname(join(target, LOOPS)), { recursive: true })
    writeFileSync(join(target, LOOPS), text)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
