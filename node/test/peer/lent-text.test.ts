// Goal: what is lent, and why the rest is not, is read at one look, however many cards there are.
import { someCapacity } from '@weft/protocols/testing'
import { expect, test } from 'vitest'
import type { Machine } from '../../src/capacity/index.ts'
import { capacityText } from '../../src/cli/render/capacity.ts'
import { offeringReport } from '../../src/peer/capacity-doctor.ts'
import { lentText } from '../../src/peer/lent-text.ts'
import type { Offered } from '../../src/peer/offering.ts'
import { device, machine } from '../capacity/device.ts'

const ENGINE = 'the engine gives no cards; install the toolkit'
const USED = 'process 7 uses 900 MiB of its 1000'
const cards = [device('GPU-1'), device('GPU-2'), device('GPU-3', { model: 't4' }), device('GPU-4', { model: '' })]
/** Nothing of it is leased. */
const offering = (of: Pick<Parameters<typeof offeringReport>[0], 'machine' | 'devices' | 'now'>) => ({
  ...of,
  file: { path: '', state: 'none' as const, problem: undefined },
  isLeased: (_id: string) => false,
})
const now = {
  capacity: someCapacity({ gpus: [], cpuMilli: 2_000, memoryMib: 4_096, diskMib: 8_192 }),
  devices: [],
  closed: undefined,
  kept: cards.map((card, at) => ({ device: card, state: 'unavailable', why: at < 3 ? ENGINE : USED })),
} satisfies Offered

test('a reason that several devices share is said once, with those that it is about', () => {
  expect(lentText({ ...now, faults: [] })).toBe(
    `2 cores, 4 GiB, 8 GiB of disk, no GPU: none can be lent (2× a10, t4: ${ENGINE} · GPU-4: ${USED})`,
  )
})

test('so is it by weft doctor, and each reason has what to do, or that nothing is to be done', () => {
  const all: Machine = { ...machine, devices: cards }
  const { checks } = offeringReport(offering({ machine: all, devices: cards, now }))
  expect(checks).toEqual([
    { id: 'device', ok: false, text: '2× a10, t4 are not lent: the engine gives no cards', fix: 'install the toolkit' },
    { id: 'device', ok: false, text: `GPU-4 is not lent: ${USED}`, fix: 'it is lent again by itself when that is over' },
  ])
})

test('weft doctor tells which of the lent cards a lease has now', () => {
  const two = { ...machine, devices: cards.slice(0, 2) }
  const lent = offering({ machine: two, devices: two.devices, now: { ...now, devices: two.devices, kept: [] } })
  const { capacity } = offeringReport({ ...lent, isLeased: (id) => id === 'GPU-2' })
  expect(capacity.gpus).toMatchObject([
    { id: 'GPU-1', state: 'lent', leased: false },
    { id: 'GPU-2', state: 'lent', leased: true },
  ])
  expect(capacityText(capacity).join('\n')).toMatch(/ lent +GPU-1\n.* lent, leased now +GPU-2$/m)
})
