import { clear, type Demand, type Supply } from '../market/benchmark.ts'
import type { World } from '../peers/world.ts'
import { honestMeshShare, topologyOf } from './mesh-share.ts'

export type SeriesRow = Record<string, number>

/** Rows kept of one run: a day at a second's interval. */
const ROWS_MAX = 100_000
/** Machines that the benchmark looks at in one interval; of larger fleets an even share, with demand in proportion. */
const SUPPLY_MAX = 20_000

/** One row an interval: gauges as they stand, counters as what came since the row before. */
export class Series {
  readonly rows: SeriesRow[] = []
  readonly #world: World
  #before: SeriesRow = {}
  #busyBefore = 0
  #capacityBefore = 0

  constructor(world: World) {
    this.#world = world
  }

  sample(): void {
    if (this.rows.length >= ROWS_MAX) return
    const { kernel, population, scenario, rendezvous, meters } = this.#world
    this.rows.push({
      atSeconds: kernel.nowUs / 1e6,
      online: population.online.length,
      ...(rendezvous && { strandedPeers: rendezvous.strandedCount }),
      ...(scenario.market.enabled && this.#market()),
      ...this.#mesh(),
      ...(scenario.workload.lookups && meters.lookupBook.takeColumns()),
      ...this.#differences(),
    })
  }

  /** The run is over: a message counts in the interval in which it was published, so what became of it is known only now. */
  finish(): void {
    const { stream } = this.#world
    if (stream === undefined) return
    for (const [index, row] of this.rows.entries()) Object.assign(row, stream.book.columns(index))
  }

  /** Where sybils are in the mesh: how honest it is. */
  #mesh(): SeriesRow {
    const { stream, scenario, models } = this.#world
    if (stream === undefined || scenario.attack === undefined || !('degree' in scenario.attack)) return {}
    const topology = topologyOf(models.gossip)
    if (topology === undefined) return {}
    const { topic, victim } = stream
    return {
      honestMeshShare: honestMeshShare(topology, topic, { until: scenario.peers }),
      ...(victim >= 0 && { victimHonestMeshShare: honestMeshShare(topology, topic, { from: victim, until: victim + 1 }) }),
    }
  }

  #market(): SeriesRow {
    const { kernel, meters } = this.#world
    const nowUs = kernel.nowUs
    meters.capacity.advance(nowUs)
    meters.busy.advance(nowUs)
    const capacity = meters.capacity.total - this.#capacityBefore
    const busy = meters.busy.total - this.#busyBefore
    this.#capacityBefore = meters.capacity.total
    this.#busyBefore = meters.busy.total
    const price = mean(meters.leasePrices)
    const benchmark = this.#benchmark()
    if (price > 0 && benchmark.price > 0 && nowUs >= this.#world.scenario.warmupSeconds * 1e6)
      meters.histograms.priceOverBenchmarkMilli.record((1_000 * price) / benchmark.price)
    let seeking = 0
    let leased = 0
    for (const { phase } of meters.jobs.open) phase === 'leased' ? leased++ : seeking++
    const columns = {
      capacityUnits: meters.capacity.value,
      busyUnits: meters.busy.value,
      // 0 / 0 is not a number, as it should be.
      utilisation: busy / capacity,
      seekingJobs: seeking,
      leasedJobs: leased,
      leases: meters.leasePrices.length,
      meanWaitMs: mean(meters.leaseWaitsMs),
      pricePerUnitHour: price,
      benchmarkPrice: benchmark.price,
      benchmarkUnits: benchmark.gpus,
    }
    meters.leasePrices = []
    meters.leaseWaitsMs = []
    return columns
  }

  /** What a central double auction would do with the demand and the machines of this moment. */
  #benchmark(): { price: number; gpus: number } {
    const { meters, fleet, population } = this.#world
    const stride = Math.max(1, Math.ceil(fleet.providers.length / SUPPLY_MAX))
    const supply: Supply[] = []
    for (let i = 0; i < fleet.providers.length; i += stride) {
      const peer = fleet.providers[i] as number
      if (!population.isOnline(peer)) continue
      supply.push({ price: fleet.askingPrice(peer), gpus: fleet.units(peer), vramGiB: fleet.machine(peer)?.vramGiB ?? 0 })
    }
    const demand: Demand[] = []
    let turn = 0
    for (const { row, budgetPerHour } of meters.jobs.open) {
      if (turn++ % stride !== 0) continue
      const gpus = fleet.countsGpus ? row.gpus : Math.max(1, row.gpus)
      if (gpus > 0) demand.push({ price: budgetPerHour / gpus, gpus, vramGiB: row.vramGiB })
    }
    const { price, gpus } = clear(demand, supply)
    return { price: gpus === 0 ? Number.NaN : price, gpus: gpus * stride }
  }

  #differences(): SeriesRow {
    const totals = this.#totals()
    const differences: SeriesRow = {}
    for (const [name, total] of Object.entries(totals)) differences[name] = total - (this.#before[name] ?? 0)
    this.#before = totals
    return differences
  }

  #totals(): SeriesRow {
    const { kernel, scenario, models, stream } = this.#world
    const { gossip, directory } = models
    return {
      ...(scenario.market.enabled && this.#marketTotals()),
      ...(stream && scenario.attack?.kind === 'spam' && { spamSent: stream.spamSent, spamHeard: stream.spamHeard }),
      gossipDeliveries: gossip.stats.deliveries,
      gossipTransmissions: gossip.stats.transmissions,
      gossipBytes: gossip.stats.bytes,
      dhtRequests: directory.stats.requests,
      dhtTimeouts: directory.stats.timeouts,
      dhtBytes: directory.stats.bytes,
      events: kernel.events,
    }
  }

  #marketTotals(): SeriesRow {
    const { meters, models } = this.#world
    const { channels } = models
    return {
      submitted: meters.jobs.entries.length,
      done: meters.ended.done,
      failed: meters.ended.failed,
      cancelled: meters.ended.cancelled,
      lostAttempts: meters.jobs.lost,
      retries: meters.retries,
      orders: meters.orders,
      bids: meters.bids,
      refusals: meters.refusals,
      receipts: meters.receipts,
      announcements: meters.announcements,
      directMessages: channels.stats.messages,
      directBytes: channels.stats.bytes,
    }
  }
}

/** Not a number for no values: an interval without a lease has no price, and 0 would draw one. */
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
