import type { ValidationRow } from '@weft/simulator/validate'
import { describe, expect, it } from 'vitest'
import { between } from '../../src/validate/document.ts'
import { missList, table, tally } from '../../src/validate/table.ts'

const aRow = (part: Partial<ValidationRow> = {}): ValidationRow => ({
  id: 'X',
  source: 'somebody | 2020',
  setup: 'one peer',
  metric: 'copies',
  published: 6,
  ours: 6.123456,
  band: [5, 7],
  basis: 'independent',
  pass: true,
  ...part,
})

describe('the table of validation', () => {
  it('shows a failure as a failure, and says if it is a known one', () => {
    const [good, bad, known] = [aRow(), aRow({ ours: 8, pass: false }), aRow({ ours: 9, pass: false })]
    const lines = table([good, bad, known], { known: [{ row: known, why: 'nobody knows' }] }).split('\n')
    expect(lines.slice(2).map((line) => line.split(' | ')[7])).toEqual(['yes', '**no**', '**no** (known)'])
    expect(missList({ known: [{ row: known, why: 'nobody knows' }] })).toBe(
      '- **X, copies**: 9 where 6 is published. Nobody knows.',
    )
  })

  it('rounds to four digits and keeps bars out of the way', () => {
    const line = table([aRow()], { known: [] }).split('\n')[2]
    expect(line).toContain('| 6.123 |')
    expect(line).toContain('somebody \\| 2020')
  })

  it('counts by what the bands are worth', () => {
    const rows = [aRow(), aRow({ pass: false }), aRow({ basis: 'parameter' })]
    expect(tally(rows)).toBe('Inside their bands: 1 of 2 independent, 1 of 1 parameter.')
  })
})

describe('a section of the document', () => {
  const marks = { begin: '<!-- begin -->', end: '<!-- end -->' }

  it('is replaced between its marks, and nothing else is', () => {
    expect(between('a\n<!-- begin -->\nold\n<!-- end -->\nb', marks, 'new')).toBe('a\n<!-- begin -->\nnew\n<!-- end -->\nb')
  })

  it('is not written where a mark is missing', () => {
    expect(() => between('a\n<!-- end -->\n<!-- begin -->', marks, 'new')).toThrow('<!-- begin -->')
  })
})
