import { type Fidelity, meanOfQuantiles, type Quantiles, type Scenario } from '@weft/simulator'

/**
 * CPU time of each part, µs, with Node 26 on a virtual core of an AMD EPYC. Gossip: between the CPU time of the ready scenarios of 250
 * to 1,000 peers, which fit into a cache (0.6 to 1.3 µs an event), and of a flood among 100,000 (1 µs). The rest is estimated from
 * profiles of six hours of the market day of 10,000 peers, on a machine that was not idle. They are for deciding whether to begin and
 * how exactly: a factor of two either way changes little.
 */
const US = {
  /** One arrival by gossip, with the step of the receiver's core. */
  delivery: 1.5,
  /** In `exact`, of each transmission; in `tree`, of each arrival besides the arrival itself. */
  transmission: 0.7,
  branch: 2,
  /** Of each peer that is online, and so much more where scores are kept. */
  heartbeat: 1.5,
  scoring: 3,
  /** A request and its answer in `exact`; a whole lookup in `stat`. */
  request: 5.5,
  lookup: 15,
  /** Signed, published, verified once for all that hear it. */
  announcement: 50,
  /** An order's bids, most of which come with a dial, two hellos and a release. */
  order: 6_000,
  /** The same of a job that waits for a machine: most that it asks know it by now, are connected and refuse. */
  again: 400,
  /** A receipt and its countersignature, written down on both sides. */
  receipt: 60,
  /** A peer that comes back: a host over its store, two dials, hellos, what it announces at once. */
  session: 500,
  /** A round of challenges: looking for providers, and four of them asked in five stages. */
  round: 16_000,
}
const BYTES = { process: 350e6, peer: 2500, gossipEdge: 40, dhtEntry: 4, host: 8000, job: 30e3, pendingEvent: 40 }
/** An order is published again until it is filled; traces of the market show about this many rounds a job. */
const ROUNDS_PER_JOB = 1.9
/** A job whose renter never countersigns is stopped and sought anew, so often in all. */
const ATTEMPTS_UNPAID = 8
/** A job that finds nobody asks again so often, s: `roundDelayMs` of protocols, once it has waited for a minute. */
const ROUND_SECONDS = 30
/** Direct messages and timers of one job from order to last receipt, besides its receipts. */
const EVENTS_PER_JOB = 300
/** Of an order that is published again: those that it goes to directly, and what they answer. */
const EVENTS_PER_REPEAT = 60
/** A receipt and its countersignature, each with its timer. */
const EVENTS_PER_RECEIPT = 4
/** Looking around asks neighbours and whoever the DHT names; then messages and timers of each stage. */
const EVENTS_PER_ROUND = 500
/** One for each class, and a record of whoever they name. */
const LOOKUPS_PER_ROUND = 18
/** Requests of one look-up among up to a million peers: 21.5 to 24.4 in tables of 1,000 to 100,000. */
const REQUESTS_PER_LOOKUP = 25
/** A peer that comes back dials, subscribes, grafts and says hello. */
const EVENTS_PER_RETURN = 60
/** All providers together announce five times a second, each twice an hour into the DHT: a record and two shelves. */
const ANNOUNCEMENTS_PER_SECOND = 5
const DIRECTORY_SECONDS = 1_800
const DIRECTORY_KEYS = 3

export interface Cost {
  events: number
  /** Of wall time, in one process. */
  seconds: number
  bytes: number
  /** One line: what is expensive. */
  text: string
}

interface Part {
  what: string
  events: number
  us: number
}

/** What a run will take, before it begins. Pure arithmetic over the scenario: instant at any size. */
export function estimateCost(scenario: Scenario, fidelity: Fidelity = scenario.fidelity): Cost {
  const { peers, workload } = scenario
  const jobs = jobsOf(scenario)
  const { messages } = gossipOf(scenario, peers)
  const parts = [
    gossipPart(scenario, fidelity.gossip),
    dhtPart(scenario, fidelity.dht),
    jobsPart(scenario),
    measurePart(scenario),
    churnPart(scenario),
  ]
  const events = Math.round(parts.reduce((sum, part) => sum + part.events, 0))
  const seconds = 1 + parts.reduce((sum, part) => sum + part.us, 0) / 1e6
  const dearest = parts.reduce((a, b) => (b.us > a.us ? b : a))
  const lookups = (workload.lookups?.count ?? 0) * 2
  const load = jobs > 0 ? `${count(jobs)} jobs` : messages > 0 ? `${count(messages)} messages` : `${count(lookups)} look-ups`
  return {
    events,
    seconds,
    bytes: bytesOf(scenario, fidelity, jobs, sybilsOf(scenario)),
    text: `${dearest.what} for ${load} among ${count(peers)} peers takes most of about ${time(seconds)} and ${big(events)} events`,
  }
}

