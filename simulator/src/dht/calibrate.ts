import { Kernel } from '../kernel/kernel.ts'
import { INTERNET_REGIONS } from '../network/internet-rtt.ts'
import { RegionalLinks } from '../network/links.ts'
import type { Dht, Links, Quantiles } from '../scenario.ts'
import { ExactDirectory } from './exact.ts'
import { idOfKey } from './ids.ts'

/** What `stat` needs to know of a lookup in `exact`, at one size of the network and one α. */
export interface LookupFigures {
  peers: number
  alpha: number
  /** Requests of a lookup until it has converged. */
  requests: Quantiles
  /** Answers until the first of the k closest has answered: where a record or a shelf is found. */
  answersToHolder: Quantiles
  /** Share of requests that go to contacts of the asker's own table, and so need no dial. */
  connectedShare: number
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

/** Runs `lookups` of both kinds in a settled network, one after the other so that none is in another's way. */
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
  const answers: number[] = []
  let connected = 0
  for (let i = 0; i < init.lookups; i++) {
    const [publisher, asker, walker] = [draws.below(0, peers), draws.below(0, peers), draws.below(0, peers)]
    const key = `calibrate/${i}`
    directory.provide(publisher, key, () => {})
    await kernel.run(kernel.nowUs + 600e6)
    directory.onLookup = (lookup) => answers.push(lookup.answers)
    directory.find(asker, key, 1, () => {})
    await kernel.run(kernel.nowUs + 600e6)
    directory.onLookup = (lookup) => {
      requests.push(lookup.requests)
      connected += lookup.connected
    }
    directory.walk(walker, idOfKey(`walk/${i}`), () => {})
    await kernel.run(kernel.nowUs + 600e6)
    directory.onLookup = () => {}
  }
  const total = requests.reduce((sum, count) => sum + count, 0)
  return { peers, alpha, requests: quantiles(requests), answersToHolder: quantiles(answers), connectedShare: connected / total }
}

function quantiles(values: number[]): Quantiles {
  const sorted = values.sort((a, b) => a - b)
  return { p: FIGURE_SHARES, x: FIGURE_SHARES.map((share) => sorted[Math.round(share * (sorted.length - 1))] as number) }
}
