import { Kernel } from '../kernel/kernel.ts'
import { MessageTable } from '../kernel/messages.ts'
import { DialledChannels } from '../network/channels.ts'
import { INTERNET_REGIONS } from '../network/internet-rtt.ts'
import { RegionalLinks } from '../network/links.ts'
import { DIAL_STEPS, PERF_RTT_MS, Reachability } from '../network/nat.ts'
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
  { id: 'N1', slow: false, run: n1 },
]
