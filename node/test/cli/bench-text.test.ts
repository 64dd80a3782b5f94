import type { OfferView } from '@weft/protocols/core'
import { expect, test } from 'vitest'
import type { BenchView, MeasuredView } from '../../src/api/views.ts'
import { benchText } from '../../src/cli/render/bench.ts'
import { capacityText } from '../../src/cli/render/capacity.ts'
import { offersTable } from '../../src/cli/render/offers.ts'
import { FakeMarket } from '../api/fakes.ts'

const measured: MeasuredView = {
  memoryGiB: 21.5,
  fillGiBs: 28,
  readsGiBs: 250,
  fp32Tflops: 10,
  fp16Tflops: 41.2,
  bf16Tflops: null,
}
const card: BenchView['cards'][number] = {
  ...{ vendor: 'nvidia', model: 't4', uuidHash: 'ab'.repeat(32), claimedGiB: 24, measured, adapter: 'Tesla T4' },
  ...{ bandwidths: { memoryGiBs: 300, toCardGiBs: 12, fromCardGiBs: 12 }, problem: null },
  missing: ['bf16: this card has compute capability 7.5, and units for bf16 come with 8.0'],
}
const processor = { cores: 2, measured: { ...measured, fp16Tflops: null } }

test('what was measured stands below its format, and beneath the table why a format is not there', () => {
  const lines = benchText({ cards: [card], processor, disk: { writeMiBs: 500, problem: null } })
    .join('\n')
    .split('\n')
  const [header = '', row = ''] = lines.filter((line) => /device|t4 /.test(line))
  expect(row.slice(header.indexOf('fp16')).trim()).toMatch(/^41\.2 TFLOPS +- +300 GiB\/s/)
  expect(lines.at(-1)).toBe('t4 was not measured in bf16: this card has compute capability 7.5, and units for bf16 come with 8.0')
})

test('a card that could not be measured says why', () => {
  const failed = { ...card, measured: null, bandwidths: null, adapter: null, missing: [], problem: 'the driver is not there' }
  const text = benchText({ cards: [failed], processor, disk: { writeMiBs: 500, problem: null } }).join('\n')
  expect(text).toContain('t4 could not be measured: the driver is not there')
})

test('a disk that takes nothing says why, and hides nothing else', () => {
  const disk = { writeMiBs: null, problem: '/data takes no 256 MiB: ENOSPC' }
  const text = benchText({ cards: [card], processor, disk }).join('\n')
  expect(text).toContain('the disk could not be measured: /data takes no 256 MiB: ENOSPC')
  expect(text).toContain('41.2 TFLOPS')
})

test('why several cards could not be measured is said once', () => {
  const failed = { ...card, measured: null, bandwidths: null, adapter: null, missing: [], problem: 'the driver is not there' }
  const cards = [failed, failed, { ...failed, model: 'l4' }, card, card]
  const lines = benchText({ cards, processor, disk: { writeMiBs: 500, problem: null } })
  expect(lines.filter((line) => line.includes('measured'))).toEqual([
    '2× t4, l4 could not be measured: the driver is not there',
    expect.stringMatching(/^2× t4 were not measured in bf16: /),
  ])
})

test('what others measured is shown in the units that fit it, wherever it is', () => {
  const seen = {
    challengers: 2,
    ageSeconds: 60,
    memoryGiB: 0.03125,
    readsGiBs: 0.10083,
    fp32Tflops: 0.0008153,
    fp16Tflops: 0,
    bf16Tflops: 0,
  }
  const gpus = { gpus: [], cpus: 2, memoryGiB: 4, diskGiB: 9, linkMbit: null, measuredByOthers: seen }
  expect(capacityText(gpus).at(-1)).toBe(
    '  processor: 2 other peers measured 0.0313 GiB read at 0.101 GiB/s, 0.815 GFLOPS, 1m0s ago',
  )
  const offer = {
    ...new FakeMarket().offers()[0],
    measured: { ...seen, cards: 1, pricePerFp32TflopHour: '133149761' },
  } as OfferView
  expect(offersTable([offer])).toContain('0.0313 GiB, 0.815 GFLOPS, 133.149761 USD/TFLOP h, by 2, 1m0s ago')
})
