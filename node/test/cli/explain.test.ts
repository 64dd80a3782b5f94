// Goal: why a job finds nobody is told in the words of its flags, whole in weft explain and short where weft run gave up.
import type { WantsView } from '@weft/protocols/core'
import { expect, test } from 'vitest'
import { JobFeed } from '../../src/api/feed.ts'
import { refusedOf } from '../../src/api/refused.ts'
import type { ExplainedView } from '../../src/api/views.ts'
import { explainLines, explainText, relaxationLines } from '../../src/cli/render/explain.ts'
import { endLines, jobText } from '../../src/cli/render/job.ts'
import { refusedLine } from '../../src/cli/render/reasons.ts'
import { aJob, ID, NOTES, PROVIDER } from '../api/fakes.ts'

const WANTS: WantsView = {
  gpuCount: 2,
  gpuVramMib: 24_576,
  gpuVendor: '',
  gpuModels: ['h100'],
  gpuComputeCapability: '9.0',
  cpuMilli: 4_000,
  memoryMib: 8_192,
  diskMib: 1_024,
  regions: ['eu'],
  arch: 'amd64',
  currency: 'USD',
  maxPricePerHour: '400000',
}
const relaxed = (reason: string, change: Partial<WantsView>): ExplainedView['relaxations'][number] => ({
  reason,
  wants: { ...WANTS, ...change },
  providers: 3,
  pricePerHour: '310000',
  currency: 'USD',
})
const view = (set: Partial<ExplainedView> = {}): ExplainedView => ({
  wants: WANTS,
  known: 12,
  fitting: 0,
  constraints: [{ reason: 'gpu-vram', providers: 7, alone: 3 }],
  relaxations: [],
  providers: [],
  refused: [],
  ...set,
})

test.each([
  ['gpu-vram', { gpuVramMib: 22_528 }, 'with --vram 22g instead of 24g: 3 providers fit, from 0.31 USD/h'],
  ['gpu-count', { gpuCount: 1 }, 'with --gpus 1 instead of 2'],
  ['gpu-model', { gpuModels: ['a100'] }, 'with --gpu-model a100 instead of h100'],
  ['gpu-model', { gpuVendor: 'amd', gpuModels: ['mi300'] }, 'with --gpu-vendor amd, with --gpu-model mi300 instead of h100'],
  ['gpu-capability', { gpuComputeCapability: '8.9' }, 'with --compute-capability 8.9 instead of 9.0'],
  ['gpu-capability', { gpuComputeCapability: '' }, 'without --compute-capability'],
  ['cpu', { cpuMilli: 2_500 }, 'with --cpus 2.5 instead of 4'],
  ['memory', { memoryMib: 4_096 }, 'with --memory 4g instead of 8g'],
  ['disk', { diskMib: 800 }, 'with --disk 800m instead of 1g'],
  ['region', { regions: ['us'] }, 'with --region us instead of eu'],
  ['region', { regions: [] }, 'without --region'],
  ['arch', { arch: 'arm64' }, 'with an image for arm64 instead of amd64'],
  ['price', { maxPricePerHour: '450000' }, 'with --max-price 0.45 instead of 0.40'],
  ['currency', { currency: 'EUR' }, 'with --currency EUR instead of USD'],
])('%s relaxed to %j reads so that it can be typed', (reason, change, line) => {
  expect(explainText(view({ relaxations: [relaxed(reason, change)] }))).toContain(line)
})

test('the whole says what was asked for, what each constraint costs, and who refused', () => {
  const text = explainText(view({ refused: [{ peerId: PROVIDER, stage: 'award', reason: 'busy', times: 2, asked: null }] }))
  expect(text).toContain('asked for: 2 GPUs (h100, 24 GiB, compute capability 9.0), 4 cores')
  expect(text).toContain('of 12 known providers none would fit')
  expect(text).toMatch(/too little GPU memory +7 +3/)
  expect(text).toMatch(/kSCVe2Xo +when chosen +busy +2/)
})

