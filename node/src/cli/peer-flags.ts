import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { flagOf, type Origins, resolveConfig, SETTING_NAMES, type SettingName, type Settings } from '../config/index.ts'
import { homePaths } from '../home/folder.ts'
import type { Context } from './verb.ts'

/** Flags of verbs that start a peer, beside those of every verb; each has the name of its setting. */
const PEER_FLAGS: [flags: string, description: string][] = [
  ['--gpu-price, --price-gpu-hour <amount>', "for each GPU and hour; auto: the usual price of each card's class"],
  ['--cpu-price, --price-cpu-hour <amount>', 'for each core and hour'],
  ['--memory-price, --price-memory-gib-hour <amount>', 'for each GiB of memory and hour'],
  ['--disk-price, --price-disk-gib-hour <amount>', 'for each GiB of disk and hour'],
  ['--start-price, --price-start <amount>', 'once for each start'],
  ['--egress-price, --price-egress-gib <amount>', 'for each GiB sent'],
  ['--currency, --price-currency <name>', 'of the prices'],
  ['--policy, --price-policy <name>', 'how bids move the prices: fixed, utilisation or learning'],
  ['--floor, --price-gpu-floor <amount>', 'no bid asks less for an hour of a GPU'],
  ['--cpu-floor, --price-cpu-floor <amount>', 'no bid asks less for an hour of a core'],
  ['--schedule, --price-schedule <hours>', 'hours of the day, UTC, at another price: 22-6:0.5'],
  ['--friends <peers>', 'peers that pay nothing, or PEER=0.5 half'],
  ['--region <name>', 'where this machine is'],
  ['--cpus, --lend-cpus <count>', 'lend at most so many cores'],
  ['--memory, --lend-memory <size>', 'lend at most so much memory'],
  ['--disk, --lend-disk <size>', 'lend at most so much disk'],
  ['--gpus, --lend-gpus <count>', 'lend at most so many GPUs; none or auto'],
  ['--lend-file <path>', 'a capacity file: which devices, when, and what stays yours'],
  ['--engine <engine>', 'auto, docker, podman, or its socket'],
  ['--metrics <place>', 'Prometheus over HTTP: off, a port of this machine, or HOST:PORT'],
  ['--log <level>', 'silent, error, warn, info, debug or trace'],
]

export function definePeerFlags(command: Command): void {
  defineRelay(command)
  for (const [flags, description] of PEER_FLAGS) command.option(flags, description)
  defineUnsafeEngine(command)
  // The other names are those of the settings, which weft config lists; they would leave no room for what a flag means.
  command.configureHelp({ optionTerm: ({ flags }) => flags.replace(/, --(?:price|lend)-[a-z-]+(?= <)/, '') })
}

/** Of whatever starts a peer. */
export function defineRelay(command: Command): void {
  command.option('--relay', 'behind NAT: be reached through the bootstrap peers')
}

/** For the demo and tests, so it is in no help. */
export function defineUnsafeEngine(command: Command): void {
  command.addOption(command.createOption('--unsafe-process-engine', 'run jobs as plain processes, NOT ISOLATED').hideHelp())
}

const camelCase = (flag: string): string => flag.replace(/-([a-z])/g, (_all, letter: string) => letter.toUpperCase())

/** The name under which a setting's flag was typed: complaints are about that one. */
function typedName(setting: SettingName, words: readonly string[]): string {
  const own = `--${flagOf(setting)}`
  const names = PEER_FLAGS.map(([flags]) => flags.replace(/ <.*/, '').split(', ')).find((all) => all.includes(own)) ?? [own]
  return names.find((name) => words.some((word) => word === name || word.startsWith(`${name}=`))) ?? own
}

/** Flags, environment and the file of the data folder, resolved. Throws UsageError naming what is wrong and where. */
export async function readSettings(
  context: Context,
  options: Record<string, unknown>,
): Promise<{ settings: Settings; origins: Origins }> {
  const { flags: global, env } = context
  const flags: Partial<Record<SettingName, string | number | boolean | readonly string[]>> = {}
  for (const name of SETTING_NAMES) {
    const value = options[camelCase(flagOf(name))]
    if (typeof value === 'string') flags[name] = value
  }
  if (options['provide'] === true) flags.provide = true
  if (options['relay'] === true) flags.relay = true
  if (global.bootstrap.length > 0) flags.bootstrap = global.bootstrap
  if (global.listen.length > 0) flags.listen = global.listen
  if (!global.mdns) flags.mdns = false
  const flagNames = Object.fromEntries(SETTING_NAMES.map((setting) => [setting, typedName(setting, context.typed)]))
  const name = homePaths(context.dataFolder).config
  const text = await readFile(name, 'utf8').catch(() => undefined)
  return resolveConfig({ flags, flagNames, env, file: text === undefined ? undefined : { name, text } })
}
