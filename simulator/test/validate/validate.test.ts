import { describe, expect, it } from 'vitest'
import { judge, type KnownMiss, VALIDATIONS, type ValidationRow } from '../../src/validate/index.ts'
import { row } from '../../src/validate/row.ts'

const QUICK = ['C1', 'G4', 'G7', 'G8', 'G9', 'K4', 'T1', 'T2', 'T3', 'T4', 'N1']

// Goal: the published cases that take a second or two hold on every change. The larger ones run with all validations.
describe.each(QUICK)('published case %s', (id) => {
  it('is inside its bands, except for the known misses, and says where it is from', async () => {
    const rows: ValidationRow[] = []
    for (const { run } of VALIDATIONS.filter((one) => one.id === id)) rows.push(...(await run()))
    const { failures, stale } = judge(rows, [id])
    expect(rows.length).toBeGreaterThan(1)
    expect(failures).toEqual([])
    expect(stale).toEqual([])
    for (const { source, band, published } of rows) {
      expect(source.length).toBeGreaterThan(10)
      expect(band.every(Number.isFinite)).toBe(true)
      expect(Number.isFinite(published)).toBe(true)
    }
  })
})

describe('judging', () => {
  const aRow = (ours: number, metric = 'copies'): ValidationRow =>
    row({ id: 'X', source: 's', setup: 's', metric, published: 6, ours, band: [5, 7], basis: 'independent' })
  const misses: KnownMiss[] = [{ id: 'X', metric: 'copies', why: 'nobody knows' }]

  it('fails a row outside its band that nobody knew of', () => {
    expect(judge([aRow(8, 'latency'), aRow(8)], ['X'], misses).failures.map(({ metric }) => metric)).toEqual(['latency'])
  })

  it('lets a known miss pass, with its reason', () => {
    const { failures, known, stale } = judge([aRow(8)], ['X'], misses)
    expect([failures, stale]).toEqual([[], []])
    expect(known[0]?.why).toBe('nobody knows')
  })

  it('calls a known miss stale when its row is inside its band again, or is gone', () => {
    expect(judge([aRow(6)], ['X'], misses).stale).toEqual(misses)
    expect(judge([aRow(6, 'latency')], ['X'], misses).stale).toEqual(misses)
  })

  it('says nothing of known misses of cases that were not run', () => {
    expect(judge([], ['Y'], misses).stale).toEqual([])
  })
})
