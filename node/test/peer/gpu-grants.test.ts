import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LeaseId, leaseId } from '@weft/protocols'
import type { Gpu, Resources } from '@weft/protocols/wire'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { announcedCards, GpuGrants } from '../../src/peer/gpu-grants.ts'
import { device } from '../capacity/device.ts'

const UUIDS = ['GPU-00000001', 'GPU-00000002', 'GPU-00000003']
const hashOf = (uuid: string): Uint8Array => Uint8Array.from(createHash('sha256').update(uuid).digest())
const gpu = (model: string, vramMib: number, uuids: string[]): Gpu => ({
  vendor: 'nvidia',
  model,
  vramMib,
  count: uuids.length,
  computeCapability: '8.9',
  uuidHashes: uuids.map(hashOf),
})
const GPUS = [gpu('big', 81_559, UUIDS.slice(0, 1)), gpu('small', 24_564, UUIDS.slice(1))]
const DEVICES = [...UUIDS, 'GPU-0000dead'].map((id) => device(id))
const lease = (digit: string): LeaseId => leaseId(digit.repeat(64))
const grant = (gpuCount: number, gpuVramMib = 0): Resources => ({
  gpuCount,
  gpuVramMib,
  gpuVendor: '',
  gpuModels: [],
  gpuComputeCapability: '',
  cpuMilli: 1,
  memoryMib: 1,
  diskMib: 1,
})

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weft-gpu-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('knows the announced cards by uuid and no others', async () => {
  expect(announcedCards(GPUS, DEVICES).map(({ uuid, kind }) => [uuid, kind.model])).toEqual([
    [UUIDS[0], 'big'],
    [UUIDS[1], 'small'],
    [UUIDS[2], 'small'],
  ])
})

it('gives each card to one lease at a time, the smallest first, the same over a restart', async () => {
  const cards = announcedCards(GPUS, DEVICES)
  const active = new Set([lease('a'), lease('b')])
  const file = join(folder, 'grants.json')
  const grants = new GpuGrants(cards, file, (id) => active.has(id))
  expect(grants.take({ leaseId: lease('a'), grant: grant(2, 24_000) })).toEqual([UUIDS[1], UUIDS[2]])
  const restarted = new GpuGrants(cards, file, (id) => active.has(id))
  expect(restarted.take({ leaseId: lease('a'), grant: grant(2, 24_000) })).toEqual([UUIDS[1], UUIDS[2]])
  expect(restarted.take({ leaseId: lease('b'), grant: grant(1) })).toEqual([UUIDS[0]])
  expect(() => restarted.take({ leaseId: lease('c'), grant: grant(1) })).toThrow(/only 0 fitting ones of one kind are free/)
  active.delete(lease('a'))
  expect(restarted.take({ leaseId: lease('c'), grant: grant(1) })).toEqual([UUIDS[1]])
})

it('gives no card that is too small, and none to a job that asked for none', async () => {
  const grants = new GpuGrants(announcedCards(GPUS, DEVICES), join(folder, 'grants.json'), () => true)
  expect(() => grants.take({ leaseId: lease('a'), grant: grant(2, 40_000) })).toThrow(/only 1 fitting/)
  expect(grants.take({ leaseId: lease('a'), grant: grant(0) })).toEqual([])
})

it('names cards as the market does: any case, part of the model', async () => {
  const cards = announcedCards(GPUS, DEVICES)
  const grants = new GpuGrants(cards, join(folder, 'grants.json'), () => true)
  const named = { ...grant(1), gpuVendor: 'NVIDIA', gpuModels: ['BI'] }
  expect(grants.take({ leaseId: lease('a'), grant: named })).toEqual([UUIDS[0]])
})

it('never mixes kinds in one lease: the smallest kind that has enough serves it alone', async () => {
  const kinds = [gpu('big', 81_559, UUIDS.slice(0, 2)), gpu('small', 24_564, UUIDS.slice(2))]
  const grants = new GpuGrants(announcedCards(kinds, DEVICES), join(folder, 'grants.json'), () => true)
  expect(grants.take({ leaseId: lease('a'), grant: grant(2) })).toEqual([UUIDS[0], UUIDS[1]])
  expect(() => grants.take({ leaseId: lease('b'), grant: grant(2) })).toThrow(/only 1 fitting ones of one kind/)
})

it('takes what a container has from the container, where the file that said so is lost', async () => {
  const cards = announcedCards(GPUS, DEVICES)
  const grants = new GpuGrants(cards, join(folder, 'lost.json'), () => true)
  grants.adopt(lease('a'), [UUIDS[1] ?? ''])
  grants.adopt(lease('c'), [])
  expect(grants.take({ leaseId: lease('b'), grant: grant(1, 24_000) })).toEqual([UUIDS[2]])
  expect(grants.take({ leaseId: lease('a'), grant: grant(1, 24_000) })).toEqual([UUIDS[1]])
})
