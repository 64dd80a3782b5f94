/**
 * The command line: `weft VERB …`. Loads only the verb that was typed, and the peer itself only where a verb runs one.
 */
import { codeOf } from '@weft/protocols'
import type { ErrorView } from '../api/views.ts'
import { didYouMean } from '../closest.ts'
import { shellWord } from '../home/shell-word.ts'
import { ApiClient } from './client.ts'
import { attendOutput } from './closed-output.ts'
import { EXIT, exitCodeOfError, usage } from './exit.ts'
import { dataFolderOf, socketOf } from './locate.ts'
import { commandOf, overview, parse, splitVerb, VERBS } from './program.ts'
import type { Context, GlobalFlags, Terminal } from './verb.ts'

/** Runs one command with the words typed after `weft`; resolves with the exit code and throws nothing. */
export async function main(words: readonly string[], terminal: Terminal = ownTerminal()): Promise<number> {
  // Until a verb has parsed its flags, the word alone tells: behind an image it would belong to the container's command.
  const output = { json: words.includes('--json') }
  try {
    return await dispatch(words, terminal, output)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const exitCode = exitCodeOfError(error)
    const trace = (exitCode === EXIT.bug || process.env['WEFT_DEBUG'] !== undefined) && error instanceof Error
    terminal.err.write(`weft: ${message}\n${trace ? `${error.stack ?? ''}\n` : ''}`)
    if (output.json) terminal.out.write(`${JSON.stringify({ error: { code: codeOf(error), message } } satisfies ErrorView)}\n`)
    return exitCode
  }
}

async function dispatch(words: readonly string[], terminal: Terminal, output: { json: boolean }): Promise<number> {
  const { name, args } = splitVerb(words)
  if (name === undefined || name === 'version') return withoutVerb(words, terminal, name)
  if (name === 'help')
    return args[0] === undefined ? withoutVerb(words, terminal, name) : dispatch([...args, '--help'], terminal, output)
  const entry = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined
  if (entry === undefined) throw usage(`there is no verb "${name}"${hint(name)}; see weft --help`)
  const { verb } = await entry.load()
  const parsed = parse(
    commandOf(name, entry.summary, verb, (text) => terminal.out.write(text)),
    args,
  )
  if (parsed === undefined) return EXIT.done
  const { flags, options } = parsed
  output.json = flags.json
  const dataFolder = dataFolderOf(flags, process.env)
  const context: Context = {
    flags,
    terminal,
    cwd: process.cwd(),
    env: process.env,
    dataFolder,
    client: new ApiClient(await socketOf(flags, process.env, dataFolder), { start: startOf(flags) }),
    typed: words,
  }
  return verb.run(context, parsed.args, options)
}

/** The command that starts the daemon that was meant. */
const startOf = ({ data }: GlobalFlags): string =>
  `weft up -d${data === undefined || data === '' ? '' : ` --data ${shellWord(data)}`}`

/** What people of other tools type, and the verb for it. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  jobs: 'ps',
  list: 'ps',
  ls: 'ps',
  inspect: 'show',
  kill: 'stop',
  cancel: 'stop',
  rm: 'stop',
  start: 'up',
  serve: 'up',
  daemon: 'up',
  search: 'offers',
  market: 'offers',
  info: 'status',
  login: 'init',
  bill: 'spend',
  cost: 'spend',
}

const hint = (name: string): string =>
  Object.hasOwn(ELSEWHERE, name)
    ? ` (did you mean ${ELSEWHERE[name]}?)`
    : didYouMean(name, [...Object.keys(VERBS), 'help', 'version'])

async function withoutVerb(words: readonly string[], terminal: Terminal, name?: string): Promise<number> {
  if (name === 'version' || words.includes('--version') || words.includes('-V')) {
    const { VERSION } = await import('../version.ts')
    terminal.out.write(`${VERSION}\n`)
    return EXIT.done
  }
  const unknown = words.find((word) => word.startsWith('-') && word !== '--help' && word !== '-h')
  if (unknown !== undefined) throw usage(`"${unknown}" needs a verb before it; see weft --help`)
  const asked = words.length > 0
  ;(asked ? terminal.out : terminal.err).write(`${overview()}\n`)
  return asked ? EXIT.done : EXIT.usage
}

function ownTerminal(): Terminal {
  const { stdin, stdout, stderr } = process
  attendOutput(process)
  return {
    out: stdout,
    err: stderr,
    interactive: stdin.isTTY === true && stderr.isTTY === true,
    width: stdout.columns ?? Number.POSITIVE_INFINITY,
  }
}
