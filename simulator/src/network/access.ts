import type { Draws } from '../kernel/draws.ts'
import type { Links, RegionShare } from '../scenario.ts'

/** Mbit/s to microseconds per byte; 0 Mbit/s is unlimited. */
const microsPerByte = (mbps: number): number => (mbps === 0 ? 0 : 8 / mbps)

/** Where each peer is and how fast its line is, drawn once from the shares of the scenario. */
export interface Homes {
  /** Row of the matrix. */
  readonly region: Uint8Array
  /** Microseconds per byte. */
  readonly up: Float64Array
  readonly down: Float64Array
}

/** Draws of its own for each peer: one peer more moves nobody. Errors: unknown regions, weights below 0 or all 0. */
export function drawHomes(
  draws: Draws,
  init: { peers: number; regions: readonly RegionShare[]; known: readonly string[]; access: Links['access'] },
): Homes {
  const { peers, known } = init
  const regions = known.length === 1 ? [{ region: known[0] as string, share: 1 }] : init.regions
  const rows = regions.map(({ region }) => {
    const row = known.indexOf(region)
    if (row < 0) throw new RangeError(`no region ${region} in the matrix; it has ${known.join(', ')}`)
    return row
  })
  const access = init.access.length > 0 ? init.access : [{ share: 1, upMbps: 0, downMbps: 0 }]
  for (const { upMbps, downMbps } of access)
    if (!(upMbps >= 0 && downMbps >= 0)) throw new RangeError('access lines need upMbps and downMbps of 0 (unlimited) or more')
  const pickRegion = weighted(
    regions.map(({ share }) => share),
    'regions',
  )
  const pickLine = weighted(
    access.map(({ share }) => share),
    'links.access',
  )
  const regionDraws = draws.stream('home-region', peers)
  const lineDraws = draws.stream('home-line', peers)
  const homes: Homes = { region: new Uint8Array(peers), up: new Float64Array(peers), down: new Float64Array(peers) }
  for (let peer = 0; peer < peers; peer++) {
    homes.region[peer] = rows[pickRegion(regionDraws.fraction(peer))] as number
    const line = access[pickLine(lineDraws.fraction(peer))] as Links['access'][number]
    homes.up[peer] = microsPerByte(line.upMbps)
    homes.down[peer] = microsPerByte(line.downMbps)
  }
  return homes
}

/** From a fraction in [0, 1) to an index, by weight. */
function weighted(weights: readonly number[], name: string): (fraction: number) => number {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  if (!(total > 0 && Number.isFinite(total)) || weights.some((weight) => weight < 0))
    throw new RangeError(`the shares of ${name} must be 0 or more, and one of them above 0`)
  let sum = 0
  const cumulative = weights.map((weight) => {
    sum += weight
    return sum / total
  })
  const last = weights.findLastIndex((weight) => weight > 0)
  return (fraction) => {
    const index = cumulative.findIndex((edge) => fraction < edge)
    return index < 0 ? last : index
  }
}
