import type { ExplainView, WantsView } from '@weft/protocols/core'
import type { ExplainedView, RefusedView } from '../../api/views.ts'
import { formatMoney } from '../parse/values.ts'
import { wantsText } from './job.ts'
import { askedText, reasonText, refusedCounts } from './reasons.ts'
import { clean, shortPeer, table } from './table.ts'

const RELAXATIONS_SHOWN = 3
const REFUSED_SHOWN = 10
const SHORT_SHOWN = 10
const MIB_PER_GIB = 1024

/** `weft explain`. */
export function explainText(view: ExplainedView): string {
  const { wants, constraints, relaxations, refused, providers } = view
  const blocks = [`asked for: ${clean(wantsText(wants))}`, knownLine(view)]
  if (constraints.length > 0) {
    const rows = constraints.map(({ reason, providers: count, alone }) => [reasonText(reason), String(count), String(alone)])
    blocks.push(table(['CONSTRAINT', 'RULES OUT', 'ALONE'], rows))
  }
  const short = shortText(view)
  if (short !== undefined) blocks.push(short)
  if (relaxations.length > 0) blocks.push(relaxations.map((one) => relaxationLine(wants, one)).join('\n'))
  else if (isOutOfReach(view)) blocks.push(NO_ONE_CHANGE)
  const [cheapest] = providers
  if (cheapest?.fails.length === 0)
    blocks.push(`the cheapest that fits: ${shortPeer(cheapest.peerId)}, ${priceText(cheapest)}, by what it announces`)
  if (refused.length > 0) {
    const rows = refused
      .slice(-REFUSED_SHOWN)
      .map(({ peerId, stage, reason, times, asked }) => [
        shortPeer(peerId),
        stage === 'bid' ? 'when asked' : 'when chosen',
        asked === null ? reasonText(reason) : askedText(asked, wants.maxPricePerHour),
        String(times),
      ])
    blocks.push(table(['REFUSED BY', 'WHEN', 'WHY', 'TIMES'], rows))
  }
  return blocks.join('\n\n')
}

/** Who would not fit, those that come nearest first. */
function shortText({ known, fitting, providers }: ExplainView): string | undefined {
  const short = providers.filter(({ fails }) => fails.length > 0).slice(0, SHORT_SHOWN)
  if (short.length === 0) return undefined
  const rows = short.map(({ peerId, fails, ...price }) => [shortPeer(peerId), priceText(price), fails.map(reasonText).join(', ')])
  const more = known - fitting - short.length
  const rest = more > 0 ? `\n${more} more fall short of as much or more; --json lists up to 200` : ''
  return table(['PROVIDER', 'WOULD COST', 'FALLS SHORT'], rows) + rest
}

/** The same in a few lines, where a job found nobody. */
export function explainLines(view: ExplainedView): string[] {
  const counts = view.constraints.map(({ reason, providers }) => `${providers} ${reasonText(reason)}`)
  const why = counts.length === 0 ? '' : `; ruled out: ${counts.join(', ')}`
  return [
    `${knownLine(view)}${why}${refusedText(view.refused)}`,
    ...relaxationLines(view),
    ...(isOutOfReach(view) ? [NO_ONE_CHANGE] : []),
  ]
}

const NO_ONE_CHANGE = 'no one change would find a provider'
const isOutOfReach = ({ known, fitting, relaxations }: ExplainView): boolean =>
  known > 0 && fitting === 0 && relaxations.length === 0

function knownLine({ known, fitting }: ExplainView): string {
  if (known === 0) return 'no provider is known yet; see weft peers'
  return `of ${known} known ${known === 1 ? 'provider' : 'providers'} ${fitting === 0 ? 'none' : fitting} would fit`
}

const refusedText = (refused: readonly RefusedView[]): string =>
  refused.length === 0 ? '' : `; refused: ${refusedCounts(refused)}`

type Relaxation = ExplainView['relaxations'][number]

/** Up to so many changes that would find a provider, the cheapest first. */
export const relaxationLines = ({ wants, relaxations }: ExplainView): string[] =>
  relaxations.slice(0, RELAXATIONS_SHOWN).map((one) => relaxationLine(wants, one))

/** `with --vram 22g instead of 24g: 3 providers fit, from 0.31 USD/h`. */
function relaxationLine(wants: WantsView, relaxation: Relaxation): string {
  const { reason, wants: instead, providers } = relaxation
  const fit = providers === 1 ? '1 provider fits' : `${providers} providers fit`
  return clean(`${changeText(reason, wants, instead)}: ${fit}, from ${priceText(relaxation)}`)
}

const priceText = ({ pricePerHour, currency }: { pricePerHour: string; currency: string }): string =>
  `${formatMoney(pricePerHour)} ${clean(currency)}/h`

/** What of the flags changes. */
function changeText(reason: string, wants: WantsView, instead: WantsView): string {
  const flag = (name: string, of: (from: WantsView) => string): string => {
    const [now, before] = [of(instead), of(wants)]
    if (now === '') return `without --${name}`
    return `with --${name} ${now}${before === '' ? '' : ` instead of ${before}`}`
  }
  switch (reason) {
    case 'gpu-vram':
      return flag('vram', ({ gpuVramMib }) => sizeText(gpuVramMib))
    case 'gpu-count':
      return flag('gpus', ({ gpuCount }) => String(gpuCount))
    case 'gpu-capability':
      return flag('compute-capability', ({ gpuComputeCapability }) => gpuComputeCapability)
    case 'gpu-model': {
      const vendor = instead.gpuVendor === wants.gpuVendor ? [] : [flag('gpu-vendor', ({ gpuVendor }) => gpuVendor)]
      const isSame = instead.gpuModels.join() === wants.gpuModels.join()
      return [...vendor, ...(isSame ? [] : [flag('gpu-model', ({ gpuModels }) => gpuModels.join(' or '))])].join(', ')
    }
    case 'cpu':
      return flag('cpus', ({ cpuMilli }) => String(cpuMilli / 1000))
    case 'memory':
      return flag('memory', ({ memoryMib }) => sizeText(memoryMib))
    case 'disk':
      return flag('disk', ({ diskMib }) => sizeText(diskMib))
    case 'region':
      return flag('region', ({ regions }) => regions.join(' or '))
    case 'currency':
      return flag('currency', ({ currency }) => currency)
    case 'price':
      return flag('max-price', ({ maxPricePerHour }) => (maxPricePerHour === null ? '' : formatMoney(maxPricePerHour)))
    default:
      return `with an image for ${instead.arch} instead of ${wants.arch}`
  }
}

const sizeText = (mib: number): string => (mib % MIB_PER_GIB === 0 ? `${mib / MIB_PER_GIB}g` : `${mib}m`)
