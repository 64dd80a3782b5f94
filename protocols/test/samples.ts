import { leaseId, messageId, micros } from '@weft/protocols'
import { someCapacity, someGpu, someOrder, somePrices, someResources, someSpec, someTerms } from '@weft/protocols/testing'
import { CODECS, type MessageKind, type Messages, peerIdOf, specCodec } from '@weft/protocols/wire'
import { alice, bob } from './ed25519.ts'

const ORDER = messageId('0a'.repeat(32))
const LEASE = leaseId('0b'.repeat(32))
const RECEIPT = messageId('0c'.repeat(32))

/** One message of every kind, each field set to something other than its default. */
export const SAMPLES: Messages = {
  capacity: {
    ...someCapacity({ gpus: [someGpu({ uuidHashes: [new Uint8Array(32).fill(7)] })] }),
    seq: 1_800_000_000_001,
    issuedAtMs: 1_800_000_000_000,
    expiresAtMs: 1_800_003_600_000,
    class: 'gpu-24g',
    addresses: ['/ip4/127.0.0.1/tcp/4170'],
  },
  order: someOrder({
    resources: someResources({ gpuCount: 1, gpuVramMib: 24_576, gpuVendor: 'nvidia', gpuModels: ['4090'] }),
    class: 'gpu-24g',
    regions: ['eu-north'],
    addresses: ['/ip4/127.0.0.1/tcp/4170'],
    priceCeiling: micros(500_000n),
    maxRunMs: 3_600_000,
  }),
  bid: {
    orderId: ORDER,
    prices: somePrices({ start: micros(10n) }),
    firm: true,
    validMs: 30_000,
    startInMs: 500,
    region: 'eu-north',
  },
  refusal: { orderId: ORDER, reason: 'gpu-vram' },
  release: { orderId: ORDER },
  ask: { nonce: new Uint8Array(16).fill(3) },
  hello: { features: ['pause'], agent: 'weft/0.1.0', provider: true, sentAtMs: 1_790_000_000_000, networkSize: 0 },
  award: {
    orderId: ORDER,
    bidId: messageId('0d'.repeat(32)),
    provider: peerIdOf(bob.publicKey),
    resources: someResources(),
    prices: somePrices(),
    terms: someTerms(),
    maxTotal: micros(10_000_000n),
    maxRunMs: 60_000,
    deliverByMs: 30_000,
    outputBytesMax: 1_000,
    nonce: new Uint8Array(16).fill(4),
  },
  acceptance: { leaseId: LEASE },
  awardRefusal: { leaseId: LEASE, reason: 'busy' },
  manifest: {
    leaseId: LEASE,
    salt: new Uint8Array(32).fill(5),
    spec: specCodec.encode(
      someSpec({
        imageFromRenter: true,
        env: [{ name: 'KEY', value: 'a\nb' }],
        inputs: [{ path: '/data', cid: Uint8Array.of(1, 2), readOnly: true, bytes: 9 }],
      }),
    ),
    permitMs: 40_000,
  },
  progress: { leaseId: LEASE, phase: 'delivering', doneBytes: 5, totalBytes: 10, text: 'image' },
  stop: { leaseId: LEASE },
  collected: { leaseId: LEASE },
  receipt: {
    leaseId: LEASE,
    seq: 2,
    prevHash: '0e'.repeat(32),
    kind: 'final',
    sentAtMs: 1_800_000_020_000,
    runMs: 20_000,
    pausedMs: 1,
    egressBytes: 2,
    amount: micros(138n),
    logBytes: 77,
    final: { endReason: 2, exitCode: -1, outputs: Uint8Array.of(1, 112, 18, 32), outputBytes: 4, detail: 'exit' },
  },
  countersignature: {
    leaseId: LEASE,
    seq: 2,
    receiptId: RECEIPT,
    accepted: false,
    objection: { reason: 'amount', runMs: 10_000, acceptedSeq: 1 },
    permitMs: 40_000,
  },
  statement: {
    // Bob's id is the lower.
    low: peerIdOf(bob.publicKey),
    high: peerIdOf(alice.publicKey),
    currency: 'USD',
    number: 2,
    round: 1,
    prevHash: messageId('0f'.repeat(32)),
    lowEarned: [{ leaseId: LEASE, seq: 3, receiptId: RECEIPT, amount: micros(300n), stated: micros(100n) }],
    highEarned: [
      {
        leaseId: leaseId('1a'.repeat(32)),
        seq: 9,
        receiptId: messageId('1b'.repeat(32)),
        amount: micros(500n),
        stated: micros(1n),
      },
    ],
    lowGross: micros(200n),
    highGross: micros(499n),
    net: micros(299n),
    creditor: peerIdOf(alice.publicKey),
    issuedAtMs: 1_800_000_000_000,
    expiresAtMs: 1_800_000_900_000,
  },
  statementAnswer: { statementId: messageId('1c'.repeat(32)), accepted: false, objection: 'receipt', leaseId: LEASE, round: 2 },
  paid: {
    statementId: messageId('1c'.repeat(32)),
    currency: 'USD',
    number: 2,
    reference: 'bank transfer 2026-11-27/17',
    paidAtMs: 1_800_000_500_000,
  },
  paidReceived: { paidId: messageId('1d'.repeat(32)) },
  statementState: { currency: 'USD', number: 3, agreed: { statement: Uint8Array.of(1, 2), answer: Uint8Array.of(3) } },
  leaseState: { leaseId: LEASE, agreed: { receipt: Uint8Array.of(1, 2, 3), answer: Uint8Array.of(4, 5) } },
  challenge: {
    nonce: new Uint8Array(16).fill(6),
    stage: 'walk',
    seed: new Uint8Array(32).fill(7),
    cards: [{ card: 'ab'.repeat(32), fillMib: 22_000 }],
    rounds: 256,
    rows: 4_194_304,
  },
  challengeAnswer: {
    nonce: new Uint8Array(16).fill(6),
    stage: 'fp16',
    card: 'ab'.repeat(32),
    fault: 'unsupported',
    report: [3, 70_000],
  },
  measurement: {
    provider: peerIdOf(bob.publicKey),
    nonce: new Uint8Array(16).fill(6),
    cards: [
      {
        card: 'ab'.repeat(32),
        filledMib: 21_760,
        fillMs: 900,
        walkMs: 300,
        rows: 4_194_304,
        fp32Ms: 700,
        fp16Ms: 400,
        bf16Ms: 0,
      },
    ],
    together: 2,
    issuedAtMs: 1_800_000_000_000,
    expiresAtMs: 1_800_600_000_000,
  },
  measurements: { measurements: [Uint8Array.of(1, 2, 3)] },
}

export const KINDS = Object.keys(CODECS) as MessageKind[]
