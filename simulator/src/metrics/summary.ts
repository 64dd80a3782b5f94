import type { Stream } from '../peers/stream.ts'
import type { World } from '../peers/world.ts'
import type { Distribution, Histogram, JobRow, RunResult } from '../result.ts'
import { gini, jain } from './inequality.ts'
import type { MeasuredSpan } from './measured-span.ts'
import { HISTOGRAMS } from './meters.ts'
import type { Series } from './series.ts'

const US_PER_HOUR = 3.6e9

/** What was kept of a run while it ran. */
interface Kept {
  series: Series
  measured: MeasuredSpan
  partial: string | undefined
}

/** What a run gives back. */
export function resultOf(world: World, { series, measured, partial }: Kept): RunResult {
  const { scenario, kernel, meters, checkers } = world
  meters.messages.finish()
  const jobs = meters.jobs.entries.map(({ row }) => row)
  const { done, failed, cancelled } = meters.ended
  return {
    summary: {
      scenario: scenario.name,
      seed: scenario.seed,
      peers: scenario.peers,
      fidelity: { ...scenario.fidelity },
      virtualSeconds: kernel.nowUs / 1e6,
      events: kernel.events,
      traceHash: kernel.traceHash(),
      jobs: { submitted: jobs.length, done, failed, cancelled, open: meters.jobs.openCount },
      endReasons: endReasons(jobs),
      metrics: { ...distributions(meters.histograms), ...totals(world, measured), ...troubles(world) },
      hardware: world.hardware?.book.rows(),
      violations: [...checkers.violations],
      judged: world.judged,
      partial,
    },
    scenario,
    jobs,
    messages: meters.messages.rows,
    series: series.rows,
    traffic: traffic(world),
    histograms: meters.histograms,
    providers: providers(world),
  }
}

function endReasons(jobs: readonly JobRow[]): Record<string, number> {
  const counts = new Map<string, number>()
  for (const { state, endReason } of jobs) if (state === 'failed') counts.set(endReason, (counts.get(endReason) ?? 0) + 1)
  return Object.fromEntries([...counts].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1)))
}

function distributions(histograms: Readonly<Record<string, Histogram>>): Record<string, Distribution> {
  const result: Record<string, Distribution> = {}
  for (const name of HISTOGRAMS) {
    const histogram = histograms[name]
    if (histogram === undefined || histogram.count === 0) continue
    const { mean, count: n } = histogram
    result[name] = { p50: histogram.quantile(0.5), p95: histogram.quantile(0.95), p99: histogram.quantile(0.99), mean, n }
  }
  return result
}

/** One number a run, in the form of a distribution. */
const single = (value: number): Distribution => ({ p50: value, p95: value, p99: value, mean: value })

/**
 * What belongs to the run: of a market only where there is one, of a stream where messages are sent. A share of nothing, 0 / 0, is
 * left out: as a 0 it would be taken for a result.
 */
function totals(world: World, measured: MeasuredSpan): Record<string, Distribution> {
  const { market, workload } = world.scenario
  const values = {
    ...(market.enabled && marketTotals(world, measured)),
    ...networkTotals(measured),
    ...(world.stream && streamTotals(world, world.stream, measured)),
    ...(workload.lookups && world.meters.lookupBook.metrics()),
    ...(world.rendezvous && comings(measured)),
    ...world.hardware?.book.totals(world.meters.traffic.rows('direct'), world.nowUs),
  }
  const known = Object.entries(values).filter(([, value]) => !Number.isNaN(value))
  return Object.fromEntries(known.map(([name, value]) => [name, single(value)]))
}

function networkTotals({ counts }: MeasuredSpan): Record<string, number> {
  const { gossipDeliveries, gossipTransmissions, gossipDuplicates, gossipBytes, dhtTimeouts } = counts
  if (gossipDeliveries === 0) return { dhtTimeouts }
  return {
    gossipTransmissionsPerDelivery: gossipTransmissions / gossipDeliveries,
    gossipDuplicatesPerDelivery: gossipDuplicates / gossipDeliveries,
    gossipBytesPerDelivery: gossipBytes / gossipDeliveries,
    dhtTimeouts,
  }
}

