import { type Fidelity, meanOfQuantiles, type Scenario } from '@weft/simulator'

/**
 * Events a second and bytes, measured on two virtual cores of 2 to 3 GHz. They are for deciding whether to begin: a factor of
 * two either way changes nothing.
 */
const EVENTS_PER_SECOND = { exact: 2e6, tree: 3e6, stat: 4e6 }
const BYTES = { process: 150e6, peer: 2500, gossipEdge: 40, dhtEntry: 4, host: 1500, job: 30e3, pendingEvent: 40 }
/** An order is published again until it is filled; traces of the market show about this many rounds a job. */
const ROUNDS_PER_JOB = 1.5
/** Direct messages and timers of one job from order to last receipt, besides its receipts. */
const EVENTS_PER_JOB = 300
/** A receipt and its countersignature, each with its timer. */
const EVENTS_PER_RECEIPT = 4
/** Requests of one look-up among up to a million peers: 21.5 to 24.4 in tables of 1,000 to 100,000. */
const REQUESTS_PER_LOOKUP = 25
/** A peer that comes back dials, subscribes, grafts and says hello. */
const EVENTS_PER_RETURN = 60

export interface Cost {
  events: number
  /** Of wall time, in one process. */
  seconds: number
  bytes: number
  /** One line: what is expensive. */
  text: string
}

/** What a run will take, before it begins. Pure arithmetic over the scenario: instant at any size. */
export function estimateCost(scenario: Scenario, fidelity: Fidelity = scenario.fidelity): Cost {
  const { peers, workload, gossip } = scenario
  const span = scenario.durationSeconds + scenario.settleSeconds
  const online = peers * onlineShare(scenario)
  const sybils = scenario.attack !== undefined && 'sybils' in scenario.attack ? scenario.attack.sybils : 0
  const { messages, deliveries } = gossipOf(scenario, online)
  const perDelivery = fidelity.gossip === 'exact' ? Math.max(1, gossip.d) : 1
  const heartbeats = fidelity.gossip === 'exact' && messages > 0 ? ((online + sybils) * span * 1000) / gossip.heartbeatMs : 0
  const jobs = jobsOf(scenario)
  const running =
    workload.jobs === undefined ? 0 : Math.min(meanOfQuantiles(workload.jobs.durationSeconds), workload.jobs.durationMaxSeconds)
  const lookups = (workload.lookups?.count ?? 0) * 2 + jobs * 2
  const refreshes = fidelity.dht === 'exact' ? (online * span) / Math.max(1, scenario.dht.refreshSeconds) : 0
  const requests = (fidelity.dht === 'exact' ? lookups + refreshes : 0) * REQUESTS_PER_LOOKUP * 2 + lookups * 2
  const spam = scenario.attack?.kind === 'spam' ? scenario.attack.spammers * scenario.attack.perSecond * span : 0
  const parts = [
    { what: `${fidelity.gossip} gossip`, events: deliveries * perDelivery + heartbeats + spam * Math.min(online, gossip.d * 2) },
    { what: `${fidelity.dht} DHT`, events: requests },
    { what: 'jobs', events: jobs * (EVENTS_PER_JOB + (running * EVENTS_PER_RECEIPT) / scenario.market.receiptSeconds) },
    { what: 'churn', events: returns(scenario, span) * EVENTS_PER_RETURN },
  ]
  const events = Math.round(parts.reduce((sum, part) => sum + part.events, 0))
  const seconds = 1 + events / EVENTS_PER_SECOND[fidelity.gossip]
  const dearest = parts.reduce((a, b) => (b.events > a.events ? b : a))
  const load = jobs > 0 ? `${count(jobs)} jobs` : messages > 0 ? `${count(messages)} messages` : `${count(lookups)} look-ups`
  return {
    events,
    seconds,
    bytes: bytesOf(scenario, fidelity, jobs, sybils),
    text: `${dearest.what} for ${load} among ${count(peers)} peers is about ${big(events)} events, ${time(seconds)} at ${EVENTS_PER_SECOND[fidelity.gossip] / 1e6} M/s`,
  }
}

/** Messages and how often each reaches a peer that subscribes to its topic. */
function gossipOf(scenario: Scenario, online: number): { messages: number; deliveries: number } {
  const { workload, fleet, attack } = scenario
  const orders = jobsOf(scenario) * ROUNDS_PER_JOB
  const stream = workload.stream?.messages ?? 0
  const sybils = attack !== undefined && 'sybils' in attack ? attack.sybils : 0
  return { messages: orders + stream, deliveries: orders * online * fleet.providerShare + stream * (online + sybils) }
}

/** Those of the workload and those that steps of the script add. */
function jobsOf({ workload, script }: Scenario): number {
  if (workload.jobs === undefined) return 0
  return script.reduce((sum, step) => sum + (step.do === 'demand' ? step.jobs : 0), workload.jobs.count)
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

function bytesOf({ peers, gossip, dht, market }: Scenario, fidelity: Fidelity, jobs: number, sybils: number): number {
  const edges = fidelity.gossip === 'stat' ? 0 : (peers + sybils) * gossip.dials * 2
  const entries = fidelity.dht === 'exact' ? peers * dht.k * 13 : 0
  const hosts = market.enabled ? peers * BYTES.host + jobs * BYTES.job : 0
  const pending = (fidelity.gossip === 'exact' ? 8 : 2) * peers * BYTES.pendingEvent
  return Math.round(
    BYTES.process + (peers + sybils) * BYTES.peer * 0.4 + edges * BYTES.gossipEdge + entries * BYTES.dhtEntry + hosts + pending,
  )
}

export const count = (amount: number): string => Math.round(amount).toLocaleString('en-US')
export const big = (amount: number): string => (amount < 1e6 ? count(amount) : amount.toExponential(1).replace('e+', 'e'))
export function time(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toPrecision(2)} h`
}
