import { readFileSync } from 'node:fs'
import { Argument } from 'commander'
import { simulatorPath } from '../../scenario/folders.ts'
import type { Verb } from '../context.ts'
import { EXIT } from '../exit.ts'

const SCHEMAS = ['scenario', 'run']

export const schema: Verb = {
  name: 'schema',
  define: (program, perform) => {
    program
      .command('schema')
      .description('print a JSON Schema: of scenario files, or of what --json prints')
      .addArgument(new Argument('[of]', 'which one').choices(SCHEMAS).default('scenario'))
      .action((of: string) =>
        perform(async ({ io }) => {
          io.out(readFileSync(simulatorPath(`schemas/${of}.schema.json`), 'utf8'))
          return EXIT.done
        }),
      )
  },
}