test('every provider that would not fit is told with all that it falls short in, up to ten of them', () => {
  const short = (peerId: string): ExplainedView['providers'][number] => ({
    peerId,
    fails: ['gpu-count', 'price'],
    pricePerHour: '610000',
    currency: 'USD',
  })
  const fits = { ...short('12D3KooWfits0001'), fails: [] }
  const text = explainText(view({ known: 3, fitting: 1, providers: [fits, short(PROVIDER), short('12D3KooWsecond02')] }))
  expect(text).toMatch(
    /PROVIDER +WOULD COST +FALLS SHORT\n…kSCVe2Xo +0\.61 USD\/h +too few GPUs, above the price limit\n…second02 /,
  )
  expect(text).not.toMatch(/^…fits0001/m)
  expect(text).not.toContain('more fall short')
  const many = Array.from({ length: 12 }, (_, at) => short(`12D3KooWprovid${10 + at}`))
  const cut = explainText(view({ known: 14, providers: many }))
  expect(cut.match(/^…provid/gm)).toHaveLength(10)
  expect(cut).toContain('4 more fall short of as much or more; --json lists up to 200')
})

test('the short form is a line, and up to three changes', () => {
  const relaxations = [1, 2, 3, 4].map((gpuCount) => relaxed('gpu-count', { gpuCount }))
  const lines = explainLines(
    view({ relaxations, refused: [{ peerId: PROVIDER, stage: 'bid', reason: 'busy', times: 2, asked: null }] }),
  )
  expect(lines).toHaveLength(4)
  expect(lines[0]).toBe('of 12 known providers none would fit; ruled out: 7 too little GPU memory; refused: 1 busy')
})

test('where two constraints are in the way of everybody, it says that no one change helps', () => {
  expect(explainText(view())).toContain('no one change would find a provider')
  expect(explainLines(view()).at(-1)).toBe('no one change would find a provider')
  expect(explainLines(view({ known: 0, constraints: [] }))).toEqual(['no provider is known yet; see weft peers'])
})

test("who bid too much is told with what it asked, the job's own limit, and the price that would do", () => {
  const price = {
    peerId: PROVIDER,
    stage: 'bid',
    reason: 'price',
    times: 3,
    asked: { pricePerHour: '520000', currency: 'USD' },
  } as const
  const found = view({ relaxations: [relaxed('price', { maxPricePerHour: '520000' })], refused: [price] })
  expect(explainText(found)).toMatch(/kSCVe2Xo +when asked +asked 0.52 USD\/h, above your limit of 0.40 +3/)
  expect(explainLines(found)[0]).toContain('; refused: 1 above the price limit (asked 0.52 USD/h)')
  const seeking = aJob({ bids: 3, refusals: { price: 3 }, wants: WANTS })
  const refused = [refusedLine(price, WANTS)]
  const text = jobText(seeking, { refused, help: relaxationLines(found) })
  expect(text).toMatch(/^refused +…kSCVe2Xo asked 0.52 USD\/h, above your limit of 0.40 \(3 times\)$/m)
  expect(text).toMatch(/^what helps +with --max-price 0.52 instead of 0.40/m)
  expect(text).not.toContain('price 3')
})

test('what providers wrote cannot move the cursor', () => {
  const nasty = relaxed('region', { regions: ['\u001b[2J'] })
  expect(explainText(view({ relaxations: [nasty] }))).not.toContain('\u001b')
})

test('the end of a job that nobody took counts bids, and leaves who refused to what follows', () => {
  const end = aJob({
    state: 'failed',
    endReason: 'renter.price',
    detail: 'providers ruled out: price 3',
    bids: 3,
    refusals: { price: 3 },
  })
  expect(endLines(end, []).slice(0, 2)).toEqual(['failed (renter.price)', '3 bids'])
  const alone = aJob({ state: 'failed', endReason: 'network.no-peers', detail: 'no peer was reached' })
  expect(endLines(alone, [])).toEqual(['failed (network.no-peers): no peer was reached', expect.stringMatching(/^bill: /)])
})

test('a bid above the limit is kept with the refusal that it leads to', () => {
  const feed = new JobFeed(() => 0)
  feed.push(NOTES.bid)
  feed.push({ type: 'refusal', jobId: ID, provider: PROVIDER, reason: 'price' })
  expect(refusedOf(ID, feed)).toMatchObject([{ reason: 'price', asked: { pricePerHour: '400000', currency: 'USD' } }])
})

test('refusals of a job are counted by provider, stage and reason, the latest last', () => {
  const feed = new JobFeed(() => 0)
  const refusal = { type: 'refusal', jobId: ID, provider: PROVIDER, reason: 'busy' } as const
  feed.push(refusal)
  feed.push({ ...refusal, reason: 'credit' })
  feed.push(refusal)
  expect(refusedOf(ID, feed)).toEqual([
    { peerId: PROVIDER, stage: 'bid', reason: 'credit', times: 1, asked: null },
    { peerId: PROVIDER, stage: 'bid', reason: 'busy', times: 2, asked: null },
  ])
})
