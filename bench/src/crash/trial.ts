/** One crash test from the first peer to the verdict. */
import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Engine } from '@weft/node/executor'
import { SeededRandom } from '@weft/protocols/testing'
import type { Processes } from '../mesh/processes.ts'
import type { ContainerWatch } from './containers.ts'
import { drawDeaths } from './deaths.ts'
import { gather, leasesOf, left, until } from './evidence.ts'
import { isOpen, Jobs, LIMITS } from './jobs.ts'
import { Kills, Lives } from './lives.ts'
import { judge, type Verdict } from './verdict.ts'

export interface TrialInit {
  seed: number
  kills: number
  folder: string
  network: string
  processes: Processes
  /** Undefined: jobs run as plain processes. */
  engine: Engine | undefined
  watch: ContainerWatch | undefined
  image: string
  command: (seconds: number) => string[]
  log: (line: string) => void
  signal: AbortSignal
}

export interface Trial extends Verdict {
  kills: number
  /** Guards that were killed beside them. */
  guards: number
  jobs: number
  /** How the jobs ended. */
  states: Record<string, number>
  /** How often a peer died at each failpoint. */
  failpoints: Record<string, number>
}

const PROVIDERS = ['p1', 'p2'] as const
const ATTEMPTS_MAX = 3
const TERMS = { intervalMs: 1_000, stopAfterMs: 6_000, stopGraceMs: 2_000 }
/** Signalled to its peers by configuration, so that jobs and permits last seconds. */
const ENV = { WEFT_TERMS_INTERVAL: '1s', WEFT_TERMS_STOP_AFTER: '6s', WEFT_TERMS_STOP_GRACE: '2s' }
/** Every attempt may be sought, run and be waited for; final receipts are repeated after a minute at most. */
const END_MS_MAX = ATTEMPTS_MAX * (LIMITS.queueMs + LIMITS.maxRunMs + 2 * TERMS.stopAfterMs + TERMS.stopGraceMs) + 60_000
const CLOSE_MS_MAX = 90_000
const POLL_MS = 500
const REPORT_EVERY = 10

export const newNetwork = (): string => `crash-${randomBytes(6).toString('hex')}`

/** Where one part fails, the others end as well. */
export async function runTrial(init: TrialInit): Promise<Trial> {
  const giveUp = new AbortController()
  try {
    return await run({ ...init, signal: AbortSignal.any([init.signal, giveUp.signal]) })
  } catch (error) {
    giveUp.abort(error)
    throw error
  }
}

async function run(init: TrialInit): Promise<Trial> {
  const kills = new Kills(init.kills)
  const peers: Lives[] = [...PROVIDERS, 'renter'].map((name) => livesOf(init, name, () => peers))
  for (const peer of peers) await peer.begin()
  const renter = peers.at(-1) as Lives
  const jobs = new Jobs({ ...init, client: () => renter.client, random: new SeededRandom(init.seed) })
  const living = Promise.all(peers.map((peer, stream) => peer.run(drawDeaths(init.seed, stream, peer.role), kills)))
  const telling = tell(init, kills)
  await Promise.all([living, jobs.submitWhile(() => !kills.areSpent), telling])
  init.log(`${kills.done} kills; now all jobs must end`)
  await until(END_MS_MAX, init.signal, async () => (await jobs.all())?.some(isOpen) === false)
  const providers = peers.filter(({ role }) => role === 'provider')
  await until(CLOSE_MS_MAX, init.signal, async () => (await leasesOf(providers)).every(({ state }) => state === 'closed'))
  const surveyed = { ...init, stopGraceMs: TERMS.stopGraceMs }
  const evidence = await gather(surveyed, peers, jobs)
  await init.processes.endAll()
  const verdict = judge({ ...evidence, leftovers: [...evidence.leftovers, ...(await left(surveyed, providers))] })
  return {
    kills: kills.done,
    guards: kills.guards,
    jobs: evidence.jobs.length,
    states: counted(evidence.jobs),
    failpoints: Object.fromEntries(kills.at),
    ...verdict,
  }
}

function livesOf(init: TrialInit, name: string, others: () => Lives[]): Lives {
  const role = name === 'renter' ? 'renter' : 'provider'
  const unsafe = init.engine === undefined ? ['--unsafe-process-engine'] : []
  const lends = ['--provide', '--cpus', '1', '--memory', '128m', '--disk', '1g', '--gpus', 'none', '--cpu-price', '100']
  return new Lives({
    ...init,
    name,
    role,
    args: [...unsafe, ...(role === 'provider' ? lends : [])],
    env: ENV,
    through: () =>
      others()
        .filter((other) => other.name !== name)
        .flatMap(({ addresses }) => addresses),
  })
}

async function tell({ kills: wanted, log, signal }: TrialInit, kills: Kills): Promise<void> {
  for (let told = 0; !kills.areSpent; await delay(POLL_MS, undefined, { signal })) {
    if (kills.done < told + REPORT_EVERY) continue
    told = kills.done
    log(`${told} of ${wanted} kills`)
  }
}

function counted(jobs: readonly { state: string; endReason: string | null }[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { state, endReason } of jobs) {
    const key = state === 'done' ? state : `${state} ${endReason ?? ''}`.trim()
    counts[key] = (counts[key] ?? 0) + 1
  }
  return counts
}
