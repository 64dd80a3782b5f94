import { WireError } from '../errors.ts'
import { type MessageId, type PeerId, peerId } from '../units.ts'
import { idBytes, leaseIdField, messageIdField } from './bid.ts'
import { fromHex, toHex } from './bytes.ts'
import { codec } from './codec.ts'
import * as field from './fields.ts'
import { weft } from './generated/messages.js'
import * as limit from './limits.ts'
import { keyOf } from './peer-id.ts'
import { currency } from './resources.ts'
import type { Paid, Statement, StatementAnswer, StatementLine, StatementState } from './types.ts'

/** The documents that net what two peers owe each other. Whether the sums are right is the core's to say. */

const peer = (value: string | null | undefined, name: string): PeerId => {
  const text = field.text(value, name, PEER_ID_LENGTH_MAX)
  keyOf(text)
  return peerId(text)
}
const PEER_ID_LENGTH_MAX = 80

const lineFromWire = (message: weft.StatementLine.$Properties, name: string): StatementLine => ({
  leaseId: leaseIdField(message.leaseId, `${name}.leaseId`),
  seq: field.u32(message.seq, `${name}.seq`),
  receiptId: messageIdField(message.receiptId, `${name}.receiptId`),
  amount: field.money(message.amount, `${name}.amount`),
  stated: field.money(message.stated, `${name}.stated`),
})

const lineToWire = (value: StatementLine): weft.StatementLine.$Properties => ({
  leaseId: idBytes(value.leaseId),
  seq: value.seq,
  receiptId: idBytes(value.receiptId),
  amount: field.toLong(value.amount),
  stated: field.toLong(value.stated),
})

const linesFromWire = (lines: readonly weft.StatementLine.$Properties[] | null | undefined, name: string): StatementLine[] =>
  field.list(lines, name, limit.STATEMENT_LINES_MAX, lineFromWire)

function atLeastOne(value: number | null | undefined, name: string): number {
  const number = field.u32(value, name)
  if (number === 0) throw new WireError('BAD_FIELD', `${name}: counts from 1`)
  return number
}

function hashOrNone(value: Uint8Array | null | undefined, name: string): MessageId | '' {
  const bytes = field.bytes(value, name, { max: 32 })
  if (bytes.length !== 0 && bytes.length !== 32) throw new WireError('BAD_FIELD', `${name}: is neither empty nor a hash`)
  return toHex(bytes) as MessageId | ''
}

export const statementCodec = codec<Statement, weft.Statement.$Properties, weft.Statement>(
  '/weft/statement/1',
  limit.STATEMENT_BYTES_MAX,
  weft.Statement,
  (value) => ({
    low: value.low,
    high: value.high,
    currency: value.currency,
    number: value.number,
    round: value.round,
    prevHash: fromHex(value.prevHash),
    lowEarned: value.lowEarned.map(lineToWire),
    highEarned: value.highEarned.map(lineToWire),
    lowGross: field.toLong(value.lowGross),
    highGross: field.toLong(value.highGross),
    net: field.toLong(value.net),
    creditor: value.creditor,
    issuedAt: field.toLong(value.issuedAtMs),
    expiresAt: field.toLong(value.expiresAtMs),
  }),
  (message) => {
    const low = peer(message.low, 'low')
    const high = peer(message.high, 'high')
    if (low >= high) throw new WireError('BAD_FIELD', 'low: does not stand before high')
    const lowEarned = linesFromWire(message.lowEarned, 'lowEarned')
    const highEarned = linesFromWire(message.highEarned, 'highEarned')
    if (lowEarned.length + highEarned.length > limit.STATEMENT_LINES_MAX)
      throw new WireError('BAD_FIELD', `lines: more than ${limit.STATEMENT_LINES_MAX} in all`)
    return {
      low,
      high,
      currency: currency(message.currency),
      number: atLeastOne(message.number, 'number'),
      round: atLeastOne(message.round, 'round'),
      prevHash: hashOrNone(message.prevHash, 'prevHash'),
      lowEarned,
      highEarned,
      lowGross: field.money(message.lowGross, 'lowGross'),
      highGross: field.money(message.highGross, 'highGross'),
      net: field.money(message.net, 'net'),
      creditor: message.creditor === '' ? '' : peer(message.creditor, 'creditor'),
      issuedAtMs: field.u64(message.issuedAt, 'issuedAt'),
      expiresAtMs: field.u64(message.expiresAt, 'expiresAt'),
    }
  },
)

