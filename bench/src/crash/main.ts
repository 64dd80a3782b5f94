/**
 * `npm run test:crash [-- --kills 200] [--seed N] [--json] [--list]`
 *
 * Two providers and a renter as processes over loopback TCP, with real containers, are killed with SIGKILL at named failpoints and
 * at random times and started again, sometimes their guards as well, while jobs go on. In the end all of them must have ended, and the bundles of all sides, the
 * engine's own history and its list of containers must agree: see verdict.ts for what each number means.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { FAILPOINTS } from '@weft/node'
import { LABELS, PROCESS_IMAGE } from '@weft/node/executor'
import { messageOf, UsageError } from '@weft/protocols'
import { busyboxImage } from '../latency-image.ts'
import { type BenchEngine, benchEngine } from '../mesh/engine.ts'
import { Processes } from '../mesh/processes.ts'
import { ContainerWatch } from './containers.ts'
import { newNetwork, runTrial, type Trial } from './trial.ts'

const EXIT = { done: 0, failed: 1, usage: 64, interrupted: 130 }
const KILLS = { usual: 200, most: 100_000 }
const SEED_MAX = 2 ** 32
const USAGE = `usage: npm run test:crash [-- flags]

  --kills N                  how often a peer is killed; ${KILLS.usual} if not said
  --seed N                   where and when: the same seed, the same deaths; drawn if not said
  --unsafe-process-engine    runs jobs as plain processes, NOT ISOLATED, and knows less of what really ran
  --json                     one JSON document as the last line of stdout
  --keep                     keeps the folder with data and logs of the peers
  --list                     names the failpoints`

interface Options {
  kills: number
  seed: number
  json: boolean
  keep: boolean
  list: boolean
  isUnsafe: boolean
}

function optionsOf(argv: readonly string[]): Options | undefined {
  const flag = { type: 'boolean', default: false } as const
  const { values } = parseArgs({
    args: [...argv],
    options: {
      kills: { type: 'string', default: String(KILLS.usual) },
      seed: { type: 'string', default: String(Date.now() % SEED_MAX) },
      json: flag,
      keep: flag,
      list: flag,
      help: { ...flag, short: 'h' },
      'unsafe-process-engine': flag,
    },
  })
  if (values.help) return undefined
  const [kills, seed] = [Number(values.kills), Number(values.seed)]
  if (!Number.isInteger(kills) || kills < 1 || kills > KILLS.most)
    throw new UsageError(`--kills takes a number from 1 to ${KILLS.most}`)
  if (!Number.isInteger(seed) || seed < 0 || seed >= SEED_MAX)
    throw new UsageError(`--seed takes a number from 0 to ${SEED_MAX - 1}`)
  const { json, keep, list } = values
  return { kills, seed, json, keep, list, isUnsafe: values['unsafe-process-engine'] }
}

async function main(argv: readonly string[]): Promise<number> {
  let options: Options | undefined
  try {
    options = optionsOf(argv)
  } catch (error) {
    console.error(`${messageOf(error)}\n\n${USAGE}`)
    return EXIT.usage
  }
  if (options === undefined || options.list) {
    console.log(options === undefined ? USAGE : listText())
    return EXIT.done
  }
  const chosen = options.isUnsafe
    ? { engine: undefined, env: {}, started: false, stop: async () => {} }
    : await benchEngine({ yes: false, noInstall: true, log: (line) => console.error(line) })
  if (chosen.engine === undefined && !options.isUnsafe) return withoutEngine()
  const interrupt = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interrupt.abort(new Error('interrupted')))
  try {
    const trial = await onTrial(options, chosen, interrupt.signal)
    print(trial, options)
    return countOf(trial) === 0 ? EXIT.done : EXIT.failed
  } catch (error) {
    console.error(`failed: ${messageOf(error)}\nrepeat it with\n  ${commandOf(options)}`)
    return interrupt.signal.aborted ? EXIT.interrupted : EXIT.failed
  } finally {
    await chosen.stop()
  }
}

/** A test that is not run must not look like one that passed. */
function withoutEngine(): number {
  const isRequired = process.env['WEFT_REQUIRE_ENGINE'] === '1'
  console.error(`test:crash ${isRequired ? 'fails' : 'is skipped'}: it needs Docker or Podman, and none answers`)
  return isRequired ? EXIT.failed : EXIT.done
}

