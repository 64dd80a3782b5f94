import { totalmem } from 'node:os'
import type { Scenario } from '@weft/simulator'
import { estimateCost } from '../scenario/index.ts'

const MIB = 2 ** 20
/** Node itself, the report and the tables. */
const HEAP_MIB_MIN = 1024

/** Bytes that this process could still take: of the machine, or of its container where that allows less. */
export function availableBytes(): number {
  // macOS counts pages as taken that it gives up at once when asked: there, what is free says little.
  const isFreeKnown = process.platform !== 'darwin'
  return isFreeKnown ? process.availableMemory() : Math.min(totalmem() * 0.7, process.constrainedMemory() || totalmem())
}

/**
 * Heap for a run: twice what it is estimated to need, and never more than is there. A limit far above the need would let V8 put
 * off collecting until the process is that large.
 */
export function heapMiB(scenario: Scenario): number {
  const wanted = (2 * estimateCost(scenario).bytes) / MIB
  const most = (availableBytes() / MIB) * 0.9
  return Math.floor(Math.max(HEAP_MIB_MIN, Math.min(wanted, most)))
}
