import { codeOf } from '@weft/protocols'
import { expect, test } from 'vitest'
import { volumePaths } from '../../src/executor/spec-check.ts'

const refusal = (volumes: readonly string[]): string => {
  try {
    return volumePaths(volumes).join()
  } catch (error) {
    return codeOf(error)
  }
}

test('a volume of an image is written in one way, so that the engine finds the memory that stands for it', () => {
  expect(volumePaths(['/var/lib/x', '/data/', '/data'])).toEqual(['/var/lib/x', '/data'])
})

test.each(['/', '', 'data', '//data', '/x/../data', '/x/./data', '/data//', '/proc', '/sys/', '/dev/shm'])(
  'an image that wants a volume at "%s" is refused',
  (volume) => expect(refusal([volume])).toBe('BAD_IMAGE'),
)

test('an image that declares a great many volumes is refused', () => {
  const many = Array.from({ length: 17 }, (_, index) => `/v${index}`)
  expect(refusal(many)).toBe('BAD_IMAGE')
})
