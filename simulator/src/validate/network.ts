import { Fan } from '../kernel/fan.ts'
import { Kernel } from '../kernel/kernel.ts'
import { MessageTable } from '../kernel/messages.ts'
import { DialledChannels } from '../network/channels.ts'
import { Flows } from '../network/flows.ts'
import { INTERNET_REGIONS } from '../network/internet-rtt.ts'
import { RegionalLinks } from '../network/links.ts'
import { DIAL_STEPS, PERF_RTT_MS, Reachability } from '../network/nat.ts'
import { matrixOf, medianPropagationUs } from '../network/regions.ts'
import type { Links, Nat } from '../scenario.ts'
import { row, type Validation, type ValidationRow } from './row.ts'

/** Another than that of the runs after which some bands were set. */
const SEED = 2
const NAT: Nat = { share: 0, punchSuccess: 0.7, punchFirstTry: 0.976, dialRoundTrips: 6.6 }
const constant = (ms: number): Links => ({
  matrix: 'uniform',
  uniformMs: [ms, ms],
  jitterShare: 0,
  loss: 0,
  access: [],
  hopMs: 0,
})

/** Two peers that never met: one byte there, one byte back. */
async function firstByteMs(dialRoundTrips: number): Promise<number> {
  const peers = 2
  const kernel = new Kernel({ seed: SEED, peers })
  const links = new RegionalLinks({ kernel, peers, regions: [], links: constant(PERF_RTT_MS / 2) })
  const reachability = new Reachability({ kernel, links, nat: { ...NAT, dialRoundTrips }, peers })
  const messages = new MessageTable()
  const channels = new DialledChannels({ kernel, links, reachability, messages, peers })
  const byte = messages.intern(Uint8Array.of(1))
  let ms = Number.NaN
  channels.onMessage = (to) => {
    if (to === 0) ms = kernel.nowUs / 1_000
    else channels.send(1, 0, byte)
  }
  channels.online(0)
  channels.online(1)
  channels.send(0, 1, byte)
  await kernel.run(60e6)
  return ms
}

async function t1(): Promise<ValidationRow[]> {
  const rows: ValidationRow[] = []
  for (const [stack, { steps, measuredMs }] of Object.entries(DIAL_STEPS)) {
    const roundTrips = Object.values(steps).reduce((sum: number, count: number) => sum + count, 0)
    rows.push(
      row({
        id: 'T1',
        source: 'libp2p perf dashboard (libp2p/test-plans, perf): median of its published data',
        setup: `${stack}, round trip ${PERF_RTT_MS} ms, ${roundTrips} round trips counted from the protocols, no computing`,
        metric: 'dial and one byte each way, ms',
        published: measuredMs,
        ours: await firstByteMs(roundTrips),
        band: [measuredMs * 0.88, measuredMs * 1.02],
        basis: 'after-pilot',
      }),
    )
  }
  return rows
}

const MEGABYTE = 1_000_000
const LINE_MBPS = 100
const LINK_MS = 100
const D = 8

/** One message to several: it leaves over one line, one copy after the other. */
function t2(): ValidationRow[] {
  const kernel = new Kernel({ seed: SEED, peers: D + 1 })
  const access = [{ share: 1, upMbps: LINE_MBPS, downMbps: LINE_MBPS }]
  const links = new RegionalLinks({ kernel, peers: D + 1, regions: [], links: { ...constant(LINK_MS), access } })
  const fan = new Fan()
  for (let peer = 1; peer <= D; peer++) fan.add(peer)
  links.delaysUs(0, fan, MEGABYTE)
  const ms = Array.from(fan.delaysUs.subarray(0, D), (us) => us / 1_000)
  const rule = (copies: number) => copies * 80 + LINK_MS
  const init = {
    id: 'T2',
    source: 'Vac research log of 2024-10-31, large message handling in gossipsub (read): L/R + P to one, D · L/R + P to D',
    setup: `1 MB over lines of ${LINE_MBPS} Mbit/s, ${LINK_MS} ms`,
    basis: 'independent' as const,
  }
  return [1, D].map((copies) => {
    const published = rule(copies)
    const band = [published * 0.99, published * 1.01] as const
    return row({ ...init, metric: `until ${copies} of ${D} peers have it, ms`, published, ours: ms[copies - 1] as number, band })
  })
}

