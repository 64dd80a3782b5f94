/**
 * What travels between peers: messages, their limits and their signatures.
 *
 * @example
 * const envelopes = new Envelopes('weft', signer)
 * const { id, bytes } = envelopes.seal(bidCodec, bid, signer)
 * const bid = Envelopes.decode(envelopes.open(bytes), bidCodec)
 */
export * from './bid.ts'
export * from './bytes.ts'
export * from './capability.ts'
export * from './capacity.ts'
export * from './class.ts'
export * from './codec.ts'
export * from './commitments.ts'
export * from './demand.ts'
export * from './envelope.ts'
export { weft } from './generated/messages.js'
export * from './lease.ts'
export * from './limits.ts'
export * from './measure.ts'
export * from './message.ts'
export * from './opener.ts'
export * from './order.ts'
export * from './peer-id.ts'
export * from './peer-ids.ts'
export * from './receipt.ts'
export * from './region.ts'
export * from './signature-rule.ts'
export * from './spec.ts'
export * from './statement.ts'
export * from './topics.ts'
export * from './types.ts'