const spanOf = ({ durationSeconds, settleSeconds }: Scenario): number => durationSeconds + settleSeconds
const onlineOf = (scenario: Scenario): number => scenario.peers * onlineShare(scenario)
const sybilsOf = ({ attack }: Scenario): number => (attack !== undefined && 'sybils' in attack ? attack.sybils : 0)

function gossipPart(scenario: Scenario, fidelity: Fidelity['gossip']): Part {
  const { attack, gossip } = scenario
  const online = onlineOf(scenario)
  const span = spanOf(scenario)
  const { messages, deliveries } = gossipOf(scenario, online)
  const spam = attack?.kind === 'spam' ? attack.spammers * attack.perSecond * span * Math.min(online, gossip.d * 2) : 0
  const perDelivery = fidelity === 'exact' ? Math.max(1, gossip.d) : 1
  const heartbeats = fidelity === 'exact' && messages > 0 ? ((online + sybilsOf(scenario)) * span * 1000) / gossip.heartbeatMs : 0
  const perMessage = { exact: perDelivery * US.transmission, tree: US.branch, stat: 0 }[fidelity]
  const perBeat = US.heartbeat + (gossip.scoring ? US.scoring : 0)
  return {
    what: `${fidelity} gossip`,
    events: deliveries * perDelivery + heartbeats + spam,
    us: (deliveries + spam) * (US.delivery + perMessage) + heartbeats * perBeat,
  }
}

function dhtPart(scenario: Scenario, fidelity: Fidelity['dht']): Part {
  const { workload, market, fleet, dht } = scenario
  const online = onlineOf(scenario)
  const span = spanOf(scenario)
  const asked = (workload.lookups?.count ?? 0) * 2 + jobsOf(scenario) * 2 + roundsOf(scenario) * LOOKUPS_PER_ROUND
  const published = market.enabled ? (online * fleet.providerShare * span * DIRECTORY_KEYS) / DIRECTORY_SECONDS : 0
  const lookups = asked + published
  // A refresh looks up the peer itself and a key of each bucket; `stat` only counts them.
  const refreshes = (online * span * (33 - Math.clz32(online))) / Math.max(1, dht.refreshSeconds)
  const requests = fidelity === 'exact' ? (lookups + refreshes) * REQUESTS_PER_LOOKUP : 0
  return { what: `${fidelity} DHT`, events: 2 * (requests + lookups), us: requests * US.request + lookups * US.lookup }
}

/** The market itself: announcing, bidding, and what is metered. */
function jobsPart(scenario: Scenario): Part {
  const { workload, market } = scenario
  if (!market.enabled) return { what: 'jobs', events: 0, us: 0 }
  const jobs = jobsOf(scenario)
  const running = workload.jobs === undefined ? 0 : cappedMean(workload.jobs.durationSeconds, workload.jobs.durationMaxSeconds)
  const receipts = (jobs * running) / market.receiptSeconds
  const repeated = repeatedOrders(scenario)
  const searches = jobs + unpaidOf(scenario) * (ATTEMPTS_UNPAID - 1)
  const announcements = Math.min(onlineOf(scenario) / 30, ANNOUNCEMENTS_PER_SECOND) * spanOf(scenario)
  return {
    what: 'jobs',
    events: searches * EVENTS_PER_JOB + repeated * EVENTS_PER_REPEAT + receipts * EVENTS_PER_RECEIPT + announcements,
    us: searches * ROUNDS_PER_JOB * US.order + repeated * US.again + receipts * US.receipt + announcements * US.announcement,
  }
}

/** Jobs of free-riders. */
const unpaidOf = (scenario: Scenario): number =>
  scenario.attack?.kind === 'free-riders' ? jobsOf(scenario) * scenario.attack.share : 0

function measurePart(scenario: Scenario): Part {
  const rounds = roundsOf(scenario)
  return { what: 'challenges', events: rounds * EVENTS_PER_ROUND, us: rounds * US.round }
}

/** Of all providers that are online. */
const roundsOf = (scenario: Scenario): number =>
  (onlineOf(scenario) * scenario.fleet.providerShare * (scenario.measure?.roundsPerDay ?? 0) * spanOf(scenario)) / 86_400

