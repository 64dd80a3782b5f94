// Goal: a query selects what it says, counts what each term keeps away, and a mistake in it is pointed at.
import type { GpuView, OfferView } from '@weft/protocols/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { grouped, parseSort, sorted } from '../../src/offers/arrange.ts'
import { parseQuery, select } from '../../src/offers/query.ts'

const gpu = (set: Partial<GpuView> = {}): GpuView => ({
  vendor: 'nvidia',
  model: 'rtx-4090',
  vramGiB: 23.99,
  count: 1,
  computeCapability: '8.9',
  detected: true,
  pricePerHour: '350000',
  ...set,
})
const offer = (peerId: string, set: Partial<OfferView> = {}): OfferView => ({
  peerId,
  class: 'gpu-24g',
  gpus: [gpu()],
  cpus: 8,
  memoryGiB: 32,
  diskGiB: 100,
  pricePerHour: '400000',
  prices: { start: '0', cpuHour: '5000', memoryGibHour: '300', diskGibHour: '4', egressGib: '10000' },
  arch: 'amd64',
  currency: 'USD',
  region: 'eu-west',
  seenVia: ['gossip'],
  ageSeconds: 3,
  measured: null,
  ...set,
})
const H100 = gpu({ model: 'h100-pcie', vramGiB: 79.65, computeCapability: '9.0', pricePerHour: '1990000' })
const AMD = gpu({
  vendor: 'amd',
  model: 'rx-7900-xtx',
  computeCapability: 'gfx1100',
  detected: false,
  pricePerHour: '200000',
  count: 4,
})
const OFFERS = [
  offer('p4090'),
  offer('ph100', { class: 'gpu-80g', gpus: [H100], region: 'us-east', pricePerHour: '2100000' }),
  offer('pmixed', { class: 'gpu-80g', gpus: [H100, gpu({ count: 2, vramGiB: 11.9, model: 'rtx-3060' })], region: 'europa' }),
  offer('pamd', { gpus: [AMD], region: '' }),
  offer('pcpu', { class: 'cpu', gpus: [], cpus: 64, pricePerHour: '90000', region: 'eu' }),
]
const found = (query: string): string[] => select(parseQuery(query), OFFERS).matching.map((match) => match.offer.peerId)

test.each([
  ['', ['p4090', 'ph100', 'pmixed', 'pamd', 'pcpu']],
  ['vram>=24', ['p4090', 'ph100', 'pmixed', 'pamd']],
  ['vram>=24GiB vram<=24g', ['p4090', 'pamd']],
  ['vram=80', ['ph100', 'pmixed']],
  ['vram>24', ['ph100', 'pmixed']],
  ['vram<24', ['pmixed']],
  ['vram>=24 count>=2', ['pamd']],
  ['count>=2', ['pmixed', 'pamd']],
  ['price<0.35', ['pamd']],
  ['price<=0.35', ['p4090', 'pmixed', 'pamd']],
  ['region=eu', ['p4090', 'pcpu']],
  ['region=us,eu', ['p4090', 'ph100', 'pcpu']],
  ['region!=us,eu', ['pmixed', 'pamd']],
  ['region', ['p4090', 'ph100', 'pmixed', 'pcpu']],
  ['model~100', ['ph100', 'pmixed']],
  ['model~"RTX-4"', ['p4090']],
  ['vendor=AMD', ['pamd']],
  ['capability>=8.9', ['p4090', 'ph100', 'pmixed']],
  ['capability>=9.0', ['ph100', 'pmixed']],
  ['capability>=9', ['ph100', 'pmixed']],
  ['capability=gfx1100', ['pamd']],
  ['detected price<1', ['p4090', 'pmixed']],
  ['cpus>=16', ['pcpu']],
  ['memory>=32g disk>=100000m', ['p4090', 'ph100', 'pmixed', 'pamd', 'pcpu']],
  ['machine-price<0.1', ['pcpu']],
  ['class>=gpu-40g', ['ph100', 'pmixed']],
  ['provider=h100 age<1m currency=usd arch=amd64', ['ph100']],
])('%s selects %j', (query, peers) => {
  expect(found(query)).toEqual(peers)
})

