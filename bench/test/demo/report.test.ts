import { describe, expect, it } from 'vitest'
import { billPerProvider, type DemoJob, type DemoReport, failures, money } from '../../src/demo/report.ts'
import { Screen } from '../../src/demo/screen.ts'

const TIMINGS = { orderedMs: 1, firstBidMs: 2, leasedMs: 3, deliveredMs: 4, startedMs: 5, firstOutputMs: 6, endedMs: 7 }
const aJob = (changes: Partial<DemoJob> = {}): DemoJob => ({
  jobId: 'j',
  state: 'done',
  exitCode: 0,
  provider: 'p1',
  bids: 2,
  timings: TIMINGS,
  amount: '100',
  ...changes,
})
const aReport = (changes: Partial<DemoReport> = {}): DemoReport => ({
  executor: 'docker',
  peers: [],
  jobs: [aJob(), aJob({ provider: 'p2' }), aJob()],
  accuracy: 0.97,
  bootstrapKilled: true,
  audit: { leases: 3, receipts: 6, countersigned: 6, problems: [] },
  leftovers: [],
  ...changes,
})
const EXPECTED = { jobs: 3, spread: { jobs: 2, providers: 2 } }

describe('failures', () => {
  it('finds none when everything is as promised', () => {
    expect(failures(aReport(), EXPECTED)).toEqual([])
  })

  const cases: { name: string; changes: Partial<DemoReport>; says: RegExp }[] = [
    {
      name: 'a failed job',
      changes: { jobs: [aJob(), aJob({ provider: 'p2' }), aJob({ state: 'failed', exitCode: 1 })] },
      says: /2 of 3 jobs/,
    },
    {
      name: 'jobs that all ran on one provider',
      changes: { jobs: [aJob(), aJob(), aJob({ provider: 'p2' })] },
      says: /1 providers, not 2/,
    },
    { name: 'a poor classifier', changes: { accuracy: 0.9499 }, says: /0\.9499, below 0\.95/ },
    { name: 'no classifier', changes: { accuracy: null }, says: /unknown/ },
    { name: 'a bootstrap that lives', changes: { bootstrapKilled: false }, says: /bootstrap/ },
    {
      name: 'a lease that the audit does not know',
      changes: { audit: { leases: 2, receipts: 6, countersigned: 6, problems: [] } },
      says: /2 leases/,
    },
    {
      name: 'a bill without signatures',
      changes: { audit: { leases: 3, receipts: 6, countersigned: 0, problems: [] } },
      says: /0 receipts are countersigned/,
    },
    { name: 'something left behind', changes: { leftovers: ['process 12'] }, says: /left behind: process 12/ },
  ]
  for (const { name, changes, says } of cases) {
    it(`finds ${name}`, () => {
      expect(failures(aReport(changes), EXPECTED)).toEqual([expect.stringMatching(says)])
    })
  }
})

describe('the bill', () => {
  it('adds up per provider', () => {
    const bill = billPerProvider([aJob({ amount: '100' }), aJob({ provider: 'p2', amount: '7' }), aJob({ amount: '1' })])
    expect(bill).toEqual([
      { provider: 'p1', jobs: 2, amount: 101n },
      { provider: 'p2', jobs: 1, amount: 7n },
    ])
  })

  it('shows every micro-unit', () => {
    expect([0n, 7n, 1_234_567n].map(money)).toEqual(['0.000000', '0.000007', '1.234567'])
  })
})

describe('the screen', () => {
  function screen(isTTY: boolean, env: Record<string, string> = {}) {
    const written: string[] = []
    return { screen: new Screen({ isTTY, columns: 40, write: (text) => written.push(text) }, env), text: () => written.join('') }
  }

  it('tells a pipe each piece of news once, without any control character', () => {
    const { screen: on, text } = screen(false)
    on.beginLive(['a', 'b'])
    on.update(0, 'a: running', '10%')
    on.update(0, 'a: running', '20%')
    on.update(1, 'b: running')
    on.update(0, 'a: done')
    expect(text()).toBe('  a: running\n  b: running\n  a: done\n')
  })

  it('redraws in place on a terminal and gives the cursor back', () => {
    const { screen: on, text } = screen(true)
    on.beginLive(['a', 'b'])
    on.update(1, 'b: running', '50%')
    on.line('next')
    expect(text()).toContain('\u001b[2A\u001b[0J  a\n  b: running')
    expect(text()).toContain('\u001b[?25h  next\n')
  })

  it('has no colours when NO_COLOR is set', () => {
    const { screen: on } = screen(true, { NO_COLOR: '1' })
    expect(on.paint('red', 'x')).toBe('x')
  })

  it('cuts a live line to the width of the terminal', () => {
    const { screen: on, text } = screen(true)
    on.beginLive(['x'.repeat(100)])
    expect(text()).toContain(`  ${'x'.repeat(37)}…\n`)
  })
})