/** Takes everything away behind itself, however it ends. */
async function onTrial(options: Options, { engine, env }: BenchEngine, signal: AbortSignal): Promise<Trial> {
  const folder = await mkdtemp(join(tmpdir(), 'weft-crash-'))
  const network = newNetwork()
  const processes = new Processes(folder, env)
  const tag = `weft-crash:${network}`
  const log = (line: string): void => console.error(line)
  let watch: ContainerWatch | undefined
  log(`seed ${options.seed}, network ${network}`)
  try {
    if (engine !== undefined) {
      await busyboxImage(engine, tag, signal)
      watch = await ContainerWatch.open(engine.host, network)
    }
    const work = engine === undefined ? { image: PROCESS_IMAGE, command: asScript } : { image: tag, command: asShell }
    return await runTrial({ ...options, ...work, folder, network, processes, engine, watch, log, signal })
  } finally {
    processes.killAll()
    await watch?.close()
    const containers = (await engine?.list({ [LABELS.network]: network }).catch(() => [])) ?? []
    await Promise.allSettled(containers.map(({ id }) => engine?.remove(id)))
    await engine?.removeImage(tag).catch((error: unknown) => log(messageOf(error)))
    if (options.keep) log(`kept ${folder}`)
    else await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

/** Prints, works, and leaves a file where outputs are collected, if they are. */
const asShell = (seconds: number): string[] => [
  'sh',
  '-c',
  `echo began; sleep ${seconds}; [ ! -d /out ] || echo whole > /out/done; echo ended`,
]

const asScript = (seconds: number): string[] => [
  'node',
  '-e',
  `console.log('began');setTimeout(()=>{try{require('fs').writeFileSync(process.argv[1]+'/done','whole')}catch{};console.log('ended')},${seconds * 1000})`,
  '/out',
]

const countOf = ({ lost, chargedTwice, orphans, stuck }: Trial): number =>
  lost.length + chargedTwice.length + orphans.length + stuck.length

const commandOf = ({ kills, seed }: Options): string => `npm run test:crash -- --kills ${kills} --seed ${seed}`

function print(trial: Trial, options: Options): void {
  const { lost, chargedTwice, orphans, stuck, kills, guards, jobs, states, failpoints } = trial
  const numbers = { lost: lost.length, chargedTwice: chargedTwice.length, orphans: orphans.length, stuck: stuck.length }
  for (const sentence of [...lost, ...chargedTwice, ...orphans, ...stuck]) console.error(`  ${sentence}`)
  const every = [...FAILPOINTS.provider, ...FAILPOINTS.renter]
  const passed = every.filter((name) => failpoints[name] !== undefined).length
  console.error(
    `${kills} kills and ${guards} of guards, at ${passed} of ${every.length} failpoints; ${jobs} jobs: ${JSON.stringify(states)}`,
  )
  console.error(`repeat it with\n  ${commandOf(options)}`)
  if (options.json) console.log(JSON.stringify({ kills, guards, jobs, ...numbers, seed: options.seed, states, failpoints }))
  else
    console.log(`lost ${numbers.lost}, charged twice ${numbers.chargedTwice}, orphans ${numbers.orphans}, stuck ${numbers.stuck}`)
}

const listText = (): string =>
  Object.entries(FAILPOINTS)
    .map(([role, names]) => [`${role}:`, ...names.map((name) => `  ${name}`)].join('\n'))
    .join('\n')

process.exitCode = await main(process.argv.slice(2))
