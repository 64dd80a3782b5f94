import { messageOf, nearest } from '@weft/protocols'
import { Command, CommanderError } from 'commander'
import { ScenarioError } from '../scenario/problem.ts'
import type { Context, Verb } from './context.ts'
import { EXIT, errorDocument, exitCodeOf, LabError } from './exit.ts'
import { compare } from './verbs/compare.ts'
import { fuzz } from './verbs/fuzz.ts'
import { list } from './verbs/list.ts'
import { run } from './verbs/run.ts'
import { schema } from './verbs/schema.ts'

const VERBS: Verb[] = [run, list, compare, fuzz, schema]

const EXAMPLES = `
Examples:
  weft-sim list
  weft-sim market-day --peers 10000
  weft-sim market-day --seeds 30 --set market.rule=second-price --out second
  weft-sim market-day --sweep peers=1000,10000,100000
  weft-sim compare first second --html comparison.html

weft-sim run --help shows what a run takes: seeds, sweeps, rules, where results go.
Results are folders: report.html for people, summary.json, CSV and Parquet for programs.
Exit codes: 0 done, 1 an invariant broke or a seed did not repeat, 64 wrong usage or scenario, 130 interrupted.
`

/** Runs the command line; resolves with the exit code and never rejects. */
export async function main(words: readonly string[], context: Context): Promise<number> {
  const isJson = words.includes('--json')
  let chosen: ((context: Context) => Promise<number>) | undefined
  try {
    const program = programOf(VERBS, context, isJson, (action) => {
      chosen = action
    })
    if (words.length === 0) {
      program.outputHelp()
      return EXIT.usage
    }
    program.parse(asRun(words), { from: 'user' })
    return (await chosen?.(context)) ?? EXIT.done
  } catch (error) {
    if (error instanceof CommanderError) return usage(error, context, isJson, words)
    return failed(meant(error, slipOf(words)), context, isJson)
  }
}

/** Where a scenario comes first, `--help` asks about a run: commander would explain the whole program. */
function asRun(words: readonly string[]): string[] {
  const [first = '-'] = words
  return first.startsWith('-') || first === 'help' || VERBS.some(({ name }) => name === first) ? [...words] : ['run', ...words]
}

const verbOf = ([first]: readonly string[]): string => VERBS.find(({ name }) => name === first)?.name ?? run.name

function programOf(verbs: Verb[], { io }: Context, isJson: boolean, perform: Parameters<Verb['define']>[1]): Command {
  const program = new Command('weft-sim')
    .description('Weft’s market in virtual time: the peers’ own code over a modelled network')
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.out(text), writeErr: (text) => (isJson ? undefined : io.err(text)) })
    .showSuggestionAfterError()
    .addHelpText('after', EXAMPLES)
  for (const verb of verbs) verb.define(program, perform)
  // Commands inherit nothing that was set before they were made, except through this.
  for (const command of program.commands) command.copyInheritedSettings(program)
  return program
}

function usage(error: CommanderError, { io }: Context, isJson: boolean, words: readonly string[]): number {
  const verb = verbOf(words)
  if (error.exitCode === 0) return EXIT.done
  const message = error.message.replace(/^error: /, '')
  const isOption = error.code === 'commander.unknownOption'
  const fix =
    (error.code === 'commander.excessArguments' ? slipOf(words) : undefined) ?? `weft-sim ${verb} --help shows the flags`
  if (isJson) io.out(`${JSON.stringify({ error: { code: 'USAGE', message, fix } })}\n`)
  else io.err(`${fix}${isOption && verb === 'run' ? '; what a scenario holds is set with --set duration=1h' : ''}\n`)
  return EXIT.usage
}

/** Who misspells a command names a scenario that is none; then that command is the remedy. */
function meant(error: unknown, slip: string | undefined): unknown {
  return slip === undefined || !(error instanceof ScenarioError) ? error : new LabError('SCENARIO', messageOf(error), slip)
}

const NAMES = VERBS.map(({ name }) => name)

function slipOf([first = '']: readonly string[]): string | undefined {
  const verb = nearest(first, NAMES)
  return verb === undefined || verb === first ? undefined : `did you mean weft-sim ${verb}?`
}

function failed(error: unknown, { io }: Context, isJson: boolean): number {
  const document = errorDocument(error)
  const { code, message, fix } = document.error
  if (isJson) io.out(`${JSON.stringify(document)}\n`)
  else {
    const trace = code === 'BUG' && error instanceof Error && error.stack !== undefined ? error.stack : message
    io.err(`weft-sim: ${trace}\n${fix === '' ? '' : `${fix}\n`}`)
  }
  return exitCodeOf(error)
}
