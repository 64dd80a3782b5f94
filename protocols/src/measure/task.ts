import { MIB } from '../units.ts'
import { concat, fromHex, utf8 } from '../wire/bytes.ts'
import { LINE_BYTES } from './numbers.ts'

/** What a challenge asks, in this order. `ready` holds the provider's whole capacity, and brings up what drives its cards; `fill` and `walk` show memory, the others products of matrices. */
export const STAGES = ['ready', 'fill', 'walk', 'fp32', 'fp16', 'bf16'] as const
export type Stage = (typeof STAGES)[number]
export const FORMATS = ['fp32', 'fp16', 'bf16'] as const
export type Format = (typeof FORMATS)[number]

/** How much is asked of one card. */
export interface Size {
  /** MiB to fill; what is kept of it is whole regions. */
  fillMib: number
  /** Double rounds of ChaCha behind each line. */
  rounds: number
  /** Of a product of `rows` × `MATRIX_SIZE` with a square matrix of that size. */
  rows: number
}

export const isFormat = (stage: Stage): stage is Format => (FORMATS as readonly Stage[]).includes(stage)

/** One stage for one card. */
export interface Task extends Size {
  /** SHA-256 of the card's id as it is announced, hex; empty: a machine without cards, measured by its processor. */
  card: string
  stage: Stage
  /** Of the card, for `fill` and `walk` the same. */
  seed: Uint8Array
  /** Of this stage alone: unknown before it begins. */
  stageSeed: Uint8Array
}

export const MATRIX_SIZE = 1024
/** Lines of a region at most, 256 MiB: a buffer that every card's driver gives. */
const REGION_LINES_MAX = 2 ** 22
/** How often all of the memory is gone over: memory that is brought from elsewhere region by region is brought so often. */
export const PASSES = 8
/** Steps of a chain in one region and pass. */
export const STEPS = 4
/** With STEPS and PASSES: every line is read twice, so that who works lines out instead works as long as filling took, twice. */
const LINES_PER_CHAIN = 16
/** Of one card, whatever it claims: a terabyte. */
export const FILL_MIB_MAX = 2 ** 20
/** Results that a card reports, about: at 1,024 chance is off by an eighth once in 16,000 times. */
const REPORTS = 1_024
/** Most that an answer may hold; one in a power of two is kept, so that chance gives up to twice REPORTS. */
export const REPORTS_MAX = 3 * REPORTS

export interface Layout {
  regions: number
  /** A power of two. */
  linesPerRegion: number
  chains: number
}

/** How the memory is cut. */
export function layoutOf({ fillMib }: Pick<Size, 'fillMib'>): Layout {
  const lines = Math.max(LINES_PER_CHAIN, Math.floor((fillMib * MIB) / LINE_BYTES))
  const linesPerRegion = 2 ** Math.min(Math.log2(REGION_LINES_MAX), 31 - Math.clz32(lines))
  return { regions: Math.floor(lines / linesPerRegion), linesPerRegion, chains: linesPerRegion / LINES_PER_CHAIN }
}

/** What is really filled, MiB. */
export function filledMib(size: Pick<Size, 'fillMib'>): number {
  const { regions, linesPerRegion } = layoutOf(size)
  return (regions * linesPerRegion * LINE_BYTES) / MIB
}

/** What a walk reads, in cache lines. */
export function readBytesOf(size: Pick<Size, 'fillMib'>): number {
  const { regions, chains } = layoutOf(size)
  return chains * STEPS * PASSES * regions * LINE_BYTES
}

/** Of a card with so much memory: all that its driver, a display and the products leave. */
export const cardSize = (vramMib: number): Size => ({
  fillMib: Math.min(FILL_MIB_MAX, Math.floor(vramMib * 0.9)),
  rounds: 256,
  rows: 2 ** 22,
})

/** Of a processor with so many cores: a second or two of work. Its memory is not worth faking, so little of it is filled. */
export const processorSize = (cores: number): Size => ({
  fillMib: 32,
  rounds: 16,
  rows: 256 * Math.max(1, Math.min(CORES_MAX, Math.floor(cores))),
})
const CORES_MAX = 256

/** The candidates of a stage: chains or rows. */
export const candidatesOf = (task: Task): number => (task.stage === 'walk' ? layoutOf(task).chains : task.rows)

/**
 * One in so many candidates is reported: those whose result is 0 modulo it. Who reports as many as chance gives has worked out
 * all of them, and an answer stays small. A power of two, and at least 4: a report that names all says nothing.
 */
export const oneIn = (task: Task): number => 2 ** Math.max(2, Math.floor(Math.log2(candidatesOf(task) / REPORTS)))

interface Binding {
  nonce: Uint8Array
  challenger: string
  provider: string
  card: string
}

/**
 * The seed of one card's memory. It names who asks and who is asked, so that an answer is worth nothing to anybody who hands the question on
 * as its own.
 */
export const cardSeed = (sha256: (bytes: Uint8Array) => Uint8Array, { nonce, challenger, provider, card }: Binding): Uint8Array =>
  sha256(concat(utf8('weft challenge\n'), nonce, utf8(`\n${challenger}\n${provider}\n`), fromHex(card)))

/** Of one stage of it, from what the challenger says when it begins. */
export const stageSeed = (sha256: (bytes: Uint8Array) => Uint8Array, own: Uint8Array, said: Uint8Array): Uint8Array =>
  sha256(concat(own, said))
