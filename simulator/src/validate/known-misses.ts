import type { ValidationRow } from './row.ts'

/** A row that is outside its band, and stays there until somebody finds the reason. */
export interface KnownMiss {
  id: string
  metric: string
  /** What is known of the reason, for the reader of the table. */
  why: string
}

/** All of them. A band is not widened to get rid of a line here: a mechanism is found, or the line stays. */
export const KNOWN_MISSES: readonly KnownMiss[] = []

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
