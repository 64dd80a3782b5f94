// Goal: what is lent has the price of its class or the one that was set; a change is in force, announced and on disk, or nowhere.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { micros } from '@weft/protocols'
import { type BidPricesInit, type CapacityInit, LEVEL_BASE, planned } from '@weft/protocols/core'
import { someCapacity, someGpu, somePrices } from '@weft/protocols/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { resolveConfig } from '../../src/config/index.ts'
import { PriceBook, pricingOf } from '../../src/prices/book.ts'
import { announcedPrices } from '../../src/prices/by-class.ts'

const FRIEND = '12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp'
const H100 = someGpu({ model: 'h100', vramMib: 81_559 })
const RTX = someGpu({ model: 'rtx-3090', vramMib: 24_576 })
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weft-book-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function bookOf(flags: Parameters<typeof resolveConfig>[0]['flags'] = {}) {
  const { settings, origins } = resolveConfig({ flags })
  const capacities: CapacityInit[] = []
  const pricings: BidPricesInit[] = []
  const book = new PriceBook({ ...settings, origins, file: join(folder, 'config.yaml') })
  book.attach({
    setCapacity: (capacity) => capacities.push(capacity),
    setPricing: (pricing) => pricings.push(pricing),
    asking: () => undefined,
  })
  return { book, capacities, pricings }
}

test('cards of one class cost what that class does, and of several each its own, the dearest for whoever reads only one', () => {
  const { prices } = resolveConfig({}).settings
  expect(announcedPrices([RTX], prices)).toMatchObject({ prices: { gpuHour: 220_000n }, gpus: [{ model: 'rtx-3090' }] })
  expect(announcedPrices([RTX], prices).gpus[0]).not.toHaveProperty('gpuHour')
  const both = announcedPrices([H100, RTX], prices)
  expect(both).toMatchObject({ prices: { gpuHour: 1_190_000n }, gpus: [{ model: 'h100' }, { gpuHour: 220_000n }] })
  expect(announcedPrices([], prices).prices.gpuHour).toBe(0n)
})

test('a price that was set holds for every card', () => {
  const { prices } = resolveConfig({ flags: { 'prices.gpuHour': '0.35' } }).settings
  expect(announcedPrices([H100, { ...RTX, gpuHour: prices.cpuHour }], prices)).toEqual({
    gpus: [H100, RTX],
    prices: expect.objectContaining({ gpuHour: 350_000n }),
  })
})

test('a change is on disk, priced into what was lent last, and in force', async () => {
  const { book, capacities, pricings } = bookOf()
  book.priced(someCapacity({ gpus: [H100] }))
  book.priced(someCapacity({ gpus: [RTX] }))
  await book.change({ 'prices.gpuHour': '0.35', 'prices.gpuFloor': '0.2', 'prices.policy': 'utilisation', friends: [FRIEND] })
  expect(capacities).toMatchObject([{ prices: { gpuHour: 350_000n }, gpus: [{ model: 'rtx-3090' }] }])
  expect(pricings).toMatchObject([{ pricing: { name: 'utilisation' }, friends: new Map([[FRIEND, 0]]) }])
  expect(readFileSync(join(folder, 'config.yaml'), 'utf8')).toContain('policy: utilisation')
  expect(book.view(0)).toMatchObject({
    settings: { gpuHour: '350000', gpuFloor: '200000', policy: 'utilisation' },
    friends: [{ peerId: FRIEND, factor: 0 }],
  })
})

test('changes that come together are made one after another, and each stays', async () => {
  const { book, capacities } = bookOf()
  book.priced(someCapacity())
  await Promise.all([book.change({ 'prices.cpuHour': '0.5' }), book.change({ 'prices.start': '0.1' })])
  expect(capacities.at(-1)?.prices).toMatchObject({ cpuHour: 500_000n, start: 100_000n })
})

test.each([
  [{ 'prices.gpuHour': 'cheap' }, 'prices.gpuHour must be an amount'],
  [{ 'prices.schedule': ['22-30:1'] }, 'prices.schedule must be hours of the day'],
  [{ 'prices.schedule': Array(25).fill('0-1:1') }, '25 entries'],
  [{ 'prices.cpuHour': '' }, 'prices.cpuHour must be an amount'],
  [{ region: 'eu' }, 'region is no price'],
  [{ friends: ['me'] }, 'friends must be a peer id'],
])('%j is refused, and nothing changes', async (changes, sentence) => {
  const { book, capacities, pricings } = bookOf()
  book.priced(someCapacity())
  const before = book.view(0)
  await expect(book.change(changes)).rejects.toThrow(sentence)
  expect([capacities, pricings]).toEqual([[], []])
  expect(book.view(0)).toEqual(before)
  expect(() => readFileSync(join(folder, 'config.yaml'))).toThrow('ENOENT')
})

test('settings price every bid as a simulated provider with the same plan does', () => {
  const flags = { 'prices.policy': 'utilisation', 'prices.gpuFloor': '0.25', 'prices.schedule': '22-6:0.6' }
  const { settings } = resolveConfig({ flags })
  const plan = planned({
    policy: 'utilisation',
    gpuFloor: micros(250_000n),
    cpuFloor: micros(0n),
    schedule: [{ from: 22, to: 6, milli: 600 }],
  })
  const base = somePrices({ gpuHour: micros(400_000n) })
  for (let hour = 0; hour < 24; hour++) {
    const state = { utilisation: hour / 24, nowMono: 0, nowWall: hour * 3_600_000, won: 0, lost: 0, level: LEVEL_BASE }
    expect(pricingOf(settings).pricing?.price(base, state)).toEqual(plan.price(base, state))
  }
})

test('what a flag said at the start is told, since it will say so again', () => {
  expect(bookOf({ 'prices.gpuHour': '1' }).book.view(0).overridden).toEqual(['prices.gpuHour'])
})
