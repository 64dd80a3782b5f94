import { Command, CommanderError, Option } from 'commander'
import { usage } from './exit.ts'
import type { GlobalFlags, Verb } from './verb.ts'

interface Entry {
  summary: string
  /** Loads only this verb: what it needs is no burden for the others. */
  load(): Promise<{ verb: Verb }>
  hidden?: boolean
}

/** Every verb, in the order in which help shows them. */
export const VERBS: Record<string, Entry> = {
  run: { summary: 'run a container on a provider of the mesh', load: () => import('./verbs/run.ts') },
  job: { summary: 'write a job file to begin with, or the schema of such files', load: () => import('./verbs/job.ts') },
  offers: { summary: 'what providers offer, and at what price', load: () => import('./verbs/offers.ts') },
  explain: { summary: 'why a job finds no provider, and what to change', load: () => import('./verbs/explain.ts') },
  ps: { summary: 'list jobs', load: () => import('./verbs/ps.ts') },
  show: { summary: 'one job in full', load: () => import('./verbs/show.ts') },
  logs: { summary: 'output of a job', load: () => import('./verbs/logs.ts') },
  wait: { summary: 'wait until a job has ended', load: () => import('./verbs/wait.ts') },
  stop: { summary: 'stop a job', load: () => import('./verbs/stop.ts') },
  outputs: { summary: 'where the outputs of a job are', load: () => import('./verbs/outputs.ts') },
  receipts: { summary: 'list receipts, or export them as a bundle', load: () => import('./verbs/receipts.ts') },
  audit: { summary: 'check a bundle of receipts, offline', load: () => import('./verbs/audit.ts') },
  earnings: { summary: 'what this machine earned, by day, peer or lease', load: () => import('./verbs/earnings.ts') },
  spend: { summary: 'what this peer spent, by day, peer or job', load: () => import('./verbs/spend.ts') },
  settle: { summary: 'statements of what is owed; with a peer, propose one', load: () => import('./verbs/settle.ts') },
  paid: { summary: 'acknowledge that a statement was paid', load: () => import('./verbs/paid.ts') },
  init: { summary: 'create the data folder and an identity', load: () => import('./verbs/init.ts') },
  up: { summary: 'start the peer; --provide lends this machine', load: () => import('./verbs/up.ts') },
  status: { summary: 'the state of the daemon', load: () => import('./verbs/status.ts') },
  peers: { summary: 'connections of the daemon', load: () => import('./verbs/peers.ts') },
  leases: { summary: 'leases that this machine runs for others', load: () => import('./verbs/leases.ts') },
  price: { summary: 'what this machine charges, and change it', load: () => import('./verbs/price.ts') },
  drain: { summary: 'take no new leases', load: () => import('./verbs/drain.ts') },
  down: { summary: 'stop the daemon', load: () => import('./verbs/down.ts') },
  doctor: { summary: 'find out what does not work, and what to do', load: () => import('./verbs/doctor.ts') },
  config: { summary: 'settings, and where each value comes from', load: () => import('./verbs/config.ts') },
  simulate: { summary: 'run a scenario in the simulator', load: () => import('./verbs/simulate.ts') },
  bootstrap: { summary: 'run a bootstrap peer', load: () => import('./verbs/bootstrap.ts') },
  completion: { summary: 'a completion script for bash, zsh or fish', load: () => import('./verbs/completion.ts') },
}

const GLOBAL_GROUP = 'Options of every verb:'
const PEER_GROUP = 'Options of verbs that start a peer:'
/** Others ask the one that runs, so these would change nothing. */
const STARTING = new Set(['up', 'run', 'doctor', 'config'])
const OF_A_PEER = new Set(['network', 'bootstrap', 'listen', 'mdns'])
const collect = (value: string, all: string[]): string[] => [...all, value]

function globalOptions(): Option[] {
  return [
    new Option('--data <dir>', 'data folder (environment: WEFT_HOME)'),
    new Option('--home <dir>', 'the same as --data').hideHelp(),
    new Option('--host <path>', "the daemon's socket (environment: WEFT_HOST)"),
    new Option('--network <name>', 'name of the mesh'),
    new Option('--bootstrap <multiaddr>', 'a peer to join through; repeatable').argParser(collect).default([], 'none'),
    new Option('--listen <multiaddr>', 'where to listen; repeatable').argParser(collect).default([], 'from the settings'),
    new Option('--no-mdns', 'do not look for peers on the local network'),
    new Option('--json', 'one JSON document on stdout').default(false, 'text'),
  ]
}

const TAKES_VALUE = new Set(['--data', '--home', '--host', '--network', '--bootstrap', '--listen'])

