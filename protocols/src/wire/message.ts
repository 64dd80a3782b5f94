import { WireError } from '../errors.ts'
import type { MessageId, PeerId } from '../units.ts'
import { type Ask, askCodec, bidCodec, helloCodec, type Refusal, type Release, refusalCodec, releaseCodec } from './bid.ts'
import { capacityCodec } from './capacity.ts'
import type { Codec } from './codec.ts'
import { type Demand, demandOf } from './demand.ts'
import type { Opened } from './envelope.ts'
import {
  type AboutLease,
  type AwardRefusal,
  acceptanceCodec,
  awardCodec,
  awardRefusalCodec,
  collectedCodec,
  manifestCodec,
  progressCodec,
  stopCodec,
} from './lease.ts'
import {
  type Challenge,
  type ChallengeAnswer,
  challengeAnswerCodec,
  challengeCodec,
  type Measurement,
  type Measurements,
  measurementCodec,
  measurementsCodec,
} from './measure.ts'
import { orderCodec } from './order.ts'
import { countersignatureCodec, leaseStateCodec, receiptCodec } from './receipt.ts'
import {
  type PaidReceived,
  paidCodec,
  paidReceivedCodec,
  statementAnswerCodec,
  statementCodec,
  statementStateCodec,
} from './statement.ts'
import type {
  Award,
  Bid,
  Capacity,
  Countersignature,
  Hello,
  LeaseState,
  Manifest,
  Order,
  Paid,
  Progress,
  Receipt,
  Statement,
  StatementAnswer,
  StatementState,
} from './types.ts'

/** Every message by kind: one map, so that a kind without a codec or a handler is a type error. */
export interface Messages {
  capacity: Capacity
  order: Order
  bid: Bid
  refusal: Refusal
  release: Release
  ask: Ask
  hello: Hello
  award: Award
  acceptance: AboutLease
  awardRefusal: AwardRefusal
  manifest: Manifest
  progress: Progress
  stop: AboutLease
  collected: AboutLease
  receipt: Receipt
  countersignature: Countersignature
  statement: Statement
  statementAnswer: StatementAnswer
  statementState: StatementState
  paid: Paid
  paidReceived: PaidReceived
  leaseState: LeaseState
  challenge: Challenge
  challengeAnswer: ChallengeAnswer
  measurement: Measurement
  measurements: Measurements
}
export type MessageKind = keyof Messages

export const CODECS: { readonly [Kind in MessageKind]: Codec<Messages[Kind]> } = {
  capacity: capacityCodec,
  order: orderCodec,
  bid: bidCodec,
  refusal: refusalCodec,
  release: releaseCodec,
  ask: askCodec,
  hello: helloCodec,
  award: awardCodec,
  acceptance: acceptanceCodec,
  awardRefusal: awardRefusalCodec,
  manifest: manifestCodec,
  progress: progressCodec,
  stop: stopCodec,
  collected: collectedCodec,
  receipt: receiptCodec,
  countersignature: countersignatureCodec,
  statement: statementCodec,
  statementAnswer: statementAnswerCodec,
  statementState: statementStateCodec,
  paid: paidCodec,
  paidReceived: paidReceivedCodec,
  leaseState: leaseStateCodec,
  challenge: challengeCodec,
  challengeAnswer: challengeAnswerCodec,
  measurement: measurementCodec,
  measurements: measurementsCodec,
}

/** A verified, decoded message. `bytes` is the envelope as it came. */
export type Received = {
  [Kind in MessageKind]: {
    readonly kind: Kind
    readonly id: MessageId
    readonly from: PeerId
    readonly bytes: Uint8Array
    readonly value: Messages[Kind]
  } & (Kind extends 'order' ? { readonly demand: Demand } : unknown)
}[MessageKind]
export type ReceivedOf<Kind extends MessageKind> = Extract<Received, { kind: Kind }>

const BY_TYPE = new Map<string, MessageKind>(Object.entries(CODECS).map(([kind, codec]) => [codec.type, kind as MessageKind]))

/** Decodes an opened envelope into whichever message it is. Throws WireError on an unknown type or a malformed payload. */
export function decodeMessage(opened: Opened): Received {
  const kind = BY_TYPE.get(opened.type)
  if (kind === undefined) throw new WireError('UNKNOWN_TYPE', `no message has the type '${opened.type.slice(0, 40)}'`)
  const value = CODECS[kind].decode(opened.payload)
  return (kind === 'order' ? new DecodedOrder(kind, opened, value) : new DecodedMessage(kind, opened, value)) as Received
}

/** Asks the envelope for its id when it is asked for it. */
class DecodedMessage {
  readonly kind: MessageKind
  readonly from: PeerId
  readonly bytes: Uint8Array
  readonly value: Messages[MessageKind]
  readonly #opened: Opened

  constructor(kind: MessageKind, opened: Opened, value: Messages[MessageKind]) {
    this.kind = kind
    this.from = opened.from
    this.bytes = opened.bytes
    this.value = value
    this.#opened = opened
  }

  get id(): MessageId {
    return this.#opened.id
  }
}

/** Works out what it demands once, whoever asks: thousands may. */
class DecodedOrder extends DecodedMessage {
  #demand: Demand | undefined

  get demand(): Demand {
    this.#demand ??= demandOf(this.value as Order)
    return this.#demand
  }
}
