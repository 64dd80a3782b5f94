import { ExactDirectory } from '../dht/exact.ts'
import type { Lookup } from '../dht/lookup.ts'
import { Kernel } from '../kernel/kernel.ts'
import { RegionalLinks } from '../network/links.ts'
import { DIAL_STEPS } from '../network/nat.ts'
import { DHT, LINKS } from '../presets/defaults.ts'
import { REGIONS } from '../presets/regions.ts'
import { quantileOf } from './gossip-run.ts'
import { row, type Validation, type ValidationRow } from './row.ts'

const SEED = 4
/** Holders of the 10,000 records that the study published: nearly all servers of the network. */
const SERVERS = 15_380
const CALLS = 2_000
/** Between two calls, s: the tables of a settled network, and nobody comes or goes. */
const EVERY_SECONDS = 5
const HALF_A_SECOND_MS = 500

const HOARDER =
  'ProbeLab RFM 17, provider record liveness, 2022 (read): hops until GetClosestPeers knew all of the closest, of 10,000 records'
const TALK = 'Trautwein, talk on the design and evaluation of IPFS at IETF 118, 2023 (abstract read): retrievals from Europe'

/** The depth at which the last of the k closest was found; 1: all of them were contacts of the asker. */
function hopsToAll(lookup: Lookup, k: number): number {
  return Math.max(...lookup.answered(k).map((index) => lookup.list.depth[index] as number))
}

/** Records are published by anybody, and each is then looked for by somebody else. */
async function k4(): Promise<ValidationRow[]> {
  const kernel = new Kernel({ seed: SEED, peers: SERVERS })
  const links = new RegionalLinks({ kernel, peers: SERVERS, regions: REGIONS.internet, links: LINKS.internet })
  const dht = { ...DHT, refreshSeconds: 0, republishSeconds: 0 }
  const dialRoundTrips = Object.values(DIAL_STEPS['go-quic'].steps).reduce((sum: number, count: number) => sum + count, 0)
  const directory = new ExactDirectory({ kernel, links, peers: SERVERS, dht, dialRoundTrips })
  for (let peer = 0; peer < SERVERS; peer++) directory.online(peer)
  const draws = kernel.draws.stream('validate', 1)
  const hops: number[] = []
  directory.onLookup = (lookup) => {
    if (lookup.purpose?.kind === 'provide') hops.push(hopsToAll(lookup, dht.k))
  }
  const fromEuropeMs: number[] = []
  for (let i = 0; i < CALLS; i++) {
    directory.provide(draws.below(0, SERVERS), `record/${i}`, () => {})
    await kernel.run(kernel.nowUs + EVERY_SECONDS * 1e6)
    const asker = draws.below(0, SERVERS)
    const begunUs = kernel.nowUs
    directory.find(asker, `record/${i}`, 1, () => {
      if (links.regionName(links.regionOf(asker)) === 'europe') fromEuropeMs.push((kernel.nowUs - begunUs) / 1_000)
    })
    await kernel.run(kernel.nowUs + EVERY_SECONDS * 1e6)
  }
  const setup = `${SERVERS} servers on the Internet, settled tables, k ${dht.k}, α ${dht.alpha}, QUIC`
  const init = { id: 'K4', setup, basis: 'after-pilot' as const }
  return [
    // A whole number: half a hop to either side.
    row({
      ...init,
      source: HOARDER,
      metric: 'hops to all of the closest, p50',
      published: 3,
      ours: quantileOf(Float64Array.from(hops).sort(), 0.5),
      band: [2.5, 3.5],
    }),
    row({
      ...init,
      source: HOARDER,
      metric: 'share of walks that know all of the closest within 4 hops',
      published: 0.95,
      ours: hops.filter((count) => count <= 4).length / hops.length,
      band: [0.9, 1],
    }),
    row({
      ...init,
      source: TALK,
      metric: 'share of look-ups from Europe that have a record within 500 ms',
      published: 0.8,
      ours: fromEuropeMs.filter((ms) => ms < HALF_A_SECOND_MS).length / fromEuropeMs.length,
      band: [0.65, 0.95],
    }),
  ]
}

export const ipfsValidation: Validation = { id: 'K4', slow: false, run: k4 }
