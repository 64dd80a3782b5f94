/**
 * `npm run validate [-- --only G1,K1] [--quick] [--json] [--write]`
 *
 * Published results, and what the simulator's models give for the same set-up. Every row was measured by running the model.
 * Fails where a row is outside its band and is not a known miss, and where a known miss is inside it again. `--quick` leaves
 * out what takes longer than about ten seconds; `--write` renews the table in simulator/VALIDATION.md.
 */
import { parseArgs } from 'node:util'
import { WeftError } from '@weft/protocols'
import { judge, VALIDATIONS, type ValidationRow } from '@weft/simulator/validate'
import { renewSection } from './document.ts'
import { marketFidelity } from './market-fidelity.ts'
import { missList, short, table, tally } from './table.ts'

const ALL = [...VALIDATIONS, marketFidelity]
const MARKS = { begin: '<!-- begin: npm run validate -- --write -->', end: '<!-- end -->' }

async function main(argv: readonly string[]): Promise<number> {
  const options = {
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  } as const
  const { values } = parseArgs({ args: [...argv], options })
  const chosen = choose(values.only?.split(','), values.quick)
  if (values.write && (values.only !== undefined || values.quick))
    throw new WeftError('USAGE', '--write renews the whole table: leave out --only and --quick')
  const rows: ValidationRow[] = []
  for (const { id, run } of chosen) {
    const begun = performance.now()
    const found = await run()
    rows.push(...found)
    const missed = found.filter(({ pass }) => !pass).length
    const seconds = ((performance.now() - begun) / 1_000).toFixed(1)
    console.error(`${id.padEnd(6)} ${missed === 0 ? 'ok  ' : 'MISS'} ${found.length} values in ${seconds} s`)
  }
  const judgement = judge(rows, wholeIds(chosen))
  const { failures, known, stale } = judgement
  console.log(values.json ? JSON.stringify({ rows, known, stale }) : table(rows, judgement))
  console.error(tally(rows))
  for (const { row, why } of known)
    console.error(`known miss: ${row.id}, ${row.metric}: ${short(row.ours)}, published ${short(row.published)}; ${why}`)
  for (const { id, metric, setup, ours, band } of failures)
    console.error(`FAILED: ${id}, ${metric} (${setup}): ${short(ours)} is outside ${band.map(short).join(' to ')}`)
  for (const { id, metric } of stale)
    console.error(
      `FAILED: ${id}, ${metric} is a known miss and is inside its band again: take it off the list in known-misses.ts`,
    )
  const ok = failures.length === 0 && stale.length === 0
  if (values.write && ok) await renewSection(MARKS, [tally(rows), '', missList(judgement), '', table(rows, judgement)].join('\n'))
  else if (values.write) console.error('the table was not renewed')
  return ok ? 0 : 1
}

function choose(only: readonly string[] | undefined, quick: boolean): typeof ALL {
  const ids = [...new Set(ALL.map(({ id }) => id))]
  const unknown = only?.filter((id) => !ids.includes(id)) ?? []
  if (unknown.length > 0) throw new WeftError('USAGE', `no such validation: ${unknown.join(', ')}; there are ${ids.join(', ')}`)
  return ALL.filter((one) => (only === undefined || only.includes(one.id)) && !(quick && one.slow))
}

/** Ids of which every set-up was run. */
function wholeIds(chosen: typeof ALL): string[] {
  return chosen.map(({ id }) => id).filter((id) => ALL.every((one) => one.id !== id || chosen.includes(one)))
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof WeftError) && !(error instanceof TypeError)) throw error
  console.error(error.message)
  process.exitCode = 64
}
