// Goal: the golden bundles are what the code makes of them, and an auditor written from the document alone says the same of each.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type BundleVector, bundleVectors } from './bundle-vectors.ts'
import { miniAudit } from './mini-auditor.ts'
import type { Refused } from './mini-wire.ts'

const FILE = JSON.parse(readFileSync(new URL('../../vectors/bundles.json', import.meta.url), 'utf8')) as ReturnType<
  typeof bundleVectors
>

test('the file has what the code writes today', () => {
  expect(FILE).toEqual(JSON.parse(JSON.stringify(bundleVectors())))
})

test('the good bundle is good, and no other is', () => {
  const clean = FILE.bundles.filter(({ report }) => report?.problems.length === 0)
  expect(clean.map(({ name }) => name)).toEqual(['good'])
})

test.each(FILE.bundles.map((vector): [string, BundleVector] => [vector.name, vector]))(
  'an auditor that is not ours says the same of %s',
  (_name, { bundle, report, refused }) => {
    const said = () => miniAudit(Buffer.from(bundle, 'hex'))
    if (refused === undefined) expect(said()).toEqual(report)
    else expect(said).toThrow(expect.objectContaining<Partial<Refused>>({ code: refused }))
  },
)
