import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { DoctorView } from '../../src/api/views.ts'
import { homePaths, initHome } from '../../src/home/index.ts'
import { checkNetwork, type NetworkSeen } from '../../src/peer/doctor.ts'
import { weft } from './capture.ts'

let folder: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weft-doctor-'))
  await initHome(folder)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const NO_ENGINE = ['--engine', 'unix:///nowhere/e.sock']

async function examine(...words: string[]): Promise<{ code: number; report: DoctorView; bad: string[] }> {
  const { code, out } = await weft('doctor', '--json', '--data', folder, ...words)
  const report = JSON.parse(out) as DoctorView
  return { code, report, bad: report.checks.filter(({ ok }) => !ok).map(({ id }) => id) }
}

it('finds nothing wrong with a machine that only rents and has neither engine nor daemon', async () => {
  const { code, report, bad } = await examine(...NO_ENGINE)
  expect({ code, ok: report.ok, bad }).toEqual({ code: 0, ok: true, bad: [] })
  expect(report.checks.find(({ id }) => id === 'engine')?.text).toMatch(/^none, and renting needs none/)
})

it('finds nothing wrong where no peer has been yet, says what makes one, and makes nothing', async () => {
  rmSync(folder, { recursive: true })
  const { code, report } = await examine(...NO_ENGINE)
  expect(code).toBe(0)
  expect(report.checks.find(({ id }) => id === 'data-folder')).toMatchObject({ ok: true, fix: 'weft up makes it' })
  expect(existsSync(folder)).toBe(false)
})

it('exits with 1 where a machine is to lend and has neither', async () => {
  writeFileSync(homePaths(folder).config, 'provide: true\n')
  expect(await examine(...NO_ENGINE)).toMatchObject({ code: 1, report: { ok: false }, bad: ['engine', 'daemon'] })
})

const NETWORKS: [string, Partial<NetworkSeen>, boolean, RegExp][] = [
  ['nobody was named', {}, true, /^no peer has been met yet, and none was named; give --bootstrap/],
  ['the one that was named does not answer', { bootstrap: 1 }, false, /^none: the bootstrap peer does not answer; see that/],
  ['none of several answers', { bootstrap: 3 }, false, /^none: none of 3 bootstrap peers answers; see that/],
  ['somebody is there', { bootstrap: 3, connections: 2 }, true, /^2; $/],
]

it.each(NETWORKS)('of connections, where %s, says so', (_name, seen, ok, sentence) => {
  const checks = checkNetwork({ addresses: ['/ip4/127.0.0.1/tcp/1'], connections: 0, isClient: false, bootstrap: 0, ...seen })
  const found = checks.find(({ id }) => id === 'connections')
  expect(found?.ok).toBe(ok)
  expect(`${found?.text}; ${found?.fix}`).toMatch(sentence)
})

const DAMAGES: [string, () => void, string, RegExp][] = [
  ['an identity that others can read', () => chmodSync(homePaths(folder).identity, 0o644), 'identity', /chmod 600/],
  ['a damaged identity', () => writeFileSync(homePaths(folder).identity, 'nonsense'), 'identity', /is damaged/],
  ['a missing identity', () => rmSync(homePaths(folder).identity), 'identity', /is missing/],
  [
    'a folder of another version',
    () => writeFileSync(homePaths(folder).version, '{"format":99,"weft":"9.0.0"}\n'),
    'data-folder',
    /run weft 9\.0\.0/,
  ],
  ['a folder that is none', () => rmSync(homePaths(folder).version), 'data-folder', /holds no peer; run weft init/],
]

it.each(DAMAGES)('exits with 1 for %s, says what to do, and changes nothing', async (_name, damage, check, sentence) => {
  damage()
  const before = readdirSync(folder)
  const { code, report, bad } = await examine(...NO_ENGINE)
  expect({ code, bad }).toEqual({ code: 1, bad: [check] })
  const found = report.checks.find(({ id }) => id === check)
  expect(`${found?.text}; ${found?.fix}`).toMatch(sentence)
  expect(readdirSync(folder)).toEqual(before)
})
