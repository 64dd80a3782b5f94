import { jobId, leaseId, type MessageId, messageId, micros, type PeerId, peerId } from '@weft/protocols'
import { billOf, type JobView, type LeaseView, type Note } from '@weft/protocols/core'
import { someCapacity, somePrices, someResources, someTerms } from '@weft/protocols/testing'
import type { Award, Countersignature, MessageKind, Messages, Receipt, Received } from '@weft/protocols/wire'
import { allCheckers, type Checkers } from '../../src/checkers/index.ts'

export const PROVIDER = peerId('12D3KooWProvider')
export const RENTER = peerId('12D3KooWRenter')
export const LIAR = peerId('12D3KooWLiar')
export const JOB = jobId('11'.repeat(16))
export const ORDER = id('aa')

export function id(digits: string): MessageId {
  return messageId(digits.padEnd(64, '0'))
}

export const award = (set: Partial<Award> = {}): Award => ({
  orderId: ORDER,
  bidId: id('bb'),
  provider: PROVIDER,
  resources: someResources(),
  prices: somePrices(),
  terms: someTerms(),
  maxTotal: micros(10_000_000n),
  maxRunMs: 0,
  deliverByMs: 30_000,
  outputBytesMax: 0,
  nonce: new Uint8Array(16),
  ...set,
})

export function message<Kind extends MessageKind>(
  kind: Kind,
  from: PeerId,
  value: Messages[Kind],
  name: MessageId = id('cc'),
): Received {
  return { kind, id: name, from, bytes: new Uint8Array(0), value } as Received
}

export const receipt = (set: Partial<Receipt> = {}, terms: Award = award()): Receipt => {
  const runMs = set.runMs ?? 0
  return {
    leaseId: LEASE,
    seq: 1,
    prevHash: '',
    kind: 'interval',
    sentAtMs: 0,
    runMs,
    pausedMs: 0,
    egressBytes: 0,
    amount: billOf(terms, { runMs, egressBytes: 0 }),
    logBytes: 0,
    final: undefined,
    ...set,
  }
}

export const answer = (seq: number, receiptId: MessageId): Countersignature => ({
  leaseId: LEASE,
  seq,
  receiptId,
  accepted: true,
  objection: undefined,
  permitMs: 40_000,
})

export const LEASE_ID = id('dd')
export const LEASE = leaseId(LEASE_ID)

/** Nothing has happened yet. */
export const watching = ({ byzantine = [] as PeerId[], calmSinceMs = 0 } = {}): Checkers =>
  allCheckers({
    capacityOf: () => someCapacity({ cpuMilli: 2_000 }),
    strangersCap: () => undefined,
    isByzantine: (peer) => byzantine.includes(peer),
    calmSinceMs: () => calmSinceMs,
    actsSinceMs: () => 0,
  })

/** An onlooker's view of one lease up to its running container, honest so far. */
export function running({ byzantine = [] as PeerId[], terms = award(), startedMs = 1_000, calmSinceMs = 0 } = {}): Checkers {
  const checkers = watching({ byzantine, calmSinceMs })
  checkers.sent(0, message('award', RENTER, terms, LEASE_ID), PROVIDER)
  checkers.note(0, RENTER, awarded(LEASE_ID))
  checkers.sent(10, message('acceptance', PROVIDER, { leaseId: LEASE }), RENTER)
  checkers.sent(
    20,
    message('manifest', RENTER, { leaseId: LEASE, salt: new Uint8Array(16), spec: new Uint8Array(0), permitMs: 40_000 }),
    PROVIDER,
  )
  checkers.started(startedMs, LEASE)
  return checkers
}

export const awarded = (lease: MessageId): Note => ({
  type: 'awarded',
  jobId: JOB,
  leaseId: leaseId(lease),
  provider: PROVIDER,
  pricePerHour: micros(1n),
  currency: 'USD',
})

/** The receipt goes over, is countersigned, and the countersignature arrives. */
export function countersigned(checkers: Checkers, atMs: number, value: Receipt, name: MessageId): void {
  const asked = message('receipt', PROVIDER, value, name)
  checkers.sent(atMs, asked, RENTER)
  checkers.delivered(atMs + 5, asked, RENTER)
  const reply = message('countersignature', RENTER, answer(value.seq, name), id('ee'))
  checkers.sent(atMs + 10, reply, PROVIDER)
  checkers.delivered(atMs + 20, reply, PROVIDER)
}

export const broken = (checkers: Checkers): string[] => checkers.violations.map(({ invariant }) => invariant)

export function books(peer: PeerId, { jobs = [], leases = [] }: { jobs?: [string, string][]; leases?: [string, string][] }) {
  return new Map([
    [
      peer,
      {
        jobs: jobs.map(([state, amount]) => ({
          jobId: JOB,
          state,
          amount,
          attempts: [{ leaseId: LEASE, provider: PROVIDER, amount }],
        })) as unknown as JobView[],
        leases: leases.map(([lease, amount]) => ({ leaseId: lease, amount, state: 'settled' })) as unknown as LeaseView[],
      },
    ],
  ])
}

/** The renter's, with its provider online too. */
export const both = (own: Parameters<typeof books>[1]) => new Map([...books(PROVIDER, {}), ...books(RENTER, own)])
