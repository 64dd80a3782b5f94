import { expect, test } from 'vitest'
import { hasPassed, parsePermit, permitOfLabels, permitText } from '../../src/executor/written-permit.ts'

const now = { era: 'boot', monoMs: 100_000, suspendedMs: 5_000 }
const permit = { untilMono: 140_000, graceMs: 10_000, era: 'boot', suspendedMs: 5_000 }
const after = (ms: number, slept = 0) => ({ ...now, monoMs: now.monoMs + ms, suspendedMs: now.suspendedMs + slept })

test('a permit holds until its end on the monotonic clock, and not a moment longer', () => {
  expect(hasPassed(permit, after(39_999))).toBe(false)
  expect(hasPassed(permit, after(40_000))).toBe(true)
})

test('a permit of another boot holds for nothing', () => {
  expect(hasPassed({ ...permit, era: 'boot before' }, now)).toBe(true)
})

test('the time that a machine was suspended counts, and the noise of two clocks does not', () => {
  expect(hasPassed(permit, after(10_000, 29_999))).toBe(false)
  expect(hasPassed(permit, after(10_000, 30_000))).toBe(true)
  expect(hasPassed(permit, after(39_500, 900))).toBe(false)
  expect(hasPassed({ ...permit, suspendedMs: undefined }, after(10_000, 3_600_000))).toBe(false)
})

test('what is written is read back', () => {
  expect(parsePermit(permitText(permit), now)).toEqual(permit)
  expect(parsePermit(permitText({ ...permit, suspendedMs: undefined }), now)).toEqual({ ...permit, suspendedMs: undefined })
})

const text = (over: object): string => JSON.stringify({ version: 1, ...permit, ...over })
test.each([
  ['nothing', ''],
  ['half of it', permitText(permit).slice(0, 30)],
  ['another version', text({ version: 2 })],
  ['no object', '7'],
  ['null', 'null'],
  ['a list', '[]'],
  ['a text for a time', text({ untilMono: '140000' })],
  ['an end that is no number', text({ untilMono: null })],
  ['an end years ahead', text({ untilMono: 1e15 })],
  ['a grace below nothing', text({ graceMs: -1 })],
  ['an endless grace', text({ graceMs: 1e9 })],
  ['no era', text({ era: 5 })],
  ['bytes', '\0\xff\xfe'],
])('a file with %s is no permit', (_what, content) => {
  expect(parsePermit(content, now)).toBeUndefined()
})

test('the labels of a container say what permit it was made with, or nothing', () => {
  const labels = { 'weft.permit': '140000', 'weft.grace': '10000', 'weft.era': 'boot' }
  expect(permitOfLabels(labels, now)).toEqual({ ...permit, suspendedMs: undefined })
  for (const over of [
    { 'weft.permit': '-1' },
    { 'weft.permit': 'Infinity' },
    { 'weft.grace': '' },
    { 'weft.permit': '9'.repeat(15) },
  ])
    expect(permitOfLabels({ ...labels, ...over }, now)).toBeUndefined()
  expect(permitOfLabels({}, now)).toBeUndefined()
})
