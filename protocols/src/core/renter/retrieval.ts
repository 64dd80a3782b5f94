import { KEEP_MS } from '../lease/agreement.ts'
import type { Attempt, RenterState } from './job.ts'

/** When what was paid for is asked for again. */

export type Retrieving = Extract<RenterState, { name: 'retrieving' }>

/** After the first try that failed, doubling up to the last. A provider that connects is asked at once. */
const RETRY_MS = { first: 3_000, last: 600_000 }

/** What came is not what the final receipt names, or more than was agreed on: it will not be another time. */
const HOPELESS: ReadonlySet<string> = new Set(['BAD_CID', 'BAD_CONTENT', 'BAD_NAME', 'TOO_LARGE', 'TOO_MANY'])

/** Until when the provider keeps the outputs, in wall time: a day is no promise to the second, and must not begin anew with each boot. */
export const keptUntilMs = ({ endedAtMs }: Attempt, nowWall: number): number => (endedAtMs ?? nowWall) + KEEP_MS

/** The state after a try that failed; undefined: another would be in vain. */
export function retried(
  state: Retrieving,
  { code, message }: { code: string; message: string },
  { nowMono, nowWall }: { nowMono: number; nowWall: number },
): Retrieving | undefined {
  if (HOPELESS.has(code) || nowWall >= keptUntilMs(state.attempt, nowWall)) return undefined
  const inMs = Math.min(RETRY_MS.last, RETRY_MS.first * 2 ** Math.min(state.tries, 10))
  return { ...state, tries: state.tries + 1, retryMono: nowMono + inMs, problem: message }
}