/** Round trips between regions of another provider in the same cities, ms: IBM Cloud’s published averages of August 2024. */
const IBM_CLOUD_MS = [
  ['us-east-1', 'eu-central-1', 91],
  ['us-east-1', 'eu-west-2', 75],
  ['eu-central-1', 'eu-west-2', 13],
  ['eu-central-1', 'ap-northeast-1', 233],
  ['eu-central-1', 'ap-southeast-2', 250],
  ['eu-west-2', 'sa-east-1', 188],
  ['ap-northeast-1', 'ap-northeast-3', 9],
  ['ap-northeast-1', 'ap-southeast-2', 115],
  ['ap-northeast-1', 'sa-east-1', 284],
] as const

/** The table of cloud regions is of one provider, and says what distances and cables make of any. */
function t3(): ValidationRow[] {
  const matrix = matrixOf({ matrix: 'cloud', uniformMs: [0, 0] })
  const ratios = IBM_CLOUD_MS.map(([from, to, published]) => {
    const [a, b] = [matrix.regions.indexOf(from), matrix.regions.indexOf(to)]
    return (medianPropagationUs(matrix, a, b) + medianPropagationUs(matrix, b, a)) / 1_000 / published
  }).sort((x, y) => x - y)
  const init = {
    id: 'T3',
    source: 'IBM Cloud, published network averages of 2024-08-25 (notes read)',
    setup: `median round trips of ${ratios.length} pairs of cloud regions, over those of another provider in the same cities`,
    published: 1,
    basis: 'independent' as const,
  }
  return [
    row({ ...init, metric: 'pair in the middle', ours: ratios[ratios.length >> 1] as number, band: [0.93, 1.07] }),
    row({ ...init, metric: 'lowest pair', ours: ratios[0] as number, band: [0.8, 1.07] }),
    row({ ...init, metric: 'highest pair', ours: ratios.at(-1) as number, band: [0.93, 1.25] }),
  ]
}

/** Bangalore, San Francisco, New York and Frankfurt, by the nearest regions of the table. */
const LEGS = [
  ['ap-south-1', 'us-west-1'],
  ['us-west-1', 'us-east-1'],
  ['us-east-1', 'eu-central-1'],
] as const
const LEG_CHECK_MS = 12
/** From the first of the four that has a message to the last: what four hops took beyond what the first of them did. */
const CHAIN_MS = [
  { kb: 2, published: 218 },
  { kb: 25, published: 582 },
  { kb: 100, published: 1_431 },
  { kb: 500, published: 2_602 },
] as const

/** A transfer over a connection that was idle: its window begins small. */
async function transferMs(regions: readonly [string, string], bytes: number): Promise<number> {
  const kernel = new Kernel({ seed: SEED, peers: 2 })
  const matrix = matrixOf({ matrix: 'cloud', uniformMs: [0, 0] })
  const access = [{ share: 1, upMbps: 1_000, downMbps: 1_000 }]
  const links = new RegionalLinks({
    kernel,
    peers: 2,
    regions: [{ region: regions[0], share: 1 }],
    links: { ...constant(0), matrix: 'cloud', access },
  })
  links.homes.region[1] = matrix.regions.indexOf(regions[1])
  const flows = new Flows({ kernel, links, homes: links.homes })
  let ms = Number.NaN
  flows.start({ from: 0, to: 1, bytes }, () => {
    ms = kernel.nowUs / 1_000
  })
  await kernel.run(60e6)
  return ms
}

