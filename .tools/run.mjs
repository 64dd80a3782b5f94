#!/usr/bin/env node
/**
 * The verbs of the house: `node .tools/run.mjs <verb> [arguments]`, called by `npm run <verb>` and `npm test`.
 * It runs on whatever Node a machine has (18 or newer), brings `node_modules` up to the lockfile, and hands over
 * to the Node that the lockfile pins. No dependencies: it runs before there are any.
 */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureInstalled } from './install.mjs'
import { pickNode } from './pick-node.mjs'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
/** Makes Node read the packages' TypeScript sources instead of `dist`. */
const FROM_SOURCE = '--conditions=@weft/source'

/** What each verb runs, relative to the clone; the caller's arguments come behind. `install` only makes ready for them. */
const VERBS = {
  demo: [FROM_SOURCE, '--', 'bench/src/demo/main.ts'],
  test: ['node_modules/vitest/vitest.mjs', 'run'],
  check: [FROM_SOURCE, '--', '.tools/check.mjs'],
  bench: [FROM_SOURCE, '--', 'bench/src/main.ts'],
  validate: [FROM_SOURCE, '--', 'bench/src/validate/main.ts'],
  calibrate: [FROM_SOURCE, '--', 'bench/src/calibrate/main.ts'],
  'sim:fuzz': ['simulator/bin/weft-sim.mjs', 'fuzz'],
  'test:crash': [FROM_SOURCE, '--', 'bench/src/crash/main.ts'],
  'test:partition': [FROM_SOURCE, '--', 'bench/src/partition/main.ts'],
  'test:gpu': [FROM_SOURCE, '--', 'bench/src/gpu/main.ts'],
  generate: [FROM_SOURCE, '--', '.tools/generate.mjs'],
  build: ['.tools/build.mjs'],
  install: [],
}

async function main() {
  const [verb, ...args] = process.argv.slice(2)
  const words = VERBS[verb]
  if (words === undefined) {
    console.error(`usage: node .tools/run.mjs <verb> [arguments]; verbs: ${Object.keys(VERBS).join(', ')}`)
    return 64
  }
  await ensureInstalled(ROOT, (line) => console.error(line))
  if (words.length === 0) return 0
  const node = pickNode(ROOT)
  return await runIn(ROOT, node, [...words, ...args])
}

/** The child's exit status; signals reach it, and this process waits for its end so that it can clean up. */
function runIn(cwd, file, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, stdio: 'inherit' })
    // A terminal sends SIGINT to the whole group, so the child has it already; SIGTERM and SIGHUP come to us alone.
    process.on('SIGINT', () => {})
    for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)))
  })
}

main().then(
  (code) => {
    process.exitCode = code
  },
  (error) => {
    console.error(error instanceof Error ? error.message : String(error))
    process.exitCode = 1
  },
)
