import protobuf from 'protobufjs/minimal.js'
import { CLASSES } from './class.ts'
import { codec } from './codec.ts'
import * as field from './fields.ts'
import { weft } from './generated/messages.js'
import * as limit from './limits.ts'
import { pricesFromWire, pricesToWire } from './resources.ts'
import type { Capacity, Gpu } from './types.ts'

const gpuToWire = (gpu: Gpu): weft.Gpu.$Properties => ({
  vendor: gpu.vendor,
  model: gpu.model,
  vramMib: gpu.vramMib,
  count: gpu.count,
  computeCapability: gpu.computeCapability,
  uuidHashes: [...gpu.uuidHashes],
  claimed: gpu.detected === false ? true : null,
  gpuHour: gpu.gpuHour === undefined ? null : field.toLong(gpu.gpuHour),
})

const gpuFromWire = (message: weft.Gpu.$Properties, name: string): Gpu => ({
  vendor: field.text(message.vendor, `${name}.vendor`, limit.NAME_LENGTH_MAX),
  model: field.text(message.model, `${name}.model`, limit.NAME_LENGTH_MAX),
  vramMib: field.u32(message.vramMib, `${name}.vramMib`),
  count: field.u32(message.count, `${name}.count`, limit.GPUS_MAX),
  computeCapability: field.text(message.computeCapability, `${name}.computeCapability`, limit.NAME_LENGTH_MAX),
  uuidHashes: field.list(message.uuidHashes, `${name}.uuidHashes`, message.count ?? 0, (hash, at) =>
    field.bytes(hash, at, { exactly: 32 }),
  ),
  ...(message.claimed === true ? { detected: false } : {}),
  ...(message.gpuHour == null ? {} : { gpuHour: field.money(message.gpuHour, `${name}.gpuHour`) }),
})

/** When a capacity is believed no more: when it says so, or a day after it was issued. */
export const capacityExpiryMs = ({ issuedAtMs, expiresAtMs }: Pick<Capacity, 'issuedAtMs' | 'expiresAtMs'>): number =>
  Math.min(expiresAtMs, issuedAtMs + limit.CAPACITY_LIFETIME_MS_MAX)

export const capacityCodec = codec<Capacity, weft.Capacity.$Properties, weft.Capacity>(
  '/weft/capacity/1',
  limit.CAPACITY_BYTES_MAX,
  weft.Capacity,
  (value) => ({
    seq: field.toLong(value.seq),
    issuedAt: field.toLong(value.issuedAtMs),
    expiresAt: field.toLong(value.expiresAtMs),
    class: value.class,
    gpus: value.gpus.map(gpuToWire),
    cpuMilli: value.cpuMilli,
    memoryMib: value.memoryMib,
    diskMib: value.diskMib,
    prices: pricesToWire(value.prices),
    region: value.region,
    engineName: value.engineName,
    engineVersion: value.engineVersion,
    addresses: [...value.addresses],
    arch: value.arch,
  }),
  (message) => ({
    seq: field.u64(message.seq, 'seq'),
    issuedAtMs: field.u64(message.issuedAt, 'issuedAt'),
    expiresAtMs: field.u64(message.expiresAt, 'expiresAt'),
    class: field.choice(message.class, CLASSES, 'class'),
    gpus: field.list(message.gpus, 'gpus', limit.GPU_KINDS_MAX, gpuFromWire),
    cpuMilli: field.u32(message.cpuMilli, 'cpuMilli'),
    memoryMib: field.u32(message.memoryMib, 'memoryMib'),
    diskMib: field.u32(message.diskMib, 'diskMib'),
    prices: pricesFromWire(field.required(message.prices, 'prices')),
    region: field.text(message.region, 'region', limit.NAME_LENGTH_MAX),
    engineName: field.text(message.engineName, 'engineName', limit.NAME_LENGTH_MAX),
    engineVersion: field.text(message.engineVersion, 'engineVersion', limit.NAME_LENGTH_MAX),
    addresses: field.list(message.addresses, 'addresses', limit.CAPACITY_ADDRESSES_MAX, (address, at) =>
      field.text(address, at, limit.ADDRESS_LENGTH_MAX),
    ),
    arch: field.text(message.arch, 'arch', limit.NAME_LENGTH_MAX),
  }),
)

const SEQ_FIELD = 1

/**
 * The number of an encoded capacity alone: for whoever orders records whose rest somebody else reads and checks. Not for what strangers
 * send: nothing else is looked at, and what is no message at all throws whatever the reader throws.
 */
export function capacitySeq(payload: Uint8Array): number {
  const reader = protobuf.Reader.create(payload)
  while (reader.pos < reader.len) {
    const tag = reader.uint32()
    if (tag >>> 3 === SEQ_FIELD) return field.u64(reader.uint64() as field.LongLike, 'seq')
    reader.skipType(tag & 7)
  }
  return 0
}
