import { existsSync } from 'node:fs'
import { capacityFilePath } from '../../capacity/watched-file.ts'
import { hostPort } from '../../config/index.ts'
import { formatDuration } from '../../config/units.ts'
import { EXIT } from '../exit.ts'
import { formatMoney } from '../parse/values.ts'
import { definePeerFlags, readSettings } from '../peer-flags.ts'
import { table } from '../render/table.ts'
import { print, type Verb } from '../verb.ts'

/** `weft config`: each setting, its value, and where that came from. */
export const verb: Verb = {
  define: definePeerFlags,
  async run(context, _args, options) {
    const { settings, origins } = await readSettings(context, options)
    const { lend, prices, friends, terms, strangersCredit, diskReserveMib, lendFile, settle, ...rest } = settings
    const nested: Record<string, unknown> = {
      ...rest,
      ...Object.fromEntries(Object.entries(prices).map(([key, value]) => [`prices.${key}`, plain(value)])),
      'prices.gpuHour': prices.gpuHour === undefined ? 'auto' : formatMoney(prices.gpuHour),
      'prices.schedule': prices.schedule.map(({ from, to, milli }) => `${from}-${to}:${milli / 1_000}`),
      friends: friends.map(({ peerId, milli }) => `${peerId}=${milli / 1_000}`),
      metrics: settings.metrics === 'off' ? 'off' : hostPort(settings.metrics),
      'lend.cpus': lend.cpuMilli === undefined ? null : lend.cpuMilli / 1000,
      'lend.memory': lend.memoryMib === undefined ? null : `${lend.memoryMib}m`,
      'lend.disk': lend.diskMib === undefined ? null : `${lend.diskMib}m`,
      'lend.diskReserve': diskReserveMib === undefined ? null : `${diskReserveMib}m`,
      'lend.gpus': lend.gpus,
      'lend.file': lendFile ?? (existsSync(capacityFilePath(context.dataFolder)) ? capacityFilePath(context.dataFolder) : null),
      'credit.strangers': strangersCredit === undefined ? null : formatMoney(strangersCredit),
      'settle.every': settle === undefined ? null : formatDuration(settle.everyMs),
      'settle.least': settle === undefined ? null : formatMoney(settle.least ?? 0n),
      'terms.interval': formatDuration(terms.intervalMs),
      'terms.stopAfter': formatDuration(terms.stopAfterMs),
      'terms.stopGrace': formatDuration(terms.stopGraceMs),
    }
    const entries = Object.entries(origins).map(([key, { from, where }]) => ({ key, value: nested[key] ?? null, from, where }))
    print(context, entries, () => {
      const rows = entries.map(({ key, value, from, where }) => [
        key,
        text(value),
        from === 'default' ? 'default' : `${from}: ${where}`,
      ])
      return table(['SETTING', 'VALUE', 'FROM'], rows)
    })
    return EXIT.done
  },
}

const plain = (value: unknown): unknown => (typeof value === 'bigint' ? formatMoney(value) : value)
const text = (value: unknown): string =>
  value === null || value === '' ? '-' : Array.isArray(value) ? value.join(' ') || '-' : String(value)
