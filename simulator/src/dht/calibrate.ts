import { Kernel } from '../kernel/kernel.ts'
import { INTERNET_REGIONS } from '../network/internet-rtt.ts'
import { RegionalLinks } from '../network/links.ts'
import type { Dht, Links, Quantiles } from '../scenario.ts'
import { ExactDirectory } from './exact.ts'
import { idOfKey } from './ids.ts'
import { HOLDER_BITS } from './stat-table.ts'

/** What `stat` needs to know of a lookup in `exact`, at one size of the network and one α. */
export interface LookupFigures {
  peers: number
  alpha: number
  /** Requests of a lookup until it has converged. */
  requests: Quantiles
  /**
   * Which requests of a lookup go to one of the k closest, where a record or a shelf is found: one number for each of HOLDER_PATTERNS
   * lookups, evenly taken from all, whose highest of HOLDER_BITS bits is the first request. Together, not request by request: who has
   * asked one holder mostly asks several.
   */
  holders: readonly number[]
  /** Requests of a lookup that go to contacts of the asker's own table, and so need no dial: the mean, since their number hardly follows that of all. */
  connected: number
}

export const FIGURE_SHARES = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1]
/** The network in which the figures are taken; the model of time that uses them does not depend on it. */
export const CALIBRATION_LINKS: Links = {
  matrix: 'internet',
  uniformMs: [10, 150],
  jitterShare: 0.1,
  loss: 0,
  access: [],
  hopMs: 1,
}
export const CALIBRATION_REGIONS = INTERNET_REGIONS.map((region) => ({ region, share: 1 }))
export const CALIBRATION_DHT: Dht = {
  k: 20,
  alpha: 10,
  queryTimeoutMs: 180_000,
  requestTimeoutMs: 10_000,
  recordTtlSeconds: 172_800,
  republishSeconds: 0,
  refreshSeconds: 0,
}

const HOLDER_PATTERNS = 64

/** Runs `lookups` in a settled network, one after the other so that none is in another's way. */
export async function measureLookups(init: {
  peers: number
  alpha: number
  lookups: number
  seed: number
}): Promise<LookupFigures> {
  const { peers, alpha } = init
  const kernel = new Kernel({ seed: init.seed, peers })
  const links = new RegionalLinks({ kernel, peers, regions: CALIBRATION_REGIONS, links: CALIBRATION_LINKS })
  const directory = new ExactDirectory({ kernel, links, peers, dht: { ...CALIBRATION_DHT, alpha }, dialRoundTrips: 6.6 })
  const draws = kernel.draws.stream('calibrate', peers)
  for (let peer = 0; peer < peers; peer++) directory.online(peer)
  const requests: number[] = []
  const patterns: number[] = []
  let connected = 0
  for (let i = 0; i < init.lookups; i++) {
    directory.onLookup = (lookup) => {
      requests.push(lookup.requests)
      connected += lookup.connected
      const { order } = lookup
      const { peers: closest } = lookup.result(CALIBRATION_DHT.k)
      let pattern = 0
      for (let i = 0; i < HOLDER_BITS; i++)
        pattern = pattern * 2 + (i >= order.length || closest.includes(order[i] as number) ? 1 : 0)
      patterns.push(pattern)
    }
    directory.walk(draws.below(0, peers), idOfKey(`walk/${i}`), () => {})
    await kernel.run(kernel.nowUs + 600e6)
  }
  const sorted = patterns.sort((a, b) => a - b)
  const holders = Array.from(
    { length: HOLDER_PATTERNS },
    (_, i) => sorted[Math.floor(((i + 0.5) / HOLDER_PATTERNS) * sorted.length)] as number,
  )
  return { peers, alpha, requests: quantiles(requests), holders, connected: connected / init.lookups }
}

function quantiles(values: number[]): Quantiles {
  const sorted = values.sort((a, b) => a - b)
  return { p: FIGURE_SHARES, x: FIGURE_SHARES.map((share) => sorted[Math.round(share * (sorted.length - 1))] as number) }
}
