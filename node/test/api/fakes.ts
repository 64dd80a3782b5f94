import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type JobId, jobId, type LeaseId, leaseId, micros, type PeerId, peerId } from '@weft/protocols'
import type {
  AskingView,
  EarningsQuery,
  EarningsView,
  ExplainView,
  JobRequest,
  JobView,
  LeaseView,
  Note,
  OfferView,
  ReceiptView,
  StatementView,
  WantsView,
} from '@weft/protocols/core'
import type { ApiComponents, Market } from '../../src/api/components.ts'
import { JobFeed } from '../../src/api/feed.ts'
import { buildApi, closeApi } from '../../src/api/server.ts'
import type { StatusView, Submission } from '../../src/api/views.ts'
import { resolveConfig } from '../../src/config/index.ts'
import { PriceBook } from '../../src/prices/book.ts'
import { JobFiles } from '../../src/results/job-files.ts'

export const PROVIDER = '12D3KooWQYhTNQdmr3ArTeUHRYzFg94BKyTkoWBDWez9kSCVe2Xo' as PeerId
export const LEASE = leaseId('b'.repeat(64))
export const ID = jobId('a'.repeat(32))

export function aJob(fields: Partial<JobView> = {}): JobView {
  return {
    jobId: ID,
    name: 'busybox-aaaa',
    state: 'seeking',
    endReason: null,
    exitCode: null,
    attempts: [],
    bids: 0,
    refusals: {},
    amount: '0',
    currency: 'USD',
    receipts: { count: 0, countersigned: 0 },
    timings: {
      orderedMs: null,
      firstBidMs: null,
      leasedMs: null,
      deliveredMs: null,
      startedMs: null,
      firstOutputMs: null,
      endedMs: null,
    },
    outputs: null,
    image: 'busybox',
    command: ['true'],
    wants: {
      gpuCount: 0,
      gpuVramMib: 0,
      gpuVendor: '',
      gpuModels: [],
      gpuComputeCapability: '',
      cpuMilli: 1000,
      memoryMib: 512,
      diskMib: 512,
      regions: [],
      arch: 'amd64',
      currency: 'USD',
      maxPricePerHour: '1000000',
    },
    submittedAt: '2026-01-01T00:00:00.000Z',
    detail: '',
    ...fields,
  }
}

export function aSubmission(fields: Partial<Submission> = {}): Submission {
  return {
    name: '',
    image: 'busybox',
    command: ['true'],
    env: [],
    workdir: '',
    inputs: [],
    outputs: [],
    resources: {
      gpuCount: 0,
      gpuVramMib: 0,
      gpuVendor: '',
      gpuModels: [],
      gpuComputeCapability: '',
      cpuMilli: 1000,
      memoryMib: 512,
      diskMib: 512,
    },
    regions: [],
    currency: 'USD',
    maxPricePerHour: '1000000',
    maxTotal: '1000000',
    maxRunMs: 0,
    queueMs: 600_000,
    awayMs: 0,
    lostAfterMs: 0,
    attemptsMax: 3,
    retryFailed: 0,
    typed: [],
    ...fields,
  }
}

/** A host whose jobs are whatever the test says they are. */
export class FakeMarket implements Market {
  readonly views = new Map<JobId, JobView>()
  readonly cancelled: JobId[] = []
  readonly submitted: JobRequest[] = []

  async submit(request: JobRequest): Promise<JobView> {
    this.submitted.push(request)
    const view = aJob({ jobId: request.jobId, name: request.name })
    this.views.set(request.jobId, view)
    return view
  }

  async cancel(id: JobId): Promise<void> {
    this.cancelled.push(id)
    this.set({ ...this.view(id), state: 'cancelled', endReason: 'renter.cancelled' })
  }

  set(view: JobView): void {
    this.views.set(jobId(view.jobId), view)
  }

  view(id: JobId): JobView {
    return this.views.get(id) ?? aJob()
  }

