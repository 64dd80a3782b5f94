import { decodeRecord, encodeRecord } from '@weft/protocols/core'
import { utf8 } from '@weft/protocols/wire'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { constant } from '../src/core/json-writer.ts'

const NOW = { monoMs: 5, wallMs: 6, era: 'boot' }
const entry = fc.letrec((tie) => ({
  any: fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constant(Number.POSITIVE_INFINITY),
    fc.boolean(),
    fc.constant(null),
    fc.bigInt(),
    fc.uint8Array({ maxLength: 40 }),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(fc.string({ maxLength: 6 }), tie('any'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).any

test('what is written is read back, and a constant is written as anything else is', () => {
  fc.assert(
    fc.property(entry, (value) => {
      const written = encodeRecord({ value }, NOW)
      const again = decodeRecord<{ value: unknown }>(written, NOW).value
      expect(encodeRecord(again, NOW)).toEqual(written)
      const fixed = constant({ value: structuredClone(value) })
      expect(encodeRecord(fixed, NOW)).toEqual(written)
      expect(encodeRecord(fixed, NOW)).toEqual(written)
    }),
  )
})

test('bytes, bigints and infinity keep their kind, and an entry that is undefined is left out', () => {
  const value = { bytes: Uint8Array.of(0, 255), money: 12n, never: Number.POSITIVE_INFINITY, none: undefined, text: 'ä"\\\n' }
  expect(decodeRecord(encodeRecord(value, NOW), NOW).value).toEqual({
    bytes: Uint8Array.of(0, 255),
    money: 12n,
    never: Number.POSITIVE_INFINITY,
    text: 'ä"\\\n',
  })
})

test('thousands of records, large and small, stay as they were written, constants at the end of a piece of memory too', () => {
  const values = Array.from({ length: 3_000 }, (_, i) => ({ i, fixed: constant({ text: 'x'.repeat((i * 37) % 900), i }) }))
  values.push({ i: -1, fixed: constant({ text: 'y'.repeat(200_000), i: -1 }) })
  const written = values.flatMap((value) => [encodeRecord(value, NOW), encodeRecord(value, NOW)])
  for (const [at, bytes] of written.entries()) expect(decodeRecord(bytes, NOW).value).toEqual(values[at >> 1])
})

test('nobody changes a constant by mistake', () => {
  const award = constant({ terms: { intervalMs: 1 } })
  expect(() => {
    award.terms.intervalMs = 2
  }).toThrow(TypeError)
})

const RECORD = encodeRecord({ untilMono: 40, deep: { atMono: 3, neverMono: Number.POSITIVE_INFINITY }, atMs: 7 }, NOW)

test('in its own era a record stands as it is, however the clocks are set', () => {
  const { value, awayMs } = decodeRecord(RECORD, { monoMs: 90, wallMs: -1_000, era: 'boot' })
  expect(awayMs).toBeUndefined()
  expect(value).toEqual({ untilMono: 40, deep: { atMono: 3, neverMono: Number.POSITIVE_INFINITY }, atMs: 7 })
})

test.each([
  { wallMs: -1_000, awayMs: 0 },
  { wallMs: 506, awayMs: 500 },
])(
  'in another era all that is left is to come, and the wall clock at $wallMs says that $awayMs ms passed',
  ({ wallMs, awayMs }) => {
    const restored = decodeRecord(RECORD, { monoMs: 1_005, wallMs, era: 'next boot' })
    const value = { untilMono: 1_040, deep: { atMono: 1_003, neverMono: Number.POSITIVE_INFINITY }, atMs: 7 }
    expect(restored).toEqual({ value, awayMs, writtenMs: NOW.wallMs })
  },
)

test('a record from before there were eras is of another', () => {
  const bytes = utf8('{"mono":5,"wall":6,"value":{"untilMono":40}}')
  expect(decodeRecord(bytes, { monoMs: 5, wallMs: 10, era: 'boot' })).toEqual({
    value: { untilMono: 40 },
    awayMs: 4,
    writtenMs: 6,
  })
})
