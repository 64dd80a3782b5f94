import type { Histogram } from '../result.ts'
import { LatencyCounts } from './latency-counts.ts'

export type LookupHistograms = Record<'lookupMs' | 'lookupHops' | 'lookupRequests' | 'publishMs' | 'publishRequests', Histogram>

class Counts {
  ended = 0
  found = 0
  stale = 0
  latencies = new LatencyCounts()
}

/** What publications and look-ups in the DHT cost, and what they found. */
export class LookupBook {
  publications = 0
  publicationsFailed = 0
  readonly total = new Counts()
  readonly #histograms: LookupHistograms
  #sinceRow = new Counts()

  constructor(histograms: LookupHistograms) {
    this.#histograms = histograms
  }

  published(ok: boolean, tookUs: number): void {
    this.publications += 1
    if (!ok) this.publicationsFailed += 1
    this.#histograms.publishMs.record(tookUs / 1_000)
  }

  /** `isStale`: a version was found that is older than one whose publication had ended when the look-up began. */
  lookedUp({ isFound, isStale, tookUs }: { isFound: boolean; isStale: boolean; tookUs: number }): void {
    for (const counts of [this.total, this.#sinceRow]) {
      counts.ended += 1
      if (isFound) counts.found += 1
      if (isStale) counts.stale += 1
      counts.latencies.add(tookUs)
    }
    this.#histograms.lookupMs.record(tookUs / 1_000)
  }

  /** What the walk took, where the model walks. `hops`: to the closest peer; 0: nobody answered. */
  walked(kind: 'get' | 'put', hops: number, requests: number): void {
    if (kind === 'put') this.#histograms.publishRequests.record(requests)
    else {
      this.#histograms.lookupRequests.record(requests)
      if (hops > 0) this.#histograms.lookupHops.record(hops)
    }
  }

  /** Columns of the interval that ends now; not a number where no look-up ended. */
  takeColumns(): Record<string, number> {
    const { ended, found, stale, latencies } = this.#sinceRow
    this.#sinceRow = new Counts()
    const known = (value: number): number => (ended === 0 ? Number.NaN : value)
    return {
      lookups: ended,
      lookupSuccessShare: known(found / ended),
      lookupStaleShare: known(stale / ended),
      lookupP50Ms: known(latencies.quantileMs(0.5)),
      lookupP95Ms: known(latencies.quantileMs(0.95)),
    }
  }

  /** Shares of nothing are not a number. */
  metrics(): Record<string, number> {
    const { ended, found, stale } = this.total
    return {
      lookups: ended,
      lookupSuccessShare: found / ended,
      lookupStaleShare: stale / ended,
      publications: this.publications,
      publishSuccessShare: 1 - this.publicationsFailed / this.publications,
    }
  }
}
