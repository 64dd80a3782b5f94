import type { GpuView, OfferView } from '@weft/protocols/core'
import type { Grouping, OfferGroup } from '../../offers/arrange.ts'
import type { RuledOut, Selection } from '../../offers/query.ts'
import { formatDuration, formatMoney } from '../parse/values.ts'
import { flopsText, gibText } from './rates.ts'
import { type Column, clean, shortPeer, table, tableOf } from './table.ts'

/** The dearest to do without last. Of the whole machine, since what a job costs depends on what it asks for: weft explain says that. */
const OFFER_COLUMNS: readonly Column<OfferView>[] = [
  { head: 'PROVIDER', cell: ({ peerId }) => shortPeer(peerId) },
  { head: 'CLASS', cell: (offer) => offer.class, spare: 4 },
  { head: 'GPUS', cell: ({ gpus }) => gpusText(gpus), ifAny: true },
  { head: 'EACH GPU', cell: gpuPriceText, align: 'right', ifAny: true },
  { head: 'CORES', cell: ({ cpus }) => String(cpus), align: 'right', spare: 1 },
  { head: 'MEMORY', cell: ({ memoryGiB }) => `${memoryGiB} GiB`, align: 'right', spare: 2 },
  { head: 'DISK', cell: ({ diskGiB }) => `${diskGiB} GiB`, align: 'right', spare: 3 },
  { head: 'WHOLE MACHINE', cell: (offer) => `${formatMoney(offer.pricePerHour)} ${offer.currency}/h`, align: 'right' },
  { head: 'REGION', cell: ({ region }) => region || '-', ifAny: true, spare: 5 },
  { head: 'SEEN VIA', cell: ({ seenVia }) => seenVia.join(','), spare: 8 },
  { head: 'HEARD', cell: ({ ageSeconds }) => `${formatDuration(ageSeconds * 1000)} ago`, align: 'right', spare: 7 },
  { head: 'MEASURED', cell: measuredText, ifAny: true, spare: 6 },
]

/** `weft offers`, and what `weft run` shows before it asks for a price. `known`: how many these were chosen from. */
export function offersTable(
  offers: readonly OfferView[],
  { known = offers.length, width }: { known?: number; width?: number } = {},
): string {
  if (offers.length > 0) return tableOf(OFFER_COLUMNS, offers, width)
  return known === 0 ? 'no offers heard of yet; weft peers shows who is connected, weft doctor what is wrong' : 'no offers match'
}

export const gpusText = (gpus: readonly GpuView[]): string =>
  gpus
    .map(({ count, model, vramGiB, detected }) => `${count}× ${clean(model)} ${vramGiB} GiB${detected ? '' : ' (claimed)'}`)
    .join(', ') || '-'

/** What challengers saw, beside what is claimed: by how many, how long ago, and what its price is for it. */
function measuredText({ measured, currency }: OfferView): string {
  if (measured === null) return '-'
  const { challengers, ageSeconds, memoryGiB, fp32Tflops, pricePerFp32TflopHour: price } = measured
  const priced = price === null ? '' : `, ${formatMoney(price)} ${currency}/TFLOP h`
  return `${gibText(memoryGiB)}, ${flopsText(fp32Tflops)}${priced}, by ${challengers}, ${formatDuration(ageSeconds * 1000)} ago`
}

/** In the order of the kinds, each price once where all are alike. */
function gpuPriceText({ gpus, currency }: OfferView): string {
  const prices = [...new Set(gpus.map(({ pricePerHour }) => formatMoney(pricePerHour)))]
  return prices.length === 0 ? '-' : `${prices.join(', ')} ${currency}/h`
}

/** `weft offers --group-by`. */
export function groupsTable(groups: readonly OfferGroup[], by: Grouping): string {
  if (groups.length === 0) return 'no offers match'
  const rows = groups.map(({ key, currency, offers, gpus, gpuPrice, machinePrice }) => [
    by === 'provider' ? shortPeer(key) : key || '-',
    String(offers),
    String(gpus),
    gpuPrice === null ? '-' : rangeText(gpuPrice, currency),
    rangeText(machinePrice, currency),
  ])
  return table([by.toUpperCase(), 'OFFERS', 'GPUS', 'EACH GPU', 'WHOLE MACHINE'], rows)
}

function rangeText({ from, to }: { from: string; to: string }, currency: string): string {
  const [least, most] = [formatMoney(from), formatMoney(to)]
  return `${least === most ? least : `${least} to ${most}`} ${currency}/h`
}

/** `3 of 12 offers match; ruled out: 5 by vram>=24 (2 by that alone), 4 by region=eu`. */
export function footer({ known, matching, ruledOut }: Selection): string {
  const match = `${matching.length} of ${known} ${known === 1 ? 'offer' : 'offers'} match`
  return ruledOut.length === 0 ? match : `${match}; ruled out: ${ruledOut.map(ruledOutText).join(', ')}`
}

const ruledOutText = ({ term, offers, alone }: RuledOut): string =>
  `${offers} by ${term}${alone === 0 || alone === offers ? '' : ` (${alone} by that alone)`}`

/** `weft offers --why`. */
export function whyTable(selection: Selection): string {
  const rows = selection.ruledOut.map(({ term, offers, alone }) => [term, String(offers), String(alone)])
  const { known, matching } = selection
  const first = `${matching.length} of ${known} ${known === 1 ? 'offer' : 'offers'} match`
  return rows.length === 0 ? first : `${first}\n${table(['TERM', 'RULES OUT', 'ALONE'], rows)}`
}