  jobs = (): JobView[] => [...this.views.values()]
  job = (id: JobId): JobView | undefined => this.views.get(id)
  looks: string[] = []
  refreshOffers = (shelf: string): void => {
    this.looks.push(shelf)
  }
  leases = (): LeaseView[] => [
    {
      leaseId: LEASE,
      renter: PROVIDER,
      acceptedAt: '2026-01-01T00:00:00.000Z',
      resources: { gpuCount: 2, gpuModel: 'rtx-4090', gpuVramGiB: 23.99, cpus: 4, memoryGiB: 16, diskGiB: 50 },
      state: 'running',
      amount: '5',
      currency: 'USD',
      receipts: { count: 2, countersigned: 1 },
      endReason: null,
      paused: null,
    },
  ]
  measure = (): void => {}
  offers = (): OfferView[] => [
    {
      peerId: PROVIDER,
      class: 'gpu-24g',
      gpus: [
        {
          vendor: 'nvidia',
          model: 'rtx-4090',
          vramGiB: 24,
          count: 1,
          computeCapability: '8.9',
          detected: true,
          pricePerHour: '350000',
        },
      ],
      cpus: 8,
      memoryGiB: 32,
      diskGiB: 100,
      pricePerHour: '400000',
      prices: { start: '0', cpuHour: '5000', memoryGibHour: '300', diskGibHour: '4', egressGib: '10000' },
      arch: 'amd64',
      currency: 'USD',
      region: 'eu',
      seenVia: ['gossip'],
      ageSeconds: 3,
      measured: null,
    },
  ]
  explain = (wants: WantsView): ExplainView => ({
    wants,
    known: 2,
    fitting: 0,
    constraints: [{ reason: 'gpu-vram', providers: 2, alone: 1 }],
    relaxations: [
      { reason: 'gpu-vram', wants: { ...wants, gpuVramMib: 8192 }, providers: 1, pricePerHour: '310000', currency: 'USD' },
    ],
    providers: [{ peerId: PROVIDER, fails: ['gpu-vram'], pricePerHour: '310000', currency: 'USD' }],
  })
  receipts = async (): Promise<ReceiptView[]> => [
    {
      leaseId: LEASE,
      seq: 1,
      kind: 'final',
      role: 'renter',
      counterparty: PROVIDER,
      runMs: 1000,
      pausedMs: 0,
      amount: '5',
      currency: 'USD',
      countersigned: true,
      sentAt: '2026-01-01T00:00:01.000Z',
    },
  ]
  accounts = async (): Promise<PeerId[]> => [peerId(PROVIDER)]
  statements = async (): Promise<StatementView[]> => [
    {
      peer: PROVIDER,
      currency: 'USD',
      number: 1,
      state: 'agreed',
      statementId: 'd'.repeat(64),
      leases: 1,
      earned: '5',
      spent: '0',
      net: '5',
      creditor: 'us',
      issuedAt: '2026-01-01T00:00:01.000Z',
      reference: null,
    },
  ]
  settle = this.statements
  earnings = async ({ role, by }: EarningsQuery): Promise<EarningsView> => {
    const sums = { currency: 'USD', agreed: '5', open: '1', stated: '4', paid: '0' }
    return { role, by, rows: [{ key: '2026-01-01', leases: 1, ...sums }], totals: [sums] }
  }
  acknowledge = async (peer: PeerId, currency: string, number: number, reference: string): Promise<StatementView> => {
    const [view] = await this.statements()
    return { ...(view as StatementView), peer, currency, number, reference, state: 'paid' }
  }
  streamBundle = async function* (): AsyncGenerator<Uint8Array> {
    yield Uint8Array.of(1, 2, 3)
  }
}

