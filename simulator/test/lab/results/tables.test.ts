import { parquetReadObjects } from 'hyparquet'
import { describe, expect, it } from 'vitest'
import { fromCsv, jobTable, messageTable, seriesTable, toCsv, toParquet } from '../../../lab/results/tables.ts'
import { aJob, aRun } from '../builders/a-run.ts'

const read = async (bytes: Uint8Array): Promise<Record<string, unknown>[]> =>
  await parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer })

describe('tables', () => {
  it('hold the same rows in CSV and in Parquet', async () => {
    const { jobs, messages } = aRun({ jobs: 300 })
    for (const table of [jobTable(jobs), messageTable(messages)]) {
      expect(fromCsv(toCsv(table))).toEqual(table.rows)
      expect(await read(toParquet(table))).toEqual(table.rows)
    }
  })

  it('carry names that are hostile to CSV', () => {
    const jobs = [aJob(0, 1, { endReason: 'a "quoted", reason\nover lines' }), aJob(1, 1, { endReason: '' })]
    expect(fromCsv(toCsv(jobTable(jobs)))).toEqual(jobs)
  })

  it('keep their columns without any row', async () => {
    expect(toCsv(jobTable([])).startsWith('job,renter,submittedSeconds,')).toBe(true)
    expect(await read(toParquet(jobTable([])))).toEqual([])
    expect(fromCsv(toCsv(jobTable([])))).toEqual([])
  })

  it('have every column of a series, also those that only some rows have', () => {
    expect(
      toCsv(
        seriesTable([
          { atSeconds: 0, a: 1 },
          { atSeconds: 1, b: 2.5 },
        ]),
      ),
    ).toBe('atSeconds,a,b\n0,1,\n1,,2.5\n')
  })

  it('say so when a quote never closes', () => {
    expect(() => fromCsv('a,b\n"x,1\n')).toThrow(RangeError)
  })
})
