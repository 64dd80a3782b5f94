import { isRowKept, rightMatrix, rowDigest } from './matrix.ts'
import { chainEnd, isKept } from './memory.ts'
import { seedWords } from './numbers.ts'
import { candidatesOf, oneIn, type Task } from './task.ts'

/** Reported results that are worked out again: of a report of which half is made up one in sixteen passes. */
const SAMPLES = 4
/** How far from chance a report's length may be, in standard deviations: an honest one is beyond it once in 16,000 times. */
const DEVIATIONS_MAX = 4

/**
 * What is wrong with a report of chains or rows, or undefined. `picks`: at least 16 bytes that whoever answered could not know. Takes
 * a fraction of a second on a processor, for any card: the length of SAMPLES chains.
 */
export function reportFault(task: Task, report: readonly number[], picks: Uint8Array): string | undefined {
  const candidates = candidatesOf(task)
  const among = oneIn(task)
  for (let i = 0; i < report.length; i++) {
    const id = report[i] as number
    if (id >= candidates || (i > 0 && id <= (report[i - 1] as number))) return `${id} is out of order or beyond ${candidates}`
  }
  const expected = candidates / among
  const deviation = Math.sqrt(expected * (1 - 1 / among))
  if (Math.abs(report.length - expected) > DEVIATIONS_MAX * deviation) {
    return `${report.length} results are reported where chance gives ${expected}`
  }
  return sampleFault(task, report, picks)
}

function sampleFault(task: Task, report: readonly number[], picks: Uint8Array): string | undefined {
  if (report.length === 0) return undefined
  const key = seedWords(task.stageSeed)
  const among = oneIn(task)
  const right = task.stage === 'walk' ? undefined : rightMatrix(task)
  const view = new DataView(picks.buffer, picks.byteOffset, picks.byteLength)
  for (let i = 0; i < SAMPLES; i++) {
    const id = report[view.getUint32(4 * i) % report.length] as number
    const holds = right === undefined ? isKept(key, chainEnd(task, id), among) : isRowKept(key, rowDigest(task, id, right), among)
    if (!holds) return `result ${id} is wrong`
  }
  return undefined
}
