import { isPicked, line, mix, seedWords, sift, WORDS_PER_LINE } from './numbers.ts'
import { candidatesOf, type Layout, layoutOf, oneIn, PASSES, STEPS, type Task } from './task.ts'

/** Multiplier of a step: 2³² over the golden ratio. */
const STEP_FACTOR = 0x9e3779b1

/** Where chain `chain` begins. */
export const chainStart = (stageKey: Uint32Array, chain: number): number =>
  mix(chain ^ (stageKey[0] as number)) ^ (stageKey[1] as number)

/** Which word of a region is read at `at`: the low bits choose a line, the high ones a word of it. */
export const wordAt = (at: number, { linesPerRegion }: Layout): number =>
  (at & (linesPerRegion - 1)) * WORDS_PER_LINE + ((at >>> 28) & (WORDS_PER_LINE - 1))

/** Where a chain goes from `at`, having read `word` there: unknown to whoever does not have the word. */
export const next = (at: number, word: number): number => {
  const product = Math.imul(at ^ word, STEP_FACTOR)
  return (product ^ (product >>> 15)) >>> 0
}

const saltOf = (stageKey: Uint32Array): number => stageKey[2] as number

/** Whether a chain that ended so is reported. */
export const isKept = (stageKey: Uint32Array, end: number, among: number): boolean => isPicked(end, saltOf(stageKey), among)

/** Those of all chains to report, ascending, by how each ended. */
export const keptChains = (task: Task, ends: Uint32Array): number[] => sift(ends, saltOf(seedWords(task.stageSeed)), oneIn(task))

/** A part of a whole, for who shares work among threads. */
export interface Range {
  from: number
  /** Not part of it. */
  to: number
}

/** Fills `lines` of a region. @default all of them */
export function fillRegion(
  task: Task,
  region: number,
  words: Uint32Array,
  lines: Range = { from: 0, to: words.length / WORDS_PER_LINE },
): void {
  const key = seedWords(task.seed)
  for (let counter = lines.from; counter < lines.to; counter++) {
    line(key, counter, region, task.rounds, words, counter * WORDS_PER_LINE)
  }
}

/** A region's memory, empty. */
export const regionWords = (task: Task): number => layoutOf(task).linesPerRegion * WORDS_PER_LINE

/** Walks `chains` over filled regions; those to report, ascending. @default all of them */
export function walkChains(
  task: Task,
  regions: readonly Uint32Array[],
  chains: Range = { from: 0, to: candidatesOf(task) },
): number[] {
  const layout = layoutOf(task)
  const key = seedWords(task.stageSeed)
  const at = Uint32Array.from({ length: chains.to - chains.from }, (_, i) => chainStart(key, chains.from + i))
  for (let pass = 0; pass < PASSES; pass++) {
    for (const words of regions) for (let i = 0; i < at.length; i++) at[i] = hop(words, at[i] as number, layout)
  }
  const among = oneIn(task)
  const kept: number[] = []
  at.forEach((end, i) => {
    if (isKept(key, end, among)) kept.push(chains.from + i)
  })
  return kept
}

function hop(words: Uint32Array, from: number, layout: Layout): number {
  let at = from
  for (let i = 0; i < STEPS; i++) at = next(at, words[wordAt(at, layout)] as number)
  return at
}

/** The end of one chain without the memory: each line that it reads is worked out. */
export function chainEnd(task: Task, chain: number): number {
  const layout = layoutOf(task)
  const key = seedWords(task.seed)
  const words = new Uint32Array(WORDS_PER_LINE)
  let at = chainStart(seedWords(task.stageSeed), chain)
  for (let pass = 0; pass < PASSES; pass++) {
    for (let region = 0; region < layout.regions; region++) {
      for (let i = 0; i < STEPS; i++) {
        const place = wordAt(at, layout)
        line(key, Math.floor(place / WORDS_PER_LINE), region, task.rounds, words, 0)
        at = next(at, words[place % WORDS_PER_LINE] as number)
      }
    }
  }
  return at
}
