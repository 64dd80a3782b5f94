import { WireError } from '../errors.ts'
import { CLASSES } from './class.ts'
import { codec } from './codec.ts'
import * as field from './fields.ts'
import { weft } from './generated/messages.js'
import * as limit from './limits.ts'
import { currency, resourcesFromWire, resourcesToWire, termsFromWire, termsToWire } from './resources.ts'
import type { Order } from './types.ts'

export const orderCodec = codec<Order, weft.Order.$Properties, weft.Order>(
  '/weft/order/1',
  limit.ORDER_BYTES_MAX,
  weft.Order,
  (value) => ({
    nonce: value.nonce,
    issuedAt: field.toLong(value.issuedAtMs),
    expiresAt: field.toLong(value.expiresAtMs),
    round: value.round,
    audience: value.audience,
    class: value.class,
    resources: resourcesToWire(value.resources),
    regions: [...value.regions],
    arch: value.arch,
    maxRunMs: field.toLong(value.maxRunMs),
    imageBytes: field.toLong(value.imageBytes),
    inputBytes: field.toLong(value.inputBytes),
    outputBytesMax: field.toLong(value.outputBytesMax),
    addresses: [...value.addresses],
    manifestHash: value.manifestHash,
    imageHash: value.imageHash,
    terms: termsToWire(value.terms),
    currency: value.currency,
    ...(value.priceCeiling === undefined ? {} : { priceCeiling: field.toLong(value.priceCeiling) }),
    bidWindowMs: value.bidWindowMs,
  }),
  (message) => {
    const issuedAtMs = field.u64(message.issuedAt, 'issuedAt')
    const expiresAtMs = field.u64(message.expiresAt, 'expiresAt')
    if (expiresAtMs <= issuedAtMs) throw new WireError('BAD_FIELD', 'expiresAt: is not after issuedAt')
    return {
      nonce: field.bytes(message.nonce, 'nonce', { exactly: 16 }),
      issuedAtMs,
      expiresAtMs,
      round: field.u32(message.round, 'round', 1000),
      audience: field.u32(message.audience, 'audience'),
      class: field.choice(message.class, CLASSES, 'class'),
      resources: resourcesFromWire(field.required(message.resources, 'resources'), 'resources'),
      regions: field.list(message.regions, 'regions', limit.REGIONS_MAX, (region, at) =>
        field.text(region, at, limit.NAME_LENGTH_MAX),
      ),
      arch: field.text(message.arch, 'arch', limit.NAME_LENGTH_MAX),
      maxRunMs: field.u64(message.maxRunMs, 'maxRunMs', limit.DURATION_MS_MAX),
      imageBytes: field.u64(message.imageBytes, 'imageBytes'),
      inputBytes: field.u64(message.inputBytes, 'inputBytes'),
      outputBytesMax: field.u64(message.outputBytesMax, 'outputBytesMax'),
      addresses: field.list(message.addresses, 'addresses', limit.ADDRESSES_MAX, (address, at) =>
        field.text(address, at, limit.ADDRESS_LENGTH_MAX),
      ),
      manifestHash: field.bytes(message.manifestHash, 'manifestHash', { exactly: 32 }),
      imageHash: field.bytes(message.imageHash, 'imageHash', { exactly: 32 }),
      terms: termsFromWire(field.required(message.terms, 'terms')),
      currency: currency(message.currency),
      priceCeiling: message.priceCeiling == null ? undefined : field.money(message.priceCeiling, 'priceCeiling'),
      bidWindowMs: field.u32(message.bidWindowMs, 'bidWindowMs', limit.BID_WINDOW_MS_MAX),
    }
  },
)
