import type { PeerId } from '@weft/protocols'
import { Acquaintances } from '@weft/protocols/core'
import { expect, test } from 'vitest'

interface Knowledge {
  paid: number
  equivocated?: true
}
const peer = (name: string): PeerId => name as PeerId

test('the peers that changed least recently are forgotten first', () => {
  const known = new Acquaintances<Knowledge>(2)
  expect(known.set(peer('a'), { paid: 1 })).toBeUndefined()
  expect(known.set(peer('b'), { paid: 1 })).toBeUndefined()
  expect(known.set(peer('a'), { paid: 2 })).toBeUndefined()
  expect(known.set(peer('c'), { paid: 1 })).toBe('b')
  expect(known.get(peer('a'))).toEqual({ paid: 2 })
  expect(known.get(peer('b'))).toBeUndefined()
})

test('who contradicted itself is not forgotten for others, however many come', () => {
  const known = new Acquaintances<Knowledge>(2)
  known.set(peer('cheat'), { paid: 0, equivocated: true })
  for (let n = 0; n < 100; n++) known.set(peer(`new-${n}`), { paid: 1 })
  expect(known.get(peer('cheat'))).toEqual({ paid: 0, equivocated: true })
  for (let n = 0; n < 100; n++) known.set(peer(`bad-${n}`), { paid: 0, equivocated: true })
  expect(known.get(peer('cheat'))).toBeUndefined()
  expect(known.get(peer('new-99'))).toEqual({ paid: 1 })
})

test('after a restart the order is that of the last change, not of the names', () => {
  const known = new Acquaintances<Knowledge>(2)
  known.restore(peer('a'), { paid: 1 }, 2_000)
  known.restore(peer('b'), { paid: 1 }, 1_000)
  expect(known.set(peer('c'), { paid: 1 })).toBe('b')
  expect(known.get(peer('a'))).toEqual({ paid: 1 })
})
