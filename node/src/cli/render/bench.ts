import type { BenchView, ChallengeView, MeasuredView } from '../../api/views.ts'
import { clean, shortPeer, table } from './table.ts'

const HEADER = ['device', 'claimed', 'held', 'fill', 'random reads', 'fp32', 'fp16', 'bf16', 'memory', 'PCIe in', 'PCIe out']

/** What `weft doctor --bench` measured, beside what is claimed. */
export function benchText(bench: BenchView | undefined): string[] {
  if (bench === undefined) return []
  const cards = bench.cards.map((card) => [
    `${card.vendor} ${card.model}`,
    gib(card.claimedGiB),
    ...(card.measured === null ? ['-', '-', '-', '-', '-', '-'] : measuredCells(card.measured)),
    ...(card.bandwidths === null
      ? ['-', '-', '-']
      : [rate(card.bandwidths.memoryGiBs), rate(card.bandwidths.toCardGiBs), rate(card.bandwidths.fromCardGiBs)]),
  ])
  const { cores, measured } = bench.processor
  const processor = [`${cores} cores`, '-', ...measuredCells(measured), '-', '-', '-']
  return [
    '',
    table(HEADER, [...cards, processor]),
    `disk: ${Math.round(bench.disk.writeMiBs)} MiB/s written and flushed`,
    ...bench.cards.flatMap(({ model, problem, missing }) => [
      ...(problem === null ? [] : [`${model} could not be measured: ${problem}`]),
      ...missing.map((why) => `${model} was not measured in ${why}`),
    ]),
  ]
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
  const fp16 = fp16Tflops === 0 ? '' : `, ${flops(fp16Tflops)} in fp16`
  const bf16 = bf16Tflops === 0 ? '' : `, ${flops(bf16Tflops)} in bf16`
  const what = `${cards} measured: ${gib(memoryGiB)} held, read at ${rate(readsGiBs)}, ${flops(fp32Tflops)} in fp32${fp16}${bf16}`
  return ['', `${shortPeer(provider)}: ${what}`, way]
}

const measuredCells = ({ memoryGiB, fillGiBs, readsGiBs, fp32Tflops, fp16Tflops, bf16Tflops }: MeasuredView): string[] => [
  gib(memoryGiB),
  rate(fillGiBs),
  rate(readsGiBs),
  flops(fp32Tflops),
  fp16Tflops === null ? '-' : flops(fp16Tflops),
  bf16Tflops === null ? '-' : flops(bf16Tflops),
]

const gib = (value: number): string => `${significant(value)} GiB`
const rate = (value: number): string => `${significant(value)} GiB/s`
const flops = (value: number): string => (value < 0.1 ? `${significant(value * 1000)} GFLOPS` : `${significant(value)} TFLOPS`)
const significant = (value: number): string => String(Number(value.toPrecision(3)))
