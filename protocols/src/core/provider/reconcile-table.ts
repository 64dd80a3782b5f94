import type { Container } from '../../ports/executor.ts'
import type { LeaseState } from './lease.ts'

/** What the journal says of a lease: where it stood when that was last written, or nothing at all. */
export type Journal = Exclude<LeaseState['stage'], 'resuming'> | 'unknown'

/**
 * What follows from what the journal says and what is on the machine. `deliver`: bring what is missing. `start`: the container is
 * started if it was not, followed if it runs, and its end is reported if it has ended. `lost`: it ran, and is no more. `halt`: what
 * runs must not. `remove`: nobody knows what this is, or it is over.
 */
export type Verdict = 'keep' | 'deliver' | 'start' | 'lost' | 'halt' | 'remove'

type Row = Readonly<Record<Container, Verdict>>

const all = (verdict: Verdict): Row => ({
  none: verdict,
  created: verdict,
  running: verdict,
  paused: verdict,
  exited: verdict,
})
/** Was started, as far as the journal knows: a container that is not there, or never ran, is not that one. */
const STARTED: Row = { ...all('start'), none: 'lost', created: 'lost' }
/** Has ended. */
const ENDED: Row = { ...all('keep'), running: 'halt', paused: 'halt' }

const TABLE: Readonly<Record<Journal, Row>> = {
  unknown: all('remove'),
  accepted: all('keep'),
  delivering: { ...all('start'), none: 'deliver', created: 'deliver' },
  // Written before the start was asked for, and after the container was made.
  starting: { ...all('start'), none: 'lost' },
  running: STARTED,
  paused: STARTED,
  // Asked for again, and again until the engine is sure.
  stopping: all('keep'),
  collecting: ENDED,
  final: ENDED,
  settled: ENDED,
  closed: all('remove'),
}

/** What to do about a lease, or about what carries the name of one. Nothing is started twice, whatever the two say. */
export const verdictOn = (journal: Journal, container: Container): Verdict => TABLE[journal][container]