/** The verb is the first word that is neither a global flag nor its value; flags before it belong to it. */
export function splitVerb(argv: readonly string[]): { name: string | undefined; args: string[] } {
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? ''
    if (TAKES_VALUE.has(word)) at += 1
    else if (!word.startsWith('-')) return { name: word, args: [...argv.slice(0, at), ...argv.slice(at + 1)] }
  }
  return { name: undefined, args: [...argv] }
}

/** A verb's command, ready to parse; what it prints goes to `write`, failures are thrown as CommanderError. */
export function commandOf(name: string, summary: string, verb: Verb, write: (text: string) => void): Command {
  const command = new Command(`weft ${name}`).description(summary).helpOption('-h, --help', 'show this help')
  command.configureOutput({ writeOut: write, writeErr: () => undefined }).exitOverride()
  verb.define(command)
  for (const option of globalOptions()) {
    const isOfPeer = OF_A_PEER.has(option.attributeName())
    option.helpGroup(isOfPeer ? PEER_GROUP : GLOBAL_GROUP)
    if (isOfPeer && !STARTING.has(name)) option.hideHelp()
    command.addOption(option)
  }
  return command
}

export interface Parsed {
  args: string[]
  flags: GlobalFlags
  options: Record<string, unknown>
}

/** Parses a verb's own words. Resolves to undefined where help was asked for and printed. */
export function parse(command: Command, words: readonly string[]): Parsed | undefined {
  let args: string[] = []
  command.action(() => {
    args = command.args
  })
  try {
    command.parse([...words], { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) return failure(command, error)
    throw error
  }
  const options = command.opts()
  const text = (key: string): string | undefined => (typeof options[key] === 'string' ? options[key] : undefined)
  const data = text('data') ?? text('home')
  const network = text('network')
  const host = text('host')
  return {
    args,
    options,
    flags: {
      ...(data === undefined ? {} : { data }),
      ...(network === undefined ? {} : { network }),
      ...(host === undefined ? {} : { host }),
      bootstrap: options['bootstrap'] as string[],
      listen: options['listen'] as string[],
      mdns: options['mdns'] !== false,
      json: options['json'] === true,
    },
  }
}

function failure(command: Command, error: CommanderError): undefined {
  if (error.code === 'commander.helpDisplayed' || error.code === 'commander.help') return undefined
  if (error.code === 'commander.excessArguments') throw usage(`${excess(command)}; see ${command.name()} --help`)
  const sentence = error.message.replace(/^error: /, '').replace(/\n\(Did you mean (.*)\?\)$/s, ' (did you mean $1?)')
  throw usage(`${sentence}; see ${command.name()} --help`)
}

/** `weft logs takes 1 argument, not 2: a b`. */
function excess(command: Command): string {
  const most = command.registeredArguments.length
  const takes = most === 0 ? 'no arguments' : most === 1 ? '1 argument' : `${most} arguments`
  return `${command.name()} takes ${takes}, not ${command.args.length}: ${command.args.join(' ')}`
}

/** Who needs which verbs; one that stands in no line is shown last. */
const READERS: readonly [who: string, names: readonly string[]][] = [
  ['To rent', ['run', 'job', 'offers', 'explain', 'ps', 'show', 'logs', 'wait', 'stop', 'outputs', 'spend']],
  ['To lend', ['up', 'price', 'leases', 'earnings', 'drain']],
  ['To settle', ['receipts', 'audit', 'settle', 'paid']],
  ['The peer', ['init', 'status', 'peers', 'doctor', 'config', 'down', 'bootstrap', 'completion']],
  ['To study', ['simulate']],
]

/** `weft --help`. */
export function overview(): string {
  const width = Math.max(...Object.keys(VERBS).map((name) => name.length))
  const grouped = READERS.flatMap(([, names]) => names)
  const others = Object.keys(VERBS).filter((name) => !grouped.includes(name))
  const verbs = [...READERS, ['Others', others] as const].flatMap(([who, names]) => {
    const known = names.filter((name) => Object.hasOwn(VERBS, name))
    return known.length === 0 ? [] : [`${who}:`, ...known.map((name) => `  ${name.padEnd(width)}  ${VERBS[name]?.summary}`)]
  })
  return [
    'Usage: weft VERB [options]',
    '',
    'Rent compute from other machines, or lend this one, with no coordinator.',
    '',
    ...verbs,
    '',
    'weft VERB --help tells more. To lend this machine, or run a first job:',
    '  weft up -d --provide --cpu-price 0.05',
    '  weft up -d && weft run IMAGE COMMAND',
  ].join('\n')
}