async function t4(): Promise<ValidationRow[]> {
  const rows: ValidationRow[] = []
  for (const { kb, published } of CHAIN_MS) {
    let ours = 0
    for (const leg of LEGS) ours += LEG_CHECK_MS + (await transferMs(leg, kb * 1_000))
    rows.push(
      row({
        id: 'T4',
        source: 'Waku, five nwaku in a row on real machines, 2024: best and worst of its figure (plotting code read)',
        setup: `three hops between clouds, checks of ${LEG_CHECK_MS} ms, connections that were idle, ${kb} kB`,
        metric: `last has ${kb} kB after the first, ms`,
        published,
        ours,
        // One measurement each, other data centres in the same cities, and one round more or less of the four to six of a large message.
        band: [published * 0.8, published * 1.2],
        basis: 'independent',
      }),
    )
  }
  return rows
}

const PAIRS = 20_000

function n1(): ValidationRow[] {
  const init = {
    id: 'N1',
    source: 'DCUtR measurement campaign, 4.4 million attempts in 85,000 networks: notes on it were read, not the paper',
    setup: `${PAIRS} pairs behind NATs at homes in nine world regions, relays chosen among dialable peers`,
  }
  const { direct, firstTry, ratio } = punches()
  return [
    row({
      ...init,
      metric: 'share of pairs that become direct',
      published: 0.7,
      ours: direct,
      band: [0.629, 0.771],
      basis: 'parameter',
    }),
    row({
      ...init,
      metric: 'share of these at the first try',
      published: 0.976,
      ours: firstTry,
      band: [0.966, 0.986],
      basis: 'parameter',
    }),
    row({
      ...init,
      metric: 'median of direct over relayed round trip',
      published: 0.7,
      ours: ratio,
      band: [0.55, 0.85],
      basis: 'after-pilot',
    }),
  ]
}

/** Half of the peers are behind NATs: the even ones. */
function punches(): { direct: number; firstTry: number; ratio: number } {
  const peers = 4_000
  const kernel = new Kernel({ seed: SEED, peers })
  const regions = INTERNET_REGIONS.map((region) => ({ region, share: 1 }))
  const links = new RegionalLinks({ kernel, peers, regions, links: { ...constant(50), matrix: 'internet' } })
  const reachability = new Reachability({ kernel, links, nat: NAT, peers })
  for (let peer = 0; peer < peers; peer += 2) reachability.setDialable(peer, false)
  const draws = kernel.draws.stream('validate', 1)
  const roundTrip = (a: number, b: number) => links.medianUs(a, b) + links.medianUs(b, a)
  const ratios: number[] = []
  let direct = 0
  let first = 0
  for (let i = 0; i < PAIRS; i++) {
    const from = 2 * draws.below(0, peers / 2)
    const to = 2 * draws.below(0, peers / 2)
    const dial = reachability.dial(from, to, () => true)
    if (dial === undefined || from === to) continue
    const relayed = roundTrip(from, dial.relay) + roundTrip(dial.relay, to)
    ratios.push(roundTrip(from, to) / relayed)
    if (dial.directUs === Number.POSITIVE_INFINITY) continue
    direct++
    // One try takes 1.5 relayed round trips and a dial; a second one would double that.
    const oneTry = 1.5 * relayed + (NAT.dialRoundTrips - 1) * roundTrip(from, to)
    if (dial.directUs - dial.openUs < 1.5 * oneTry) first++
  }
  ratios.sort((a, b) => a - b)
  return { direct: direct / ratios.length, firstTry: first / direct, ratio: ratios[ratios.length >> 1] as number }
}

export const NETWORK_VALIDATIONS: readonly Validation[] = [
  { id: 'T1', slow: false, run: t1 },
  { id: 'T2', slow: false, run: t2 },
  { id: 'T3', slow: false, run: t3 },
  { id: 'T4', slow: false, run: t4 },
  { id: 'N1', slow: false, run: n1 },
]
