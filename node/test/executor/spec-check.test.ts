import { codeOf } from '@weft/protocols'
import { someSpec } from '@weft/protocols/testing'
import { expect, test } from 'vitest'
import { isPublic } from '../../src/executor/image-reference.ts'
import { checkSpec, volumePaths } from '../../src/executor/spec-check.ts'

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

const pinned = (name: string): string => `${name}@sha256:${'a'.repeat(64)}`

test.each(['localhost/app', 'localhost:5000/app', '127.0.0.1:2375/app', '169.254.169.254/latest', 'router:80/app', 'a.1/b'])(
  'nobody is sent to %s, which is another machine for each network',
  (name) => {
    expect(isPublic(pinned(name))).toBe(false)
    const spec = someSpec({ imageId: '', imagePull: pinned(name) })
    expect(() => checkSpec(spec)).toThrow('names a registry of one network')
  },
)

test.each(['busybox', 'library/busybox', 'ghcr.io/a/b', 'registry.example.com:5000/app'])('%s may be pulled', (name) => {
  expect(() => checkSpec(someSpec({ imageId: '', imagePull: pinned(name) }))).not.toThrow()
})

test('an image that declares a great many volumes is refused', () => {
  const many = Array.from({ length: 17 }, (_, index) => `/v${index}`)
  expect(refusal(many)).toBe('BAD_IMAGE')
})
