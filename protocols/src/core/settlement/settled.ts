import type { PeerId } from '../../units.ts'
import type { ReceivedOf } from '../../wire/message.ts'
import type { Statement } from '../../wire/types.ts'
import type { Settled } from '../input.ts'
import type { Step } from '../step.ts'
import type { Position } from './statement.ts'

/**
 * Two signatures are believed, whoever shows them: who has lost statements is shown them one by one, oldest first, and goes on from
 * the last. It signed its half of each itself, so nothing else about them need be checked again.
 */

/** Tells where this peer's statements with another stand, and shows one that the other lacks. */
export function tellSettled(step: Step, to: PeerId, currency: string, { number }: Position, shown: Settled | undefined): void {
  const agreed = shown && { statement: shown.bytes, answer: shown.answer }
  step.send(to, 'statementState', { currency, number, agreed })
}

/** The statement after `position` that the other shows, if both signed it. */
export function settledNext(
  step: Step,
  { from, value }: ReceivedOf<'statementState'>,
  self: PeerId,
  position: Position,
): Settled | undefined {
  const proposal = value.agreed && step.open('statement', value.agreed.statement)
  const answer = value.agreed && step.open('statementAnswer', value.agreed.answer)
  if (proposal === undefined || answer === undefined) return undefined
  const { value: statement, id, bytes } = proposal
  if (!isOfPair(statement, from, self) || statement.currency !== value.currency) return undefined
  const areBoth = (proposal.from === from && answer.from === self) || (proposal.from === self && answer.from === from)
  if (!areBoth || answer.value.statementId !== id || !answer.value.accepted) return undefined
  if (statement.number !== position.number + 1 || statement.prevHash !== position.headId) return undefined
  return { id, statement, bytes, answer: answer.bytes }
}

export const isOfPair = ({ low, high }: Statement, from: PeerId, self: PeerId): boolean =>
  (low === from && high === self) || (low === self && high === from)
