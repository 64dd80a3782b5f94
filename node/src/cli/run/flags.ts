import type { Command } from 'commander'
import type { Submission } from '../../api/views.ts'
import { usage } from '../exit.ts'
import type { WrittenJob } from '../job-file/index.ts'
import { parseImage } from '../parse/image.ts'
import { parseAttempts, parseAway, parseJobName, parseQueue, parseRetries, parseWorkdir } from '../parse/job-values.ts'
import { parseEnv, parseInput, parseOutput, readEnvFile } from '../parse/mounts.ts'
import { parseDuration, parseMoney } from '../parse/values.ts'
import { collect, defineDemandFlags, demandOf, flagsOf } from './demand.ts'
import { defined, type JobDraft, laidOver, NO_DRAFT, submissionOf } from './draft.ts'

const HOURS_OF_CAP = 24n
const MS_PER_HOUR = 3_600_000n
/** Between two receipts, unless the settings say otherwise. */
const RECEIPT_MS = 10_000
/** Wherever `docker run` has a flag that Weft does not: what to do instead. */
const ALTERNATIVES: Record<string, string> = {
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

const EXAMPLES = `
Flags stand before the image; what follows it is the container's command.
  weft run debian:stable-slim echo hello              shows offers, and asks for a price
  weft run -y --max-price 0.10 debian:stable-slim echo hello
  weft run --gpus 1 --vram 24 --max-price 0.40 -v ./data:/data:ro -o /out:./out my/trainer:1 python train.py
  weft run -d --name long -y --max-price 0.40 my/trainer:1 && weft logs -f long`

export function defineRunFlags(command: Command): void {
  command
    .passThroughOptions()
    .usage('[options] <image> [command...]\n       weft run -f <file> [options] [image] [command...]')
    .argument('[image]', 'NAME, NAME:TAG or NAME@sha256:DIGEST')
    .argument('[command...]', "the image's own if none")
    .option('-f, --file <file>', 'a job file, as weft job init writes one; - for stdin; flags are stronger')
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
    .option('--attempts <count>', 'providers that may be lost before the job fails (default: 3)')
    .option('--retry-failed <count>', 'run it again, so often, when the program itself failed (default: 0)')
    .option('-d, --detach', 'do not wait; prints the id')
    .option('-y, --yes', 'agree to the cap without being asked')
    .option('--dry-run', 'order nothing: say who would take it, as weft explain does')
    .option('--propagate', "exit with the container's own code")
  const docker: [string, string][] = [
    ['--privileged', 'privileged'],
    ['-i, --interactive', 'interactive'],
    ['-t, --tty', 'tty'],
    ['-p, --publish <ports>', 'publish'],
    ['--rm', 'rm'],
    ['--volumes-from <name>', 'volumesFrom'],
    ['-u, --user <user>', 'user'],
    ['--net <network>', 'net'],
  ]
  command.addHelpText('after', EXAMPLES)
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
  dryRun: boolean
  /** Undefined: the price, if there is one, was typed. */
  priceFrom: string | undefined
  /** What of the file does not count, for people. */
  overruled: string | undefined
}

interface RunPlace {
  cwd: string
  env: NodeJS.ProcessEnv
  typed: readonly string[]
  interactive: boolean
  /** What the flags are laid over. */
  file?: WrittenJob | undefined
}

/** Flags of `weft run` and the job file below them, checked. Reads the file system (inputs must exist, outputs must be free) and changes nothing. */
export function readRunFlags(args: readonly string[], options: Record<string, unknown>, where: RunPlace): RunRequest {
  refuseDockerOnly(options)
  const { file } = where
  const flags = draftOf(args, options, where)
  const draft = laidOver(file?.draft ?? NO_DRAFT, flags)
  const { maxPricePerHour, maxTotal, currency } = draft.fields
  const yes = options['yes'] === true
  return {
    submission: submissionOf(draft, { env: where.env, isUnattended: yes && !where.interactive, typed: typedOf(where.typed) }),
    maxPricePerHour,
    maxTotal,
    currency,
    detach: options['detach'] === true,
    yes,
    propagate: options['propagate'] === true,
    dryRun: options['dryRun'] === true,
    priceFrom:
      flags.fields.maxPricePerHour === undefined && maxPricePerHour !== undefined ? file?.where('price.maxPerHour') : undefined,
    overruled: file === undefined ? undefined : overruledBy(flags, file),
  }
}

/** What was typed. */
function draftOf([image, ...command]: readonly string[], options: Record<string, unknown>, where: RunPlace): JobDraft {
  const { read, list } = flagsOf(options)
  const all = (key: string): string[] => list(key) ?? []
  const variables = [
    ...all('envFile').flatMap((file) => readEnvFile(file, where.env)),
    ...all('env').map((each) => parseEnv(each, where.env)),
  ]
  return {
    fields: defined({
      ...demandOf(options),
      image: image === undefined ? undefined : parseImage(image),
      command: command.length === 0 ? undefined : command,
      name: read('name', '--name', orEmpty(parseJobName)),
      workdir: read('workdir', '-w', orEmpty(parseWorkdir)),
      maxTotal: read('maxTotal', '--max-total', parseMoney),
      queueMs: read('queue', '--queue', parseQueue),
      maxRunMs: read('timeout', '--timeout', parseDuration),
      awayMs: read('away', '--away', parseAway),
      lostAfterMs: read('lostAfter', '--lost-after', parseDuration),
      attemptsMax: read('attempts', '--attempts', parseAttempts),
      retryFailed: read('retryFailed', '--retry-failed', parseRetries),
    }),
    env: variables.map((variable) => ({ ...variable, said: `-e ${variable.name}` })),
    inputs: all('volume').map((each) => ({ ...parseInput(each, where.cwd), said: `-v ${each}` })),
    outputs: all('output').map((each) => ({ ...parseOutput(each, where.cwd), said: `-o ${each}` })),
  }
}

/** An empty one is the same as none, for scripts. */
const orEmpty =
  (parse: (flag: string, text: string) => string) =>
  (flag: string, text: string): string =>
    text === '' ? '' : parse(flag, text)

/** An image that was typed replaces the file's; who types no command keeps the file's, which may not be what was meant. */
function overruledBy({ fields: { image, command } }: JobDraft, { draft, where }: WrittenJob): string | undefined {
  if (image === undefined || image === draft.fields.image) return undefined
  const theirs = draft.fields.command === undefined ? undefined : where('command')
  const and =
    theirs === undefined
      ? ''
      : command === undefined
        ? `; the command is that of ${theirs}`
        : `, and the command typed, not that of ${theirs}`
  return `the image typed counts, ${image}, not ${draft.fields.image} of ${where('image')}${and}`
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

/** What a provider that cheats can take of what was promised ahead, with one receipt that nobody saw in time. */
export function possibleLoss(maxPricePerHour: bigint, awayMs: number): bigint {
  return (maxPricePerHour * BigInt(awayMs + RECEIPT_MS) + MS_PER_HOUR - 1n) / MS_PER_HOUR
}

/** For `weft show`, without the values of variables: they may be secrets. */
function typedOf(words: readonly string[]): string[] {
  return words.map((word, at) =>
    words[at - 1] === '-e' || words[at - 1] === '--env' || /^(-e|--env=)/.test(word) ? word.replace(/=.*$/s, '=…') : word,
  )
}
