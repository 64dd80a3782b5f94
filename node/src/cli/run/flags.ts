import type { Command } from 'commander'
import type { Submission } from '../../api/views.ts'
import { usage } from '../exit.ts'
import { parseImage } from '../parse/image.ts'
import { parseEnv, parseInput, parseOutput, readEnvFile } from '../parse/mounts.ts'
import { parseCount, parseDuration, parseMoney } from '../parse/values.ts'
import { collect, defineDemandFlags, resourcesOf } from './demand.ts'

const HOURS_OF_CAP = 24n
const QUEUE_MS = 600_000
/** Nobody sits there who could see that it waits. */
const QUEUE_MS_UNATTENDED = 120_000
const QUEUE_MS_MIN = 1_000
const QUEUE_MS_MAX = 7 * 86_400_000
const MS_PER_HOUR = 3_600_000n
/** Between two receipts, unless the settings say otherwise. */
const RECEIPT_MS = 10_000
const AWAY_MS_MAX = 30 * 86_400_000
const RETRIES_MAX = 100
/** Wherever `docker run` has a flag that Weft does not: what to do instead. */
const ALTERNATIVES: Record<string, string> = {
  file: '-f: job files are not built yet; use flags, as weft run --help lists them',
  privileged:
    '--privileged: jobs never run with more rights than any other; ask for what the job needs with --gpus, --cpus and --memory',
  interactive: '-i: there is no way to type into a job; give its input as files with -v',
  tty: '-t: there is no terminal in a job; run it without, and watch it with weft logs -f',
  publish: '-p: ports of a job cannot be published yet; bring results back with -o CONTAINER:HOST',
  rm: '--rm is not needed: a container and its files are always removed',
  volumesFrom: '--volumes-from: containers share nothing here; copy inputs in with -v HOST:CONTAINER',
  user: '-u: jobs run as an unprivileged user of the provider; files that they should write belong below the outputs of -o',
}
const DOCKER_NETWORKS = new Set(['host', 'bridge', 'none', 'default'])

export function defineRunFlags(command: Command): void {
  command
    .passThroughOptions()
    .usage('[options] <image> [command...]')
    .argument('[image]', 'NAME, NAME:TAG or NAME@sha256:DIGEST')
    .argument('[command...]', "the image's own if none")
    .option('--name <name>', 'a name for the job')
    .option('-e, --env <name=value>', "a variable; NAME alone passes on this shell's", collect)
    .option('--env-file <file>', 'variables, one a line', collect)
    .option('-v, --volume <host:container[:ro]>', 'copies a file or folder in', collect)
    .option('-o, --output <container:host>', 'brings a folder of the container back', collect)
    .option('-w, --workdir <dir>', 'working folder in the container')
  defineDemandFlags(command)
  command
    .option('--max-total <amount>', 'the bill never exceeds this')
    .option('--timeout <time>', 'stop the job after 90s, 10m or 2h')
    .option('--queue <time>', 'give up when no provider has taken the job for so long; 10m, with -y from a script 2m')
    .option(
      '--away <time>',
      'promise so much ahead: the job goes on though this machine is off; a provider that cheats can take it',
    )
    .option('--lost-after <time>', 'stop the job when its provider has not heard of this peer for so long')
    .option('--attempts <count>', 'providers that may be lost before the job fails', '3')
    .option('--retry-failed <count>', 'run it again, so often, when the program itself failed', '0')
    .option('-d, --detach', 'do not wait; prints the id')
    .option('-y, --yes', 'agree to the cap without being asked')
    .option('--propagate', "exit with the container's own code")
  const docker: [string, string][] = [
    ['-f, --file <file>', 'file'],
    ['--privileged', 'privileged'],
    ['-i, --interactive', 'interactive'],
    ['-t, --tty', 'tty'],
    ['-p, --publish <ports>', 'publish'],
    ['--rm', 'rm'],
    ['--volumes-from <name>', 'volumesFrom'],
    ['-u, --user <user>', 'user'],
    ['--net <network>', 'net'],
  ]
  for (const [flags] of docker) command.addOption(command.createOption(flags).hideHelp())
}

export interface RunRequest {
  submission: Omit<Submission, 'maxPricePerHour' | 'maxTotal' | 'currency'>
  /** Micro-units; undefined: to be asked. */
  maxPricePerHour: bigint | undefined
  maxTotal: bigint | undefined
  currency: string | undefined
  detach: boolean
  yes: boolean
  propagate: boolean
}

