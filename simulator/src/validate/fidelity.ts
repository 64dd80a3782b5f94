import { CALIBRATION_LINKS, CALIBRATION_REGIONS } from '../dht/calibrate.ts'
import { ExactDirectory } from '../dht/exact.ts'
import { StatDirectory } from '../dht/stat.ts'
import { createGossip } from '../gossip/create.ts'
import { Kernel } from '../kernel/kernel.ts'
import { RegionalLinks } from '../network/links.ts'
import { DHT, GOSSIP, LINKS, NAT } from '../presets/defaults.ts'
import { REGIONS } from '../presets/regions.ts'
import type { DhtFidelity, GossipFidelity } from '../scenario.ts'
import { quantileOf } from './gossip-run.ts'
import { row, type Validation, type ValidationRow } from './row.ts'

const PEERS = 10_000
const SEED = 4
const MESSAGES = 60
const BYTES = 400
const WARMUP_SECONDS = 8
const LOOKUPS = 600
const SOURCE = 'fidelity exact of this simulator, same scenario and seed'

interface Measured {
  sorted: Float64Array
  transmissions: number
}

/** Messages of random authors in one topic of all peers, with the settings of scenarios, over homes on the Internet. */
async function gossip(fidelity: GossipFidelity): Promise<Measured> {
  const kernel = new Kernel({ seed: SEED, peers: PEERS })
  const linksInit = { peers: PEERS, regions: [...REGIONS.internet], links: LINKS.internet }
  const model = createGossip(fidelity, {
    kernel,
    links: new RegionalLinks({ ...linksInit, kernel }),
    freshLinks: (fresh) => new RegionalLinks({ ...linksInit, kernel: fresh }),
    messages: { size: () => BYTES, retain: () => {}, release: () => {} },
    peers: PEERS,
    gossip: GOSSIP,
  })
  const latencies: number[] = []
  const sentUs: number[] = []
  model.deliver = (_peer, _topic, message) => {
    latencies.push((kernel.nowUs - (sentUs[message] as number)) / 1_000)
    return 'accept'
  }
  for (let peer = 0; peer < PEERS; peer++) {
    model.online(peer)
    model.subscribe(peer, 0)
  }
  await kernel.run(WARMUP_SECONDS * 1e6)
  const draws = kernel.draws.stream('validate/authors', 1)
  for (let message = 0; message < MESSAGES; message++) {
    sentUs[message] = kernel.nowUs
    model.publish(draws.below(0, PEERS), 0, message)
    await kernel.run(kernel.nowUs + 250_000)
  }
  await kernel.run(kernel.nowUs + 10e6)
  return { sorted: Float64Array.from(latencies).sort(), transmissions: model.stats.transmissions / model.stats.deliveries }
}

async function gossipRows(): Promise<ValidationRow[]> {
  const exact = await gossip('exact')
  const rows: ValidationRow[] = []
  for (const [fidelity, time, copies] of [
    ['tree', 0.05, 0.03],
    ['stat', 0.1, 0.05],
  ] as const) {
    const cheap = await gossip(fidelity)
    const compared = (metric: string, published: number, ours: number, share: number) =>
      row({
        id: 'FID',
        source: SOURCE,
        setup: `gossip, ${fidelity} against exact, ${PEERS} peers on the Internet, ${MESSAGES} messages`,
        metric,
        published,
        ours,
        band: [published * (1 - share), published * (1 + share)],
        basis: 'in-house',
      })
    rows.push(
      compared('p50 latency, ms', quantileOf(exact.sorted, 0.5), quantileOf(cheap.sorted, 0.5), time),
      compared('p95 latency, ms', quantileOf(exact.sorted, 0.95), quantileOf(cheap.sorted, 0.95), time),
      compared('transmissions per delivery', exact.transmissions, cheap.transmissions, copies),
      compared('deliveries', exact.sorted.length, cheap.sorted.length, 0.005),
    )
  }
  return rows
}

/** How long each kind of call takes, ms, sorted; one call at a time, so that none is in another's way. */
async function directory(fidelity: DhtFidelity): Promise<Record<'put' | 'get' | 'find', Float64Array>> {
  const kernel = new Kernel({ seed: SEED, peers: PEERS })
  const links = new RegionalLinks({ kernel, peers: PEERS, regions: CALIBRATION_REGIONS, links: CALIBRATION_LINKS })
  const Directory = fidelity === 'exact' ? ExactDirectory : StatDirectory
  const dht = { ...DHT, refreshSeconds: 0, republishSeconds: 0 }
  const model = new Directory({ kernel, links, peers: PEERS, dht, dialRoundTrips: NAT.dialRoundTrips })
  for (let peer = 0; peer < PEERS; peer++) model.online(peer)
  const draws = kernel.draws.stream('validate/askers', 1)
  const ms = { put: new Float64Array(LOOKUPS), get: new Float64Array(LOOKUPS), find: new Float64Array(LOOKUPS) }
  for (let i = 0; i < LOOKUPS; i++) {
    const timed = async (of: keyof typeof ms | undefined, call: (done: () => void) => void) => {
      const begunUs = kernel.nowUs
      call(() => {
        if (of !== undefined) ms[of][i] = (kernel.nowUs - begunUs) / 1_000
      })
      await kernel.run(begunUs + 300e6)
    }
    const someone = () => draws.below(0, PEERS)
    await timed('put', (done) => model.put(someone(), `record/${i}`, Uint8Array.of(1), done))
    await timed('get', (done) => model.get(someone(), `record/${i}`, done))
    await timed(undefined, (done) => model.provide(someone(), `shelf/${i}`, done))
    await timed('find', (done) => model.find(someone(), `shelf/${i}`, 1, done))
  }
  return { put: ms.put.sort(), get: ms.get.sort(), find: ms.find.sort() }
}

async function dhtRows(): Promise<ValidationRow[]> {
  const [exact, stat] = [await directory('exact'), await directory('stat')]
  return (['put', 'get', 'find'] as const).flatMap((call) =>
    (
      [
        ['median', 0.5, 0.1],
        ['p95', 0.95, 0.15],
      ] as const
    ).map(([name, share, width]) => {
      const published = quantileOf(exact[call], share)
      return row({
        id: 'FID',
        source: SOURCE,
        setup: `DHT, stat against exact, ${PEERS} peers on the Internet, ${LOOKUPS} calls of each kind`,
        metric: `${name} of ${call}, ms`,
        published,
        ours: quantileOf(stat[call], share),
        band: [published * (1 - width), published * (1 + width)],
        basis: 'in-house',
      })
    }),
  )
}

export const FIDELITY_VALIDATIONS: readonly Validation[] = [
  { id: 'FID', slow: true, run: gossipRows },
  { id: 'FID', slow: false, run: dhtRows },
]
