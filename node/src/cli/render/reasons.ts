import type { WantsView } from '@weft/protocols/core'
import type { RefusedView } from '../../api/views.ts'
import { formatMoney } from '../parse/values.ts'
import { clean, shortPeer } from './table.ts'

/** Why somebody does not take a job, in the words of its flags. What is not here is shown as it came. */
const REASON: Readonly<Record<string, string>> = {
  'gpu-count': 'too few GPUs',
  'gpu-vram': 'too little GPU memory',
  'gpu-model': 'another GPU model',
  'gpu-capability': 'too little compute capability',
  cpu: 'too few cores',
  memory: 'too little memory',
  disk: 'too little disk',
  region: 'another region',
  arch: 'another processor',
  price: 'above the price limit',
  currency: 'another currency',
  credit: 'gives this peer too little credit',
  terms: "does not accept this peer's terms",
  draining: 'takes nothing new',
  'no-engine': 'no container engine',
  'unknown-bid': 'its bid had lapsed',
  expired: 'the order came too late',
  'no-answer': 'no answer',
}

export const reasonText = (reason: string): string => REASON[reason] ?? clean(reason)

/** What a provider asked that was too much. */
export type Asked = NonNullable<RefusedView['asked']>

/** `asked 0.52 USD/h, above your limit of 0.40`. `limit`: in micro-units; null where the job names none. */
export function askedText({ pricePerHour, currency }: Asked, limit: string | null): string {
  const above = limit === null ? 'too much' : `above your limit of ${formatMoney(limit)}`
  return `asked ${formatMoney(pricePerHour)} ${clean(currency)}/h, ${above}`
}

/** `…kSCVe2Xo asked 0.52 USD/h, above your limit of 0.40 (3 times)`. */
export function refusedLine({ peerId, reason, times, asked }: RefusedView, { maxPricePerHour }: WantsView): string {
  const why = asked === null ? `refused: ${reasonText(reason)}` : askedText(asked, maxPricePerHour)
  return `${shortPeer(peerId)} ${why}${times === 1 ? '' : ` (${times} times)`}`
}

/** `3 above the price limit, the least of which asked 0.52 USD/h; 1 busy`, by providers. */
export function refusedCounts(refused: readonly RefusedView[]): string {
  const reasons = Map.groupBy(refused, ({ reason }) => reason)
  return [...reasons]
    .map(([reason, all]) => `${all.length} ${reasonText(reason)}${leastText(all.flatMap(({ asked }) => asked ?? []))}`)
    .join(', ')
}

function leastText(asked: readonly Asked[]): string {
  const [least] = asked.toSorted((a, b) => (BigInt(a.pricePerHour) < BigInt(b.pricePerHour) ? -1 : 1))
  if (least === undefined) return ''
  const text = `${formatMoney(least.pricePerHour)} ${clean(least.currency)}/h`
  return asked.length === 1 ? ` (asked ${text})` : ` (the cheapest asked ${text})`
}
