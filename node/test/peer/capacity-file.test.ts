// Goal: what a running provider announces follows its capacity file, without a restart, and not one with an error.
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { StatusView } from '../../src/api/views.ts'
import { runWeft, TestMesh, text } from './processes.ts'

const LENDS = ['--provide', '--unsafe-process-engine']
const WAIT = { timeout: 60_000, interval: 500 }

let mesh: TestMesh
beforeEach(async () => {
  mesh = await TestMesh.create()
})
afterEach(() => mesh.stop())

it('a provider announces what its capacity file allows, as soon as it is written, and keeps to it when it is broken', async () => {
  const { child } = await mesh.up('lender', ...LENDS)
  const err = text(child.stderr)
  const file = async () => (await mesh.json<StatusView>('lender', 'status')).lends?.file
  const announced = async () => (await mesh.json<{ memoryGiB: number }[]>('lender', 'offers'))[0]?.memoryGiB
  const write = (words: string) => writeFileSync(join(mesh.folder, 'lender', 'capacity.yaml'), words)
  expect(await file()).toMatchObject({ state: 'none' })
  write('memory: 256m\n')
  await expect.poll(announced, WAIT).toBe(0.25)
  expect(await file()).toMatchObject({ state: 'in-force', problem: null })
  write('memory: 512m\ncpus: many\n')
  await expect.poll(file, WAIT).toMatchObject({ state: 'refused' })
  expect(err()).toMatch(/capacity\.yaml:2: cpus must be/)
  expect(await announced()).toBe(0.25)
})

it('a provider does not start with a file that has an error, and makes nothing', async () => {
  const wrong = join(mesh.folder, 'wrong.yaml')
  writeFileSync(wrong, 'hours: sometimes\n')
  const { code, err } = await runWeft(['up', ...mesh.flags('none'), ...LENDS, '--lend-file', wrong])
  expect({ code, err }).toMatchObject({ code: 64, err: expect.stringMatching(/wrong\.yaml:1: hours must be/) })
  expect(existsSync(join(mesh.folder, 'none'))).toBe(false)
})
