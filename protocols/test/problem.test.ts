import { inOrder, nearest, ProblemsError, shown, suggestion } from '@weft/protocols'
import { expect, test } from 'vitest'

test.each([
  ['imgae', 'image'],
  ['IMAGE', 'image'],
  ['comand', 'command'],
  ['res', 'resources'],
  ['banana', undefined],
  ['x', undefined],
])('of the names of a job, %s is nearest to %s', (word, name) => {
  expect(nearest(word, ['image', 'command', 'resources', 'env'])).toBe(name)
})

test('a suggestion lists what is allowed, and no more than forty of it', () => {
  expect(suggestion('imgae', ['image', 'env'])).toBe('did you mean image? Allowed: image, env')
  const many = Array.from({ length: 50 }, (_, i) => `key${i}`)
  expect(suggestion('zzz', many)).toMatch(/^Allowed: key0, .*, key39, …$/)
})

test('problems stand in the order of their lines, the first twenty in full', () => {
  const at = (where: string) => ({ where, path: 'a.b', text: 'is wrong' })
  const sorted = inOrder([at('--set x'), at('f.yaml:10:1'), at('f.yaml:2:9'), at('f.yaml:2:3')])
  expect(sorted.map(({ where }) => where)).toEqual(['f.yaml:2:3', 'f.yaml:2:9', 'f.yaml:10:1', '--set x'])
  const error = new ProblemsError(Array(23).fill(at('f.yaml:1:1')))
  expect(error.message.split('\n')).toHaveLength(21)
  expect(error.message).toMatch(/^f\.yaml:1:1: a\.b: is wrong\n[\s\S]*\nand 3 more$/)
  expect(error.code).toBe('USAGE')
})

test('a value is shown short and on one line', () => {
  expect(shown('a\nb')).toBe('"a\\nb"')
  expect(shown('x'.repeat(100))).toHaveLength(58)
})
