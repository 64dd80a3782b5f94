import type { Collected, Exit, Found } from '../ports/executor.ts'
import type { JobId, LeaseId, MessageId, PeerId } from '../units.ts'
import type { Class } from '../wire/class.ts'
import type { Received } from '../wire/message.ts'
import type { Statement } from '../wire/types.ts'
import type { CapacityInit } from './provider/announcer.ts'
import type { BidPricesInit } from './provider/bid-prices.ts'
import type { JobRequest } from './request.ts'
import type { BookLine, UnstatedIn } from './settlement/statement.ts'

/** When a step happens, and 32 unpredictable bytes to draw from: the same at every reading, drawn only if somebody reads them. */
export interface Moment {
  readonly monoMs: number
  readonly wallMs: number
  /** Of the monotonic clock: see `Clock`. */
  readonly era: string
  readonly seed: Uint8Array
}

/** A statement that both have agreed to. */
export interface Settled {
  id: MessageId
  statement: Statement
  /** The two envelopes: the proposal and the answer to it. */
  bytes: Uint8Array
  answer: Uint8Array
  /** The creditor's word that it was paid, if this peer has it. */
  paid?: Uint8Array | undefined
}

/** How a call on a port ended, with the token of the effect that asked for it. */
export type Outcome =
  | {
      ok: true
      collected?: Collected
      found?: readonly Found[]
      lines?: readonly BookLine[]
      settled?: Settled
      unstated?: readonly UnstatedIn[]
      /** Records, as they are stored. */
      unsigned?: readonly Uint8Array[]
      /** Of a meter: what a card reports; what is wrong with another's report. */
      report?: readonly number[]
      wrong?: string | undefined
    }
  | { ok: false; code: string; message: string }

/** Everything that can happen to a peer: verified, decoded values. */
export type Input =
  | { type: 'start' }
  | { type: 'wake' }
  | { type: 'message'; message: Received; route: 'direct' | 'gossip' | 'dht' }
  | { type: 'connected'; peer: PeerId }
  | { type: 'disconnected'; peer: PeerId }
  | { type: 'found'; shelf: string; peers: readonly PeerId[] }
  | { type: 'executed'; token: string; outcome: Outcome }
  | { type: 'delivery'; leaseId: LeaseId; doneBytes: number; totalBytes: number }
  | { type: 'exited'; leaseId: LeaseId; exit: Exit }
  | { type: 'first-output'; jobId: JobId }
  | { type: 'submit'; request: JobRequest }
  | { type: 'cancel'; jobId: JobId }
  /** The disk under this peer's data has less than its reserve, or has it again. */
  | { type: 'disk'; isShort: boolean }
  /** This peer lends something else from now on: by its owner's word, or since a device failed or came back. */
  | { type: 'capacity'; capacity: CapacityInit }
  /** How this peer's bids are priced from now on. */
  | { type: 'pricing'; pricing: BidPricesInit }
  | { type: 'drain' }
  | { type: 'leave' }
  | { type: 'look'; class: Class }
  /** Challenges these in one moment. */
  | { type: 'measure'; providers: readonly PeerId[] }
  | { type: 'settle'; peer: PeerId; unstated: UnstatedIn }
  | { type: 'payment'; settled: Settled; reference: string }
