import { WireError } from '../errors.ts'
import { idBytes, leaseIdField, messageIdField } from './bid.ts'
import { fromHex, toHex } from './bytes.ts'
import { codec } from './codec.ts'
import * as field from './fields.ts'
import { weft } from './generated/messages.js'
import * as limit from './limits.ts'
import {
  type Countersignature,
  type Final,
  type LeaseState,
  OBJECTION_REASONS,
  type Objection,
  type Receipt,
  type ReceiptKind,
} from './types.ts'

/** The documents of debt: receipt and countersignature. */

const finalFromWire = (message: weft.Final.$Properties): Final => ({
  endReason: field.u32(message.endReason, 'final.endReason', 9999),
  exitCode: message.exitCode ?? undefined,
  outputs: field.bytes(message.outputs, 'final.outputs', { max: limit.CID_BYTES_MAX }),
  outputBytes: field.u64(message.outputBytes, 'final.outputBytes'),
  detail: field.text(message.detail, 'final.detail'),
})

const finalToWire = (value: Final): weft.Final.$Properties => ({
  endReason: value.endReason,
  outputs: value.outputs,
  outputBytes: field.toLong(value.outputBytes),
  detail: value.detail,
  ...(value.exitCode === undefined ? {} : { exitCode: value.exitCode }),
})

const RUN_MS_MAX = 100 * limit.DURATION_MS_MAX

/** As numbered in settlement.proto. */
const KIND_NUMBERS: Record<ReceiptKind, number> = { interval: 1, final: 4 }
const kindOf = (number: number): ReceiptKind | undefined =>
  number === KIND_NUMBERS.interval ? 'interval' : number === KIND_NUMBERS.final ? 'final' : undefined

export const receiptCodec = codec<Receipt, weft.Receipt.$Properties, weft.Receipt>(
  '/weft/receipt/1',
  limit.RECEIPT_BYTES_MAX,
  weft.Receipt,
  (value) => ({
    leaseId: idBytes(value.leaseId),
    seq: value.seq,
    prevHash: fromHex(value.prevHash),
    kind: KIND_NUMBERS[value.kind],
    sentAt: field.toLong(value.sentAtMs),
    runMs: field.toLong(value.runMs),
    pausedMs: field.toLong(value.pausedMs),
    egressBytes: field.toLong(value.egressBytes),
    amount: field.toLong(value.amount),
    logBytes: field.toLong(value.logBytes),
    ...(value.final === undefined ? {} : { final: finalToWire(value.final) }),
  }),
  (message) => {
    const kind = field.required(kindOf(message.kind), 'kind')
    if ((kind === 'final') !== (message.final != null))
      throw new WireError('BAD_FIELD', 'final: stands in a final receipt and only there')
    const prevHash = field.bytes(message.prevHash, 'prevHash', { max: 32 })
    if (prevHash.length !== 0 && prevHash.length !== 32) throw new WireError('BAD_FIELD', 'prevHash: is neither empty nor a hash')
    return {
      leaseId: leaseIdField(message.leaseId),
      seq: field.u32(message.seq, 'seq'),
      prevHash: toHex(prevHash),
      kind,
      sentAtMs: field.u64(message.sentAt, 'sentAt'),
      runMs: field.u64(message.runMs, 'runMs', RUN_MS_MAX),
      pausedMs: field.u64(message.pausedMs, 'pausedMs', RUN_MS_MAX),
      egressBytes: field.u64(message.egressBytes, 'egressBytes'),
      amount: field.money(message.amount, 'amount'),
      logBytes: field.u64(message.logBytes, 'logBytes'),
      final: message.final == null ? undefined : finalFromWire(message.final),
    }
  },
)

const objectionToWire = (value: Objection): weft.Objection.$Properties => ({
  reason: OBJECTION_REASONS.indexOf(value.reason) + 1,
  runMs: field.toLong(value.runMs),
  acceptedSeq: value.acceptedSeq,
})

const objectionFromWire = (message: weft.Objection.$Properties): Objection => ({
  reason: field.required(OBJECTION_REASONS[(message.reason ?? 0) - 1], 'objection.reason'),
  runMs: field.u64(message.runMs, 'objection.runMs', RUN_MS_MAX),
  acceptedSeq: field.u32(message.acceptedSeq, 'objection.acceptedSeq'),
})

export const leaseStateCodec = codec<LeaseState, weft.LeaseState.$Properties, weft.LeaseState>(
  '/weft/lease-state/1',
  limit.LEASE_STATE_BYTES_MAX,
  weft.LeaseState,
  (value) => ({ leaseId: idBytes(value.leaseId), ...value.agreed }),
  (message) => {
    const receipt = field.bytes(message.receipt, 'receipt', { max: limit.RECEIPT_BYTES_MAX + limit.ENVELOPE_OVERHEAD_BYTES_MAX })
    const answer = field.bytes(message.answer, 'answer', { max: limit.SMALL_BYTES_MAX + limit.ENVELOPE_OVERHEAD_BYTES_MAX })
    if ((receipt.length === 0) !== (answer.length === 0))
      throw new WireError('BAD_FIELD', 'answer: stands with a receipt and only there')
    return { leaseId: leaseIdField(message.leaseId), agreed: receipt.length === 0 ? undefined : { receipt, answer } }
  },
)

const ACCEPTED = 1
const OBJECTED = 2

export const countersignatureCodec = codec<Countersignature, weft.Countersignature.$Properties, weft.Countersignature>(
  '/weft/countersignature/1',
  limit.SMALL_BYTES_MAX,
  weft.Countersignature,
  (value) => ({
    leaseId: idBytes(value.leaseId),
    seq: value.seq,
    receiptId: idBytes(value.receiptId),
    verdict: value.accepted ? ACCEPTED : OBJECTED,
    ...(value.objection === undefined ? {} : { objection: objectionToWire(value.objection) }),
    permitMs: value.permitMs,
  }),
  (message) => {
    const accepted = message.verdict === ACCEPTED
    if (!accepted && message.verdict !== OBJECTED) throw new WireError('BAD_FIELD', 'verdict: is neither accepted nor objected')
    if (accepted !== (message.objection == null))
      throw new WireError('BAD_FIELD', 'objection: stands with the verdict objected and only there')
    return {
      leaseId: leaseIdField(message.leaseId),
      seq: field.u32(message.seq, 'seq'),
      receiptId: messageIdField(message.receiptId, 'receiptId'),
      accepted,
      objection: message.objection == null ? undefined : objectionFromWire(message.objection),
      permitMs: field.u32(message.permitMs, 'permitMs', limit.DURATION_MS_MAX),
    }
  },
)
