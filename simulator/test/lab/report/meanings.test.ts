import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { MEANINGS } from '../../../lab/report/meanings.ts'
import { HISTOGRAMS } from '../../../src/metrics/meters.ts'

it('every distribution has a meaning, the same in captions and in METRICS.md', () => {
  const table = readFileSync(new URL('../../../METRICS.md', import.meta.url), 'utf8')
  expect(Object.keys(MEANINGS).sort()).toEqual([...HISTOGRAMS].sort())
  for (const [name, meaning] of Object.entries(MEANINGS)) {
    const row = table.split('\n').find((line) => line.startsWith(`| \`${name}\` |`))
    expect(row, name).toContain(`| ${meaning} |`)
  }
})
