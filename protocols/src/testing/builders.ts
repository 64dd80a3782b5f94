import type { CapacityInit } from '../core/provider/announcer.ts'
import type { JobRequest } from '../core/request.ts'
import type { Work } from '../ports/executor.ts'
import { jobId, leaseId, messageId, micros, peerId } from '../units.ts'
import type { Gpu, Order, Prices, Resources, Spec, Terms } from '../wire/types.ts'

/** Fixtures with defaults, so that a field that a test sets means something. */

export const somePrices = (set: Partial<Prices> = {}): Prices => ({
  currency: 'USD',
  start: micros(0n),
  gpuHour: micros(400_000n),
  cpuHour: micros(20_000n),
  memoryGibHour: micros(5_000n),
  diskGibHour: micros(100n),
  egressGib: micros(0n),
  ...set,
})

export const someGpu = (set: Partial<Gpu> = {}): Gpu => ({
  vendor: 'nvidia',
  model: 'NVIDIA GeForce RTX 4090',
  vramMib: 24_564,
  count: 1,
  computeCapability: '8.9',
  uuidHashes: [],
  ...set,
})

export const someResources = (set: Partial<Resources> = {}): Resources => ({
  gpuCount: 0,
  gpuVramMib: 0,
  gpuVendor: '',
  gpuModels: [],
  gpuComputeCapability: '',
  cpuMilli: 1_000,
  memoryMib: 1_024,
  diskMib: 0,
  ...set,
})

export const someCapacity = (set: Partial<CapacityInit> = {}): CapacityInit => ({
  gpus: [],
  cpuMilli: 4_000,
  memoryMib: 16_384,
  diskMib: 102_400,
  prices: somePrices(),
  region: 'eu-north',
  engineName: 'docker',
  engineVersion: '28.0',
  arch: 'amd64',
  ...set,
})

export const someTerms = (set: Partial<Terms> = {}): Terms => ({
  intervalMs: 10_000,
  creditMs: 40_000,
  stopAfterMs: 40_000,
  stopGraceMs: 10_000,
  prepayMs: 0,
  ...set,
})

export const someSpec = (set: Partial<Spec> = {}): Spec => ({
  imageId: `sha256:${'ab'.repeat(32)}`,
  imageReference: 'busybox:1',
  imagePull: '',
  imageFromRenter: false,
  imageBytes: 1_000_000,
  command: ['echo', 'hello'],
  env: [],
  workdir: '',
  inputs: [],
  outputs: [],
  ...set,
})

export const someRequest = (set: Partial<JobRequest> = {}): JobRequest => ({
  jobId: jobId('00'.repeat(16)),
  name: 'test',
  spec: someSpec(),
  resources: someResources(),
  regions: [],
  arch: 'amd64',
  currency: 'USD',
  maxPricePerHour: micros(1_000_000n),
  maxTotal: micros(10_000_000n),
  maxRunMs: 0,
  outputBytesMax: 1_000_000,
  queueMs: 60_000,
  attemptsMax: 3,
  retryFailed: 0,
  terms: someTerms(),
  ...set,
})

export const someOrder = (set: Partial<Order> = {}): Order => ({
  nonce: new Uint8Array(16),
  issuedAtMs: 1_800_000_000_000,
  expiresAtMs: 1_800_000_060_000,
  round: 0,
  audience: 0xffffffff,
  class: 'cpu',
  resources: someResources(),
  regions: [],
  arch: 'amd64',
  maxRunMs: 0,
  imageBytes: 0,
  inputBytes: 0,
  outputBytesMax: 0,
  addresses: [],
  manifestHash: new Uint8Array(32),
  imageHash: new Uint8Array(32),
  terms: someTerms(),
  currency: 'USD',
  priceCeiling: undefined,
  bidWindowMs: 0,
  ...set,
})

export const someWork = (set: Partial<Work> = {}): Work => ({
  leaseId: leaseId('1'.repeat(64)),
  orderId: messageId('2'.repeat(64)),
  renter: peerId('renter'),
  renterAddresses: [],
  spec: someSpec(),
  grant: someResources(),
  outputBytesMax: 1_000_000,
  permit: { untilMono: 3_600_000, graceMs: 100 },
  ...set,
})
