import {
  candidatesOf,
  cardSeed,
  cardSize,
  chainEnd,
  coresClass,
  entriesOf,
  FORMATS,
  filledMib,
  fillRegion,
  isHeld,
  isKept,
  isSlow,
  keptChains,
  keptRows,
  layoutOf,
  line,
  MATRIX_SIZE,
  multiply,
  oneIn,
  regionWords,
  reportFault,
  rightMatrix,
  rowDigest,
  seedWords,
  type Task,
  walkChains,
} from '@weft/protocols/measure'
import { sha256 } from '@weft/protocols/testing'
import { fromHex } from '@weft/protocols/wire'
import { expect, test } from 'vitest'

const task = (set: Partial<Task> = {}): Task => ({
  card: '',
  stage: 'walk',
  seed: new Uint8Array(32).fill(1),
  stageSeed: new Uint8Array(32).fill(2),
  fillMib: 2,
  rounds: 2,
  rows: 64,
  ...set,
})
const PICKS = new Uint8Array(16).fill(5)
const walked = (of: Task): number[] => {
  const regions = Array.from({ length: layoutOf(of).regions }, () => new Uint32Array(regionWords(of)))
  for (const [region, words] of regions.entries()) fillRegion(of, region, words)
  return walkChains(of, regions)
}

test('a line with ten double rounds is a block of ChaCha20', () => {
  // RFC 8439 section 2.3.2, with the nonce's first word as the region and the others zero: recomputed with OpenSSL.
  const out = new Uint32Array(16)
  line(seedWords(new Uint8Array(32)), 0, 0, 10, out, 0)
  const zeroBlock = fromHex(
    '76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586',
  )
  expect([...new Uint8Array(out.buffer)]).toEqual([...zeroBlock])
})

test('memory is cut into whole regions, and a card is asked for nine tenths of it', () => {
  expect(layoutOf({ fillMib: 2 })).toEqual({ regions: 1, linesPerRegion: 32_768, chains: 2_048 })
  const card = cardSize(24_564)
  expect(layoutOf(card).regions).toBe(86)
  expect(filledMib(card)).toBe(86 * 256)
})

test('a chain walked over memory ends where it ends when every line is worked out', () => {
  const of = task()
  const key = seedWords(of.stageSeed)
  const ends = Array.from({ length: 64 }, (_, chain) => chainEnd(of, chain))
  const kept = new Set(walked(of))
  for (const [chain, end] of ends.entries()) expect(kept.has(chain)).toBe(isKept(key, end, oneIn(of)))
})

test('what a card gives whole is sifted as the processor sifts it', () => {
  const chains = task()
  const ends = Uint32Array.from({ length: layoutOf(chains).chains }, (_, chain) => chainEnd(chains, chain))
  expect(keptChains(chains, ends)).toEqual(walked(chains))
  const rows = task({ stage: 'fp32' })
  const right = rightMatrix(rows)
  const digests = Uint32Array.from({ length: rows.rows }, (_, row) => rowDigest(rows, row, right))
  expect(keptRows(rows, digests)).toEqual(multiply(rows))
})

test('an honest report of chains holds', () => expect(reportFault(task(), walked(task()), PICKS)).toBeUndefined())

test('honest reports of rows hold in every format, and in no other', () => {
  const [fp32, fp16, bf16] = FORMATS.map((stage) => multiply(task({ stage })))
  expect(bf16).not.toEqual(fp32)
  expect(bf16).not.toEqual(fp16)
  for (const stage of FORMATS) {
    expect(reportFault(task({ stage }), multiply(task({ stage })), PICKS)).toBeUndefined()
  }
})

test('entries of a format are numbers that it holds, and no sum is beyond what fp32 holds', () => {
  const significant = { fp32: 24, fp16: 11, bf16: 8 }
  for (const format of FORMATS) {
    const sizes = Object.values(entriesOf(format)).map(({ mask, offset }) => Math.max(offset, mask - offset))
    for (const size of sizes) expect(size).toBeLessThanOrEqual(2 ** significant[format])
    const [left = 0, right = 0] = sizes
    expect(MATRIX_SIZE * left * right).toBeLessThanOrEqual(2 ** 24)
  }
})

test('a report of another seed, card or stage does not hold', () => {
  const report = walked(task({ seed: new Uint8Array(32).fill(9) }))
  expect(reportFault(task(), report, PICKS)).toMatch(/wrong|reported/)
})

test('who leaves out a quarter of the chains reports too few', () => {
  const of = task({ fillMib: 16 })
  const all = walked(of).filter((chain) => chain < 0.75 * candidatesOf(of))
  expect(reportFault(of, all, PICKS)).toContain('where chance gives')
})

test('a report out of order, with a repeated or an impossible result does not hold', () => {
  const report = walked(task())
  for (const bad of [[...report].reverse(), [report[0] ?? 0, ...report], [...report, 1e9]]) {
    expect(reportFault(task(), bad, PICKS)).toContain('out of order or beyond')
  }
})

test('a seed names who asks, who is asked and the card', () => {
  const base = { nonce: new Uint8Array(16), challenger: 'a', provider: 'b', card: 'ab'.repeat(32) }
  const seeds = [base, { ...base, challenger: 'c' }, { ...base, provider: 'c' }, { ...base, card: 'cd'.repeat(32) }].map(
    (binding) => cardSeed(sha256, binding).join(),
  )
  expect(new Set(seeds).size).toBe(4)
})

test('memory that is read slower than half of what filling it took was not there', () => {
  expect(isHeld(2_000, 600, 0)).toBe(true)
  expect(isHeld(2_000, 2_100, 0)).toBe(false)
  expect(isHeld(1_500, 1_000, 0)).toBe(false)
  expect(isHeld(1_500, 1_000, 300)).toBe(true)
  expect(isHeld(1_500, 1_200, 60_000)).toBe(false)
})

test('processors with about as many cores are of one class, which are never so far apart that the larger condemn the smaller', () => {
  expect([1, 1.9, 2, 3, 4, 5, 6, 7.5, 8, 12, 63.9, 64, 95, 96].map((cores) => coresClass(cores).from)).toEqual([
    ...[1, 1, 2, 3, 4, 4, 6, 6, 8, 12, 48, 64, 64, 96],
  ])
  expect([coresClass(0), coresClass(1), coresClass(3), coresClass(7), coresClass(64)].map(({ to }) => to)).toEqual([
    1, 1, 3, 7, 95,
  ])
  for (let cores = 1; cores < 1_000; cores++) {
    const { from, to } = coresClass(cores)
    expect(from <= cores && cores <= to).toBe(true)
    expect(from / to).toBeGreaterThan(2 / 3)
  }
})

test('a card is slow only against enough others, and far below them', () => {
  expect(isSlow(1, [10, 11, 12, 10])).toBe(false)
  expect(isSlow(2, [10, 11, 12, 10, 11])).toBe(true)
  expect(isSlow(9, [10, 10, 10, 10, 10])).toBe(false)
})
