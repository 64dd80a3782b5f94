import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Entries, keysOf, lookUp, remove, Values, withValue } from '../../src/peers/entries.ts'

const key = fc.oneof(fc.constantFrom('a', 'ab', 'announcement', 'é', 'ключ', ''), fc.string({ maxLength: 256 }))
const value = fc.oneof({ weight: 9, arbitrary: fc.uint8Array({ maxLength: 100 }) }, fc.uint8Array({ maxLength: 400 }))
const writes = fc.array(fc.tuple(key, fc.option(value, { nil: undefined })), { maxLength: 20 })

test('entries hold what a map of the same writes holds', () => {
  const values = new Values()
  fc.assert(
    fc.property(writes, (all) => {
      const map = new Map<string, Uint8Array>()
      let entries: Entries | undefined
      for (const [name, bytes] of all) {
        const before = lookUp(entries, name)
        if (bytes === undefined) {
          map.delete(name)
          values.drop(before)
          entries = remove(entries, name)
        } else {
          map.set(name, bytes)
          entries = withValue(entries, name, values.keep(bytes, before))
        }
      }
      expect(keysOf(entries).sort()).toEqual([...map.keys()].sort())
      for (const [name] of all) {
        const kept = lookUp(entries, name)
        expect(kept === undefined ? undefined : values.given(kept)).toEqual(map.get(name))
      }
    }),
    { numRuns: 500 },
  )
})