function streamTotals({ scenario }: World, { book, victim }: Stream, { counts }: MeasuredSpan): Record<string, number> {
  const { attack, warmupSeconds } = scenario
  const { messagesPublished, gossipBytes, spamMessages, spamHeard } = counts
  const { recipients, delivered, toVictim, byVictim } = book.since(warmupSeconds * 1e6)
  return {
    messagesPublished,
    deliveryRatio: delivered / recipients,
    gossipBytes,
    ...(victim >= 0 && { victimDeliveryRatio: byVictim / toVictim }),
    ...(attack?.kind === 'spam' && {
      spamMessages,
      spamHeard,
      spamHeardPerMessage: spamHeard / spamMessages,
    }),
  }
}

function comings({ counts }: MeasuredSpan): Record<string, number> {
  const { newcomers, newcomersStranded, returns, returnsStranded } = counts
  return { newcomers, newcomersStranded, returns, returnsStranded }
}

function marketTotals(world: World, measured: MeasuredSpan): Record<string, number> {
  const { scenario, meters, fleet } = world
  const jobs = meters.jobs.entries.filter(({ row }) => row.submittedSeconds >= scenario.warmupSeconds)
  const ended = Math.max(1, jobs.filter(({ row }) => row.state !== 'open').length)
  const { capacity, busy, wasted } = measured.units
  const { counts } = measured
  const earned = fleet.providers.map((peer) => measured.earned(peer))
  return {
    utilisation: busy / capacity,
    wastedUnitHours: wasted / US_PER_HOUR,
    wastedShare: wasted / busy,
    fillRate: jobs.filter(({ row }) => row.leasedMs >= 0).length / jobs.length,
    retries: counts.retries,
    receipts: counts.receipts,
    objections: counts.objections,
    earnedGini: gini(earned),
    earnedJain: jain(earned),
    utilisationJain: jain(measured.rates(fleet.providers)),
    gossipBytesPerJob: counts.gossipBytes / ended,
    directMessagesPerJob: counts.directMessages / ended,
    directBytesPerJob: counts.directBytes / ended,
    dhtRequestsPerJob: counts.dhtRequests / ended,
    dhtBytesPerJob: counts.dhtBytes / ended,
    // Of hosts, which search the DHT only when their user looks for offers.
    lookupSuccessShare: 1 - counts.lookupsEmpty / counts.lookups,
    imageBytesFetched: counts.imageBytesFetched,
    imageBytesSpared: counts.imageBytesSpared,
    signatures: counts.signatures,
    signaturesSampled: counts.signaturesSampled,
    signaturesSampledFailed: counts.signaturesSampledFailed,
    rejectedMessages: counts.rejectedMessages,
  }
}

/** What faults and attacks did. */
function troubles({ meters, trouble }: World): Record<string, Distribution> {
  const wins = new Map<number, number>()
  for (const { row } of meters.jobs.entries) if (row.leasedMs >= 0) wins.set(row.provider, (wins.get(row.provider) ?? 0) + 1)
  return Object.fromEntries(Object.entries(trouble.metrics(wins)).map(([name, value]) => [name, single(value)]))
}

function traffic({ scenario, meters, models }: World): RunResult['traffic'] {
  const { gossip, channels, directory } = models
  const { stats } = gossip
  const control = (kind: string, messages: number) => ({ protocol: 'gossip', kind, messages, bytes: 0 })
  return [
    ...meters.traffic.rows('direct'),
    { protocol: 'direct', kind: 'dial', messages: channels.stats.dials, bytes: 0 },
    // Bytes of gossip are counted together: control messages ride on data.
    { protocol: 'gossip', kind: 'all', messages: stats.transmissions, bytes: stats.bytes },
    control('ihave', stats.ihave),
    control('iwant', stats.iwant),
    control('idontwant', stats.idontwant),
    // The cheapest model has no mesh.
    ...(scenario.fidelity.gossip === 'stat' ? [] : [control('graft', stats.grafts), control('prune', stats.prunes)]),
    { protocol: 'dht', kind: 'request', messages: directory.stats.requests, bytes: directory.stats.bytes },
  ]
}

function providers({ scenario, kernel, fleet, meters }: World): RunResult['providers'] {
  if (!scenario.market.enabled) return []
  return fleet.providers.map((peer) => ({
    peer,
    earned: meters.earned[peer] as number,
    soldHours: meters.sold.total(peer, kernel.nowUs) / US_PER_HOUR,
    onlineHours: meters.online.total(peer, kernel.nowUs) / US_PER_HOUR,
    machine: fleet.machineOf[peer] as number,
  }))
}
