/** `npm run build`: compiles every package to `dist`, for those who install them instead of cloning. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
/** The compiler writes no JavaScript for JavaScript with declarations: the generated messages go over as they are. */
const GENERATED = ['protocols/src/wire/generated', 'protocols/dist/wire/generated']

const compiled = spawnSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-b'], {
  cwd: ROOT,
  stdio: 'inherit',
})
if (compiled.status === 0) {
  mkdirSync(join(ROOT, dirname(GENERATED[1])), { recursive: true })
  cpSync(join(ROOT, GENERATED[0]), join(ROOT, GENERATED[1]), { recursive: true })
}
process.exitCode = compiled.status ?? 1
