import { expect, test } from 'vitest'
import { Names } from '../../src/dht/names.ts'

test('each name has one number, and its text comes back', () => {
  const names = new Names()
  const texts = [
    'capacity/a',
    'capacity/b',
    'model/a',
    'a',
    '',
    'capacity/',
    'model/x/a',
    ...Array.from({ length: 500 }, (_, i) => `lookup/${i}`),
  ]
  expect(texts.map((text) => names.of(text))).toEqual(texts.map((_, i) => i))
  expect(texts.map((text) => names.of(text))).toEqual(texts.map((_, i) => i))
  expect(texts.map((_, i) => names.text(i))).toEqual(texts)
  expect(texts.map((text) => names.find(text))).toEqual(texts.map((_, i) => i))
  expect(names.find('model/b')).toBeUndefined()
  expect(names.size).toBe(texts.length)
})