/** Output spools that the test grows by hand. */
export class FakeResults {
  readonly leaseIds: LeaseId[] = []
  readonly #callbacks = new Set<() => void>()
  leases = async (): Promise<LeaseId[]> => this.leaseIds
  watch = (_id: JobId, callback: () => void): (() => void) => {
    this.#callbacks.add(callback)
    return () => this.#callbacks.delete(callback)
  }
  get watchers(): number {
    return this.#callbacks.size
  }
  grown(): void {
    for (const callback of this.#callbacks) callback()
  }
}

export async function fakeApi() {
  const folder = mkdtempSync(join(tmpdir(), 'weft-api-'))
  const market = new FakeMarket()
  const results = new FakeResults()
  const feed = new JobFeed(() => performance.now())
  const files = new JobFiles(join(folder, 'jobs'))
  const calls: string[] = []
  const status: StatusView = {
    peerId: PROVIDER,
    network: 'weft',
    roles: ['renter'],
    addresses: [],
    connections: 0,
    engine: null,
    leases: 1,
    guard: null,
    uptimeSeconds: 1,
    disk: null,
    lends: null,
    clock: { off: false, aheadMs: 0, peers: 0 },
    draining: false,
    version: '0.0.0',
    pid: 1,
  }
  const { settings, origins } = resolveConfig({})
  const prices = new PriceBook({ ...settings, origins, file: join(folder, 'config.yaml') })
  prices.attach({
    asking: () => ASKING,
    setCapacity: () => calls.push('setCapacity'),
    setPricing: () => calls.push('setPricing'),
  })
  const components: ApiComponents = {
    market,
    peer: {
      status: () => status,
      connections: () => [
        { peerId: PROVIDER, address: '/ip4/127.0.0.1/tcp/1', direction: 'inbound', relayed: false, openSeconds: 1 },
      ],
      doctor: async () => ({
        ok: true,
        checks: [{ id: 'engine', ok: true, text: 'answers', fix: '' }],
        capacity: { gpus: [], cpus: 2, memoryGiB: 4, diskGiB: 100, linkMbit: null, measuredByOthers: null },
      }),
      drain: () => calls.push('drain'),
      shutdown: () => calls.push('shutdown'),
      metrics: async () => 'weft_leases 1\n',
    },
    prices,
    measuring: {
      measure: async (_host, provider) => ({ provider, verdict: 'refused', why: 'busy', measured: null, path: null }),
    },
    desk: { submit: async ({ name }) => market.submit({ jobId: ID, name } as JobRequest) },
    feed,
    files,
    results,
    clock: {
      era: 'boot',
      monoMs: () => performance.now(),
      wallMs: () => Date.now(),
      after: () => () => undefined,
      set: () => {},
    },
  }
  const app = await buildApi(components)
  const close = async (): Promise<void> => {
    await closeApi(app)
    rmSync(folder, { recursive: true, force: true })
  }
  return { app, market, results, feed, files, folder, calls, components, close }
}

/** Half idle, at half price. */
const ASKING: AskingView = {
  pricing: 'utilisation',
  currency: 'USD',
  announced: { start: '0', cpuHour: '20000', memoryGibHour: '3000', diskGibHour: '100', egressGib: '10000' },
  asked: { start: '0', cpuHour: '10000', memoryGibHour: '1500', diskGibHour: '50', egressGib: '5000' },
  gpus: [{ vendor: 'nvidia', model: 'rtx-4090', vramMib: 24_564, count: 2, announced: '220000', asked: '110000' }],
  utilisation: 0.5,
  won: 3,
  lost: 1,
  level: 1_000_000,
}

/** Notes of a short job, in order. */
export const NOTES = {
  ordered: { type: 'ordered', jobId: ID, orderId: 'c'.repeat(64), round: 1, class: 'cpu', askedDirectly: 1 } as unknown as Note,
  bid: {
    type: 'bid',
    jobId: ID,
    provider: PROVIDER,
    pricePerHour: micros(400_000n),
    currency: 'USD',
    startInMs: 10,
    firm: true,
  } as Note,
  ended: {
    type: 'job-ended',
    jobId: ID,
    state: 'done',
    endReason: 'workload.done',
    exitCode: 0,
    amount: micros(7n),
    currency: 'USD',
    detail: '',
  } as Note,
}
