import { UsageError } from '../../errors.ts'
import { type LeaseId, type MessageId, micros, type PeerId } from '../../units.ts'
import { CLOCK_SKEW_MS, STATEMENT_LINES_MAX } from '../../wire/limits.ts'
import type { ReceivedOf } from '../../wire/message.ts'
import type { Statement } from '../../wire/types.ts'
import type { Outcome, Settled } from '../input.ts'
import { KEYS } from '../keys.ts'
import type { Note } from '../note.ts'
import type { Restored } from '../record.ts'
import type { Step } from '../step.ts'
import { isFar, LOWEST, newPair, outranks, type Pair, type Rank, sent, unanswered, within } from './pair.ts'
import { Pairs } from './pairs.ts'
import { follows, isOfPair, prevails, settledShown, tellSettled } from './settled.ts'
import {
  type BookLine,
  bookProblem,
  drawUp,
  linesOf,
  type Position,
  type StatementProblem,
  statementProblem,
  type UnstatedIn,
} from './statement.ts'

/** Documents that wait for this peer's books to be read, of all peers and of one. More are not looked at: their senders send again. */
const CHECKING_MAX = { all: 32, ofOne: 4 }
/** Acknowledgements of payments that one debtor may have left unheard. */
const PAID_MAX = 64

type Checked = ReceivedOf<'statement'> | ReceivedOf<'statementState'> | ReceivedOf<'paid'>

/**
 * Statements with every counterparty: what is owed is netted, proposed by one, agreed to by the other, and closed by the
 * creditor's word that it was paid. One method per event. Lines are checked against this peer's own books, which are read in
 * between: a proposal waits for that and is judged when the books are here.
 */
export class Statements {
  readonly #self: PeerId
  readonly #pairs = new Pairs()
  /** `headId`: the last statement when the reading began. */
  readonly #checking = new Map<MessageId, { message: Checked; headId: Position['headId'] }>()

  constructor(self: PeerId) {
    this.#self = self
  }

  all(): Pair[] {
    return this.#pairs.all()
  }

  restore({ value: pair }: Restored<Pair>): void {
    this.#pairs.set(pair)
  }

