import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Engine } from '@weft/node/executor'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { leftovers, pathsLeft, pidsNaming } from '../../src/mesh/leftovers.ts'
import { Processes } from '../../src/mesh/processes.ts'

let folder = ''
const children: ChildProcess[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weft-leftovers-'))
})
afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
  rmSync(folder, { recursive: true, force: true })
})

/** A process that says when it runs, and runs until it is killed. */
async function runner(options: { args?: string[]; env?: NodeJS.ProcessEnv }): Promise<number> {
  const program = "console.log('up'); setInterval(() => {}, 1000)"
  const env = { PATH: process.env['PATH'], ...options.env }
  const child = spawn(process.execPath, ['-e', program, ...(options.args ?? [])], { env, stdio: ['ignore', 'pipe', 'ignore'] })
  children.push(child)
  await once(child.stdout, 'data')
  return child.pid ?? 0
}

describe('leftovers', () => {
  it('finds a process that names the folder in its arguments', async () => {
    const pid = await runner({ args: [join(folder, 'x')] })
    expect(await pidsNaming(folder)).toEqual([pid])
  })

  it.skipIf(process.platform !== 'linux')('finds a process that names the folder in its environment', async () => {
    const pid = await runner({ env: { TMPDIR: folder } })
    expect(await pidsNaming(folder)).toEqual([pid])
  })

  it('finds nothing where nothing is', async () => {
    expect(await leftovers({ folder, network: 'n', engine: undefined, image: undefined })).toEqual([])
  })

  it('asks the engine for containers of the network and for the image', async () => {
    const asked: unknown[] = []
    const engine = {
      list: async (labels: object) => {
        asked.push(labels)
        return [{ id: 'c0ffee0123456789', labels: {}, running: false }]
      },
      describeImage: async () => ({ imageId: 'x', pull: '', bytes: 0, env: [], config: {} }),
    } as unknown as Engine
    const found = await leftovers({ folder, network: 'n', engine, image: 'demo:1' })
    expect(found).toEqual(['container c0ffee012345', 'image demo:1'])
    expect(asked).toEqual([{ 'weft.network': 'n' }])
  })

  it('names paths that still exist', () => {
    expect(pathsLeft([folder, join(folder, 'gone')])).toEqual([`file ${folder}`])
  })
})

describe('processes', () => {
  const call = () => ({ signal: AbortSignal.timeout(30_000) })

  it('runs the real command line and says how it ended', async () => {
    const processes = new Processes(folder, {})
    const version = await processes.weft(['--version'], call())
    expect(version).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) })
    const wrong = await processes.weft(['no-such-verb'], call())
    expect(wrong).toMatchObject({ code: 64, tail: expect.stringMatching(/there is no verb "no-such-verb"/) })
  })

  it('fails with the words of a command that must succeed', async () => {
    const failing = new Processes(folder, {}).json(['no-such-verb'], call())
    await expect(failing).rejects.toThrow(/weft no-such-verb ended with 64: weft: there is no verb/)
  })

  it('ends a command when it is interrupted', async () => {
    const interrupted = new AbortController()
    const running = new Processes(folder, {}).weft(['--version'], { signal: interrupted.signal })
    interrupted.abort(new Error('interrupted'))
    await expect(running).rejects.toThrow('interrupted')
  })
})
