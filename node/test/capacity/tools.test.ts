import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { machineProbe } from '../../src/capacity/probe.ts'
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

it('a file without end is read at its beginning, and what is not there is nothing', async () => {
  const probe = machineProbe()
  expect((await probe.read('/dev/zero'))?.length).toBe(64 * 1024)
  expect(await probe.read(join(folder, 'none'))).toBeUndefined()
  expect(await probe.list(join(folder, 'none'))).toEqual([])
  expect(await probe.link(folder)).toBeUndefined()
})
