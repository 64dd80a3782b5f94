import { type LeaseId, leaseId, type MessageId, messageId } from '../units.ts'
import { fromHex, toHex } from './bytes.ts'
import { codec } from './codec.ts'
import * as field from './fields.ts'
import { weft } from './generated/messages.js'
import * as limit from './limits.ts'
import { pricesFromWire, pricesToWire } from './resources.ts'
import type { Bid, Hello } from './types.ts'

/** The small messages of an auction: bid, refusal, release, ask, hello. */

/** Why a provider does not take an order or award; part of the wire, numbered in market.proto. */
export const REASONS = [
  'none',
  'busy',
  'gpu-count',
  'gpu-vram',
  'gpu-model',
  'cpu',
  'memory',
  'disk',
  'region',
  'arch',
  'price',
  'currency',
  'terms',
  'no-engine',
  'draining',
  'expired',
  'unknown-bid',
  'bad-manifest',
  'credit',
  'overloaded',
  'equivocation',
  'clock',
  'gpu-capability',
] as const
export type Reason = (typeof REASONS)[number]

export const reasonToWire = (reason: Reason): number => REASONS.indexOf(reason)
/** A reason that a newer peer knows and we do not reads as `none`. */
export const reasonFromWire = (number: number | null | undefined): Reason => REASONS[number ?? 0] ?? 'none'

export const idBytes = (id: MessageId | LeaseId): Uint8Array => fromHex(id)
export const idField = (value: Uint8Array | null | undefined, name: string): string =>
  toHex(field.bytes(value, name, { exactly: 32 }))
export const messageIdField = (value: Uint8Array | null | undefined, name: string): MessageId => messageId(idField(value, name))
export const leaseIdField = (value: Uint8Array | null | undefined, name = 'leaseId'): LeaseId => leaseId(idField(value, name))

export const bidCodec = codec<Bid, weft.Bid.$Properties, weft.Bid>(
  '/weft/bid/1',
  limit.SMALL_BYTES_MAX,
  weft.Bid,
  (value) => ({ ...value, orderId: idBytes(value.orderId), prices: pricesToWire(value.prices) }),
  (message) => ({
    orderId: messageIdField(message.orderId, 'orderId'),
    prices: pricesFromWire(field.required(message.prices, 'prices')),
    firm: message.firm,
    validMs: field.u32(message.validMs, 'validMs', limit.DURATION_MS_MAX),
    startInMs: field.u32(message.startInMs, 'startInMs', limit.DURATION_MS_MAX),
    region: field.text(message.region, 'region', limit.NAME_LENGTH_MAX),
  }),
)

export interface Refusal {
  orderId: MessageId
  reason: Reason
}

export const refusalCodec = codec<Refusal, weft.Refusal.$Properties, weft.Refusal>(
  '/weft/refusal/1',
  limit.SMALL_BYTES_MAX,
  weft.Refusal,
  (value) => ({ orderId: idBytes(value.orderId), reason: reasonToWire(value.reason) }),
  (message) => ({ orderId: messageIdField(message.orderId, 'orderId'), reason: reasonFromWire(message.reason) }),
)

export interface Release {
  orderId: MessageId
}

export const releaseCodec = codec<Release, weft.Release.$Properties, weft.Release>(
  '/weft/release/1',
  limit.SMALL_BYTES_MAX,
  weft.Release,
  (value) => ({ orderId: idBytes(value.orderId) }),
  (message) => ({ orderId: messageIdField(message.orderId, 'orderId') }),
)

export interface Ask {
  nonce: Uint8Array
}

export const askCodec = codec<Ask, weft.Ask.$Properties, weft.Ask>(
  '/weft/ask/1',
  limit.SMALL_BYTES_MAX,
  weft.Ask,
  (value) => value,
  (message) => ({ nonce: field.bytes(message.nonce, 'nonce', { exactly: 16 }) }),
)

export const helloCodec = codec<Hello, weft.Hello.$Properties, weft.Hello>(
  '/weft/hello/1',
  limit.SMALL_BYTES_MAX,
  weft.Hello,
  ({ sentAtMs, features, ...rest }) => ({ ...rest, features: [...features], sentAt: field.toLong(sentAtMs) }),
  (message) => ({
    features: field.list(message.features, 'features', 32, (feature, at) => field.text(feature, at, limit.NAME_LENGTH_MAX)),
    agent: field.text(message.agent, 'agent', limit.NAME_LENGTH_MAX),
    provider: message.provider,
    sentAtMs: field.u64(message.sentAt, 'sentAt'),
    networkSize: field.u32(message.networkSize, 'networkSize', limit.NETWORK_SIZE_MAX),
  }),
)
