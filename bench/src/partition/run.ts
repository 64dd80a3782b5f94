import { setTimeout as delay } from 'node:timers/promises'
import type { Submission } from '@weft/node'
import type { JobView } from '@weft/protocols/core'
import { gather, leasesOf, left, type Surveyed, until } from '../crash/evidence.ts'
import { isOpen, PLAIN } from '../crash/jobs.ts'
import { Lives } from '../crash/lives.ts'
import { judge, type Verdict } from '../crash/verdict.ts'
import { type Case, partition } from './cases.ts'
import type { Namespaces } from './namespaces.ts'

export interface PartitionInit extends Omit<Surveyed, 'stopGraceMs'> {
  cases: readonly Case[]
  namespaces: Namespaces
  image: string
  say: (line: string) => void
}

/** What one job did while the network was cut. */
export interface CaseOutcome extends Case {
  did: string
}

export interface Outcome extends Verdict {
  cases: CaseOutcome[]
}

const PROVIDERS = ['p1', 'p2'] as const
const RENTER = 'renter'
const ENV = { WEFT_TERMS_INTERVAL: '1s', WEFT_TERMS_STOP_AFTER: '10s', WEFT_TERMS_STOP_GRACE: '2s' }
const STOP_GRACE_MS = 2_000
/** The job works on for so long after the cut, if it can. */
const AFTER_SECONDS = 5
const START_MS_MAX = 60_000
const END_MS_MAX = 300_000
const CLOSE_MS_MAX = 120_000
const POLL_MS = 250

/** Runs the cases one after another over the same peers. */
export async function runCases(init: PartitionInit): Promise<Outcome> {
  const { namespaces, signal } = init
  await namespaces.open([...PROVIDERS, RENTER])
  const peers: Lives[] = [...PROVIDERS, RENTER].map((name, index) => peerOf(init, name, index, () => peers))
  for (const peer of peers) await peer.begin()
  const renter = peers.at(-1) as Lives
  const accepted = new Set<string>()
  const cases: CaseOutcome[] = []
  for (const one of init.cases) {
    const did = await runOne(init, one, { peers, renter, accepted })
    cases.push({ ...one, did })
    init.say(`${one.kind} cut of the ${one.who}, ${one.seconds} s: ${did}`)
  }
  const all = async () => (await renter.client?.get<JobView[]>('/v1/jobs'))?.body
  const providers = peers.filter(({ role }) => role === 'provider')
  await until(CLOSE_MS_MAX, signal, async () => (await leasesOf(providers)).every(({ state }) => state === 'closed'))
  const surveyed = { ...init, stopGraceMs: STOP_GRACE_MS }
  const evidence = await gather(surveyed, peers, { accepted, all, withoutOutputs: () => [] })
  await init.processes.endAll()
  return { cases, ...judge({ ...evidence, leftovers: await left(surveyed, providers) }) }
}

function peerOf(init: PartitionInit, name: string, index: number, others: () => Lives[]): Lives {
  const isProvider = name !== RENTER
  // The first is cheaper, so that it is known where a job begins.
  const lends = [
    '--provide',
    '--cpus',
    '1',
    '--memory',
    '128m',
    '--disk',
    '1g',
    '--gpus',
    'none',
    '--cpu-price',
    `${100 + index}`,
  ]
  return new Lives({
    ...init,
    name,
    role: isProvider ? 'provider' : 'renter',
    args: isProvider ? lends : [],
    env: ENV,
    place: { listen: `/ip4/${init.namespaces.address(index)}/tcp/4170`, inside: init.namespaces.inside(name) },
    through: () =>
      others().flatMap((other) =>
        other.name === name ? [] : other.addresses.filter((address) => !address.includes('127.0.0.1')),
      ),
  })
}

/** Resolves with what became of the job. */
async function runOne(
  { image, namespaces, signal }: PartitionInit,
  one: Case,
  { peers, renter, accepted }: { peers: readonly Lives[]; renter: Lives; accepted: Set<string> },
): Promise<string> {
  const seconds = one.seconds + AFTER_SECONDS
  const submission: Submission = {
    ...PLAIN,
    name: `cut-${accepted.size + 1}`,
    image,
    command: ['sh', '-c', `echo began; sleep ${seconds}; echo ended`],
    outputs: [],
    queueMs: 60_000,
    maxRunMs: 2 * seconds * 1_000,
  }
  const job = (await renter.client?.post<JobView>('/v1/jobs', submission))?.body
  if (job === undefined) return 'was not taken'
  accepted.add(job.jobId)
  let view: JobView = job
  let wasPaused = false
  const look = async (): Promise<JobView> => {
    view = (await renter.client?.get<JobView>(`/v1/jobs/${job.jobId}`))?.body ?? view
    wasPaused ||= (await leasesOf(peers.filter(({ role }) => role === 'provider'))).some(({ paused }) => paused !== null)
    return view
  }
  await until(START_MS_MAX, signal, async () => (await look()).state === 'running')
  if (view.state !== 'running') return `did not start: ${view.state}`
  const first = view.attempts.at(-1)
  const provider = peers.find(({ peerId }) => peerId === first?.provider)?.name ?? PROVIDERS[0]
  const cutting = partition(namespaces, one.who === 'renter' ? RENTER : provider, one, signal)
  const watching = until(END_MS_MAX, signal, async () => !isOpen(await look()))
  await Promise.all([cutting, watching])
  await delay(POLL_MS, undefined, { signal })
  return described(view, wasPaused)
}

function described({ state, endReason, attempts }: JobView, wasPaused: boolean): string {
  const end = state === 'done' ? 'done' : `ended with ${endReason ?? state}`
  if (attempts.length > 1) return `retried elsewhere after ${attempts[0]?.endReason ?? 'nothing'}, ${end}`
  return wasPaused ? `was paused, then ${end}` : state === 'done' ? 'went on, done' : end
}
