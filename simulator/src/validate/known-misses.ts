import type { ValidationRow } from './row.ts'

/** A row that is outside its band, and stays there until somebody finds the reason. */
export interface KnownMiss {
  id: string
  metric: string
  /** What is known of the reason, for the reader of the table. */
  why: string
}

/** All of them. A band is not widened to get rid of a line here: a mechanism is found, or the line stays. */
export const KNOWN_MISSES: readonly KnownMiss[] = [
  {
    id: 'G15',
    metric: 'until all have 500 kB, ms',
    why: 'lines of 100 Mbit/s hold 1.8 MB on a round trip of 145 ms there, so that the windows of TCP and of the muxer decide (256 KiB of yamux alone cost one round trip a hop), which gossip over the links of the model does not have; where the line is narrow (G14, 38 Mbit/s) 500 kB are within 3 %',
  },
  {
    id: 'T3',
    metric: 'highest pair',
    why: 'London to Frankfurt, 18 ms in the table and 13 published: the pings of the table end at a web service and have a few milliseconds of it in them, 2 to 6 within one region too; the other eight pairs are within 12 %',
  },
  {
    id: 'T4',
    metric: 'last has 100 kB after the first, ms',
    why: 'one round trip a hop more than ours; three windows of a connection that was idle hold 102,200 bytes, and a message of 100 kB with its headers is as large if a kB was 1,024 bytes, which was not found out; 2, 25 and 500 kB are inside',
  },
]

/** What rows say against the list. */
export interface Judgement {
  /** Outside their bands, and not on the list. */
  failures: ValidationRow[]
  /** Outside their bands, and on it. */
  known: { row: ValidationRow; why: string }[]
  /** On the list without a row that fails: the list is no longer true. */
  stale: KnownMiss[]
}

/** Judges the rows of the validations `ran`; lines of the list about others are left alone. */
export function judge(
  rows: readonly ValidationRow[],
  ran: readonly string[],
  misses: readonly KnownMiss[] = KNOWN_MISSES,
): Judgement {
  const missOf = (row: ValidationRow) => misses.find(({ id, metric }) => id === row.id && metric === row.metric)
  const failed = rows.filter(({ pass }) => !pass)
  return {
    failures: failed.filter((row) => missOf(row) === undefined),
    known: failed.flatMap((row) => {
      const miss = missOf(row)
      return miss === undefined ? [] : [{ row, why: miss.why }]
    }),
    stale: misses.filter((miss) => ran.includes(miss.id) && !failed.some((row) => missOf(row) === miss)),
  }
}
