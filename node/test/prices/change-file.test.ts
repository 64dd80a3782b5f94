// Goal: a changed price is in the file, with everything else as it was, or nothing of it is.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CONFIG_TEMPLATE, resolveConfig } from '../../src/config/index.ts'
import { changeConfigFile, changedConfig } from '../../src/prices/change-file.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weft-prices-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const read = (text: string) => resolveConfig({ file: { name: 'config.yaml', text } }).settings

test.each([
  ['the template', CONFIG_TEMPLATE],
  ['no text', ''],
  ['an empty group', '# mine\nprices:\nlend:\n'],
  ['other settings', 'region: eu # here\nprices: { cpuHour: 0.5 } # each\n'],
])('%s takes prices, lists and friends, and keeps its comments', (_what, text) => {
  const friend = '12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp'
  const changed = changedConfig(text, 'config.yaml', {
    'prices.gpuHour': '0.40',
    'prices.schedule': ['22-6:0.5'],
    friends: [friend],
  })
  expect(read(changed)).toMatchObject({
    prices: { gpuHour: 400_000n, schedule: [{ from: 22, to: 6, milli: 500 }] },
    friends: [{ peerId: friend, milli: 0 }],
  })
  for (const [comment] of text.matchAll(/#.*/g)) expect(changed).toContain(comment)
  const back = changedConfig(changed, 'config.yaml', { 'prices.gpuHour': '', 'prices.schedule': [], friends: [] })
  expect(read(back)).toEqual(read(text))
})

test('a file or a change that means nothing leaves the file as it is', async () => {
  const file = join(folder, 'config.yaml')
  writeFileSync(file, 'prices:\n  gpuHour: cheap\n')
  await expect(changeConfigFile(file, { 'prices.cpuHour': '1' })).rejects.toThrow('config.yaml:2: prices.gpuHour must be')
  writeFileSync(file, 'region: eu\n')
  await expect(changeConfigFile(file, { 'prices.policy': 'greedy' })).rejects.toThrow('prices.policy must be one of fixed')
  expect(readFileSync(file, 'utf8')).toBe('region: eu\n')
})

test('a file that is not there is made', async () => {
  const file = join(folder, 'config.yaml')
  await changeConfigFile(file, { 'prices.gpuFloor': '0.2' })
  expect(read(readFileSync(file, 'utf8')).prices.gpuFloor).toBe(200_000n)
})