function churnPart(scenario: Scenario): Part {
  const sessions = returns(scenario, spanOf(scenario))
  return { what: 'churn', events: sessions * EVENTS_PER_RETURN, us: sessions * (scenario.market.enabled ? US.session : 10) }
}

/** Messages and how often each reaches a peer that subscribes to its topic. */
function gossipOf(scenario: Scenario, online: number): { messages: number; deliveries: number } {
  const { workload, fleet, attack } = scenario
  const isOnOne = attack !== undefined && 'target' in attack && attack.target === 'one'
  const orders = jobsOf(scenario) * ROUNDS_PER_JOB + repeatedOrders(scenario)
  const stream = workload.stream?.messages ?? 0
  return {
    messages: orders + stream,
    // Sybils around one victim hear little: only it forwards to them.
    deliveries: orders * online * fleet.providerShare + stream * (online + (isOnOne ? 0 : sybilsOf(scenario))),
  }
}

/**
 * Orders of jobs that come at one moment and wait for machines: until all that came has run on all there are, half of that on
 * average, and no job longer than it is willing to.
 */
function repeatedOrders(scenario: Scenario): number {
  const { workload, fleet } = scenario
  const { jobs } = workload
  if (jobs === undefined) return 0
  const atOnce = jobs.arrivals === 'all-at-once' ? jobsOf(scenario) : demanded(scenario)
  const units = onlineOf(scenario) * fleet.providerShare * meanGpus(fleet)
  const work = atOnce * cappedMean(jobs.gpus, jobs.gpusMax) * cappedMean(jobs.durationSeconds, jobs.durationMaxSeconds)
  return (atOnce * Math.min(work / Math.max(1, units), jobs.queueSeconds)) / 2 / ROUND_SECONDS
}

/** Of a fleet without GPUs a machine counts as one. */
function meanGpus({ machines }: Scenario['fleet']): number {
  const shares = machines.reduce((sum, { share }) => sum + share, 0)
  return machines.reduce((sum, { share, gpus }) => sum + share * Math.max(1, gpus), 0) / shares
}

const cappedMean = ({ p, x }: Quantiles, most: number): number => meanOfQuantiles({ p, x: x.map((each) => Math.min(each, most)) })

const demanded = ({ script }: Scenario): number => script.reduce((sum, step) => sum + (step.do === 'demand' ? step.jobs : 0), 0)

/** Those of the workload and those that steps of the script add. */
function jobsOf(scenario: Scenario): number {
  const { jobs } = scenario.workload
  return jobs === undefined ? 0 : jobs.count + demanded(scenario)
}

/** Share of time that a peer is online, from the means. */
export function onlineShare({ churn }: Pick<Scenario, 'churn'>): number {
  if (churn.online === undefined || churn.offline === undefined) return churn.initialShare
  const up = meanOfQuantiles({ p: churn.online.p, x: churn.online.seconds })
  const down = meanOfQuantiles({ p: churn.offline.p, x: churn.offline.seconds })
  return up + down === 0 ? 1 : up / (up + down)
}

function returns({ churn, peers }: Scenario, span: number): number {
  if (churn.online === undefined || churn.offline === undefined) return 0
  const cycle =
    meanOfQuantiles({ p: churn.online.p, x: churn.online.seconds }) +
    meanOfQuantiles({ p: churn.offline.p, x: churn.offline.seconds })
  return (peers * span) / Math.max(1, cycle)
}

function bytesOf({ peers, gossip, dht, market, fleet }: Scenario, fidelity: Fidelity, jobs: number, sybils: number): number {
  const edges = fidelity.gossip === 'stat' ? 0 : (peers + sybils) * gossip.dials * 2
  const entries = fidelity.dht === 'exact' ? peers * dht.k * 13 : 0
  const hosts = market.enabled ? peers * fleet.providerShare * BYTES.host + jobs * BYTES.job : 0
  const pending = (fidelity.gossip === 'exact' ? 8 : 2) * peers * BYTES.pendingEvent
  return Math.round(
    BYTES.process + (peers + sybils) * BYTES.peer * 0.4 + edges * BYTES.gossipEdge + entries * BYTES.dhtEntry + hosts + pending,
  )
}

export const count = (amount: number): string => Math.round(amount).toLocaleString('en-US')
export const big = (amount: number): string => (amount < 1e6 ? count(amount) : amount.toExponential(1).replace('e+', 'e'))
export function time(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`
  const hours = seconds / 3600
  return hours < 10 ? `${hours.toPrecision(2)} h` : `${count(hours)} h`
}
