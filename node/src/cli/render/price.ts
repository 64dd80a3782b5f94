import type { PriceView } from '../../api/views.ts'
import { formatMoney } from '../parse/values.ts'
import { shortPeer, table } from './table.ts'

const MIB_PER_GIB = 1024
const POLICIES: Readonly<Record<string, string>> = {
  fixed: 'fixed: bids ask what is announced',
  utilisation: 'utilisation: bids ask half when idle, twice when full',
  learning: 'learning: bids ask more when they win, less when they lose',
}

/** `weft price`. */
export function priceText(view: PriceView): string {
  const { asking, settings } = view
  const rows = asking === null ? settingRows(view) : askingRows(view, asking)
  const header = asking === null ? ['PRICE OF', 'SET'] : ['PRICE OF', 'ANNOUNCED', 'ASKED NOW']
  const used =
    asking === null ? '' : `; ${Math.round(asking.utilisation * 100)} % in use, ${asking.won} bids won, ${asking.lost} lost`
  const lines = [`policy     ${POLICIES[settings.policy] ?? settings.policy}${used}`]
  if (settings.gpuFloor !== '0') lines.push(`floor      ${money(view, settings.gpuFloor)} for an hour of a GPU`)
  if (settings.cpuFloor !== '0') lines.push(`floor      ${money(view, settings.cpuFloor)} for an hour of a core`)
  if (settings.schedule.length > 0) {
    const hours = settings.schedule.map(({ fromHour, toHour, factor }) => `${fromHour} to ${toHour} h ×${factor}`)
    lines.push(`schedule   ${hours.join(', ')} (UTC), now ×${view.factorNow}`)
  }
  for (const { peerId, factor } of view.friends)
    lines.push(`friend     ${shortPeer(peerId)} pays ${factor === 0 ? 'nothing' : `×${factor}`}, which is announced to nobody`)
  if (asking === null) lines.push('this peer sells nothing now: weft up --provide does')
  return `${table(header, rows)}\n\n${lines.join('\n')}`
}

type Asking = NonNullable<PriceView['asking']>

function askingRows(view: PriceView, { gpus, announced, asked }: Asking): string[][] {
  const each = gpus.map(({ count, model, vramMib, announced: set, asked: now }) => [
    `GPU hour, ${count}× ${model} ${Math.round(vramMib / MIB_PER_GIB)} GiB`,
    money(view, set),
    money(view, now),
  ])
  return [...each, ...PARTS.map(([name, key]) => [name, money(view, announced[key]), money(view, asked[key])])]
}

function settingRows(view: PriceView): string[][] {
  const { settings, classPrices } = view
  const gpus =
    settings.gpuHour === null
      ? classPrices.map(({ class: name, gpuHour }) => [`GPU hour, class ${name}`, money(view, gpuHour)])
      : [['GPU hour', money(view, settings.gpuHour)]]
  return [...gpus, ...PARTS.map(([name, key]) => [name, money(view, settings[key])])]
}

const PARTS = [
  ['core hour', 'cpuHour'],
  ['GiB of memory and hour', 'memoryGibHour'],
  ['GiB of disk and hour', 'diskGibHour'],
  ['GiB sent', 'egressGib'],
  ['start', 'start'],
] as const

const money = ({ currency }: PriceView, amount: string): string => `${formatMoney(amount)} ${currency}`
