// Goal: over real peers an offer is found by what it must have, why a job finds nobody is told, and a price changes without a restart.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { JobView, OfferView } from '@weft/protocols/core'
import { Ajv } from 'ajv'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { readSchema, SCHEMA_NAMES, type SchemaName } from '../../src/api/schemas.ts'
import type { ExplainedView, PriceView } from '../../src/api/views.ts'
import { type Ready, TestMesh } from './processes.ts'

const ajv = new Ajv({ strict: false, allErrors: true, formats: { 'date-time': true } })
for (const name of SCHEMA_NAMES) ajv.addSchema(readSchema(name), name)
const faults = (name: SchemaName, document: unknown): unknown => (ajv.validate(name, document) ? null : ajv.errors)

const UNSAFE = '--unsafe-process-engine'
const JOB = ['process:node', 'node', '-e', '0']
const WAIT = { timeout: 60_000, interval: 200 }

describe('a mesh with a small provider and a large one', () => {
  let mesh: TestMesh
  let small: Ready
  let large: Ready
  let renter: Ready
  beforeAll(async () => {
    mesh = await TestMesh.create()
    const words = ['--provide', '--cpus', '1', '--cpu-price', '0.05', '--disk', '2g', UNSAFE]
    small = await mesh.up('small', ...words, '--memory', '1g', '--region', 'eu-west')
    large = await mesh.up('large', ...words, '--memory', '2g', '--region', 'us-east', '--bootstrap', small.addresses[0] ?? '')
    renter = await mesh.up('renter', '--bootstrap', small.addresses[0] ?? '', '--bootstrap', large.addresses[0] ?? '', UNSAFE)
    await vi.waitFor(async () => expect(await mesh.json<OfferView[]>('renter', 'offers')).toHaveLength(2), WAIT)
  })
  afterAll(() => mesh.stop())

  const peers = (offers: OfferView[]): string[] => offers.map(({ peerId }) => peerId)

  it('finds offers by a query, says what each term rules out, and groups them', async () => {
    expect(peers(await mesh.json<OfferView[]>('renter', 'offers', 'region=eu'))).toEqual([small.peerId])
    expect(peers(await mesh.json<OfferView[]>('renter', 'offers', '--sort', '-memory'))).toEqual([large.peerId, small.peerId])
    const text = await mesh.weft('renter', 'offers', 'memory>=2g', 'region=eu')
    expect(text.out).toBe('no offers match\n')
    expect(text.err).toBe('0 of 2 offers match; ruled out: 1 by memory>=2g, 1 by region=eu\n')
    const groups = await mesh.json('renter', 'offers', '--group-by', 'region')
    expect(faults('offer-groups', groups)).toBeNull()
    expect(groups).toMatchObject([{ offers: 1 }, { offers: 1 }])
    expect(peers(await mesh.json<OfferView[]>('large', 'offers', '--mine'))).toEqual([large.peerId])
  })

  it('explains what rules providers out, and what to change', async () => {
    const explained = await mesh.json<ExplainedView>('renter', 'explain', '--memory', '16g', '--max-price', '1')
    expect(faults('explain', explained)).toBeNull()
    expect(explained).toMatchObject({
      known: 2,
      fitting: 0,
      constraints: [{ reason: 'memory', providers: 2, alone: 2 }],
      relaxations: [{ reason: 'memory', wants: { memoryMib: 2048 }, providers: 1 }],
    })
    const text = await mesh.weft('renter', 'explain', '--memory', '16g', '--region', 'eu-west')
    expect(text.out).toContain('with --memory 1g instead of 16g: 1 provider fits')
  })

  it('tells a job that found nobody why, and who refused it', async () => {
    const priced = ['-y', '--max-price', '0.001', '--queue', '3s', '--name', 'poor']
    const ran = await mesh.weft('renter', 'run', ...priced, '--disk', '512m', '--memory', '512m', ...JOB)
    expect(ran.code).toBe(105)
    expect(ran.err).toMatch(/of 2 known providers none would fit; ruled out: 2 above the price limit/)
    expect(ran.err).toMatch(/with --max-price 0\.05\d* instead of 0\.001: /)
    const explained = await mesh.json<ExplainedView>('renter', 'explain', 'poor')
    expect(faults('explain', explained)).toBeNull()
    expect(explained.refused).toContainEqual(expect.objectContaining({ stage: 'bid', reason: 'price' }))
  })

  it('changes a price while it runs: on disk, in what is announced, and in bids', async () => {
    const changed = await mesh.json<PriceView>(
      'large',
      'price',
      '--cpu',
      '0.02',
      '--policy',
      'utilisation',
      '--cpu-floor',
      '0.015',
    )
    expect(faults('price', changed)).toBeNull()
    expect(changed).toMatchObject({
      overridden: ['prices.cpuHour'],
      asking: { announced: { cpuHour: '20000' }, asked: { cpuHour: '15000' }, utilisation: 0 },
    })
    expect(await readFile(join(mesh.folder, 'large', 'config.yaml'), 'utf8')).toMatch(/policy: utilisation/)
    await vi.waitFor(async () => {
      const [offer] = await mesh.json<OfferView[]>('renter', 'offers', 'core-price<0.03')
      expect(offer).toMatchObject({ peerId: large.peerId, prices: { cpuHour: '20000' } })
    }, WAIT)
    const text = await mesh.weft('large', 'price')
    expect(text.out).toMatch(/core hour +0\.02 USD +0\.015 USD/)
    expect(text.out).toMatch(/floor +0\.015 USD for an hour of a core/)
  })

  it('works for a friend without pay, and says so to nobody else', async () => {
    await mesh.json('small', 'price', '--friend', renter.peerId)
    const ran = await mesh.weft(
      'renter',
      'run',
      '-y',
      '--max-price',
      '0',
      '--name',
      'gift',
      '--memory',
      '512m',
      '--disk',
      '512m',
      ...JOB,
    )
    expect([ran.code, ran.err]).toEqual([0, expect.stringMatching(/^bill: 0\.00 USD \((\d+) receipts?, \1 countersigned\)/m)])
    const job = await mesh.json<JobView>('renter', 'show', 'gift')
    expect(job).toMatchObject({ state: 'done', amount: '0', attempts: [{ provider: small.peerId }] })
    const [offer] = await mesh.json<OfferView[]>('renter', 'offers', 'region=eu')
    expect(offer?.prices.cpuHour).toBe('50000')
    const after = await mesh.json<PriceView>('small', 'price', '--unfriend', renter.peerId.slice(-8))
    expect(after.friends).toEqual([])
  })
})
