import type { JobId } from '@weft/protocols'
import type { Checker, Onlooker } from './checker.ts'

const ENDED = ['done', 'failed', 'cancelled']

/** Invariant 8: every job ends within its own time limits, once nothing but the rules keeps it from that. */
export function liveness(onlooker: Onlooker): Checker {
  return {
    invariant: 'liveness',
    finish(report, _atMs, { books, isDue }) {
      for (const [peer, { jobs }] of books) {
        if (onlooker.isByzantine(peer)) continue
        for (const { jobId, state } of jobs)
          if (!ENDED.includes(state) && isDue(peer, jobId as JobId)) report(`job ${jobId} of ${peer} is still '${state}'`)
      }
    },
  }
}
