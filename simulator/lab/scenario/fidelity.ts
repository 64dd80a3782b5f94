import type { DhtFidelity, Fidelity, GossipFidelity, Scenario } from '@weft/simulator'
import { big, type Cost, count, estimateCost, time } from './cost.ts'
import type { ScenarioFile } from './written.ts'

/** What `auto` spends on being exact, in seconds more than `stat` takes, before it takes something cheaper. */
const AUTO_SECONDS = { gossip: 20, dht: 10 }
/** Trees over the mesh are computed for each message; beyond this many peers arrivals are drawn from the calibrated distribution. */
const TREE_PEERS_MAX = 20_000
/** A run that takes longer than this is begun only when told to. */
export const SECONDS_MAX = 3600
/** Node needs room beside what is counted here: buffers, code, garbage not yet collected. */
const MEMORY_SHARE = 0.8

const GOSSIP_ATTACKS: readonly string[] = ['sybil', 'eclipse', 'cold-boot', 'covert-flash', 'degrade', 'spam']

/** True for attacks on the mesh: only `exact` has a mesh that sybils can graft into. */
export const attacksGossip = ({ attack }: Pick<Scenario, 'attack'>): boolean =>
  attack !== undefined && GOSSIP_ATTACKS.includes(attack.kind)

/** The fidelities that are written, and for `auto` the most exact that the size allows. */
export function chosenFidelity(scenario: Scenario, wish: ScenarioFile['fidelity']): Fidelity {
  const { gossip = 'auto', dht = 'auto' } = typeof wish === 'object' ? wish : {}
  const chosenDht = dht === 'auto' ? autoDht(scenario) : dht
  return { gossip: gossip === 'auto' ? autoGossip(scenario, chosenDht) : gossip, dht: chosenDht }
}

function autoDht(scenario: Scenario): DhtFidelity {
  if (scenario.attack?.kind === 'dht-eclipse') return 'exact'
  const exact = estimateCost(scenario, { gossip: 'stat', dht: 'exact' })
  return exact.seconds - estimateCost(scenario, { gossip: 'stat', dht: 'stat' }).seconds <= AUTO_SECONDS.dht ? 'exact' : 'stat'
}

function autoGossip(scenario: Scenario, dht: DhtFidelity): GossipFidelity {
  if (attacksGossip(scenario)) return 'exact'
  const exact = estimateCost(scenario, { gossip: 'exact', dht })
  if (exact.seconds - estimateCost(scenario, { gossip: 'stat', dht }).seconds <= AUTO_SECONDS.gossip) return 'exact'
  return scenario.peers <= TREE_PEERS_MAX ? 'tree' : 'stat'
}

export interface Affordable {
  /** Of this machine or its container: what can still be taken. */
  bytes: number
  secondsMax?: number
}

/** Why a run should not be begun as it is, with what to do instead; undefined: begin. */
export function tooExpensive(scenario: Scenario, { bytes, secondsMax = SECONDS_MAX }: Affordable): string | undefined {
  const cost = estimateCost(scenario)
  const fits = (other: Cost): boolean => other.bytes <= bytes * MEMORY_SHARE && other.seconds <= secondsMax
  if (cost.bytes > bytes * MEMORY_SHARE) {
    const smaller = peersWithin(scenario, (other) => other.bytes <= bytes * MEMORY_SHARE)
    return `not enough memory: ${count(scenario.peers)} peers need about ${mebi(cost.bytes)} MiB and ${mebi(bytes)} MiB are free; use ${offers(scenario, smaller, fits)}; --force runs it`
  }
  if (cost.seconds <= secondsMax) return undefined
  const smaller = peersWithin(scenario, (other) => other.seconds <= secondsMax / 4)
  return `${cost.text}: use ${offers(scenario, smaller, fits)}; --force runs it`
}

/** What would be begun: a cheaper fidelity, if that `fits`, and fewer peers. */
function offers(scenario: Scenario, smaller: number, fits: (cost: Cost) => boolean): string {
  const { gossip, dht } = scenario.fidelity
  const cheaper: Fidelity = {
    gossip: attacksGossip(scenario) ? gossip : 'stat',
    dht: scenario.attack?.kind === 'dht-eclipse' ? dht : 'stat',
  }
  const changed = [
    ...(cheaper.gossip === gossip ? [] : ['fidelity.gossip: stat']),
    ...(cheaper.dht === dht ? [] : ['fidelity.dht: stat']),
  ].join(' and ')
  const other = estimateCost(scenario, cheaper)
  const offer =
    changed === '' || !fits(other)
      ? []
      : [`${changed} (${big(other.events)} events, ${time(other.seconds)}; checked against exact at 10,000 peers)`]
  return [...offer, `--peers ${smaller}`].join(', or ')
}

/** The largest round number of peers, with the work scaled along, that fits. */
function peersWithin(scenario: Scenario, fits: (cost: Cost) => boolean): number {
  const sizes = [5e6, 2e6, 1e6, 5e5, 2e5, 1e5, 5e4, 2e4, 1e4, 5000, 2000, 1000, 500, 200]
  const { jobs } = scenario.workload
  const scaled = (peers: number): Scenario => ({
    ...scenario,
    peers,
    workload: {
      ...scenario.workload,
      jobs: jobs === undefined ? undefined : { ...jobs, count: Math.ceil((jobs.count * peers) / scenario.peers) },
    },
  })
  return sizes.find((peers) => peers < scenario.peers && fits(estimateCost(scaled(peers)))) ?? 100
}

const mebi = (bytes: number): string => count(bytes / 2 ** 20)
