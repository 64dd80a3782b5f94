/** What is looked at when all is over: every peer's books and jobs, the engine's history, and what is still there. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Engine } from '@weft/node/executor'
import { WeftError } from '@weft/protocols'
import type { AuditReport, LeaseView } from '@weft/protocols/core'
import { leftovers } from '../mesh/leftovers.ts'
import type { Processes } from '../mesh/processes.ts'
import { readBook } from './books.ts'
import type { ContainerWatch } from './containers.ts'
import type { Jobs } from './jobs.ts'
import type { Lives } from './lives.ts'
import type { Evidence } from './verdict.ts'

export interface Surveyed {
  folder: string
  network: string
  processes: Processes
  /** Undefined: jobs run as plain processes. */
  engine: Engine | undefined
  watch: ContainerWatch | undefined
  stopGraceMs: number
  signal: AbortSignal
}

export type Submitted = Pick<Jobs, 'accepted' | 'all' | 'withoutOutputs'>

const POLL_MS = 500

/** Waits, but not for ever: what did not come about is for the verdict to say. */
export async function until(msMax: number, signal: AbortSignal, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + msMax
  while (!(await isSo()) && performance.now() < deadline) await delay(POLL_MS, undefined, { signal })
}

export async function leasesOf(providers: readonly Lives[]): Promise<LeaseView[]> {
  const answers = await Promise.all(providers.map(({ client }) => client?.get<LeaseView[]>('/v1/leases')))
  return answers.flatMap((answer) => answer?.body ?? [])
}

export async function gather(init: Surveyed, peers: readonly Lives[], jobs: Submitted): Promise<Evidence> {
  const { processes, signal, watch } = init
  const all = (await jobs.all()) ?? []
  const books = await Promise.all(peers.map((peer) => bookOf(init, peer)))
  if (watch?.broken !== undefined) throw new WeftError('ENGINE_EVENTS', `the engine's history is not complete: ${watch.broken}`)
  const bundles = peers.map(({ home }) => bundleIn(home))
  const { stdout } = await processes.weft(['audit', ...bundles, '--json'], { signal })
  return {
    accepted: jobs.accepted,
    jobs: all,
    leases: await leasesOf(peers.filter(({ role }) => role === 'provider')),
    withoutOutputs: jobs.withoutOutputs(all),
    books,
    problems: (JSON.parse(stdout) as AuditReport).problems,
    runs: watch?.runs,
    leftovers: [],
    stopGraceMs: init.stopGraceMs,
  }
}

async function bookOf({ processes, signal }: Surveyed, { home, peerId }: Lives) {
  await processes.json(['receipts', 'export', bundleIn(home), '--data', home], { signal })
  return readBook(peerId, await readFile(bundleIn(home)))
}

const bundleIn = (home: string): string => join(home, 'receipts.weft')

/** Once all peers have ended. */
export async function left({ folder, network, engine }: Surveyed, providers: readonly Lives[]): Promise<string[]> {
  const folders = await Promise.all(
    providers.map(async ({ name, home }) =>
      (await readdir(join(home, 'leases'))).map((entry) => `folder ${name}/leases/${entry}`),
    ),
  )
  return [...(await leftovers({ folder, network, engine, image: undefined })), ...folders.flat()]
}
