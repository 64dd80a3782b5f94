import { codeOf, messageOf } from '@weft/protocols'
import type { Command } from 'commander'
import type { PriceView } from '../../api/views.ts'
import { systemClock } from '../../clock.ts'
import type { SettingName } from '../../config/index.ts'
import { homePaths } from '../../home/folder.ts'
import { EXIT, usage } from '../exit.ts'
import { readSettings } from '../peer-flags.ts'
import { priceText } from '../render/price.ts'
import { collect } from '../run/demand.ts'
import { type Context, print, say, type Verb } from '../verb.ts'

/** Flags that set one value. */
const FLAGS: readonly [flags: string, key: string, setting: SettingName, help: string][] = [
  ['--gpu <amount>', 'gpu', 'prices.gpuHour', "for each GPU and hour; auto: the usual price of each card's class"],
  ['--cpu <amount>', 'cpu', 'prices.cpuHour', 'for each core and hour'],
  ['--memory <amount>', 'memory', 'prices.memoryGibHour', 'for each GiB of memory and hour'],
  ['--disk <amount>', 'disk', 'prices.diskGibHour', 'for each GiB of disk and hour'],
  ['--egress <amount>', 'egress', 'prices.egressGib', 'for each GiB sent'],
  ['--start <amount>', 'start', 'prices.start', 'once for each start'],
  ['--policy <name>', 'policy', 'prices.policy', 'how bids move the prices: fixed, utilisation or learning'],
  ['--floor <amount>', 'floor', 'prices.gpuFloor', 'no bid asks less for an hour of a GPU'],
  ['--cpu-floor <amount>', 'cpuFloor', 'prices.cpuFloor', 'no bid asks less for an hour of a core'],
]

type Changes = Partial<Record<SettingName, string | string[]>>

/** `weft price`: what this machine charges; with flags: from now on. */
export const verb: Verb = {
  define(command: Command) {
    for (const [flags, , , help] of FLAGS) command.option(flags, help)
    command
      .option('--schedule <hours>', 'hours of every day, UTC, at another price, such as 22-6:0.5; repeatable; none', collect)
      .option('--friend <peer>', 'pays nothing, or with PEER=0.5 half; repeatable', collect)
      .option('--unfriend <peer>', 'pays as everybody; repeatable', collect)
  },
  async run(context, _args, options) {
    const hasDaemon = await context.client.answers()
    const before = hasDaemon ? (await context.client.get<PriceView>('/v1/price')).body : await offline(context)
    const changes = changesOf(options, before)
    if (Object.keys(changes).length === 0) {
      print(context, before, () => priceText(before))
      return EXIT.done
    }
    const after = await byFlag(changes, async () =>
      hasDaemon ? (await context.client.post<PriceView>('/v1/price', changes)).body : changeFile(context, changes),
    )
    for (const name of after.overridden.filter((name) => name in changes))
      say(context, `weft: ${name} was given to weft up as a flag or a variable, which counts again when it starts next`)
    if (!hasDaemon) say(context, 'weft: no daemon runs; this counts when weft up starts')
    print(context, after, () => priceText(after))
    return EXIT.done
  },
}

function changesOf(options: Record<string, unknown>, { friends }: PriceView): Changes {
  const changes: Changes = {}
  for (const [, key, setting] of FLAGS) {
    const value = options[key]
    if (typeof value === 'string') changes[setting] = value
  }
  const list = (key: string): string[] | undefined => options[key] as string[] | undefined
  const schedule = list('schedule')
  if (schedule !== undefined) changes['prices.schedule'] = schedule.join() === 'none' ? [] : schedule
  const [added, removed] = [list('friend') ?? [], list('unfriend') ?? []]
  if (added.length + removed.length > 0) changes.friends = friendsAfter(friends, added, removed)
  return changes
}

function friendsAfter(before: PriceView['friends'], added: readonly string[], removed: readonly string[]): string[] {
  const left = before.filter(({ peerId }) => !added.some((friend) => friend.split('=')[0] === peerId))
  for (const text of removed) {
    const found = left.filter(({ peerId }) => peerId.endsWith(text.replace(/^…/, '')))
    const [only] = found
    if (only === undefined) throw usage(`--unfriend ${text}: no friend has such an id; weft price lists them`)
    if (found.length > 1) throw usage(`--unfriend ${text}: ${found.length} friends end so; give more of the id`)
    left.splice(left.indexOf(only), 1)
  }
  return [...left.map(({ peerId, factor }) => `${peerId}=${factor}`), ...added]
}

/** By the settings alone: nobody is there who would know the cards. */
async function offline(context: Context): Promise<PriceView> {
  const { priceView } = await import('../../prices/book.ts')
  const { settings, origins } = await readSettings(context, {})
  return priceView(settings, { wallMs: systemClock.wallMs(), origins, asking: null })
}

/** Complaints are about the flag that was typed, not about the setting behind it. */
async function byFlag<Result>(changes: Changes, change: () => Promise<Result>): Promise<Result> {
  try {
    return await change()
  } catch (error) {
    if (codeOf(error) !== 'USAGE') throw error
    const message = messageOf(error)
    for (const [setting, flag] of TYPED) {
      const [said, sentence] = new RegExp(`^(?:\\S+:\\d+: )?${setting} (must be .*)$`, 's').exec(message) ?? []
      // The file may have had the same fault before.
      if (said !== undefined && [changes[setting] ?? []].flat().some((text) => said.includes(text)))
        throw usage(`${flag} ${sentence}`)
    }
    throw error
  }
}

/** Of each setting the flag for it. */
const TYPED: readonly [setting: SettingName, flag: string][] = [
  ...FLAGS.map(([flags, , setting]): [SettingName, string] => [setting, flags.replace(/ .*/, '')]),
  ['prices.schedule', '--schedule'],
  ['friends', '--friend'],
]

async function changeFile(context: Context, changes: Changes): Promise<PriceView> {
  const [{ changedConfig }, { openHome }] = await Promise.all([
    import('../../prices/change-file.ts'),
    import('../../home/index.ts'),
  ])
  // Before anything is made on the disk.
  changedConfig('', 'config.yaml', changes)
  await openHome(context.dataFolder, { create: true })
  const { PriceBook } = await import('../../prices/book.ts')
  const { settings, origins } = await readSettings(context, {})
  const book = new PriceBook({ ...settings, origins, file: homePaths(context.dataFolder).config })
  await book.change(changes)
  return book.view(systemClock.wallMs())
}
