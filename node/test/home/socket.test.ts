import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { claimSocket, dropSocket, findSocket } from '../../src/home/index.ts'

let base: string
let deep: string
let runtimeFolder: string
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'weft-sock-'))
  runtimeFolder = join(base, 'run')
  deep = join(base, 'a-rather-long-folder-name'.repeat(4), 'weft')
  await mkdir(runtimeFolder)
  await mkdir(deep, { recursive: true })
})
afterEach(() => rm(base, { recursive: true, force: true }))

test('the socket lies in the data folder where its path is short enough', async () => {
  const folder = join(base, 'weft')
  await mkdir(folder)
  expect(await claimSocket(folder, { runtimeFolder })).toBe(join(folder, 'weft.sock'))
  expect(await findSocket(folder)).toBe(join(folder, 'weft.sock'))
  expect(await readdir(runtimeFolder)).toEqual([])
})

test('a path too long to bind is replaced by a private one that others find', async () => {
  expect(await findSocket(deep)).toBeUndefined()
  const path = await claimSocket(deep, { runtimeFolder })
  expect(Buffer.byteLength(path)).toBeLessThan(104)
  expect((await stat(dirname(path))).mode & 0o777).toBe(0o700)
  expect(await findSocket(deep)).toBe(path)
  const server = createServer().listen(path)
  await once(server, 'listening')
  server.close()
  await once(server, 'close')
  expect(await claimSocket(deep, { runtimeFolder })).toBe(path)
  await dropSocket(deep)
  expect(await findSocket(deep)).toBeUndefined()
  expect(await readdir(runtimeFolder)).toEqual([])
})

test('what a killed daemon left is removed before the next one listens', async () => {
  const path = await claimSocket(deep, { runtimeFolder })
  await writeFile(path, 'stale')
  await claimSocket(deep, { runtimeFolder })
  const server = createServer().listen(path)
  await once(server, 'listening')
  server.close()
  await once(server, 'close')
})

test('a socket in a folder that others can write to is not believed', async () => {
  const path = await claimSocket(deep, { runtimeFolder })
  await chmod(dirname(path), 0o777)
  expect(await findSocket(deep)).toBeUndefined()
  const other = await claimSocket(deep, { runtimeFolder })
  expect(dirname(other)).not.toBe(dirname(path))
  expect((await readFile(join(deep, 'socket'), 'utf8')).trim()).toBe(other)
})

test('on Windows the socket is a pipe named for the folder', async () => {
  const pipe = await findSocket('C:\\Users\\me\\weft', { platform: 'win32' })
  expect(pipe).toMatch(/^\\\\\.\\pipe\\weft-[0-9a-f]{16}$/)
  expect(await claimSocket('C:\\Users\\me\\weft', { platform: 'win32' })).toBe(pipe)
})