/** Flags of `weft run`, checked. Reads the file system (inputs must exist, outputs must be free) and changes nothing. */
export function readRunFlags(
  args: readonly string[],
  options: Record<string, unknown>,
  where: { cwd: string; env: NodeJS.ProcessEnv; typed: readonly string[]; interactive: boolean },
): RunRequest {
  refuseDockerOnly(options)
  const [image, ...command] = args
  if (image === undefined) throw usage("missing required argument 'image'; see weft run --help")
  const text = (key: string): string | undefined => (typeof options[key] === 'string' ? options[key] : undefined)
  const list = (key: string): string[] => (Array.isArray(options[key]) ? (options[key] as string[]) : [])
  const maxPrice = text('maxPrice')
  const maxTotal = text('maxTotal')
  return {
    submission: {
      name: nameOf(text('name') ?? ''),
      image: parseImage(image),
      command,
      env: [
        ...list('envFile').flatMap((file) => readEnvFile(file, where.env)),
        ...list('env').map((each) => parseEnv(each, where.env)),
      ],
      workdir: workdirOf(text('workdir') ?? ''),
      inputs: list('volume').map((each) => parseInput(each, where.cwd)),
      outputs: distinct(list('output').map((each) => parseOutput(each, where.cwd))),
      resources: resourcesOf(options),
      regions: list('region'),
      queueMs: queueOf(text('queue'), options['yes'] === true && !where.interactive),
      maxRunMs: text('timeout') === undefined ? 0 : parseDuration('--timeout', text('timeout') ?? ''),
      awayMs: awayOf(text('away')),
      lostAfterMs: text('lostAfter') === undefined ? 0 : parseDuration('--lost-after', text('lostAfter') ?? ''),
      attemptsMax: atLeastOne('--attempts', text('attempts') ?? '3'),
      retryFailed: parseCount('--retry-failed', text('retryFailed') ?? '0', RETRIES_MAX),
      typed: typedOf(where.typed),
    },
    maxPricePerHour: maxPrice === undefined ? undefined : parseMoney('--max-price', maxPrice),
    maxTotal: maxTotal === undefined ? undefined : parseMoney('--max-total', maxTotal),
    currency: text('currency'),
    detach: options['detach'] === true,
    yes: options['yes'] === true,
    propagate: options['propagate'] === true,
  }
}

/**
 * What the job may cost at most where --max-total is not given: a day at the highest price, or with --timeout that time and
 * at least an hour, so that a fee for starting fits in.
 */
export function totalCap(maxPricePerHour: bigint, maxRunMs: number): bigint {
  if (maxRunMs === 0) return maxPricePerHour * HOURS_OF_CAP
  const ms = BigInt(maxRunMs)
  return ms <= MS_PER_HOUR ? maxPricePerHour : (maxPricePerHour * ms + MS_PER_HOUR - 1n) / MS_PER_HOUR
}

function refuseDockerOnly(options: Record<string, unknown>): void {
  for (const [key, sentence] of Object.entries(ALTERNATIVES)) if (options[key] !== undefined) throw usage(sentence)
  const network = options['net'] ?? options['network']
  if (
    typeof network === 'string' &&
    (options['net'] !== undefined || DOCKER_NETWORKS.has(network) || network.startsWith('container:'))
  ) {
    throw usage(`--network ${network}: jobs have no network of the provider; bring inputs in with -v and results back with -o`)
  }
}

function queueOf(text: string | undefined, isUnattended: boolean): number {
  if (text === undefined) return isUnattended ? QUEUE_MS_UNATTENDED : QUEUE_MS
  const ms = parseDuration('--queue', text)
  if (ms < QUEUE_MS_MIN || ms > QUEUE_MS_MAX) throw usage(`--queue takes a time from 1s to 7d, not "${text}"`)
  return ms
}

function awayOf(text: string | undefined): number {
  const ms = text === undefined ? 0 : parseDuration('--away', text)
  if (ms > AWAY_MS_MAX) throw usage(`--away takes up to 30d, not "${text}": a provider would have to give credit for all of it`)
  return ms
}

function atLeastOne(flag: string, text: string): number {
  const count = parseCount(flag, text, RETRIES_MAX)
  if (count === 0) throw usage(`${flag} takes at least 1: a job without an attempt does nothing`)
  return count
}

/** What a provider that cheats can take of what was promised ahead, with one receipt that nobody saw in time. */
export function possibleLoss(maxPricePerHour: bigint, awayMs: number): bigint {
  return (maxPricePerHour * BigInt(awayMs + RECEIPT_MS) + MS_PER_HOUR - 1n) / MS_PER_HOUR
}

function nameOf(name: string): string {
  if (name === '' || /^[a-z0-9][a-z0-9._-]{0,62}$/.test(name)) return name
  throw usage(`--name takes up to 63 lower-case letters, digits, dots and dashes, not "${name}"`)
}

function workdirOf(workdir: string): string {
  if (workdir !== '' && !workdir.startsWith('/')) throw usage(`-w takes an absolute path inside the container, not "${workdir}"`)
  return workdir
}

function distinct<Output extends { host: string; container: string }>(outputs: Output[]): Output[] {
  for (const [at, { host }] of outputs.entries()) {
    if (outputs.findIndex((other) => other.host === host) !== at) throw usage(`two outputs cannot both go to ${host}`)
  }
  return outputs
}

/** For `weft show`, without the values of variables: they may be secrets. */
function typedOf(words: readonly string[]): string[] {
  return words.map((word, at) =>
    words[at - 1] === '-e' || words[at - 1] === '--env' || /^(-e|--env=)/.test(word) ? word.replace(/=.*$/s, '=…') : word,
  )
}
