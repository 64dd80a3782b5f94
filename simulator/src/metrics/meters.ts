import type { Note } from '@weft/protocols/core'
import type { Histogram, MakeHistogram } from '../result.ts'
import { JobBook, type JobEntry } from './job-book.ts'
import { LookupBook } from './lookup-book.ts'
import { MessageBook } from './messages.ts'
import { NoteHash } from './note-hash.ts'
import { PeerGauges } from './peer-gauges.ts'
import { Traffic } from './traffic.ts'

/** Every distribution that a run keeps, with its unit last. */
export const HISTOGRAMS = [
  'timeToFirstBidMs',
  'timeToLeaseMs',
  'timeToStartMs',
  'jobSlowdownMilli',
  'pricePerUnitHour',
  'priceOverBenchmarkMilli',
  'deliveryMs',
  'lookupMs',
  'lookupHops',
  'lookupRequests',
  'publishMs',
  'publishRequests',
  'recoveryMs',
  'outageMs',
  'roundsPerJob',
  'bidsPerJob',
  'attemptsPerJob',
] as const
export type HistogramName = (typeof HISTOGRAMS)[number]

/** An integral over time of something that changes in steps. */
class Gauge {
  value = 0
  total = 0
  #sinceUs = 0

  add(by: number, nowUs: number): void {
    this.advance(nowUs)
    this.value += by
  }

  advance(nowUs: number): void {
    this.total += this.value * (nowUs - this.#sinceUs)
    this.#sinceUs = nowUs
  }
}

interface MetersInit {
  peers: number
  makeHistogram: MakeHistogram
  /** What began before it is in no distribution. */
  warmupUs: number
  indexOf(provider: string): number
}

/** Counts what the run shows: every number of the results comes from here. */
export class Meters {
  readonly histograms: Record<HistogramName, Histogram>
  readonly jobs: JobBook
  readonly messages = new MessageBook()
  /** Of the workload; what hosts look up is in `lookups`. */
  readonly lookupBook: LookupBook
  readonly traffic = new Traffic()
  readonly notes = new NoteHash()
  /** Unit-hours, in units · µs: what providers that are online have, and what runs on it. */
  readonly capacity = new Gauge()
  readonly busy = new Gauge()
  /** Unit · µs that ran for attempts which the provider or the network ended. */
  wasted = 0
  readonly earned: Float64Array
  /** The same by peer: units that run, and those that it has while it is online. */
  readonly sold: PeerGauges
  readonly online: PeerGauges
  /** Totals since the start; series rows show their differences. */
  orders = 0
  bids = 0
  refusals = 0
  receipts = 0
  objections = 0
  retries = 0
  announcements = 0
  rejected = 0
  ended = { done: 0, failed: 0, cancelled: 0 }
  lookups = 0
  lookupsEmpty = 0
  /** Prices of leases made since the last row, per unit-hour. */
  leasePrices: number[] = []
  leaseWaitsMs: number[] = []
  readonly #amounts = new Map<string, bigint>()
  readonly #init: MetersInit

  constructor(init: MetersInit) {
    this.#init = init
    const { peers, makeHistogram } = init
    this.histograms = Object.fromEntries(HISTOGRAMS.map((name) => [name, makeHistogram()])) as Record<HistogramName, Histogram>
    this.lookupBook = new LookupBook(this.histograms)
    this.earned = new Float64Array(peers)
    this.sold = new PeerGauges(peers)
    this.online = new PeerGauges(peers)
    this.jobs = new JobBook(
      {
        // At once, and not when the job ends: those that are open when the run does have come as far as they have.
        firstBid: (entry) => this.#record(entry, 'timeToFirstBidMs', entry.row.firstBidMs),
        leased: (entry, isFirst) => this.#leased(entry, isFirst),
        started: (entry) => this.#record(entry, 'timeToStartMs', entry.row.startedMs),
        recovered: (entry, tookMs) => this.#record(entry, 'recoveryMs', tookMs),
        resumed: (entry, tookMs) => this.#record(entry, 'outageMs', tookMs),
        ended: (entry) => this.#ended(entry),
      },
      init.indexOf,
    )
  }

  note(peer: number, note: Note, nowUs: number): void {
    this.notes.add(peer, note)
    switch (note.type) {
      case 'order-ignored':
        return
      case 'announced':
        this.announcements += 1
        return
      case 'rejected':
        this.rejected += 1
        return
      case 'countersigned':
        this.#countersigned(peer, note.leaseId, note.amount)
        return
      case 'lease':
        if (note.state === 'closed') this.#amounts.delete(note.leaseId)
        return
      case 'receipt':
        this.receipts += 1
        if (!note.accepted) this.objections += 1
        break
      case 'ordered':
        this.orders += 1
        break
      case 'bid':
        this.bids += 1
        break
      case 'refusal':
        this.refusals += 1
        break
      case 'retry':
        this.retries += 1
        break
    }
    if ('jobId' in note) this.jobs.note(note, nowUs)
  }

  /** A message came to so many now. */
  heard(message: number, nowUs: number, times = 1): void {
    const us = this.messages.delivered(message, nowUs, times)
    if (us < 0 || nowUs - us < this.#init.warmupUs) return
    this.histograms.deliveryMs.record(us / 1_000, times)
  }

  /** A host's look-up, begun at `beganUs`, has ended. */
  lookedUp(beganUs: number, found: boolean, nowUs: number): void {
    this.lookups += 1
    if (!found) this.lookupsEmpty += 1
    if (beganUs >= this.#init.warmupUs) this.histograms.lookupMs.record((nowUs - beganUs) / 1_000)
  }

  /** A provider with so many units, devices or cores, came; it goes with as many less than none. */
  has(peer: number, units: number, nowUs: number): void {
    this.capacity.add(units, nowUs)
    this.online.add(peer, units, nowUs)
  }

  /** A container on so many units began; it ends with as many less than none. */
  runs(peer: number, units: number, nowUs: number): void {
    this.busy.add(units, nowUs)
    this.sold.add(peer, units, nowUs)
  }

  #leased(entry: JobEntry, isFirst: boolean): void {
    const { row, submittedUs } = entry
    const price = row.pricePerHour / Math.max(1, row.gpus)
    this.leasePrices.push(price)
    if (submittedUs < this.#init.warmupUs) return
    this.histograms.pricePerUnitHour.record(price)
    if (!isFirst) return
    this.leaseWaitsMs.push(row.leasedMs)
    this.#record(entry, 'timeToLeaseMs', row.leasedMs)
  }

  #ended(entry: JobEntry): void {
    const { row } = entry
    if (row.state !== 'open') this.ended[row.state] += 1
    if (row.state === 'done' && row.wantedSeconds > 0) this.#record(entry, 'jobSlowdownMilli', row.endedMs / row.wantedSeconds)
    this.#record(entry, 'roundsPerJob', row.rounds)
    this.#record(entry, 'bidsPerJob', row.bids)
    this.#record(entry, 'attemptsPerJob', row.attempts)
  }

  #record({ submittedUs }: JobEntry, name: HistogramName, value: number): void {
    if (submittedUs >= this.#init.warmupUs) this.histograms[name].record(value)
  }

  /** Amounts of one lease are cumulative. */
  #countersigned(provider: number, leaseId: string, amount: bigint): void {
    const before = this.#amounts.get(leaseId) ?? 0n
    this.#amounts.set(leaseId, amount)
    this.earned[provider] = (this.earned[provider] as number) + Number(amount - before)
  }
}