test.each([
  ['vram>=24 cuont>=2', 'column 10 of the query: there is no field "cuont" (did you mean count?); fields are vram, count'],
  ['>=24', 'column 1 of the query: a field is missing'],
  ['vram=>24', 'column 5 of the query: "=>" is no operator; give one of >= <= != > < = ~ after vram'],
  ['vram24', 'column 5 of the query: "2" is no operator'],
  ['cpus>=8 vram>=', 'column 15 of the query: a value is missing: vram takes a size'],
  ['region=eu,,us', 'column 11 of the query: a value is missing'],
  ['vram>=big', 'column 7 of the query: vram takes a size such as 24, 24g or 512m, not "big"'],
  ['price<0.5€', 'column 7 of the query: price takes an amount such as 0.40'],
  ['model>=a100', 'column 6 of the query: model cannot be compared with >= here: it takes = != ~'],
  ['capability>=gfx1100', 'column 11 of the query: capability cannot be compared with >= here'],
  ['vram~24', 'column 5 of the query: vram cannot be compared with ~ here'],
  ['class=gpu-1t', 'column 7 of the query: class takes one of cpu, gpu'],
  ['model="a100', 'column 7 of the query: a quotation mark is open'],
  ['x'.repeat(1_001), 'longer than 1000 characters'],
  ['cpus>1 '.repeat(33), 'column 225 of the query: a query has at most 32 terms'],
  [`region=${'a,'.repeat(16)}a`, 'column 40 of the query: a term has at most 16 values'],
])('%s is refused: %s', (query, sentence) => {
  expect(() => parseQuery(query)).toThrow(sentence)
})

test('any text is a query or is refused with a sentence, at once', () => {
  const piece = fc.constantFrom('vram', 'region', 'model', '>=', '=', '~', '!', '"', ',', ' ', '24', 'eu', '-', '…', '\u0000')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 300 }), (pieces) => {
      try {
        select(parseQuery(pieces.join('')), OFFERS)
      } catch (error) {
        expect(error).toMatchObject({ code: 'USAGE', message: expect.stringMatching(/^(column \d+ of )?the query/) })
      }
    }),
    { numRuns: 300 },
  )
})

test('each term says how many offers it keeps away, and how many it alone', () => {
  const { known, ruledOut } = select(parseQuery('vram>=24 region=eu cpus>=16'), OFFERS)
  expect({ known, ruledOut }).toEqual({
    known: 5,
    ruledOut: [
      { term: 'vram>=24', offers: 1, alone: 1 },
      { term: 'region=eu', offers: 3, alone: 0 },
      { term: 'cpus>=16', offers: 4, alone: 1 },
    ],
  })
})

test('what no one kind of GPU meets together is said', () => {
  const { ruledOut } = select(parseQuery('vram>=40 count>=2'), OFFERS)
  expect(ruledOut.at(-1)).toEqual({ term: 'all of these of one kind of GPU', offers: 1, alone: 0 })
})

test('sorting takes the best kind that matches, and puts what has no such thing last', () => {
  const order = (sort: string, query = '') =>
    sorted(select(parseQuery(query), OFFERS).matching, parseSort(sort)).map((match) => match.offer.peerId)
  expect(order('price')).toEqual(['pamd', 'p4090', 'pmixed', 'ph100', 'pcpu'])
  expect(order('-vram,price')).toEqual(['pmixed', 'ph100', 'pamd', 'p4090', 'pcpu'])
  expect(order('price', 'vram>=80')).toEqual(['ph100', 'pmixed'])
  expect(order('capability')).toEqual(['p4090', 'pmixed', 'ph100', 'pamd', 'pcpu'])
  expect(() => parseSort('price,vrma')).toThrow('not "vrma"; fields are')
})

test('groups are by one thing and currency, the cheapest first, with what is in them', () => {
  const matches = select(parseQuery('vram'), [...OFFERS, offer('peur', { currency: 'EUR' })]).matching
  expect(
    grouped(matches, 'model').map(({ key, currency, offers, gpus, gpuPrice }) => [key, currency, offers, gpus, gpuPrice]),
  ).toEqual([
    ['rx-7900-xtx', 'USD', 1, 4, { from: '200000', to: '200000' }],
    ['rtx-4090', 'USD', 1, 1, { from: '350000', to: '350000' }],
    ['rtx-3060', 'USD', 1, 2, { from: '350000', to: '350000' }],
    ['rtx-4090', 'EUR', 1, 1, { from: '350000', to: '350000' }],
    ['h100-pcie', 'USD', 2, 2, { from: '1990000', to: '1990000' }],
  ])
  const [cpu] = grouped(select(parseQuery('class=cpu'), OFFERS).matching, 'region')
  expect(cpu).toEqual({
    key: 'eu',
    currency: 'USD',
    offers: 1,
    gpus: 0,
    gpuPrice: null,
    machinePrice: { from: '90000', to: '90000' },
  })
})

test('what was measured is asked about and sorted by, and what was not measured is not there', () => {
  const measured = {
    challengers: 3,
    ageSeconds: 60,
    cards: 1,
    memoryGiB: 21,
    readsGiBs: 180,
    fp32Tflops: 12,
    fp16Tflops: 0,
    bf16Tflops: 30,
    pricePerFp32TflopHour: '33333',
  }
  const offers = [offer('a'), offer('b', { measured })]
  expect(
    select(parseQuery('measured>=2 tflops>10 tflop-price<0.05'), offers).matching.map(({ offer: { peerId } }) => peerId),
  ).toEqual(['b'])
  expect(select(parseQuery('half-tflops'), offers).matching).toEqual([])
})
