import { expect, test } from 'vitest'
import { ARENA_ALIGN, Arena } from '../../src/kernel/arena.ts'

test('what was written stays where it is while the arena grows, and what is taken is zero', () => {
  const arena = new Arena()
  const firsts = Array.from({ length: 2_000 }, (_, i) => {
    const first = arena.take(1 + (i % 300))
    expect(first % ARENA_ALIGN).toBe(0)
    expect(arena.words[first]).toBe(0)
    arena.words[first] = i + 1
    return first
  })
  expect(firsts.map((first) => arena.words[first])).toEqual(firsts.map((_, i) => i + 1))
  expect(new Set(firsts).size).toBe(firsts.length)
  expect(arena.bytes).toBeLessThanOrEqual(arena.words.byteLength)
})

test('more than there can be is refused with what to do, and what was taken is still there', () => {
  const arena = new Arena()
  const first = arena.take(1)
  arena.words[first] = 7
  expect(() => arena.take(2 ** 29)).toThrow('there are no 2049 MiB for waiting events; use fewer peers or a cheaper fidelity')
  expect(arena.words[first]).toBe(7)
  expect(arena.take(1)).toBe(ARENA_ALIGN)
})
