import type { LeaseId, MessageId, PeerId } from '../../units.ts'
import type { Statement } from '../../wire/types.ts'
import type { Position } from './statement.ts'

/** A document that is sent again, byte for byte, until the other has answered it. */
export interface Unanswered {
  id: MessageId
  bytes: Uint8Array
  resendMono: number
  tries: number
}

/**
 * Which of the proposals for one number counts: of a later round rather than an earlier one, within a round the one of the
 * lower peer. A peer agrees only to a proposal above every one that it has made or answered, so that however messages cross,
 * repeat or overtake each other, one statement at most is agreed to by both.
 */
export interface Rank {
  round: number
  isLow: boolean
}

export const LOWEST: Rank = { round: 0, isLow: false }
/**
 * Of a pair's proposals for one number, those that come next are this near: who claims a higher round is taken to be here, so that
 * two that lost sight of each other meet, and nobody can use up the rounds that there are.
 */
const ROUNDS_AHEAD_MAX = 64
export const isFar = (rank: Rank, top: Rank): boolean => rank.round > top.round + ROUNDS_AHEAD_MAX
export const within = (rank: Rank, top: Rank): Rank =>
  isFar(rank, top) ? { ...rank, round: top.round + ROUNDS_AHEAD_MAX } : rank

export const outranks = (a: Rank, b: Rank): boolean => a.round > b.round || (a.round === b.round && a.isLow && !b.isLow)

/** Where the statements with one peer in one currency stand: stored whole. */
export interface Pair extends Position {
  peer: PeerId
  currency: string
  /** The highest proposal for the next number that this peer has made or answered. */
  top: Rank
  /** This peer's own proposal for the next number, until it is answered or outranked. */
  open: (Unanswered & { statement: Statement }) | undefined
  /** The last answer given, for whoever did not hear it. */
  answered: { id: MessageId; bytes: Uint8Array } | undefined
  /** Leases over which the other refused a proposal: left out for as long as there is anything else. Undefined: none. */
  refused: LeaseId[] | undefined
  /** Acknowledgements of payments that the debtor has not shown to have. */
  paid: (Unanswered & { number: number })[]
}

export const newPair = (peer: PeerId, currency: string): Pair => ({
  peer,
  currency,
  number: 0,
  headId: '',
  top: LOWEST,
  open: undefined,
  answered: undefined,
  refused: undefined,
  paid: [],
})

/** First repetition, doubling up to the last; a peer that comes back is sent to at once. */
const RESEND_MS = { first: 2_000, last: 600_000 }

/** Counts one more sending. */
export function sent(document: Unanswered, nowMono: number): void {
  document.resendMono = nowMono + Math.min(RESEND_MS.last, RESEND_MS.first * 2 ** Math.min(document.tries, 10))
  document.tries += 1
}

export const unanswered = ({ open, paid }: Pair): Unanswered[] => (open === undefined ? paid : [open, ...paid])

export const pairDueMono = (pair: Pair): number =>
  unanswered(pair).reduce((due, { resendMono }) => Math.min(due, resendMono), Number.POSITIVE_INFINITY)
