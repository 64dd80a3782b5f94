/** What honest machines may be off by, in every bound that checkers hold them to. */

/** Of a time: two honest clocks drift apart by at most one percent. */
export const DRIFT_SHARE = 0.01
/** A meter ticks, a message arrives, and an engine pauses and stops within this. */
export const SLACK_MS = 2_000
