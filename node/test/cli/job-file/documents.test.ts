// Goal: what is published of job files, the page, the starter and the JSON Schema, says what the reader does.
import { readFileSync } from 'node:fs'
import { ProblemsError } from '@weft/protocols'
import { YAML_SNIPPETS } from '@weft/protocols/testing'
import { Ajv } from 'ajv'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { readSchema } from '../../../src/api/schemas.ts'
import { FIELDS } from '../../../src/cli/job-file/fields.ts'
import { jobTemplate, readJobFile } from '../../../src/cli/job-file/index.ts'
import { jobFileSchema } from '../../../src/cli/job-file/json-schema.ts'
import { resourcesOf } from '../../../src/cli/run/draft.ts'
import { referenceTables } from './reference.ts'

const page = readFileSync(new URL('../../../JOBFILE.md', import.meta.url), 'utf8')
const documented = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? ''
const starter = jobTemplate('job.yaml')
/** The starter with everything switched on. */
const whole = starter.replace(/^# (?= *(?:- )?[a-z]\w*:| {2,}[A-Z_]+:)/gm, '')

const read = (text: string) => readJobFile(text, { name: 'job.yaml', folder: '/jobs' })
const validate = new Ajv({ strict: false, allErrors: true }).compile(readSchema('job-file'))
const faults = (text: string): unknown => (validate(parse(text)) ? null : validate.errors)

test('the page shows every field as the reader knows it', () => {
  const { fields, later } = referenceTables()
  expect(page).toContain(fields)
  expect(page).toContain(later)
})

test('the file on the page is one', () => {
  const { fields, env, inputs, outputs } = read(documented).draft
  expect(fields).toMatchObject({ image: 'my/trainer:1', gpuModels: ['a100', 'h100'], maxTotal: 5_000_000n, lostAfterMs: 45_000 })
  expect([env, inputs, outputs].map(({ length }) => length)).toEqual([2, 1, 1])
})

test('the starter asks for little, and every field of it can be switched on', () => {
  expect(read(starter).draft).toMatchObject({
    fields: { image: 'debian:stable-slim', cpuMilli: 1_000, maxPricePerHour: 100_000n, maxRunMs: 3_600_000 },
    env: [],
  })
  const { fields, env, inputs, outputs } = read(whole).draft
  expect(Object.keys(fields)).toHaveLength(20)
  expect([env, inputs, outputs].map(({ length }) => length)).toEqual([2, 1, 1])
})

test('the starter names the schema where it was told to', () => {
  expect(jobTemplate('job.yaml', './s.json').split('\n')[0]).toBe('# yaml-language-server: $schema=./s.json')
  expect(read(jobTemplate('job.yaml', './s.json')).draft).toEqual(read(starter).draft)
})

describe('the JSON Schema', () => {
  test('is the one that is published', () => {
    expect(readSchema('job-file'), 'npm run generate').toEqual(jobFileSchema())
  })

  test.each([
    ['the page', documented],
    ['the starter', starter],
    ['the whole starter', whole],
  ])('takes the file of %s', (_name, text) => {
    expect(faults(text)).toBeNull()
  })

  test.each([
    'image: a\nservice: {}\n',
    'image: a\nimgae: b\n',
    'name: a\n',
    'image: a\nnodes: 2\n',
    'image: a\ntime: {run: soon}\n',
  ])('takes no %j', (text) => expect(faults(text)).not.toBeNull())

  test('takes every example of the page', () => {
    for (const [name, field] of Object.entries(FIELDS)) {
      if (!('example' in field)) continue
      const path = name.split('.')
      const list = path[0] === 'inputs' || path[0] === 'outputs'
      const other = name.startsWith('inputs') ? '"from": "x", "to": "/x", ' : '"path": "/x", "to": "x", '
      const text = path.reduceRight(
        (held, key, at) =>
          list && at === 1
            ? `{${other.replace(`"${key}": "`, '"-": "').replace(/"-": "[^"]*", /, '')}"${key}": ${held}}`
            : list && at === 0
              ? `{"${key}": [${held}]}`
              : `{"${key}": ${held}}`,
        field.example.startsWith('{') || field.example.startsWith('[') ? field.example : JSON.stringify(field.example),
      )
      const file = name === 'image' ? text : `{"image": "a", ${text.slice(1)}`
      expect({ name, faults: faults(file) }).toEqual({ name, faults: null })
      expect(() => read(file), file).not.toThrow()
    }
  })
})

const SNIPPETS = [...YAML_SNIPPETS, '~', '..', '|', '\r', '\u2028', '---\n']

// Goal: a slip of the finger anywhere in a file is answered with a place, or leaves a file that the schema takes, too.
test.each([
  ['the page', documented],
  ['the whole starter', whole],
  ['JSON', JSON.stringify(parse(documented), null, '\t')],
])('the file of %s with pieces swapped, cut or put in is read or refused with a place', (_name, text) => {
  let refused = 0
  const anywhere = fc.nat(text.length - 1)
  fc.assert(
    fc.property(anywhere, fc.nat(40), fc.nat(3), fc.constantFrom(...SNIPPETS), anywhere, (at, long, kind, snippet, from) => {
      const cut = kind === 0 ? long : kind === 1 ? 1 : 0
      const put = kind === 3 ? text.slice(from, from + long) : snippet
      const mutated = text.slice(0, at) + put + text.slice(at + cut)
      try {
        const { draft } = read(mutated)
        expect(resourcesOf(draft).cpuMilli).toBeGreaterThan(0)
      } catch (error) {
        expect(error, mutated).toBeInstanceOf(ProblemsError)
        expect((error as ProblemsError).message).toMatch(/^job\.yaml:\d+:\d+: /)
        refused += 1
        return
      }
      expect({ mutated, faults: faults(mutated) }).toEqual({ mutated, faults: null })
    }),
    { seed: 42, numRuns: 300 },
  )
  expect(refused).toBeGreaterThan(60)
})
