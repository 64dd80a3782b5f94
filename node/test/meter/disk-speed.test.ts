import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DISK_RESERVE_BYTES } from '../../src/executor/disk.ts'
import { diskSpeed } from '../../src/meter/disk-speed.ts'

const PLENTY = async () => Number.POSITIVE_INFINITY

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-disk-speed-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('a disk is measured where the data folder is, or would be, and nothing stays', async () => {
  for (const place of [folder, join(folder, 'not/there/yet')]) {
    const { writeMiBs, problem } = await diskSpeed(place, { bytes: 1024, free: PLENTY })
    expect(problem).toBeNull()
    expect(writeMiBs).toBeGreaterThan(0)
  }
  expect(await readdir(folder)).toEqual([])
})

test('a place that takes no file says so, and is no error', async () => {
  const file = join(folder, 'file')
  await writeFile(file, '')
  expect(await diskSpeed(file, { bytes: 1024, free: PLENTY })).toEqual({
    writeMiBs: null,
    problem: expect.stringMatching(/takes no 1 MiB: ENOTDIR/),
  })
})

test('a disk that has little more than the reserve is left alone', async () => {
  const free = async () => DISK_RESERVE_BYTES + 1023
  expect(await diskSpeed(folder, { bytes: 1024, free })).toMatchObject({ problem: expect.stringContaining('nearly full') })
})
