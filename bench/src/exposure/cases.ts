import { type Attack, presets, type Scenario } from '@weft/simulator'

/** One way of cheating, and which of the run's figures says what the honest side lost by it. */
export interface Case {
  name: string
  /** `…ShareOfBound` of the run: largest loss over its bound. */
  share: 'honestLossShareOfBound' | 'renterLossShareOfBound' | 'strangersShareOfBound'
  /** Micro-units lost in all, where the figure is of single leases. */
  lost: 'honestLossMicro' | 'renterLossMicro'
  leases: 'leasesWithByzantineRenters' | 'leasesWithByzantineProviders'
  scenario: Scenario
}

export interface Size {
  peers: number
  jobs: number
  /** Fresh identities, each with one job. */
  identities: number
}

export const WHOLE: Size = { peers: 24, jobs: 60, identities: 100 }
export const SHORT: Size = { peers: 10, jobs: 12, identities: 20 }

const OF_RENTERS = { share: 'honestLossShareOfBound', lost: 'honestLossMicro', leases: 'leasesWithByzantineRenters' } as const
const OF_PROVIDERS = { share: 'renterLossShareOfBound', lost: 'renterLossMicro', leases: 'leasesWithByzantineProviders' } as const

/** Every renter, or every provider, cheats in one way; the others are honest and nothing else goes wrong. */
export function exposureCases(size: Size): Case[] {
  type Liars = Extract<Attack, { kind: 'liars' }>
  const liars = (of: Liars['of'], role: Liars['role']): Attack => ({ kind: 'liars', of, role, share: 1 })
  return [
    { name: 'a renter that goes silent', ...OF_RENTERS, scenario: market(size, liars('renters', 'free-rider')) },
    { name: 'a renter that objects to everything', ...OF_RENTERS, scenario: market(size, liars('renters', 'objector')) },
    { name: 'a renter that shaves off what it may', ...OF_RENTERS, scenario: market(size, liars('renters', 'shaver')) },
    { name: 'a provider that inflates its counters', ...OF_PROVIDERS, scenario: market(size, liars('providers', 'inflater')) },
    {
      name: 'a provider that claims the most that passes',
      ...OF_PROVIDERS,
      scenario: market(size, liars('providers', 'creeper')),
    },
    { name: 'a provider that replays', ...OF_PROVIDERS, scenario: market(size, liars('providers', 'replayer')) },
    { name: 'a provider that skips numbers', ...OF_PROVIDERS, scenario: market(size, liars('providers', 'skipper')) },
    { name: 'a provider that forks its chain', ...OF_PROVIDERS, scenario: market(size, liars('providers', 'forker')) },
    ...(['free-rider', 'shaver'] as const).map(
      (role): Case => ({
        name: `${size.identities} fresh identities, a short job each: ${role}s`,
        ...OF_RENTERS,
        share: 'strangersShareOfBound',
        scenario: identities(size, role),
      }),
    ),
  ]
}

const market = ({ peers, jobs }: Size, attack: Attack): Scenario =>
  scenario({ peers, jobs, jobSeconds: 300, attack, providerShare: 0.5 })

/** Renters that pay nothing, or too little, about one job each, and few enough providers that their caps are nearly used up. */
const identities = ({ identities }: Size, role: 'free-rider' | 'shaver'): Scenario =>
  scenario({
    peers: Math.round(identities * 1.1),
    jobs: identities,
    jobSeconds: 30,
    attack: { kind: 'liars', of: 'renters', role, share: 1 },
    providerShare: 0.08,
    queueSeconds: 1_800,
  })

interface Init {
  peers: number
  jobs: number
  jobSeconds: number
  attack: Attack
  providerShare: number
  queueSeconds?: number
}

function scenario(init: Init): Scenario {
  const { peers, jobs, jobSeconds, attack, providerShare, queueSeconds = 200 } = init
  return presets.defaultScenario({
    name: 'exposure',
    seed: 1,
    peers,
    durationSeconds: 3_600,
    settleSeconds: 3_600,
    links: presets.LINKS.uniform,
    regions: [...presets.REGIONS.uniform],
    nat: presets.NO_NAT,
    fleet: { ...presets.FLEET, providerShare },
    market: { ...presets.MARKET, renterShare: 1 },
    workload: {
      jobs: {
        count: jobs,
        arrivals: 'poisson',
        atSeconds: 100,
        burstiness: 1,
        durationSeconds: { p: [0, 1], x: [jobSeconds, jobSeconds] },
        durationMaxSeconds: jobSeconds,
        gpus: { p: [0, 1], x: [1, 1] },
        gpusMax: 4,
        long: undefined,
        vramGiB: [{ share: 1, vramGiB: 0 }],
        failShare: 0,
        cancelShare: 0,
        budget: { p: [0, 1], x: [3, 3] },
        queueSeconds,
        trace: [],
        imageMiB: 1,
      },
      stream: undefined,
      lookups: undefined,
    },
    attack,
    faults: { ...presets.NO_FAULTS, untilSeconds: 3_600 },
    script: [],
    metrics: { intervalSeconds: 60 },
    fidelity: { gossip: 'exact', dht: 'stat' },
  })
}
