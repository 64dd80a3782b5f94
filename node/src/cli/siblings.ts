import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CliError, EXIT } from './exit.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Runs a program of another Weft package with this Node and these words; resolves with its exit code. */
export async function spawnSibling(packageName: string, binary: string, words: readonly string[]): Promise<number> {
  const script = findScript(packageName, binary)
  if (script === undefined) {
    throw new CliError(EXIT.usage, 'NOT_INSTALLED', `${binary} is not installed; run npm install ${packageName}`)
  }
  const child = spawn(process.execPath, ['--', script, ...words], { stdio: 'inherit' })
  const forward = (signal: NodeJS.Signals): void => {
    child.kill(signal)
  }
  for (const signal of SIGNALS) process.on(signal, forward)
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? EXIT.interrupted : EXIT.bug)))
    })
  } finally {
    for (const signal of SIGNALS) process.removeListener(signal, forward)
  }
}

/** Beside this package: in the clone a folder of the workspace, installed a neighbour in `node_modules`. */
function findScript(packageName: string, binary: string): string | undefined {
  for (let at = dirname(fileURLToPath(import.meta.url)); ; at = dirname(at)) {
    const script = join(at, 'node_modules', ...packageName.split('/'), 'bin', `${binary}.mjs`)
    if (existsSync(script)) return script
    if (dirname(at) === at) return undefined
  }
}
