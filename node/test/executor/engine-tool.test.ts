import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { candidates, explainNoEngine, findEngine } from '../../src/executor/find-engine.ts'

const TOOL = fileURLToPath(new URL('../../../.tools/engine.mjs', import.meta.url))

let folder = ''
const server = createServer((request, response) => {
  if (request.url === '/version') response.end(JSON.stringify({ Version: '99.1', Components: [{ Name: 'Podman Engine' }] }))
  else response.writeHead(404).end('{}')
})
const mute = createServer(() => {
  // Never answers.
})
/** As an engine beside much other work. */
const busy = createServer((_request, response) => setTimeout(() => response.end(JSON.stringify({ Version: '99.1' })), 2_200))

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-find-test-'))
  server.listen(join(folder, 'podman.sock'))
  mute.listen(join(folder, 'mute.sock'))
  busy.listen(join(folder, 'busy.sock'))
  await Promise.all([server, mute, busy].map((each) => once(each, 'listening')))
})

afterAll(async () => {
  for (const each of [server, mute, busy]) {
    each.closeAllConnections()
    each.close()
  }
  await rm(folder, { recursive: true, force: true })
})

function tool(args: readonly string[], env: Record<string, string>): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [TOOL, ...args], { env: { PATH: '', HOME: folder, ...env } }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    )
  })
}

describe('looking for an engine', () => {
  test('takes the one that is named, and says what it is', async () => {
    const { engine } = await findEngine({ engine: join(folder, 'podman.sock') })
    expect(engine).toMatchObject({ name: 'podman', version: '99.1', host: `unix://${join(folder, 'podman.sock')}` })
  })

  test('tries nothing else than what is named, flag before WEFT_ENGINE before DOCKER_HOST', () => {
    const env = { WEFT_ENGINE: '/weft.sock', DOCKER_HOST: 'tcp://127.0.0.1:2375' }
    expect(candidates({ engine: '/flag.sock', env })).toEqual(['unix:///flag.sock'])
    expect(candidates({ env })).toEqual(['unix:///weft.sock'])
    expect(candidates({ env: { DOCKER_HOST: env.DOCKER_HOST } })).toEqual(['tcp://127.0.0.1:2375'])
  })

  test('waits longer for one that is named than for one that may be there', async () => {
    const host = `unix://${join(folder, 'busy.sock')}`
    const [named, found] = await Promise.all([findEngine({ engine: host }), tool(['find'], { DOCKER_HOST: host })])
    expect(named.engine).toMatchObject({ version: '99.1', host })
    expect(found).toEqual({ code: 0, stdout: `${host}\n`, stderr: '' })
  })

  test('explains each failure: no socket, and one that does not answer', async () => {
    const missing = await findEngine({ engine: join(folder, 'nothing.sock') })
    expect(missing.failures.map(({ reason }) => reason)).toEqual(['there is no such socket'])
    const silent = await findEngine({ engine: join(folder, 'mute.sock'), answerMs: 50 })
    expect(silent.failures.map(({ reason }) => reason)).toEqual(['it does not answer'])
    expect(explainNoEngine(silent.failures)).toMatch(
      /no container engine answers .*mute\.sock: it does not answer.*start Docker or Podman/,
    )
  })
})

describe('engine.mjs', () => {
  test('prints the host of an engine that answers', async () => {
    const host = `unix://${join(folder, 'podman.sock')}`
    expect(await tool(['find'], { DOCKER_HOST: host })).toEqual({ code: 0, stdout: `${host}\n`, stderr: '' })
    expect(await tool(['ensure', '--no-install'], { WEFT_ENGINE: host })).toEqual({ code: 0, stdout: `${host}\n`, stderr: '' })
  })

  test('fails with the reason where none answers, and starts none beside one that was named', async () => {
    const env = { DOCKER_HOST: `unix://${join(folder, 'nothing.sock')}` }
    for (const args of [['find'], ['ensure', '--yes']]) {
      const { code, stdout, stderr } = await tool(args, env)
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toMatch(/there is no such socket/)
    }
  })

  test('refuses what it does not know, and folders that are not its own', async () => {
    expect((await tool(['install'], {})).code).toBe(64)
    expect((await tool(['ensure', '--force'], {})).code).toBe(64)
    expect(await tool(['stop', folder], {})).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/is no folder of a private engine/),
    })
  })
})
