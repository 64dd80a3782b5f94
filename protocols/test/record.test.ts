import { decodeRecord, encodeRecord } from '@weft/protocols/core'
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

test('nobody changes a constant by mistake', () => {
  const award = constant({ terms: { intervalMs: 1 } })
  expect(() => {
    award.terms.intervalMs = 2
  }).toThrow(TypeError)
})