const ACCEPTED = 1
const OBJECTED = 2

export const statementAnswerCodec = codec<StatementAnswer, weft.StatementAnswer.$Properties, weft.StatementAnswer>(
  '/weft/statement-answer/1',
  limit.SMALL_BYTES_MAX,
  weft.StatementAnswer,
  (value) => ({
    statementId: idBytes(value.statementId),
    verdict: value.accepted ? ACCEPTED : OBJECTED,
    objection: value.objection,
    leaseId: fromHex(value.leaseId),
    round: value.round,
  }),
  (message) => {
    const accepted = message.verdict === ACCEPTED
    if (!accepted && message.verdict !== OBJECTED) throw new WireError('BAD_FIELD', 'verdict: is neither accepted nor objected')
    return {
      statementId: messageIdField(message.statementId, 'statementId'),
      accepted,
      objection: field.text(message.objection, 'objection', limit.NAME_LENGTH_MAX),
      leaseId: hashOrNone(message.leaseId, 'leaseId') as StatementAnswer['leaseId'],
      round: field.u32(message.round, 'round'),
    }
  },
)

export const statementStateCodec = codec<StatementState, weft.StatementState.$Properties, weft.StatementState>(
  '/weft/statement-state/1',
  limit.STATEMENT_STATE_BYTES_MAX,
  weft.StatementState,
  ({ currency, number, agreed }) => ({ currency, number, ...agreed, paid: agreed?.paid ?? new Uint8Array(0) }),
  (message) => {
    const statement = field.bytes(message.statement, 'statement', {
      max: limit.STATEMENT_BYTES_MAX + limit.ENVELOPE_OVERHEAD_BYTES_MAX,
    })
    const answer = field.bytes(message.answer, 'answer', { max: limit.SMALL_BYTES_MAX + limit.ENVELOPE_OVERHEAD_BYTES_MAX })
    if ((statement.length === 0) !== (answer.length === 0))
      throw new WireError('BAD_FIELD', 'answer: stands with a statement and only there')
    const paid = field.bytes(message.paid, 'paid', { max: limit.SMALL_BYTES_MAX + limit.ENVELOPE_OVERHEAD_BYTES_MAX })
    return {
      currency: currency(message.currency),
      number: field.u32(message.number, 'number'),
      agreed: statement.length === 0 ? undefined : { statement, answer, ...(paid.length === 0 ? {} : { paid }) },
    }
  },
)

/** What a payment may be called: one line of printable ASCII. */
export const isPaymentReference = (text: string): boolean => PAYMENT_REFERENCE.test(text)
const PAYMENT_REFERENCE = /^[\x20-\x7e]{1,128}$/

export const paidCodec = codec<Paid, weft.Paid.$Properties, weft.Paid>(
  '/weft/paid/1',
  limit.SMALL_BYTES_MAX,
  weft.Paid,
  (value) => ({
    statementId: idBytes(value.statementId),
    currency: value.currency,
    number: value.number,
    reference: value.reference,
    paidAt: field.toLong(value.paidAtMs),
  }),
  (message) => {
    if (!isPaymentReference(message.reference))
      throw new WireError('BAD_FIELD', 'reference: is not 1 to 128 printable ASCII characters')
    return {
      statementId: messageIdField(message.statementId, 'statementId'),
      currency: currency(message.currency),
      number: atLeastOne(message.number, 'number'),
      reference: message.reference,
      paidAtMs: field.u64(message.paidAt, 'paidAt'),
    }
  },
)

export interface PaidReceived {
  paidId: MessageId
}

export const paidReceivedCodec = codec<PaidReceived, weft.PaidReceived.$Properties, weft.PaidReceived>(
  '/weft/paid-received/1',
  limit.SMALL_BYTES_MAX,
  weft.PaidReceived,
  (value) => ({ paidId: idBytes(value.paidId) }),
  (message) => ({ paidId: messageIdField(message.paidId, 'paidId') }),
)
