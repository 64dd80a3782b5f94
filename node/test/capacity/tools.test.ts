import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { machineProbe, patient } from '../../src/capacity/probe.ts'
import { toolRunner } from '../../src/capacity/tools.ts'

const NODE = process.execPath
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weft-tools-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Whether a process is there and no zombie. */
function runs(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

it('a tool that is there, is missing, fails or chatters without end is told apart', async () => {
  const run = toolRunner({ bytesMax: 10_000 })
  expect(await run(NODE, ['-e', 'console.log("fine")'])).toEqual({ type: 'done', text: 'fine\n' })
  expect(await run(join(folder, 'no-such-tool'), [])).toEqual({ type: 'missing' })
  expect(await run(NODE, ['-e', 'console.error("why"); process.exit(9)'])).toEqual({ type: 'failed', text: 'why\n' })
  expect(await run(NODE, ['-e', 'for (;;) console.log("x".repeat(1000))'])).toEqual({ type: 'flooded' })
})

it('of many tools that end at once none has said nothing', async () => {
  // The end of one process is noticed with that of others, before what it printed is read: once in some hundred calls.
  const run = toolRunner()
  for (let round = 0; round < 20; round += 1) {
    const answers = await Promise.all(Array.from({ length: 40 }, () => run('/bin/echo', ['fine'])))
    for (const answer of answers) expect(answer).toEqual({ type: 'done', text: 'fine\n' })
  }
})

it('a child of the tool that left its group and keeps its output open does not make it last', async () => {
  const pid = join(folder, 'pid')
  const leave = `spawn('/bin/sleep', ['1000'], { detached: true, stdio: ['ignore', 'inherit', 'inherit'] })`
  const script = `const c = require('node:child_process').${leave}; require('node:fs').writeFileSync('${pid}', String(c.pid)); c.unref(); console.log('done')`
  try {
    expect(await toolRunner()(NODE, ['-e', script])).toEqual({ type: 'done', text: 'done\n' })
  } finally {
    process.kill(Number(readFileSync(pid, 'utf8')), 'SIGKILL')
  }
})

it('warnings of a tool that does well are no part of its answer', async () => {
  expect(await toolRunner()(NODE, ['-e', 'console.error("WARNING: no group render"); console.log("{}")'])).toEqual({
    type: 'done',
    text: '{}\n',
  })
})

it('a tool that hangs is ended with its children', async () => {
  const pids = join(folder, 'pids')
  const script = join(folder, 'hang.sh')
  writeFileSync(script, `trap '' TERM INT\nsleep 1000 & echo "$$ $!" > ${pids}\nwait; wait\n`)
  expect(await toolRunner({ timeoutMs: 1_000 })('/bin/sh', [script])).toEqual({ type: 'hung' })
  const [parent = 0, child = 0] = readFileSync(pids, 'utf8').trim().split(' ').map(Number)
  await expect.poll(() => runs(parent) || runs(child)).toBe(false)
})

it('a child of the tool that keeps its output open does not make it last', async () => {
  expect(await toolRunner()('/bin/sh', ['-c', 'sleep 1000 & echo done'])).toEqual({ type: 'done', text: 'done\n' })
})

it('a file that a broken driver never answers for is not waited for, nor is what lies beside it', async () => {
  const asked: string[] = []
  const { promise, resolve } = Promise.withResolvers<string>()
  const read = patient((path) => {
    asked.push(path)
    return path.startsWith('/sys/a/') ? promise : Promise.resolve('fine')
  }, 1)
  expect(await read('/sys/a/vram')).toBeUndefined()
  expect([await read('/sys/a/health'), await read('/sys/b/vram')]).toEqual([undefined, 'fine'])
  expect(asked).toEqual(['/sys/a/vram', '/sys/b/vram'])
  resolve('at last')
  await promise
  await expect.poll(() => read('/sys/a/health')).toBe('at last')
})

it('a file without end is read at its beginning, and what is not there is nothing', async () => {
  const probe = machineProbe()
  expect((await probe.read('/dev/zero'))?.length).toBe(64 * 1024)
  expect(await probe.read(join(folder, 'none'))).toBeUndefined()
  expect(await probe.list(join(folder, 'none'))).toEqual([])
  expect(await probe.link(folder)).toBeUndefined()
})
