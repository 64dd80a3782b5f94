import type { Reader } from 'protobufjs/minimal.js'
import { type LeaseId, peerId } from '../units.ts'
import { idBytes, leaseIdField, messageIdField, type Reason, reasonFromWire, reasonToWire } from './bid.ts'
import { codec } from './codec.ts'
import * as field from './fields.ts'
import { weft } from './generated/messages.js'
import * as limit from './limits.ts'
import { pricesFromWire, pricesToWire, resourcesFromWire, resourcesToWire, termsFromWire, termsToWire } from './resources.ts'
import { type Award, type Manifest, PHASES, type Progress } from './types.ts'

/** The messages that make a lease and move it along. */

export const awardCodec = codec<Award, weft.Award.$Properties, weft.Award>(
  '/weft/award/1',
  limit.AWARD_BYTES_MAX,
  weft.Award,
  (value) => ({
    ...value,
    orderId: idBytes(value.orderId),
    bidId: idBytes(value.bidId),
    resources: resourcesToWire(value.resources),
    prices: pricesToWire(value.prices),
    terms: termsToWire(value.terms),
    maxTotal: field.toLong(value.maxTotal),
    maxRunMs: field.toLong(value.maxRunMs),
    outputBytesMax: field.toLong(value.outputBytesMax),
  }),
  (message) => ({
    orderId: messageIdField(message.orderId, 'orderId'),
    bidId: messageIdField(message.bidId, 'bidId'),
    provider: peerId(field.text(message.provider, 'provider', 80)),
    resources: resourcesFromWire(field.required(message.resources, 'resources'), 'resources'),
    prices: pricesFromWire(field.required(message.prices, 'prices')),
    terms: termsFromWire(field.required(message.terms, 'terms')),
    maxTotal: field.money(message.maxTotal, 'maxTotal'),
    maxRunMs: field.u64(message.maxRunMs, 'maxRunMs', limit.DURATION_MS_MAX),
    deliverByMs: field.u32(message.deliverByMs, 'deliverByMs', limit.DURATION_MS_MAX),
    outputBytesMax: field.u64(message.outputBytesMax, 'outputBytesMax'),
    nonce: field.bytes(message.nonce, 'nonce', { exactly: 16 }),
  }),
)

/** Acceptance, Stop and Collected say no more than which lease they are about. */
export interface AboutLease {
  leaseId: LeaseId
}

const aboutLease = <Message extends { leaseId: Uint8Array }>(
  type: string,
  generated: {
    encode: typeof weft.Acceptance.encode
    decode(reader: Reader): Message
  },
) =>
  codec<AboutLease, weft.Acceptance.$Properties, Message>(
    type,
    limit.SMALL_BYTES_MAX,
    generated,
    (value) => ({ leaseId: idBytes(value.leaseId) }),
    (message) => ({ leaseId: leaseIdField(message.leaseId) }),
  )

export const acceptanceCodec = aboutLease('/weft/acceptance/1', weft.Acceptance)
export const stopCodec = aboutLease('/weft/stop/1', weft.Stop)
export const collectedCodec = aboutLease('/weft/collected/1', weft.Collected)

export interface AwardRefusal {
  leaseId: LeaseId
  reason: Reason
}

export const awardRefusalCodec = codec<AwardRefusal, weft.AwardRefusal.$Properties, weft.AwardRefusal>(
  '/weft/award-refusal/1',
  limit.SMALL_BYTES_MAX,
  weft.AwardRefusal,
  (value) => ({ leaseId: idBytes(value.leaseId), reason: reasonToWire(value.reason) }),
  (message) => ({ leaseId: leaseIdField(message.leaseId), reason: reasonFromWire(message.reason) }),
)

export const manifestCodec = codec<Manifest, weft.Manifest.$Properties, weft.Manifest>(
  '/weft/manifest/1',
  limit.MANIFEST_BYTES_MAX,
  weft.Manifest,
  (value) => ({ ...value, leaseId: idBytes(value.leaseId) }),
  (message) => ({
    leaseId: leaseIdField(message.leaseId),
    salt: field.bytes(message.salt, 'salt', { exactly: 32 }),
    spec: field.bytes(message.spec, 'spec', { max: limit.SPEC_BYTES_MAX }),
    permitMs: field.u32(message.permitMs, 'permitMs', limit.DURATION_MS_MAX),
  }),
)

export const progressCodec = codec<Progress, weft.Progress.$Properties, weft.Progress>(
  '/weft/progress/1',
  limit.SMALL_BYTES_MAX,
  weft.Progress,
  (value) => ({
    leaseId: idBytes(value.leaseId),
    phase: PHASES.indexOf(value.phase) + 1,
    done: field.toLong(value.doneBytes),
    total: field.toLong(value.totalBytes),
    text: value.text,
  }),
  (message) => ({
    leaseId: leaseIdField(message.leaseId),
    phase: field.required(PHASES[message.phase - 1], 'phase'),
    doneBytes: field.u64(message.done, 'done'),
    totalBytes: field.u64(message.total, 'total'),
    text: field.text(message.text, 'text'),
  }),
)
