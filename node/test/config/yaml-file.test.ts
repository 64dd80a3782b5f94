import { expect, test } from 'vitest'
import { YamlFile } from '../../src/config/yaml-file.ts'

const MIB = 1024 ** 2
const open = (text: string) => new YamlFile(text, 'f.yaml', 'a file', { bytesMax: MIB, columns: true })

test.each([
  ['brackets', '['.repeat(MIB), /^f\.yaml:1:33: it is nested deeper than 32/],
  ['braces', 'a: 1\nb: '.concat('{a: '.repeat(MIB / 8)), /^f\.yaml:2:\d+: it is nested deeper/],
  ['dashes', '- '.repeat(MIB / 2), /nested deeper/],
  ['indentation', Array.from({ length: 300 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'), /^f\.yaml:202:1: it is nested deeper/],
  ['keys', Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join('\n'), /^f\.yaml:10001:\d+: it has more than 10000 entries/],
  ['lines', '\n'.repeat(MIB), /too many lines/],
  ['aliases', 'a: &a [1]\nb: [*a, *a]\n', /^f\.yaml:2:5: a YAML alias \(\*a\)/],
  ['bytes', 'x'.repeat(MIB + 1), /^f\.yaml is longer than/],
])('a file that would keep a parser busy with %s is refused with its place', (_name, text, message) => {
  expect(() => open(text)).toThrow(message)
})

test('brackets within scripts and strings are no nesting', () => {
  const script = `a: |\n${'  if [[ {{ x\n'.repeat(1_000)}b: "${'['.repeat(100)}"\n`
  expect(open(script).texts(['b'])).toEqual(['['.repeat(100)])
})

test('a place names line and column, of a key or of what it holds', () => {
  const file = open('a:\n  b: 1.50\n  list: [x, 0x10]\n')
  expect([file.where(['a', 'b']), file.whereKey(['a', 'b']), file.where(['a', 'list', 1])]).toEqual([
    'f.yaml:2:6',
    'f.yaml:2:3',
    'f.yaml:3:13',
  ])
  expect([file.where(['a', 'none']), file.whereKey(['none'])]).toEqual(['f.yaml:2:3', 'f.yaml:1:1'])
  expect([file.texts(['a', 'b']), file.texts(['a', 'list'])]).toEqual([['1.50'], ['x', '0x10']])
})
