import type { Host } from '@weft/protocols/host'
import type { Clock } from '@weft/protocols/ports'
import type { Measuring } from '../peer/measuring.ts'
import type { PriceBook } from '../prices/book.ts'
import type { JobFiles } from '../results/job-files.ts'
import type { NodeResults } from '../results/results.ts'
import type { Desk } from './desk.ts'
import type { JobFeed } from './feed.ts'
import type { DoctorView, PeerConnectionView, StatusView } from './views.ts'

/** The part of the host that the API uses. */
export type Market = Pick<
  Host,
  | 'submit'
  | 'cancel'
  | 'refreshOffers'
  | 'jobs'
  | 'job'
  | 'offers'
  | 'explain'
  | 'measure'
  | 'leases'
  | 'receipts'
  | 'streamBundle'
  | 'settle'
  | 'acknowledge'
  | 'statements'
  | 'earnings'
  | 'accounts'
>

/** The peer around the host, as the API needs it. */
export interface PeerInfo {
  status(): StatusView
  connections(): PeerConnectionView[]
  doctor(signal: AbortSignal): Promise<DoctorView>
  /** Takes no new leases; resolves at once. */
  drain(): void
  /** Ends the daemon once the answer has gone out. */
  shutdown(): void
  /** Prometheus text. */
  metrics(): Promise<string>
}

export interface ApiComponents {
  market: Market
  peer: PeerInfo
  desk: Pick<Desk, 'submit'>
  feed: JobFeed
  measuring: Pick<Measuring, 'measure'>
  files: JobFiles
  results: Pick<NodeResults, 'leases' | 'watch'>
  clock: Clock
  /** Undefined: what this peer charges cannot be changed. */
  prices: Pick<PriceBook, 'view' | 'change'> | undefined
}
