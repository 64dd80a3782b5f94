import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Slab } from '../../src/kernel/slab.ts'

const bytes = fc.oneof(
  { weight: 9, arbitrary: fc.uint8Array({ maxLength: 300 }) },
  // Longer than a piece, and as long as what is left of one may be.
  fc.constantFrom(250_000, 262_140, 262_141, 300_000).map((length) => new Uint8Array(length).fill(7)),
)
const step = fc.oneof(
  fc.record({ put: bytes }),
  fc.record({ replace: bytes, which: fc.nat() }),
  fc.record({ free: fc.constant(true), which: fc.nat() }),
)

test('a slab holds under each place what was last put there', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const slab = new Slab()
      const held: { place: number; bytes: Uint8Array }[] = []
      for (const one of steps) {
        const chosen = 'which' in one ? held[one.which % Math.max(1, held.length)] : undefined
        if ('put' in one) held.push({ place: slab.put(one.put), bytes: one.put })
        else if (chosen === undefined) continue
        else if ('replace' in one) {
          chosen.place = slab.replace(chosen.place, one.replace)
          chosen.bytes = one.replace
        } else {
          slab.free(chosen.place)
          held.splice(held.indexOf(chosen), 1)
        }
      }
      for (const { place, bytes } of held) expect(slab.get(place)).toEqual(bytes)
    }),
    { numRuns: 200 },
  )
})

test('what is put back is given out again', () => {
  const slab = new Slab()
  const place = slab.put(new Uint8Array(100))
  expect(slab.replace(place, new Uint8Array(80))).toBe(place)
  expect(slab.replace(place, new Uint8Array(200))).not.toBe(place)
  expect(slab.put(new Uint8Array(90))).toBe(place)
})
