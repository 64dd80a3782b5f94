import type { MessageId, PeerId } from '../../units.ts'
import type { ReceivedOf } from '../../wire/message.ts'
import type { Statement } from '../../wire/types.ts'
import type { Settled } from '../input.ts'
import type { Step } from '../step.ts'
import { outranks, type Rank } from './pair.ts'
import type { Position } from './statement.ts'

/**
 * Two signatures are believed, whoever shows them: who has lost statements is shown them one by one, oldest first, and goes on from
 * the last. It signed its half of each itself, so nothing else about them need be checked again. Who has forgotten what it signed may
 * sign another with that number before it is shown the first; then the one that prevails counts, and takes the other's place. What was
 * paid is shown with it.
 */

/** Tells where this peer's statements with another stand, and shows one that the other lacks. */
export function tellSettled(step: Step, to: PeerId, currency: string, { number }: Position, shown: Settled | undefined): void {
  const agreed = shown && { statement: shown.bytes, answer: shown.answer, paid: shown.paid }
  step.send(to, 'statementState', { currency, number, agreed })
}

/** The statement that the other shows, if both signed it. */
export function settledShown(step: Step, { from, value }: ReceivedOf<'statementState'>, self: PeerId): Settled | undefined {
  const proposal = value.agreed && step.open('statement', value.agreed.statement)
  const answer = value.agreed && step.open('statementAnswer', value.agreed.answer)
  if (proposal === undefined || answer === undefined) return undefined
  const { value: statement, id, bytes } = proposal
  if (!isOfPair(statement, from, self) || statement.currency !== value.currency) return undefined
  const areBoth = (proposal.from === from && answer.from === self) || (proposal.from === self && answer.from === from)
  if (!areBoth || answer.value.statementId !== id || !answer.value.accepted) return undefined
  return { id, statement, bytes, answer: answer.bytes, paid: paidShown(step, statement, id, value.agreed?.paid) }
}

/** The creditor's own word that this statement was paid, if that is what is shown. */
function paidShown(step: Step, statement: Statement, id: MessageId, bytes: Uint8Array | undefined): Uint8Array | undefined {
  const paid = bytes && step.open('paid', bytes)
  if (paid === undefined || paid.from !== statement.creditor) return undefined
  const { statementId, currency, number } = paid.value
  return statementId === id && currency === statement.currency && number === statement.number ? paid.bytes : undefined
}

export const follows = ({ statement }: Pick<Settled, 'statement'>, { number, headId }: Position): boolean =>
  statement.number === number + 1 && statement.prevHash === headId

/**
 * Whether `a` counts, of two statements with one number and one before them that both peers have signed: one that was paid, so that
 * nobody is asked twice, then the one of the higher rank, then of the lower id. A peer that has forgotten nothing has never signed one
 * above that which it takes for agreed.
 */
export function prevails(step: Step, a: Settled, b: Settled): boolean {
  if ((a.paid === undefined) !== (b.paid === undefined)) return a.paid !== undefined
  const [one, other] = [rankOf(step, a), rankOf(step, b)]
  return outranks(one, other) || (!outranks(other, one) && a.id < b.id)
}

const rankOf = (step: Step, { bytes, statement: { round, low } }: Settled): Rank => ({
  round,
  isLow: step.open('statement', bytes)?.from === low,
})

export const isOfPair = ({ low, high }: Statement, from: PeerId, self: PeerId): boolean =>
  (low === from && high === self) || (low === self && high === from)
