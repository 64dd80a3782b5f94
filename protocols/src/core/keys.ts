import type { JobId, LeaseId, PeerId } from '../units.ts'

const ANSWER = '/answer'

const SETTLED = ['statement', 'answer', 'paid'] as const
export type SettledDocument = (typeof SETTLED)[number]

/** Keys of the store. A change of layout is a change of the store's version and comes with a migration. */
export const KEYS = {
  job: (jobId: JobId) => `job/${jobId}`,
  /** What the job's last receipt changed, where the documents do not say it; listed after the job itself. */
  answer: (jobId: JobId) => `job/${jobId}${ANSWER}`,
  lease: (leaseId: LeaseId) => `lease/${leaseId}`,
  /** A provider's lease that is over without its renter's last word, and no longer in memory: see `provider/unsigned-leases.ts`. */
  unsigned: (renter: PeerId, leaseId: LeaseId) => `unsigned/${renter}/${leaseId}`,
  /** When the lease's last receipt was sent, on its provider's monotonic clock, and the permit of that moment. */
  sent: (leaseId: LeaseId) => `sent/${leaseId}`,
  /** Envelopes that make a lease: what an auditor needs beside the receipts. */
  document: (leaseId: LeaseId, kind: 'award' | 'acceptance') => `document/${leaseId}/${kind}`,
  receipt: (leaseId: LeaseId, seq: number) => `receipt/${leaseId}/${String(seq).padStart(10, '0')}/0`,
  countersignature: (leaseId: LeaseId, seq: number) => `receipt/${leaseId}/${String(seq).padStart(10, '0')}/1`,
  /** Two contradicting documents of one signer: see `lease/proof.ts`. */
  proof: (leaseId: LeaseId, seq: number) => `proof/${leaseId}/${String(seq).padStart(10, '0')}`,
  /** What a renter has paid this provider: see `market/credit.ts`. */
  credit: (renter: PeerId) => `credit/${renter}`,
  history: (peer: PeerId) => `history/${peer}`,
  /** What a lease came to on a day: see `settlement/account.ts`. */
  account: ({ peer, currency, leaseId, day }: { peer: PeerId; currency: string; leaseId: LeaseId; day: string }) =>
    `account/${peer}/${currency}/${leaseId}/${day}`,
  /** How much of a lease both have put into statements. */
  stated: (peer: PeerId, currency: string, leaseId: LeaseId) => `stated/${peer}/${currency}/${leaseId}`,
  /** Where the statements with a peer stand. */
  pair: (peer: PeerId, currency: string) => `pair/${peer}/${currency}`,
  /** The documents of an agreed statement. */
  settled: (peer: PeerId, currency: string, number: number, document: SettledDocument) =>
    `settled/${peer}/${currency}/${String(number).padStart(10, '0')}/${SETTLED.indexOf(document)}`,
  /** Of the same statement as `key`, another document. */
  besides: (key: string, document: SettledDocument) => `${key.slice(0, key.lastIndexOf('/'))}/${SETTLED.indexOf(document)}`,
  announcement: 'announcement',
  /** What a challenger measured of this provider, as it signed it. */
  measurement: (challenger: PeerId) => `measurement/${challenger}`,
} as const

export const isAnswerKey = (key: string): boolean => key.endsWith(ANSWER)

export const PREFIXES = {
  job: 'job/',
  lease: 'lease/',
  unsigned: 'unsigned/',
  document: 'document/',
  receipt: 'receipt/',
  proof: 'proof/',
  credit: 'credit/',
  history: 'history/',
  account: 'account/',
  stated: 'stated/',
  pair: 'pair/',
  settled: 'settled/',
  measurement: 'measurement/',
} as const
