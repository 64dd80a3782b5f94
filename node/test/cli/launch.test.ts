import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { VERSION } from '../../src/version.ts'

const WEFT = fileURLToPath(new URL('../../bin/weft.mjs', import.meta.url))
const LAUNCH = new URL('../../bin/launch.mjs', import.meta.url).href
const PINNED = fileURLToPath(new URL(`../../../node_modules/node-${process.platform}-${process.arch}`, import.meta.url))
/** Makes Node believe that it is an older one, before anything else runs; what it starts is itself again. */
const OLD = 'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.20.0" } })'

interface How {
  /** Behind a Node that is too old. */
  old?: boolean
  /** As a shell runs the file: by its first line. */
  byShebang?: boolean
}

async function run(words: readonly string[], { old = false, byShebang = false }: How = {}) {
  const hook = old ? ['--import', `data:text/javascript,${encodeURIComponent(OLD)}`] : []
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== 'NODE_OPTIONS'))
  const [file, args] = byShebang ? [WEFT, words] : [process.execPath, [...hook, '--', WEFT, ...words]]
  const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let err = ''
  child.stdout.on('data', (piece) => {
    out += String(piece)
  })
  child.stderr.on('data', (piece) => {
    err += String(piece)
  })
  const [code] = (await once(child, 'close')) as [number]
  return { code, out, err }
}

describe('the launcher', () => {
  it('runs the sources of a clone and passes the exit code on', async () => {
    expect(await run(['--version'])).toMatchObject({ code: 0, out: `${VERSION}\n`, err: '' })
    expect(await run(['nonsense'])).toMatchObject({ code: 64, err: expect.stringContaining('there is no verb') })
  })

  it('ends a program that is done although something of it is still open', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'weft-launch-test-'))
    try {
      const file = join(folder, 'program.mjs')
      await writeFile(file, 'export const main = async () => (setInterval(() => {}, 1000), 7)')
      const script = `const { launch } = await import(process.argv[1]); await launch(new URL(process.argv[2]), new URL(process.argv[2]))`
      const args = ['--input-type=module', '-e', script, LAUNCH, pathToFileURL(file).href]
      const child = spawn(process.execPath, args, { stdio: 'ignore' })
      expect(await once(child, 'exit')).toEqual([7, null])
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  it.skipIf(!existsSync(PINNED))('hands over from an old Node to the one that npm brought', async () => {
    expect(await run(['--version'], { old: true })).toMatchObject({ code: 0, out: `${VERSION}\n` })
    expect(await run(['nonsense'], { old: true })).toMatchObject({ code: 64 })
  })

  // Node reads some of its own flags, --env-file among them, from anywhere on a command line.
  const hows: [string, How, boolean][] = [
    ['run by its own first line', { byShebang: true }, process.platform === 'win32'],
    ['handed over from an old Node', { old: true }, !existsSync(PINNED)],
  ]
  for (const [name, how, isSkipped] of hows) {
    it.skipIf(isSkipped)(`keeps its flags to itself, ${name}`, async () => {
      const words = ['run', '-y', '--max-price', '1', '--env-file', '/nowhere/env', 'busybox']
      const { code, err } = await run(words, how)
      expect({ code, err }).toEqual({ code: 64, err: 'weft: --env-file /nowhere/env cannot be read; check the path\n' })
    })
  }
})
