/** A thread of the processor's meter: one piece of a task after another. */
import { parentPort } from 'node:worker_threads'
import { fillRegion, multiply, type Range, reportFault, type Task, walkChains } from '@weft/protocols/measure'

/** What is asked of one thread. */
export type Piece =
  | { do: 'fill'; task: Task; regions: readonly Uint32Array[]; lines: Range }
  | { do: 'walk'; task: Task; regions: readonly Uint32Array[]; chains: Range }
  | { do: 'multiply'; task: Task; rows: Range }
  | { do: 'check'; task: Task; report: readonly number[]; picks: Uint8Array }

/** Ids to report, or what is wrong with a report. */
export type PieceResult = readonly number[] | string | undefined

function perform(piece: Piece): PieceResult {
  switch (piece.do) {
    case 'fill':
      piece.regions.forEach((words, region) => {
        fillRegion(piece.task, region, words, piece.lines)
      })
      return []
    case 'walk':
      return walkChains(piece.task, piece.regions, piece.chains)
    case 'multiply':
      return multiply(piece.task, piece.rows)
    case 'check':
      return reportFault(piece.task, piece.report, piece.picks)
  }
}

parentPort?.on('message', (piece: Piece) => parentPort?.postMessage({ result: perform(piece) }))