  /** A person or a setting wants what is owed stated. Of what another statement was agreed to since, nothing: it may have counted that. */
  settle(step: Step, peer: PeerId, { currency, lines, headId: readAt }: UnstatedIn): void {
    const pair = this.#pairs.get(peer, currency) ?? newPair(peer, currency)
    if (pair.headId !== readAt) return
    if (pair.open !== undefined) {
      this.#sendAgain(step, pair)
      return
    }
    const round = pair.top.round + 1
    const { number, headId } = pair
    const draft = { self: this.#self, peer, currency, round, nowWall: step.nowWall, number, headId }
    // What the other cannot confirm holds up nothing else, and is tried again when there is nothing else.
    const { refused = [] } = pair
    const statement =
      drawUp({ ...draft, lines: lines.filter(({ leaseId }) => !refused.includes(leaseId)) }) ?? drawUp({ ...draft, lines })
    if (statement === undefined) return
    const { id, bytes } = step.send(peer, 'statement', statement)
    pair.top = { round, isLow: statement.low === this.#self }
    pair.open = { statement, id, bytes, resendMono: 0, tries: 0 }
    sent(pair.open, step.nowMono)
    this.#changed(step, pair)
    this.#note(step, pair, statement, 'proposed')
  }

  /** The other proposes. */
  statement(step: Step, message: ReceivedOf<'statement'>): void {
    const { from, value, id } = message
    if (!isOfPair(value, from, this.#self)) return
    const pair = this.#pairs.get(from, value.currency)
    if (pair?.answered?.id === id) step.sendBytes(from, pair.answered.bytes)
    else this.#check(step, message)
  }

  /** The other says where it stands, to a peer that has more or less than it. */
  state(step: Step, message: ReceivedOf<'statementState'>): void {
    const { from, value } = message
    const pair = this.#pairs.get(from, value.currency) ?? newPair(from, value.currency)
    if (value.number < pair.number) this.#check(step, message)
    // What it could not judge before it can now.
    if (value.number === pair.number && pair.open !== undefined) this.#sendAgain(step, pair)
    const shown = settledShown(step, message, this.#self)
    if (shown === undefined) return
    if (follows(shown, pair)) {
      this.#agreed(step, pair, shown)
      this.#changed(step, pair)
      // There may be more where that came from.
      tellSettled(step, from, value.currency, pair, undefined)
    } else if (shown.statement.number > pair.number) this.#askForHead(step, pair)
    else if (shown.id !== pair.headId || shown.paid !== undefined) this.#check(step, message)
  }

  /** This peer's books, as far as a document is about them. */
  read(step: Step, id: MessageId, outcome: Outcome): void {
    const checking = this.#checking.get(id)
    this.#checking.delete(id)
    if (checking === undefined || !outcome.ok) return
    const { message, headId } = checking
    // What was read says nothing of a statement that was agreed to meanwhile: it might be counted again.
    if (headId !== this.#headOf(message)) {
      this.#check(step, message)
      return
    }
    if (outcome.lines !== undefined && message.kind === 'statement') this.#judge(step, message, outcome.lines)
    if (outcome.settled === undefined) return
    if (message.kind === 'paid') this.#takePaid(step, message, outcome.settled)
    else this.#show(step, message, outcome.settled)
  }

  /** The other answers this peer's proposal. */
  answer(step: Step, { from, value, bytes }: ReceivedOf<'statementAnswer'>): void {
    const pair = this.#pairs.withOpen(from, value.statementId)
    const open = pair?.open
    if (pair === undefined || open === undefined) return
    pair.open = undefined
    if (value.accepted) this.#agreed(step, pair, { ...open, answer: bytes })
    else {
      // The next proposal outranks whatever the other has seen; a proposal of its own in that round may be on its way here.
      if (value.round > pair.top.round) pair.top = within({ round: value.round, isLow: false }, pair.top)
      if (value.leaseId !== '') pair.refused = [...(pair.refused ?? []), value.leaseId].slice(-STATEMENT_LINES_MAX)
      this.#note(step, pair, open.statement, 'objected', { code: value.objection, leaseId: value.leaseId })
      if (value.objection === 'prev-hash') this.#askForHead(step, pair)
    }
    this.#changed(step, pair)
  }

  /** This peer has been paid what an agreed statement gives it. */
  payment(step: Step, settled: Settled, reference: string): void {
    const { statement, id: statementId } = settled
    const { currency, number } = statement
    const peer = statement.low === this.#self ? statement.high : statement.low
    const pair = this.#pairs.get(peer, currency)
    if (pair === undefined || statement.creditor !== this.#self) return
    if (pair.paid.some((notice) => notice.number === number))
      throw new UsageError(`statement ${number} in ${currency} with ${peer} has been acknowledged already`)
    if (pair.paid.length >= PAID_MAX)
      throw new UsageError(`${peer} has not heard of ${PAID_MAX} payments yet; acknowledge this one when it is connected again`)
    const { id, bytes } = step.send(peer, 'paid', { statementId, currency, number, reference, paidAtMs: step.nowWall })
    const notice = { id, bytes, number, resendMono: 0, tries: 0 }
    sent(notice, step.nowMono)
    pair.paid.push(notice)
    step.persist(KEYS.settled(peer, currency, number, 'paid'), bytes, { sync: true })
    this.#changed(step, pair)
    step.note({ type: 'paid', peer, currency, number, reference })
  }

  /** The creditor says that it was paid. */
  paid(step: Step, message: ReceivedOf<'paid'>): void {
    const { from, value } = message
    const pair = this.#pairs.get(from, value.currency)
    if (pair !== undefined && value.number <= pair.number) this.#check(step, message)
  }

  /** The debtor has this peer's word. */
  paidReceived(step: Step, { from, value }: ReceivedOf<'paidReceived'>): void {
    for (const pair of this.#pairs.of(from)) {
      const rest = pair.paid.filter(({ id }) => id !== value.paidId)
      if (rest.length === pair.paid.length) continue
      pair.paid = rest
      this.#changed(step, pair)
    }
  }

  /** What waits for a peer's answer is sent as soon as it is there. */
  connected(step: Step, peer: PeerId): void {
    for (const pair of this.#pairs.of(peer)) this.#sendAgain(step, pair)
  }

  tick(step: Step): void {
    for (const pair of this.#pairs.takeDue(step.nowMono)) this.#sendAgain(step, pair, step.nowMono)
  }

  dueMono(): number {
    return this.#pairs.nextMono
  }

  #check(step: Step, message: Checked): void {
    const { id, from: peer, value } = message
    if (this.#checking.has(id) || this.#checking.size >= CHECKING_MAX.all) return
    const ofOne = [...this.#checking.values()].filter(({ message: { from } }) => from === peer)
    if (ofOne.length >= CHECKING_MAX.ofOne) return
    this.#checking.set(id, { message, headId: this.#headOf(message) })
    const { currency, number } = value
    const about = { on: 'books' as const, peer, currency }
    if (message.kind === 'statement' && number > (this.#pairs.get(peer, currency)?.number ?? 0)) {
      const lines = linesOf(message.value).map(({ leaseId, seq }) => ({ leaseId, seq }))
      step.execute(`books/${id}`, { ...about, do: 'lines', lines })
    } else {
      // Of the other's state the next is what it lacks; where it lacks none, the last is what it is held against.
      const own = message.kind === 'statementState' ? Math.min(number + 1, this.#pairs.get(peer, currency)?.number ?? 0) : number
      step.execute(`books/${id}`, { ...about, do: 'settled', number: own })
    }
  }

  #headOf({ from, value: { currency } }: Checked): Position['headId'] {
    return this.#pairs.get(from, currency)?.headId ?? ''
  }

  #judge(step: Step, message: ReceivedOf<'statement'>, lines: readonly BookLine[]): void {
    const { from, value: statement, id, bytes } = message
    // Who has no account here is a stranger: its proposals cost a look and leave nothing behind.
    const isKnown = lines.some(({ role }) => role !== undefined)
    const pair = this.#pairs.get(from, statement.currency) ?? newPair(from, statement.currency)
    if (!isKnown || statement.number <= pair.number) return
    if (statement.number > pair.number + 1) {
      // This peer has lost what came between. The proposal is judged when that has been shown.
      tellSettled(step, from, statement.currency, pair, undefined)
      return
    }
    const rank = { round: statement.round, isLow: statement.low === from }
    const problem = this.#problem(step, pair, statement, rank, new Map(lines.map((line) => [line.leaseId, line])))
    if (outranks(rank, pair.top)) {
      if (pair.open !== undefined) this.#note(step, pair, pair.open.statement, 'outranked')
      pair.top = within(rank, pair.top)
      pair.open = undefined
    }
    const { code = '', leaseId = '' as const } = problem ?? {}
    const verdict = { statementId: id, accepted: problem === undefined, objection: code, leaseId, round: pair.top.round }
    const answer = step.send(from, 'statementAnswer', verdict)
    pair.answered = { id, bytes: answer.bytes }
    if (problem === undefined) this.#agreed(step, pair, { statement, id, bytes, answer: answer.bytes })
    else this.#note(step, pair, statement, 'refused', problem)
    this.#changed(step, pair)
  }

  #problem(
    step: Step,
    pair: Pair,
    statement: Statement,
    rank: Rank,
    books: ReadonlyMap<BookLine['leaseId'], BookLine>,
  ): StatementProblem | undefined {
    if (!outranks(rank, pair.top) || isFar(rank, pair.top)) return { code: 'round', leaseId: '' }
    if (statement.expiresAtMs < step.nowWall - CLOCK_SKEW_MS) return { code: 'expired', leaseId: '' }
    return (
      statementProblem(statement, pair, (leaseId) => books.get(leaseId)?.stated ?? micros(0n)) ??
      bookProblem(this.#self, statement, books)
    )
  }

  /** The other has less than this peer, or another statement for the last number that this one has. */
  #show(step: Step, message: Exclude<Checked, ReceivedOf<'paid'>>, own: Settled): void {
    const { from, value } = message
    const pair = this.#pairs.get(from, value.currency)
    if (pair === undefined) return
    const shown = message.kind === 'statementState' ? settledShown(step, message, this.#self) : undefined
    if (shown === undefined || value.number < pair.number) {
      tellSettled(step, from, value.currency, pair, own)
      return
    }
    // Where they differ in more than the last nobody can say what counts.
    const { number, prevHash } = own.statement
    if (own.id !== pair.headId || !follows(shown, { number: number - 1, headId: prevHash })) return
    if (prevails(step, shown, own)) this.#replace(step, pair, own, shown)
    else if (shown.id === own.id) this.#learnPaid(step, own, shown)
    // Whoever is further has gone on from another than this peer's, and would be told for ever.
    else if (value.number === number) tellSettled(step, from, value.currency, pair, own)
  }

  /** What the two build on differs: the other is asked for its last statement, or the one in the place of this peer's last. */
  #askForHead(step: Step, { peer, currency, number }: Pair): void {
    if (number > 0) tellSettled(step, peer, currency, { number: number - 1, headId: '' }, undefined)
  }

  /** This peer had forgotten `next` when it agreed to `old`. */
  #replace(step: Step, pair: Pair, old: Settled, next: Settled): void {
    const { peer, currency } = pair
    for (const { leaseId, stated } of linesOf(old.statement))
      step.persist(KEYS.stated(peer, currency, leaseId), stated === 0n ? undefined : { amount: stated }, { sync: true })
    // What it was to be heard of is replaced with it.
    pair.paid = pair.paid.filter(({ number }) => number !== old.statement.number)
    this.#note(step, pair, old.statement, 'replaced')
    this.#agreed(step, pair, next)
    this.#changed(step, pair)
    tellSettled(step, peer, currency, pair, undefined)
  }

  /** Both have signed: the next number begins. */
  #agreed(step: Step, pair: Pair, settled: Settled): void {
    const { statement, id, bytes, answer } = settled
    const { peer, currency } = pair
    pair.number = statement.number
    pair.headId = id
    pair.top = LOWEST
    pair.open = undefined
    step.persist(KEYS.settled(peer, currency, statement.number, 'statement'), bytes, { sync: true })
    step.persist(KEYS.settled(peer, currency, statement.number, 'answer'), answer, { sync: true })
    for (const { leaseId, amount } of linesOf(statement))
      step.persist(KEYS.stated(peer, currency, leaseId), { amount }, { sync: true })
    this.#note(step, pair, statement, 'agreed')
    this.#learnPaid(step, { ...settled, paid: undefined }, settled)
  }

  /** Whoever lost the creditor's word that a statement was paid is shown it with the statement. */
  #learnPaid(step: Step, own: Settled, { statement: { low, high, currency, number }, paid }: Settled): void {
    const message = own.paid === undefined && paid !== undefined ? step.open('paid', paid) : undefined
    if (message === undefined) return
    const peer = low === this.#self ? high : low
    step.persist(KEYS.settled(peer, currency, number, 'paid'), message.bytes, { sync: true })
    step.note({ type: 'paid', peer, currency, number, reference: message.value.reference })
  }

  /** Whoever hears it twice answers twice: the answer may have been lost. */
  #takePaid(step: Step, { from, value, id, bytes }: ReceivedOf<'paid'>, settled: Settled): void {
    const { currency, number, reference } = value
    const pair = this.#pairs.get(from, currency)
    if (settled.id !== value.statementId && pair !== undefined) this.#askForHead(step, pair)
    if (settled.id !== value.statementId || settled.statement.creditor !== from) return
    step.send(from, 'paidReceived', { paidId: id })
    if (settled.paid !== undefined) return
    step.persist(KEYS.settled(from, currency, number, 'paid'), bytes, { sync: true })
    step.note({ type: 'paid', peer: from, currency, number, reference })
  }

  /** Sends what is due by `dueMono`. */
  #sendAgain(step: Step, pair: Pair, dueMono: number = Number.POSITIVE_INFINITY): void {
    for (const document of unanswered(pair)) {
      if (document.resendMono > dueMono) continue
      step.sendBytes(pair.peer, document.bytes)
      sent(document, step.nowMono)
    }
    this.#pairs.set(pair)
  }

  #changed(step: Step, pair: Pair): void {
    this.#pairs.set(pair)
    step.persist(KEYS.pair(pair.peer, pair.currency), pair, { sync: true })
  }

  #note(
    step: Step,
    { peer }: Pair,
    { currency, number, net, creditor }: Statement,
    what: Extract<Note, { type: 'statement' }>['what'],
    { code, leaseId }: { code: string; leaseId: LeaseId | '' } = { code: '', leaseId: '' },
  ): void {
    step.note({ type: 'statement', peer, currency, number, what, net, creditor, objection: code, about: leaseId })
  }
}
