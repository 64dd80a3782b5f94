import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Deadlines } from '../src/core/deadlines.ts'

test('whatever is set, moved and taken out, the earliest of what is left comes first', () => {
  const change = fc.record({ thing: fc.nat(12), due: fc.oneof(fc.nat(50), fc.constant(Number.POSITIVE_INFINITY)) })
  fc.assert(
    fc.property(fc.array(change, { maxLength: 120 }), (changes) => {
      const deadlines = new Deadlines<number>()
      const model = new Map<number, number>()
      for (const { thing, due } of changes) {
        deadlines.set(thing, due)
        if (due === Number.POSITIVE_INFINITY) model.delete(thing)
        else model.set(thing, due)
        const least = Math.min(Number.POSITIVE_INFINITY, ...model.values())
        expect(deadlines.nextMono).toBe(least)
        expect(deadlines.next === undefined ? least : model.get(deadlines.next)).toBe(least)
      }
    }),
  )
})
