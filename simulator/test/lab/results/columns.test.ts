// Goal: whoever reads a table finds each of its columns in METRICS.md.
// Method: the tables of small runs of those ready scenarios that have columns of their own.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { jobTable, messageTable, seriesTable } from '../../../lab/results/tables.ts'
import { runReady } from '../../scenarios/a-ready-scenario.ts'

const text = readFileSync(new URL('../../../METRICS.md', import.meta.url), 'utf8')
const section = text.slice(text.indexOf('## Columns of the tables'))
/** What stands in the first cells of the section's tables. */
const told = new Set(
  [...section.matchAll(/^\|([^|]+)\|/gm)].flatMap(([row]) =>
    [...row.matchAll(/`(\w+)`/g)].map(([tick]) => tick.replaceAll('`', '')),
  ),
)

const RUNS = [
  ['market-day', { peers: 60, duration: '30m' }],
  ['bootstrap-death', { peers: 60, 'workload.jobs': 1 }],
  ['dht-lookup', { peers: 60 }],
  ['eclipse', { peers: 60 }],
  ['spam', { peers: 60 }],
] as const

it('every column of every table has a meaning, and nothing else has', async () => {
  const columns = new Set([...jobTable([]).names, ...messageTable([]).names])
  for (const [name, changes] of RUNS) {
    const { series, providers, traffic } = await runReady(name, changes)
    for (const rows of [series, providers, traffic]) {
      for (const column of seriesTable(rows as Record<string, number>[]).names) columns.add(column)
    }
  }
  expect([...columns].filter((name) => !told.has(name))).toEqual([])
  expect([...told].filter((name) => !columns.has(name))).toEqual([])
})
