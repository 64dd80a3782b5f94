// Goal: what a person reads fits the terminal, names its units, and says what to do where there is nothing yet.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OfferView } from '@weft/protocols/core'
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest'
import { listen } from '../../src/api/server.ts'
import { VERBS } from '../../src/cli/program.ts'
import { jobsTable } from '../../src/cli/render/job.ts'
import { offersTable } from '../../src/cli/render/offers.ts'
import { type Column, tableOf } from '../../src/cli/render/table.ts'
import { aJob, FakeMarket, fakeApi, PROVIDER } from '../api/fakes.ts'
import { weft } from './capture.ts'

const widest = (text: string): number => Math.max(...text.split('\n').map((line) => line.length))
const [GPUS] = new FakeMarket().offers() as [OfferView]
const BARE: OfferView = { ...GPUS, class: 'cpu', gpus: [], region: '', measured: null, seenVia: ['direct', 'dht', 'gossip'] }
const LARGE: OfferView = {
  ...GPUS,
  gpus: GPUS.gpus.map((gpu) => ({ ...gpu, model: 'rtx-6000-ada-generation', vramGiB: 48, count: 8 })),
  seenVia: ['direct', 'dht', 'gossip'],
}

describe('a table', () => {
  const columns: Column<readonly [string, string]>[] = [
    { head: 'NAME', cell: ([name]) => name },
    { head: 'NOTE', cell: ([, note]) => note, ifAny: true, spare: 1 },
    { head: 'SIZE', cell: () => '7', align: 'right' },
  ]

  it('puts numbers to the right', () => {
    expect(tableOf(columns, [['a', 'long note']])).toBe('NAME  NOTE       SIZE\na     long note     7')
  })
  it('leaves out a column in which nothing stands', () => {
    expect(tableOf(columns, [['a', '-']])).toBe('NAME  SIZE\na        7')
  })
  it('leaves out what can be spared where the terminal is narrow, and says so', () => {
    expect(tableOf(columns, [['a', 'long note']], 20)).toBe('NAME  SIZE\na        7\n(a wider terminal shows note too)')
  })
})

test.each([
  ['processors only', [BARE]],
  ['cards', [GPUS, BARE]],
  ['cards of long names', [LARGE, GPUS, BARE]],
])('offers of %s fit into 80 columns, with provider and price', (_, offers) => {
  const text = offersTable(offers, { width: 80 })
  expect(widest(text)).toBeLessThanOrEqual(80)
  expect(text).toContain(PROVIDER.slice(-8))
  expect(text).toContain('0.40 USD/h')
  expect(offersTable(offers)).toContain('SEEN VIA')
})

test('an image by digest is told by the beginning of it', () => {
  const job = aJob({ image: `debian@sha256:${'0'.repeat(64)}` })
  expect(jobsTable([job], { nowMs: 0, width: 200 })).toContain(' debian@sha256:000000000000…  ')
})

test('jobs with images of long names fit into 80 columns', () => {
  const job = aJob({ name: 'a-name-of-some-length', image: 'ghcr.io/somebody/some-trainer-of-models:1.22.333', state: 'failed' })
  expect(widest(jobsTable([job], { nowMs: Date.parse(job.submittedAt), width: 80 }))).toBeLessThanOrEqual(80)
})

test.each(Object.keys(VERBS).filter((name) => name !== 'simulate' && name !== 'bootstrap'))(
  'the flags of weft %s fit into 80 columns of its help',
  async (verb) => {
    const { out } = await weft(verb, '--help')
    const flags = out.split('\n').filter((line) => /^ {2,}-/.test(line))
    for (const line of flags) expect(line.length, line).toBeLessThanOrEqual(80)
  },
)

describe('where there is nothing yet', () => {
  let api: Awaited<ReturnType<typeof fakeApi>>
  let folder: string
  beforeEach(async () => {
    api = await fakeApi()
    folder = mkdtempSync(join(tmpdir(), 'weft-tables-'))
    await listen(api.app, join(folder, 'd.sock'))
  })
  afterEach(async () => {
    await api.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it.each([
    [['ps'], /weft run IMAGE COMMAND makes one/],
    [['leases'], /lends nothing; weft up --provide/],
    [['earnings'], /nothing earned yet; weft up --provide/],
    [['spend'], /nothing spent yet; weft run/],
    [['receipts'], /every lease brings some/],
    [['offers'], /weft peers shows who is connected/],
  ])('weft %j says what to do', async (words, says) => {
    api.market.leases = () => []
    api.market.offers = () => []
    api.market.receipts = async () => []
    api.market.earnings = async ({ role, by }) => ({ role, by, rows: [], totals: [] })
    expect((await weft(...words, '--host', join(folder, 'd.sock'))).out).toMatch(says)
  })

  it('amounts carry their currency, and a lease says since when and what of this machine it has', async () => {
    const host = ['--host', join(folder, 'd.sock')]
    expect((await weft('earnings', ...host)).out).toMatch(/^DAY +LEASES +AGREED +OPEN +STATED +PAID +CURRENCY$/m)
    expect((await weft('leases', ...host)).out).toMatch(/2026-01-01 00:00:00 +2× rtx-4090 +running +0\.000005 USD/m)
  })
})
