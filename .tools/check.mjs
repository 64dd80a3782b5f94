/**
 * `npm run check [-- part …]`: everything that can be known without running a peer. All parts run even after one failed,
 * so that one look shows everything.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { GENERATED, generate } from './generate.mjs'
import { kernelProblems } from './kernels.mjs'
import { simulatorTreeProblems } from './tidy/dependencies.mjs'
import { tidy } from './tidy.mjs'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))

/** Each part returns its problems, one line each; none: it passed. */
const PARTS = {
  types: () => output('node_modules/typescript/bin/tsc', ['-b']),
  lint: () => output('node_modules/@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '--max-diagnostics=100']),
  generated: staleFiles,
  tidy: () => tidy(ROOT),
  simulator: () => simulatorTreeProblems(ROOT),
}

async function main(names) {
  const unknown = names.filter((name) => PARTS[name] === undefined)
  if (unknown.length > 0) {
    console.error(`no such part: ${unknown.join(', ')}; parts: ${Object.keys(PARTS).join(', ')}`)
    return 64
  }
  const chosen = names.length === 0 ? Object.keys(PARTS) : names
  let failed = 0
  for (const name of chosen) if (!(await passes(name))) failed += 1
  return failed === 0 ? 0 : 1
}

async function passes(name) {
  const started = performance.now()
  const problems = await problemsOf(name)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`)
  for (const problem of problems) console.log(`     ${problem}`)
  return problems.length === 0
}

async function problemsOf(name) {
  try {
    return await PARTS[name]()
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
}

/** Runs one of the tools; its words are the problems if it fails. */
function output(script, args) {
  const run = spawnSync(process.execPath, [join(ROOT, script), ...args], { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 << 20 })
  if (run.error !== undefined) return [run.error.message]
  return run.status === 0 ? [] : `${run.stdout}${run.stderr}`.trimEnd().split('\n')
}

async function staleFiles() {
  const folder = mkdtempSync(join(tmpdir(), 'weft-generate-'))
  try {
    await generate(folder)
    const stale = GENERATED.filter((path) => readFileSync(join(folder, path), 'utf8') !== readFileSync(join(ROOT, path), 'utf8'))
    const problems = stale.map((path) => `${path} is not what its source gives: npm run generate`)
    return [...problems, ...kernelProblems(ROOT)]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

process.exitCode = await main(process.argv.slice(2))
