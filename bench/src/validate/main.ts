/**
 * `npm run validate [-- --only G1,K1] [--quick] [--json] [--write]`
 *
 * Published results, and what the simulator's models give for the same set-up. Every row was measured by running the model;
 * a row outside its band makes the command fail. `--write` renews the table in simulator/VALIDATION.md.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { WeftError } from '@weft/protocols'
import { VALIDATIONS, type ValidationRow } from '@weft/simulator/validate'
import { table } from './table.ts'

const DOCUMENT = join(import.meta.dirname, '../../../simulator/VALIDATION.md')
const BEGIN = '<!-- begin: npm run validate -- --write -->'
const END = '<!-- end -->'

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
    const failed = found.filter(({ pass }) => !pass).length
    const seconds = ((performance.now() - begun) / 1_000).toFixed(1)
    console.error(`${id.padEnd(6)} ${failed === 0 ? 'ok  ' : 'FAIL'} ${found.length} values in ${seconds} s`)
  }
  console.log(values.json ? JSON.stringify(rows) : table(rows))
  if (values.write) await renew(rows)
  return rows.every(({ pass }) => pass) ? 0 : 1
}

function choose(only: readonly string[] | undefined, quick: boolean): typeof VALIDATIONS {
  const unknown = only?.filter((id) => !VALIDATIONS.some((one) => one.id === id)) ?? []
  if (unknown.length > 0)
    throw new WeftError('USAGE', `no such validation: ${unknown.join(', ')}; there are ${VALIDATIONS.map(({ id }) => id).join(', ')}`)
  return VALIDATIONS.filter((one) => (only === undefined || only.includes(one.id)) && !(quick && one.slow))
}

async function renew(rows: readonly ValidationRow[]): Promise<void> {
  const text = await readFile(DOCUMENT, 'utf8')
  const [head, rest] = text.split(BEGIN)
  const tail = rest?.split(END)[1]
  if (head === undefined || tail === undefined) throw new WeftError('USAGE', `${DOCUMENT} has no place for the table between its marks`)
  await writeFile(DOCUMENT, `${head}${BEGIN}\n${table(rows)}\n${END}${tail}`)
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof WeftError) && !(error instanceof TypeError)) throw error
  console.error(error.message)
  process.exitCode = 64
}
