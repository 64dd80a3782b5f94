import { CALIBRATION_LINKS, CALIBRATION_REGIONS } from '../dht/calibrate.ts'
import { ExactDirectory } from '../dht/exact.ts'
import { StatDirectory } from '../dht/stat.ts'
import { Kernel } from '../kernel/kernel.ts'
import { RegionalLinks } from '../network/links.ts'
import { Reachability } from '../network/nat.ts'
import { DHT } from '../presets/defaults.ts'
import type { DhtFidelity } from '../scenario.ts'
import { CALM, type Conditions, Crowd, MARKET_DAY } from './crowd.ts'
import { quantileOf } from './gossip-run.ts'
import { FIDELITY, fidelityRow, type ValidationRow } from './row.ts'

const { peers: PEERS, seed: SEED } = FIDELITY

interface Script {
  conditions: Conditions
  refreshSeconds: number
  warmupSeconds: number
  /** Of each kind, one `everySeconds`. */
  calls: number
  everySeconds: number
  /** What was published is looked for so many calls later. */
  age: number
}

const SCRIPTS: readonly Script[] = [
  { conditions: CALM, refreshSeconds: 0, warmupSeconds: 0, calls: 600, everySeconds: 300, age: 1 },
  // Long enough that tables have as many dead entries as they keep, and a quarter of an hour for holders to leave in. More
  // calls, since half of them meet a timeout: the median lies where few are.
  { conditions: MARKET_DAY, refreshSeconds: DHT.refreshSeconds, warmupSeconds: 900, calls: 1_200, everySeconds: 1.5, age: 600 },
]

/** How far `stat` may be from `exact`, as shares; fixed before it was run with churn. */
const WIDTHS = { median: 0.1, p95: 0.15, ok: 0.05, requests: 0.15 } as const

const CALLS = ['put', 'get', 'find'] as const
type Call = (typeof CALLS)[number]

interface Measured {
  /** How long each kind of call took, ms, sorted. */
  ms: Record<Call, Float64Array>
  /** Share of calls that stored, or found, what they were to. */
  ok: Record<Call, number>
  /** Of all peers, refreshes included. */
  requests: number
}

async function calls(fidelity: DhtFidelity, script: Script): Promise<Measured> {
  const { conditions, refreshSeconds, warmupSeconds, everySeconds, age } = script
  const kernel = new Kernel({ seed: SEED, peers: PEERS })
  const links = new RegionalLinks({ kernel, peers: PEERS, regions: CALIBRATION_REGIONS, links: CALIBRATION_LINKS })
  const Directory = fidelity === 'exact' ? ExactDirectory : StatDirectory
  const model = new Directory({
    kernel,
    links,
    peers: PEERS,
    dht: { ...DHT, refreshSeconds, republishSeconds: 0 },
    reachability: new Reachability({ kernel, links, nat: conditions.nat, peers: PEERS }),
    dialRoundTrips: conditions.nat.dialRoundTrips,
  })
  const crowd = new Crowd(kernel, { peers: PEERS, seed: SEED, churn: conditions.churn, model })
  const ms: Record<Call, number[]> = { put: [], get: [], find: [] }
  const ok: Record<Call, number> = { put: 0, get: 0, find: 0 }
  const timed = (call: Call) => {
    const begunUs = kernel.nowUs
    return (isOk: boolean) => {
      ms[call].push((kernel.nowUs - begunUs) / 1_000)
      if (isOk) ok[call] += 1 / script.calls
    }
  }
  await kernel.run(warmupSeconds * 1e6)
  for (let i = 0; i < script.calls + age; i++) {
    if (i < script.calls) {
      model.put(crowd.someone(), `record/${i}`, Uint8Array.of(1), timed('put'))
      model.provide(crowd.someone(), `shelf/${i}`, () => {})
    }
    if (i >= age) {
      const [got, found] = [timed('get'), timed('find')]
      model.get(crowd.someone(), `record/${i - age}`, (record) => got(record !== undefined))
      model.find(crowd.someone(), `shelf/${i - age}`, 1, (peers) => found(peers.length > 0))
    }
    await kernel.run(kernel.nowUs + everySeconds * 1e6)
  }
  await kernel.run(kernel.nowUs + DHT.queryTimeoutMs * 2_000)
  const sorted = (values: number[]) => Float64Array.from(values).sort()
  return { ms: { put: sorted(ms.put), get: sorted(ms.get), find: sorted(ms.find) }, ok, requests: model.stats.requests }
}

async function compared(script: Script): Promise<ValidationRow[]> {
  const [exact, stat] = [await calls('exact', script), await calls('stat', script)]
  const against = (metric: string, of: (measured: Measured) => number, share: number) =>
    fidelityRow({
      setup: `DHT, stat against exact, ${PEERS} peers on the Internet, ${script.conditions.name}, ${script.calls} calls of each kind`,
      metric,
      exact: of(exact),
      ours: of(stat),
      share,
    })
  return [
    ...CALLS.flatMap((call) => [
      against(`median of ${call}, ms`, ({ ms }) => quantileOf(ms[call], 0.5), WIDTHS.median),
      against(`p95 of ${call}, ms`, ({ ms }) => quantileOf(ms[call], 0.95), WIDTHS.p95),
      against(`share of ${call} that came off`, ({ ok }) => ok[call], WIDTHS.ok),
    ]),
    // Without refreshes they are those of the calls, and of buckets that ask their oldest contact, which `stat` leaves out.
    ...(script.refreshSeconds > 0 ? [against('requests of all peers', ({ requests }) => requests, WIDTHS.requests)] : []),
  ]
}

export async function dhtFidelityRows(): Promise<ValidationRow[]> {
  const rows: ValidationRow[] = []
  for (const script of SCRIPTS) rows.push(...(await compared(script)))
  return rows
}
