import { listScenarios } from '../../scenario/index.ts'
import type { Verb } from '../context.ts'
import { EXIT } from '../exit.ts'

export const list: Verb = {
  name: 'list',
  define: (program, perform) => {
    program
      .command('list')
      .description('list the ready scenarios and what each shows')
      .option('--json', 'one JSON document')
      .action((flags: { json?: boolean }) =>
        perform(async ({ io }) => {
          const scenarios = listScenarios()
          const width = Math.max(...scenarios.map(({ name }) => name.length))
          if (flags.json === true) io.out(`${JSON.stringify(scenarios)}\n`)
          else io.out(scenarios.map(({ name, title }) => `${name.padEnd(width)}  ${title}\n`).join(''))
          return EXIT.done
        }),
      )
  },
}
