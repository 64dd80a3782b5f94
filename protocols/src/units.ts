/**
 * Names for numbers and strings that must not be mixed up. Units stand last in a name:
 * `leaseMsMax`, `pricePerHourMicros`, `memoryMib`.
 */

declare const brand: unique symbol
export type Brand<T, Name extends string> = T & { readonly [brand]: Name }

/** A libp2p peer id as text (base58btc of the identity multihash of an Ed25519 key): `12D3KooW…`. */
export type PeerId = Brand<string, 'PeerId'>
/** SHA-256 over network, type, signer and payload of a signed message, as 64 hex digits. */
export type MessageId = Brand<string, 'MessageId'>
/** The id of the lease's award. */
export type LeaseId = Brand<string, 'LeaseId'>
/** A job's id: 128 random bits that the renter drew, as 32 hex digits. */
export type JobId = Brand<string, 'JobId'>
/** Money: integer millionths of a currency's unit. Never a `number`. */
export type Micros = Brand<bigint, 'Micros'>

export const peerId = (text: string): PeerId => text as PeerId
export const messageId = (hex: string): MessageId => hex as MessageId
export const leaseId = (hex: string): LeaseId => hex as LeaseId
export const jobId = (hex: string): JobId => hex as JobId
export const micros = (amount: bigint): Micros => amount as Micros

export const MS_PER_SECOND = 1_000
export const MS_PER_HOUR = 3_600_000
export const MS_PER_DAY = 24 * MS_PER_HOUR
export const MIB = 1024 * 1024
export const GIB = 1024 * MIB
