import { UsageError } from '@weft/protocols'
import { Option } from 'commander'
import type { Context, Verb } from '../context.ts'
import { gathered, PEERS_MAX, SEED_MAX, SEEDS_MAX, wholeNumber } from '../numbers.ts'
import { pointsOf } from '../plan.ts'
import { runMany } from '../run-many.ts'
import { runOne } from '../run-one.ts'

/** The flags of `run`, as commander gives them. */
export interface RunFlags {
  seed?: number
  seeds?: number
  peers?: number
  set: string[]
  sweep: string[]
  rule?: string
  out?: string
  report: boolean
  json?: boolean
  quiet?: boolean
  force?: boolean
  checkDeterminism?: boolean
  point?: string
}

export const run: Verb = {
  name: 'run',
  define: (program, perform) => {
    program
      .command('run', { isDefault: true })
      .description('run a scenario, by name (weft-sim list) or from a YAML file; the word "run" may be left out')
      .argument('<scenario>', 'name of a ready scenario, or path of a file')
      .option('--seed <n>', 'what all random draws are made from (default: what the scenario says)', wholeNumber(0, SEED_MAX))
      .option(
        '--seeds <n>',
        'run that many seeds from 1 (or --seed) on, in processes of their own, with intervals',
        wholeNumber(1, SEEDS_MAX),
      )
      .option('--peers <n>', 'providers and renters together', wholeNumber(2, PEERS_MAX))
      .option('--set <path=value>', 'change anything in the scenario, such as market.pricing=learning; repeatable', gathered)
      .option('--sweep <path=a,b,…>', 'run every value, such as peers=1000,10000; several make a grid', gathered)
      .option('--rule <file>', 'module whose default export is a MarketRule of @weft/protocols/core; .ts or .js')
      .option('--out <folder>', 'where the results go (default: weft-sim-results/<scenario>-<seed>-<time>)')
      .option('--no-report', 'write no report.html')
      .option('--check-determinism', 'run over three queue geometries and compare trace hashes; exit 1 if they differ')
      .option('--force', 'begin also what looks too large for this machine')
      .option('--json', 'one JSON document on stdout: weft-sim schema run')
      .option('--quiet', 'no progress')
      .addOption(new Option('--point <json>').hideHelp())
      .action((scenario: string, { set = [], sweep = [], ...flags }: Partial<RunFlags> & { report: boolean }) =>
        perform((context) => begin(scenario, { ...flags, set, sweep }, context)),
      )
  },
}

async function begin(scenario: string, flags: RunFlags, context: Context): Promise<number> {
  const isMany = flags.seeds !== undefined || flags.sweep.length > 0
  // A sweep that cannot be read is refused before anything is loaded.
  pointsOf(flags.sweep)
  if (isMany && flags.checkDeterminism === true) {
    throw new UsageError('--check-determinism looks at one run; leave out --seeds and --sweep')
  }
  return isMany ? await runMany(scenario, flags, context) : await runOne(scenario, flags, context)
}
