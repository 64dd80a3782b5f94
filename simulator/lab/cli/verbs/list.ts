import { count, time } from '../../scenario/cost.ts'
import { listScenarios } from '../../scenario/index.ts'
import type { Verb } from '../context.ts'
import { EXIT } from '../exit.ts'

const NOTE =
  'Times are those of a quiet machine at this size; beside other programs up to twice as long. Run one with: weft-sim NAME --out FOLDER\n'

export const list: Verb = {
  name: 'list',
  define: (program, perform) => {
    program
      .command('list')
      .description('list the ready scenarios: peers, about how long each takes, and what it shows')
      .option('--json', 'one JSON document')
      .action((flags: { json?: boolean }) =>
        perform(async ({ io }) => {
          const scenarios = listScenarios()
          const head = ['SCENARIO', 'PEERS', 'ABOUT', 'SHOWS']
          const named = scenarios.map(({ name, peers, seconds, title }) => [name, count(peers), time(seconds), title])
          const rows = [head, ...named]
          const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
          const line = (row: string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')
          if (flags.json === true) io.out(`${JSON.stringify(scenarios)}\n`)
          else {
            io.out(rows.map((row) => `${line(row)}\n`).join(''))
            io.err(NOTE)
          }
          return EXIT.done
        }),
      )
  },
}
