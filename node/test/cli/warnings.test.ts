import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { listen } from '../../src/api/server.ts'
import { fakeApi, ID } from '../api/fakes.ts'
import { weft } from './capture.ts'

let api: Awaited<ReturnType<typeof fakeApi>>
let folder: string
let socket: string
beforeEach(async () => {
  api = await fakeApi()
  folder = mkdtempSync(join(tmpdir(), 'weft-warnings-'))
  socket = join(folder, 'd.sock')
  await listen(api.app, socket)
})
afterEach(async () => {
  await api.close()
  rmSync(folder, { recursive: true, force: true })
})

it('weft run -d tells what of the inputs stayed here', async () => {
  const warnings = ['1 entry of /data stayed here: key\u001b[2J: a symbolic link']
  await api.files.write(ID, { version: 1, name: '', typed: [], submittedAt: '', inputs: [], outputs: [], shared: [], warnings })
  const words = ['run', '-d', '-y', '--max-price', '1', '--host', socket, '-v', `${folder}:/in`, 'busybox']
  const { code, out, err } = await weft(...words)
  expect({ code, out }).toEqual({ code: 0, out: `${ID}\n` })
  expect(err).toContain('weft: 1 entry of /data stayed here: key\\x1b[2J: a symbolic link\n')
})

it('weft show answers a name of 100 characters with a sentence', async () => {
  const { code, err } = await weft('show', 'x'.repeat(100), '--host', socket)
  expect(code).toBe(102)
  expect(err).toMatch(/no job has an id or a name that long; weft ps lists them/)
})
