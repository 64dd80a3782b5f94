import type { BenchView, ChallengeView, MeasuredView } from '../../api/views.ts'
import { counted } from '../../capacity/counted.ts'
import { flopsText, gibText, rateText, significant } from './rates.ts'
import { clean, shortPeer, table } from './table.ts'

const HEADER = ['device', 'claimed', 'held', 'fill', 'random reads', 'fp32', 'fp16', 'bf16', 'memory', 'PCIe in', 'PCIe out']

/** What `weft doctor --bench` measured, beside what is claimed. */
export function benchText(bench: BenchView | undefined): string[] {
  if (bench === undefined) return []
  const cards = bench.cards.map((card) => [
    `${card.vendor} ${card.model}`,
    gibText(card.claimedGiB),
    ...(card.measured === null ? ['-', '-', '-', '-', '-', '-'] : measuredCells(card.measured)),
    ...(card.bandwidths === null
      ? ['-', '-', '-']
      : [rateText(card.bandwidths.memoryGiBs), rateText(card.bandwidths.toCardGiBs), rateText(card.bandwidths.fromCardGiBs)]),
  ])
  const { cores, measured } = bench.processor
  const processor = [`${cores} cores`, '-', ...measuredCells(measured), '-', '-', '-']
  return [
    '',
    table(HEADER, [...cards, processor]),
    diskText(bench.disk),
    ...saidOnce(bench.cards, ({ problem }) => (problem === null ? [] : [problem])).map(
      ({ names, why }) => `${names} could not be measured: ${why}`,
    ),
    ...saidOnce(bench.cards, ({ missing }) => missing).map(
      ({ names, count, why }) => `${names} ${count === 1 ? 'was' : 'were'} not measured in ${why}`,
    ),
  ]
}

const diskText = ({ writeMiBs, problem }: BenchView['disk']): string =>
  writeMiBs === null
    ? `the disk could not be measured: ${clean(problem ?? '')}`
    : `disk: ${Math.round(writeMiBs)} MiB/s written and flushed`

/** Each reason with the cards that it is about. */
function saidOnce(cards: BenchView['cards'], reasonsOf: (card: BenchView['cards'][number]) => readonly string[]) {
  const all = cards.flatMap((card) => reasonsOf(card).map((why) => ({ name: card.model, why })))
  return [...Map.groupBy(all, ({ why }) => why)].map(([why, of]) => ({
    names: counted(of.map(({ name }) => name)),
    count: of.length,
    why,
  }))
}

/** What `weft doctor --bench PEER` measured. */
export function challengeText(challenge: ChallengeView | undefined): string[] {
  if (challenge === undefined) return []
  const { provider, verdict, why, measured, path } = challenge
  const { toMiBs, fromMiBs } = path ?? {}
  const way =
    toMiBs === undefined || fromMiBs === undefined
      ? 'the path to it could not be measured: it refused, or only a relay leads there'
      : `the path takes ${significant(toMiBs)} MiB/s there and ${significant(fromMiBs)} MiB/s back`
  if (measured === null) return ['', `${shortPeer(provider)}: ${verdict}: ${clean(why)}`, way]
  const { cards, memoryGiB, readsGiBs, fp32Tflops, fp16Tflops, bf16Tflops } = measured
  const fp16 = fp16Tflops === 0 ? '' : `, ${flopsText(fp16Tflops)} in fp16`
  const bf16 = bf16Tflops === 0 ? '' : `, ${flopsText(bf16Tflops)} in bf16`
  const what = `${cards} measured: ${gibText(memoryGiB)} held, read at ${rateText(readsGiBs)}, ${flopsText(fp32Tflops)} in fp32${fp16}${bf16}`
  return ['', `${shortPeer(provider)}: ${what}`, way]
}

const measuredCells = ({ memoryGiB, fillGiBs, readsGiBs, fp32Tflops, fp16Tflops, bf16Tflops }: MeasuredView): string[] => [
  gibText(memoryGiB),
  rateText(fillGiBs),
  rateText(readsGiBs),
  flopsText(fp32Tflops),
  fp16Tflops === null ? '-' : flopsText(fp16Tflops),
  bf16Tflops === null ? '-' : flopsText(bf16Tflops),
]
