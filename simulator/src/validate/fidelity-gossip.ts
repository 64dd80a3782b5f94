import { createGossip } from '../gossip/create.ts'
import { Kernel } from '../kernel/kernel.ts'
import { RegionalLinks } from '../network/links.ts'
import { GOSSIP, LINKS } from '../presets/defaults.ts'
import { REGIONS } from '../presets/regions.ts'
import type { GossipFidelity } from '../scenario.ts'
import { CALM, type Conditions, Crowd, MARKET_DAY } from './crowd.ts'
import { quantileOf } from './gossip-run.ts'
import { FIDELITY, fidelityRow, type ValidationRow } from './row.ts'

const { peers: PEERS, seed: SEED } = FIDELITY
const BYTES = 400

interface Script {
  conditions: Conditions
  warmupSeconds: number
  messages: number
  everySeconds: number
  /** Of the peers; the others subscribe to nothing. @default all */
  subscribers?: number
}

const SCRIPTS: readonly Script[] = [
  { conditions: CALM, warmupSeconds: 8, messages: 60, everySeconds: 0.25 },
  // Long enough that some 500 peers come and as many go.
  { conditions: MARKET_DAY, warmupSeconds: 600, messages: 240, everySeconds: 5 },
  // As the renters who hear announcements: two in three authors have none of them for a neighbour.
  { conditions: CALM, warmupSeconds: 8, messages: 2_000, everySeconds: 0.1, subscribers: 200 },
]

/** How far each fidelity may be from `exact`, as shares: latencies, transmissions per delivery, deliveries. */
const WIDTHS = {
  tree: { latency: 0.05, copies: 0.03, deliveries: 0.005 },
  stat: { latency: 0.1, copies: 0.05, deliveries: 0.005 },
} as const
/** Where few subscribe, whom each author has for neighbours is drawn anew, and some 700 authors that have any say how many are reached. */
const FEW = { latency: 0.1, copies: 0.1, deliveries: 0.15 }

interface Measured {
  /** Latencies, ms, sorted. */
  sorted: Float64Array
  transmissions: number
}

/** Messages of random authors in one topic of all peers, with the settings of scenarios, over homes on the Internet. */
async function spread(fidelity: GossipFidelity, script: Script): Promise<Measured> {
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
  // Spread over all regions.
  const stride = PEERS / (script.subscribers ?? PEERS)
  for (let peer = 0; peer < PEERS; peer += stride) model.subscribe(peer, 0)
  const crowd = new Crowd(kernel, { peers: PEERS, seed: SEED, churn: script.conditions.churn, model })
  await kernel.run(script.warmupSeconds * 1e6)
  for (let message = 0; message < script.messages; message++) {
    sentUs[message] = kernel.nowUs
    model.publish(crowd.someone(), 0, message)
    await kernel.run(kernel.nowUs + script.everySeconds * 1e6)
  }
  await kernel.run(kernel.nowUs + 10e6)
  return { sorted: Float64Array.from(latencies).sort(), transmissions: model.stats.transmissions / model.stats.deliveries }
}

async function compared(script: Script): Promise<ValidationRow[]> {
  const exact = await spread('exact', script)
  const rows: ValidationRow[] = []
  for (const fidelity of ['tree', 'stat'] as const) {
    const cheap = await spread(fidelity, script)
    const { latency, copies, deliveries } = script.subscribers === undefined ? WIDTHS[fidelity] : FEW
    const among = script.subscribers === undefined ? '' : `, ${script.subscribers} subscribe`
    const against = (metric: string, ofExact: number, ours: number, share: number) =>
      fidelityRow({
        setup: `gossip, ${fidelity} against exact, ${PEERS} peers on the Internet, ${script.conditions.name}${among}, ${script.messages} messages`,
        metric,
        exact: ofExact,
        ours,
        share,
      })
    rows.push(
      against('p50 latency, ms', quantileOf(exact.sorted, 0.5), quantileOf(cheap.sorted, 0.5), latency),
      against('p95 latency, ms', quantileOf(exact.sorted, 0.95), quantileOf(cheap.sorted, 0.95), latency),
      against('transmissions per delivery', exact.transmissions, cheap.transmissions, copies),
      against('deliveries', exact.sorted.length, cheap.sorted.length, deliveries),
    )
  }
  return rows
}

export async function gossipFidelityRows(): Promise<ValidationRow[]> {
  const rows: ValidationRow[] = []
  for (const script of SCRIPTS) rows.push(...(await compared(script)))
  return rows
}
