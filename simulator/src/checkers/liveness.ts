import type { Checker, Onlooker } from './checker.ts'

const ENDED = ['done', 'failed', 'cancelled']

/** Invariant 8: when faults have stopped, every job ends within its own time limits. */
export function liveness(onlooker: Onlooker): Checker {
  return {
    invariant: 'liveness',
    finish(report, _atMs, books, healed) {
      if (!healed) return
      for (const [peer, { jobs }] of books) {
        if (onlooker.isByzantine(peer)) continue
        for (const { jobId, state } of jobs) if (!ENDED.includes(state)) report(`job ${jobId} of ${peer} is still '${state}'`)
      }
    },
  }
}
