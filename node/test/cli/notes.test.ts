import { describe, expect, it } from 'vitest'
import type { NoteView } from '../../src/api/views.ts'
import { gapLine, noteLines, progressLine, survivalLine } from '../../src/cli/render/notes.ts'
import { Screen } from '../../src/cli/render/screen.ts'
import { sink } from './capture.ts'

const jobId = 'a'.repeat(32) as NoteView extends { jobId: infer Id } ? Id : never
const lease = 'b'.repeat(64)
const peer = '12D3KooWQYhTNQdmr3ArTeUHRYzFg94BKyTkoWBDWez9kSCVe2Xo'

const note = (fields: object): NoteView => ({ jobId, leaseId: lease, provider: peer, ...fields }) as unknown as NoteView
const ranked = (provider: string, pricePerHour: string, startInMs: number) => ({
  provider,
  bidId: 'c'.repeat(64),
  pricePerHour,
  startInMs,
  reliability: 1,
  score: 1,
})

const CASES: [string, NoteView, string[]][] = [
  [
    'an order',
    note({ type: 'ordered', orderId: 'd'.repeat(64), round: 0, class: 'gpu-24g', askedDirectly: 3 }),
    ['order dddddddddddd is out to providers of class gpu-24g; 3 known providers asked directly'],
  ],
  [
    'a later round that nobody is asked directly in',
    note({ type: 'ordered', orderId: 'd'.repeat(64), round: 1, class: 'cpu', askedDirectly: 0 }),
    ['order dddddddddddd is out to providers of class cpu, round 2'],
  ],
  [
    'a firm bid with its price',
    note({ type: 'bid', pricePerHour: '400000', currency: 'USD', startInMs: 200, firm: true }),
    ['bid      …kSCVe2Xo  0.40 USD/h  starts in 0.2s  firm'],
  ],
  ['a refusal', note({ type: 'refusal', reason: 'busy' }), ['refusal  …kSCVe2Xo  busy']],
  [
    'the cheapest and soonest of two',
    note({ type: 'auction-closed', why: 'all-answered', ranked: [ranked(peer, '1', 5), ranked('p2', '2', 9)] }),
    ['chosen   …kSCVe2Xo of 2: cheapest and soonest, 0.000001/h (every provider asked has answered)'],
  ],
  [
    'a dearer one that starts soonest',
    note({ type: 'auction-closed', why: 'enough', ranked: [ranked(peer, '3', 5), ranked('p2', '2', 9)] }),
    ['chosen   …kSCVe2Xo of 2: starts soonest, 0.000003/h (enough bids are in)'],
  ],
  [
    'one that is neither',
    note({ type: 'auction-closed', why: 'window', ranked: [ranked(peer, '3', 9), ranked('p2', '2', 99), ranked('p3', '9', 5)] }),
    ['chosen   …kSCVe2Xo of 3: best of price, start and record, 0.000003/h (the time for bids is over)'],
  ],
  [
    'an auction without bids',
    note({ type: 'auction-closed', why: 'window', ranked: [] }),
    ['no bid to take: the time for bids is over'],
  ],
  ['a lease', note({ type: 'leased' }), ['leased   …kSCVe2Xo  lease bbbbbbbbbbbb']],
  [
    "bytes under way, which are the bar's business",
    note({ type: 'progress', phase: 'delivering', doneBytes: 1, totalBytes: 2, text: '' }),
    [],
  ],
  [
    'a pause',
    note({ type: 'progress', phase: 'paused', doneBytes: 0, totalBytes: 0, text: '' }),
    ['container is paused, and so is the bill'],
  ],
  [
    'an accepted receipt, silently',
    note({ type: 'receipt', seq: 1, kind: 'interval', amount: '1', currency: 'USD', accepted: true, objection: undefined }),
    [],
  ],
  [
    'an objection',
    note({ type: 'receipt', seq: 4, kind: 'interval', amount: '1', currency: 'USD', accepted: false, objection: 'run-ms' }),
    ['objected to receipt 4: run-ms'],
  ],
  [
    'a lost provider',
    note({ type: 'attempt-ended', endReason: 'network.lost', exitCode: undefined, amount: '0', currency: 'USD', detail: '' }),
    ['attempt on …kSCVe2Xo ended: network.lost'],
  ],
  [
    'an order that nobody can take, and why',
    note({ type: 'unfilled', round: 0, known: 3, ruledOut: { price: 2, 'gpu-vram': 1 }, nextInMs: 4000 }),
    ['nobody took the order; of 3 known: 2 above the price limit, 1 too little GPU memory; asking again in 4.0s'],
  ],
  ['a retry', note({ type: 'retry', inMs: 2000, why: 'no bids' }), ['looking again in 2.0s: no bids']],
  [
    'text of a peer that would move the cursor',
    note({ type: 'refusal', reason: 'busy\u001b[2J\u202e' }),
    ['refusal  …kSCVe2Xo  busy\\x1b[2J\\x202e'],
  ],
]

describe('what an attached run prints', () => {
  it.each(CASES)('tells of %s', (_name, view, lines) => {
    expect(noteLines(view)).toEqual(lines)
  })

  it('says with an unfilled order when the search gives up', () => {
    const unfilled = note({ type: 'unfilled', round: 0, known: 0, ruledOut: {}, nextInMs: 4000 })
    expect(noteLines(unfilled, 116_000)[0]).toMatch(/asking again in 4\.0s, giving up in 1m56s \(--queue\)$/)
  })

  it('shows progress with and without a known total', () => {
    expect(progressLine(512, 1024)).toBe('image and inputs   50%  512 B of 1.0 KiB')
    expect(progressLine(512, 0)).toBe('image and inputs  512 B')
  })

  it('says how long a job outlives this peer', () => {
    expect(survivalLine(50_000, true)).toContain('stopped after 50s')
    expect(survivalLine(50_000, false)).toContain('weft up -d')
  })

  it('says why output is missing, and how much where that is known', () => {
    expect(gapLine(2048)).toBe('weft: 2.0 KiB of output are missing here: the limit was reached')
    expect(gapLine(0)).toBe('weft: some output is missing here: the provider restarted')
  })
})

it('a bid above the limit is refused in words: what was asked, and what the limit is', () => {
  const err = sink()
  const screen = new Screen({ out: sink().stream, err: err.stream, interactive: false, width: 80 }, 1_000, '400000')
  screen.note(note({ type: 'bid', pricePerHour: '520000', currency: 'USD', startInMs: 200, firm: false }), 1)
  screen.note(note({ type: 'refusal', reason: 'price' }), 2)
  screen.note(note({ type: 'refusal', reason: 'busy' }), 3)
  expect(err.text().split('\n').slice(1)).toEqual([
    'refusal  …kSCVe2Xo  asked 0.52 USD/h, above your limit of 0.40',
    'refusal  …kSCVe2Xo  busy',
    '',
  ])
})
