import {
  believed,
  cardSize,
  coresClass,
  filledMib,
  isHeld,
  isSlow,
  operationsOf,
  ownMs,
  processorSize,
  type Size,
  STAGES,
  type Stage,
  type Task,
} from '../../measure/index.ts'
import type { PeerId } from '../../units.ts'
import { GPUS_MAX } from '../../wire/limits.ts'
import type { ChallengeFault, MeasuredCard } from '../../wire/measure.ts'
import type { Capacity } from '../../wire/types.ts'
import { measurable } from './measurable.ts'

/** One card that is asked about. */
export interface AskedCard {
  card: string
  size: Size
  /** What it is compared with: the same vendor and model, or about as many cores. */
  kind: string
}

/** What one card did in one stage. */
interface Done {
  ms: number
  fault: ChallengeFault | undefined
  task: Task
  report: readonly number[]
  /** What the check found, once it has. */
  wrong: string | undefined
}

/** One provider that is asked, from the first stage to a verdict. */
export interface Target {
  provider: PeerId
  addresses: readonly string[]
  cards: readonly AskedCard[]
  /** Of the current stage; undefined: it does not take part any more. */
  pending: Set<string> | undefined
  done: Map<string, Map<Stage, Done>>
  /** From the challenge until it said that it is ready, ms. */
  pathMs: number
  /** Why nothing is said of it: it took no part, or this peer could not check its answers. */
  refused: ChallengeFault | 'silent' | 'unchecked' | undefined
}

/** Everybody that is asked in one moment. */
export interface Round {
  nonce: Uint8Array
  stage: Stage
  /** Of the stage, as it was sent. */
  seed: Uint8Array
  sentMono: number
  targets: readonly Target[]
  /** Cards whose reports are being checked. */
  checking: number
}

/** A stage may take so long, ms: filling 140 GiB, or a slow card's product. */
const STAGE_MS: Record<Stage, number> = { ready: 10_000, fill: 60_000, walk: 60_000, fp32: 60_000, fp16: 60_000, bf16: 60_000 }
export const dueOf = ({ sentMono, stage }: Round): number => sentMono + STAGE_MS[stage]

/** What to ask of whatever a provider announces: all cards that its tools find, or as many as a message names; itself where it has no cards. */
export function askedCards({ gpus, cpuMilli }: Pick<Capacity, 'gpus' | 'cpuMilli'>): AskedCard[] {
  if (gpus.length === 0) {
    const { from, to } = coresClass(cpuMilli / 1000)
    return [{ card: '', size: processorSize(cpuMilli / 1000), kind: `processor of ${from} to ${to} cores` }]
  }
  const cards = measurable(gpus).slice(0, GPUS_MAX)
  return cards.map(({ card, vramMib, kind }) => ({ card, size: cardSize(vramMib), kind }))
}

export const isDone = ({ pending }: Target): boolean => pending === undefined || pending.size === 0

/** What is wrong with a target's answers; undefined: nothing, or they do not say. */
export function faultOf({ cards, done, pathMs }: Target): string | undefined {
  for (const { card } of cards) {
    for (const stage of STAGES) {
      const answer = done.get(card)?.get(stage)
      if (answer === undefined) continue
      if (answer.fault === 'failed') return `a card could not do ${stage}`
      if (answer.wrong !== undefined) return `the answer to ${stage} is wrong: ${answer.wrong}`
    }
    const fillMs = done.get(card)?.get('fill')?.ms
    const walkMs = done.get(card)?.get('walk')?.ms
    if (card !== '' && fillMs !== undefined && walkMs !== undefined && !isHeld(fillMs, walkMs, pathMs)) {
      return `memory was read in ${Math.round(walkMs)} ms that was filled in ${Math.round(fillMs)}: it was not there`
    }
  }
  return undefined
}

/** What was measured of every card; undefined where one was not measured whole. */
export function measuredCards({ cards, done }: Target): MeasuredCard[] | undefined {
  const measured: MeasuredCard[] = []
  for (const { card, size } of cards) {
    const ms = (stage: Stage): number | undefined => {
      const answer = done.get(card)?.get(stage)
      return answer === undefined || answer.fault !== undefined ? undefined : Math.max(1, Math.round(answer.ms))
    }
    const [fillMs, walkMs, fp32Ms] = [ms('fill'), ms('walk'), ms('fp32')]
    if (fillMs === undefined || walkMs === undefined || fp32Ms === undefined) return undefined
    const [fp16Ms = 0, bf16Ms = 0] = [ms('fp16'), ms('bf16')]
    measured.push({ card, filledMib: filledMib(size), fillMs, walkMs, rows: size.rows, fp32Ms, fp16Ms, bf16Ms })
  }
  return measured
}

/** Rates of the kinds of cards that this challenger has measured, by provider: what is slow is slow against these. */
export class Classes {
  readonly #rates = new Map<string, Map<PeerId, number>>()

  /**
   * Which card of a provider is far slower than others' of its kind; undefined: none, or too few are known. From a card's own times the path is taken
   * off; in what is known of others it stays, so that nobody who says that he is far makes others slow.
   */
  slow({ provider, cards, pathMs }: Judged, measured: readonly MeasuredCard[]): string | undefined {
    for (const [i, asked] of cards.entries()) {
      const { kind } = asked
      for (const [what, rate] of ratesOf(asked, measured[i] as MeasuredCard, pathMs, ownMs)) {
        const all = this.#rates.get(`${kind}/${what}`)
        const others = [...(all ?? [])].flatMap(([other, known]) => (other === provider ? [] : [known]))
        if (isSlow(rate, others)) return `its ${kind} is far slower in ${what} than others'`
      }
    }
    return undefined
  }

  learn({ provider, cards, pathMs }: Judged, measured: readonly MeasuredCard[]): void {
    for (const [i, asked] of cards.entries()) {
      for (const [what, rate] of ratesOf(asked, measured[i] as MeasuredCard, pathMs, (ms) => ms)) {
        const key = `${asked.kind}/${what}`
        const rates = this.#rates.get(key) ?? new Map<PeerId, number>()
        rates.delete(provider)
        rates.set(provider, rate)
        if (rates.size > PROVIDERS_MAX) rates.delete(rates.keys().next().value as PeerId)
        this.#rates.delete(key)
        this.#rates.set(key, rates)
        if (this.#rates.size > KINDS_MAX) this.#rates.delete(this.#rates.keys().next().value as string)
      }
    }
  }
}

type Judged = Pick<Target, 'provider' | 'cards' | 'pathMs'>
const PROVIDERS_MAX = 64
const KINDS_MAX = 128

/** `cardMs`: what of a card's time counts. */
function ratesOf(
  { card }: AskedCard,
  measured: MeasuredCard,
  pathMs: number,
  cardMs: typeof ownMs,
): [what: string, rate: number][] {
  const { fp32Ms, filledMib: filled, fillMs, walkMs } = measured
  // A processor has as many rows to work out as cores, and so little memory to fill that mostly paths would be compared.
  if (card === '') return [['fp32', 1 / Math.max(1, fp32Ms - believed(pathMs))]]
  return [
    ['fill', filled / cardMs(fillMs, pathMs)],
    ['walk', filled / cardMs(walkMs, pathMs)],
    ['fp32', operationsOf(measured) / cardMs(fp32Ms, pathMs)],
  ]
}
