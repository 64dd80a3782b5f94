import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { WatchedFile } from '../../src/capacity/watched-file.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weft-watched-'))
  path = join(folder, 'capacity.yaml')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** What is written to the file while it is looked at, one in each pause. */
const writing = (texts: string[]) => async (): Promise<void> => {
  const text = texts.shift()
  if (text !== undefined) writeFileSync(path, text)
}

it('a file that is emptied and filled again keeps back what it says, and never for a moment nothing', async () => {
  writeFileSync(path, 'reserve: { gpus: 1 }\n')
  const texts: string[] = []
  const file = await WatchedFile.open(path, { mustExist: true, pause: writing(texts) })
  expect(file.rules.reserve.gpus).toBe(1)
  writeFileSync(path, '')
  texts.push('reserve: { gp', 'reserve: { gpus: 2 }\n')
  expect(await file.look()).toBe(true)
  expect([file.rules.reserve.gpus, file.view.state]).toEqual([2, 'in-force'])
  writeFileSync(path, '')
  texts.push('cpus: lots\n')
  expect(await file.look()).toBe(true)
  expect([file.rules.reserve.gpus, file.view.state]).toEqual([2, 'refused'])
})

it('a file that never stands still is what it was before', async () => {
  writeFileSync(path, 'reserve: { gpus: 1 }\n')
  const texts: string[] = []
  const file = await WatchedFile.open(path, { mustExist: true, pause: writing(texts) })
  writeFileSync(path, '')
  texts.push(...Array.from({ length: 100 }, (_, i) => `#${'x'.repeat(i)}\n`))
  expect(await file.look()).toBe(false)
  expect([file.rules.reserve.gpus, file.view.state]).toEqual([1, 'in-force'])
})
