import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Packing } from '../../src/kernel/packed.ts'
import { type Entries, given, keep, keysOf, lookUp, remove, withValue } from '../../src/peers/entries.ts'

const key = fc.oneof(fc.constantFrom('a', 'ab', 'announcement', 'é', 'ключ', ''), fc.string({ maxLength: 256 }))
const value = fc.oneof({ weight: 9, arbitrary: fc.uint8Array({ maxLength: 100 }) }, fc.uint8Array({ maxLength: 400 }))
const writes = fc.array(fc.tuple(key, fc.option(value, { nil: undefined })), { maxLength: 20 })

test('entries hold what a map of the same writes holds', () => {
  const packing = new Packing()
  fc.assert(
    fc.property(writes, (all) => {
      const map = new Map<string, Uint8Array>()
      let entries: Entries | undefined
      for (const [name, bytes] of all) {
        if (bytes === undefined) {
          map.delete(name)
          entries = remove(entries, name)
        } else {
          map.set(name, bytes)
          entries = withValue(entries, name, keep(packing, bytes))
        }
      }
      expect(keysOf(entries).sort()).toEqual([...map.keys()].sort())
      for (const [name] of all) {
        const kept = lookUp(entries, name)
        expect(kept && given(packing, kept)).toEqual(map.get(name))
      }
    }),
    { numRuns: 500 },
  )
})
