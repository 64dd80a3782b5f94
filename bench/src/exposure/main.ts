/** `npm run bench -- exposure [--json]`: what cheats cost the honest side, against the bound of the design (invariant 4). */
import { exposureCases, WHOLE } from './cases.ts'
import { exposureTable, isWithin, measure, type Row } from './measure.ts'

export async function main(argv: readonly string[]): Promise<number> {
  const rows: Row[] = []
  for (const one of exposureCases(WHOLE)) rows.push(await measure(one))
  console.log(argv.includes('--json') ? JSON.stringify(rows) : exposureTable(rows))
  return rows.every(isWithin) ? 0 : 1
}
