import { expect, test } from 'vitest'
import type { BenchView, MeasuredView } from '../../src/api/views.ts'
import { benchText } from '../../src/cli/render/bench.ts'

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
  const lines = benchText({ cards: [card], processor, disk: { writeMiBs: 500 } })
    .join('\n')
    .split('\n')
  const [header = '', row = ''] = lines.filter((line) => /device|t4 /.test(line))
  expect(row.slice(header.indexOf('fp16')).trim()).toMatch(/^41\.2 TFLOPS +- +300 GiB\/s/)
  expect(lines.at(-1)).toBe('t4 was not measured in bf16: this card has compute capability 7.5, and units for bf16 come with 8.0')
})

test('a card that could not be measured says why', () => {
  const failed = { ...card, measured: null, bandwidths: null, adapter: null, missing: [], problem: 'the driver is not there' }
  const text = benchText({ cards: [failed], processor, disk: { writeMiBs: 500 } }).join('\n')
  expect(text).toContain('t4 could not be measured: the driver is not there')
})
