import { median, operationsOf, readBytesOf } from '../../measure/index.ts'
import { MIB, type PeerId } from '../../units.ts'
import { CLOCK_SKEW_MS, MEASUREMENT_LIFETIME_MS_MAX } from '../../wire/limits.ts'
import type { MeasuredCard, Measurement } from '../../wire/measure.ts'
import type { Capacity } from '../../wire/types.ts'
import type { MeasuredCardView, MeasuredView } from '../views.ts'
import { measurable } from './measurable.ts'

/** A measurement, and who signed it. */
export interface Measured {
  by: PeerId
  measurement: Measurement
}

/** Whether a measurement is of now or before and ends as it should: whoever could sign another would be shown for ever. */
export const isTimely = ({ issuedAtMs, expiresAtMs }: Measurement, nowWall: number): boolean =>
  issuedAtMs <= nowWall + CLOCK_SKEW_MS && expiresAtMs <= issuedAtMs + MEASUREMENT_LIFETIME_MS_MAX

const GIB = 1024 * MIB

/**
 * What challengers found, one measurement of each: the median over them of all cards together. Null: nobody measured what is announced
 * now, or no measurement still counts. `pricePerHour`: of the whole, in micro-units.
 */
export function measuredView(
  all: readonly Measured[],
  { gpus }: Pick<Capacity, 'gpus'>,
  pricePerHour: bigint,
  nowWall: number,
): MeasuredView | null {
  return viewOf(all, gpus.length === 0 ? [''] : measurable(gpus).map(({ card }) => card), pricePerHour, nowWall)
}

/** The same of one card, by its hash in hex, or of the processor (''). */
export function measuredCardView(all: readonly Measured[], card: string, nowWall: number): MeasuredCardView | null {
  const view = viewOf(all, [card], 0n, nowWall)
  if (view === null) return null
  const { challengers, ageSeconds, memoryGiB, readsGiBs, fp32Tflops, fp16Tflops, bf16Tflops } = view
  return { challengers, ageSeconds, memoryGiB, readsGiBs, fp32Tflops, fp16Tflops, bf16Tflops }
}

function viewOf(all: readonly Measured[], cards: readonly string[], pricePerHour: bigint, nowWall: number): MeasuredView | null {
  const announced = new Set(cards)
  const valid = all.flatMap(({ measurement }) => {
    const cards = measurement.cards.filter(({ card }) => announced.has(card))
    return cards.length === 0 || measurement.expiresAtMs <= nowWall ? [] : [{ ...measurement, cards }]
  })
  if (valid.length === 0) return null
  const over = (value: (card: MeasuredCard) => number): number =>
    rounded(median(valid.map(({ cards }) => cards.reduce((sum, card) => sum + value(card), 0))))
  const fp32Tflops = over(({ rows, fp32Ms }) => operationsOf({ rows }) / fp32Ms / 1e9)
  const tflops = (of: 'fp16Ms' | 'bf16Ms'): number =>
    over(({ rows, [of]: ms }) => (ms === 0 ? 0 : operationsOf({ rows }) / ms / 1e9))
  const newest = Math.max(...valid.map(({ issuedAtMs }) => issuedAtMs))
  return {
    challengers: valid.length,
    ageSeconds: Math.max(0, Math.round((nowWall - newest) / 1000)),
    cards: Math.min(...valid.map(({ cards }) => cards.length)),
    memoryGiB: over(({ filledMib }) => filledMib / 1024),
    readsGiBs: over(({ filledMib, walkMs }) => (readBytesOf({ fillMib: filledMib }) / GIB / walkMs) * 1000),
    fp32Tflops,
    fp16Tflops: tflops('fp16Ms'),
    bf16Tflops: tflops('bf16Ms'),
    pricePerFp32TflopHour: fp32Tflops === 0 ? null : Math.round(Number(pricePerHour) / fp32Tflops).toString(),
  }
}

/** Four digits: more is noise. */
const rounded = (value: number): number => Number(value.toPrecision(4))
