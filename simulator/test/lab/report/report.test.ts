import { describe, expect, it } from 'vitest'
import { lorenzPlot, matchPlot } from '../../../lab/report/figures/distributions.ts'
import { attackPlot, pricePlot, recoveryPlot } from '../../../lab/report/figures/over-time.ts'
import { sweepPlots } from '../../../lab/report/figures/sweep.ts'
import { cdf, overTime } from '../../../lab/report/groups.ts'
import { runReport } from '../../../lab/report/report.ts'
import { format, unitOf, wordsOf } from '../../../lab/report/words.ts'
import { aJob } from '../builders/a-run.ts'
import { aView, everyPage, HOSTILE } from '../builders/pages.ts'

const group = (...runs: ReturnType<typeof aView>[]) => [{ label: 'one', runs }]

describe('report.html', () => {
  it('asks for nothing from anywhere, and forbids itself to', () => {
    for (const html of Object.values(everyPage())) {
      const markup = html.replaceAll(/<(script|style)[\s\S]*?<\/\1>/g, '')
      expect(markup).not.toMatch(/(?:src|href)="(?!#|data:,)/)
      expect(html).not.toMatch(/@import|url\(/)
      expect(html).toContain('default-src &#39;none&#39;')
    }
  })

  it('has a table of what challenges found, where there were any', () => {
    const view = aView()
    const row = {
      kind: 'doubler',
      peers: 4,
      caught: 3,
      challengesUntilCaught: 3.5,
      hoursUntilCaught: 5.19,
      passedShare: 0,
      avoidedByShare: 0.04,
    }
    const html = runReport({ label: 'x', runs: [{ ...view, document: { ...view.document, hardware: [row] } }] }, 'weft-sim x')
    expect(html).toMatch(/What challenges of hardware found[\s\S]*doubler[\s\S]*3\.5[\s\S]*5\.19[\s\S]*4 %/)
    expect(runReport({ label: 'x', runs: [view] }, 'weft-sim x')).not.toContain('challenges of hardware')
  })

  it('shows hostile names as text, in markup and in data', () => {
    const { hostile } = everyPage() as { hostile: string }
    for (const raw of ['<script>document.title', '<img src=x', '\u0000']) expect(hostile.includes(raw)).toBe(false)
    expect(hostile.includes('&lt;img src=x onerror=alert(1)&gt;')).toBe(true)
    // Three elements: the data, uPlot, the page's own script.
    expect(hostile.match(/<script/g)).toHaveLength(3)
    const data = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(hostile)?.[1] ?? ''
    expect(JSON.stringify(JSON.parse(data))).toContain('owned')
  })

  it('tells a stranger what was run, how, and how to repeat it', () => {
    const { run } = everyPage() as { run: string }
    for (const text of [
      'A day on a market of volunteers',
      '1,000',
      'gossip tree, DHT stat',
      '0123456789abcdef',
      '0011223344556601',
      'of 500 jobs; of ',
    ])
      expect(run).toContain(text)
    expect(run).toContain('<pre>npx --no weft simulate market-day --seed 1</pre>')
  })

  it('draws only what there is data for', () => {
    const silent = aView({ jobs: 0, columns: () => ({ pricePerUnitHour: Number.NaN, benchmarkPrice: Number.NaN }) })
    const bare = { ...silent, providers: [], histograms: {}, series: [], messages: [], traffic: [] }
    expect(runReport({ label: 'bare', runs: [bare] }, 'weft-sim x')).not.toContain('<figure')
    expect([matchPlot, lorenzPlot, pricePlot, attackPlot, recoveryPlot].map((plot) => plot(group(bare)))).toEqual(
      Array(5).fill(undefined),
    )
    expect(pricePlot(group(silent))).toBeUndefined()
  })

  it('says first that a run is partial and which invariants broke', () => {
    const view = aView({
      summary: { partial: 'stopped at 10 s', violations: [{ invariant: 'capacity', atSeconds: 3, text: 'promised 9 of 8' }] },
    })
    const html = runReport({ label: 'x', runs: [view] }, 'weft-sim x')
    expect(html.indexOf('Partial: stopped at 10 s')).toBeGreaterThan(0)
    expect(html.indexOf('promised 9 of 8')).toBeLessThan(html.indexOf('<main>'))
  })
})

describe('a figure', () => {
  it('ends the time to match at the share of jobs that were matched', () => {
    const view = {
      ...aView(),
      jobs: [100, 200, 400, -1].map((leasedMs, at) => aJob(at, 1, { leasedMs, firstBidMs: -1, startedMs: -1 })),
    }
    const [curve] = matchPlot(group(view))?.curves ?? []
    expect(curve).toMatchObject({ label: 'lease', x: [0.1, 0.2, 0.4], y: [0.25, 0.5, 0.75] })
  })

  it('has one point for equal values, with the highest share', () => {
    expect(cdf('x', [1, 1, 2])).toMatchObject({ x: [1, 2], y: [2 / 3, 1] })
  })

  it('shows seeds as their median and their range', () => {
    const runs = [1, 2, 9].map((seed) => ({
      ...aView({ seed }),
      series: [
        { atSeconds: 60, a: seed },
        { atSeconds: 120, a: seed * 2 },
      ],
    }))
    expect(overTime('a', runs, 'a', (seconds) => seconds)).toEqual({
      label: 'a',
      x: [60, 120],
      y: [2, 4],
      low: [1, 2],
      high: [9, 18],
    })
  })

  it('leaves a gap in the price where nothing was traded', () => {
    const series = [10, Number.NaN, 30].map((price, at) => ({ atSeconds: at * 60, pricePerUnitHour: price, benchmarkPrice: 5 }))
    const paid = pricePlot(group({ ...aView(), series }))?.curves[0]
    expect(paid?.y).toEqual([10, null, 30])
  })

  it('measures recovery against the time before the first blow, and marks the blow', () => {
    const series = Array.from({ length: 20 }, (_, at) => ({
      atSeconds: at * 60,
      online: at < 10 ? 100 : 70,
      leasedJobs: at < 10 ? 50 : 25,
    }))
    const script = [{ atSeconds: 570, do: 'crash' as const, share: 0.3, of: 'all' as const }]
    const plot = recoveryPlot(group({ ...aView({ scenario: { script } }), series }))
    expect(plot?.curves.map(({ y }) => y.at(-1))).toEqual([0.7, 0.5])
    expect(plot?.marks?.[0]?.label).toBe('crash 30 %')
  })

  it('draws overhead per job against the swept number, on logarithmic axes when it spans a decade', () => {
    const groups = [100, 10_000].map((peers) => ({
      label: String(peers),
      runs: [1, 2].map((seed) => aView({ seed, jobs: 10 }, { peers })),
    }))
    const messages = sweepPlots(groups, 'peers', 3).find(({ id }) => id === 'overhead-messages')
    expect(messages?.x.log).toBe(true)
    expect(messages?.curves[0]?.y).toEqual([204_300, 204_300])
    expect(sweepPlots(groups.slice(0, 1), 'peers', 3)).toEqual([])
  })
})

describe('words of metrics', () => {
  it('are made of their names', () => {
    expect(wordsOf('timeToFirstBidMs')).toBe('Time to first bid')
    expect(wordsOf('gossipBytesPerJob')).toBe('Gossip bytes per job')
    expect(wordsOf(HOSTILE)).toContain('script')
  })

  it('come with values in the unit that the name ends with', () => {
    const shown = (name: string, value: number): string => format(value, unitOf(name))
    expect(shown('timeToLeaseMs', 1234)).toBe('1.23 s')
    expect(shown('utilisation', 0.1234)).toBe('12.3 %')
    expect(shown('jobSlowdownMilli', 1234)).toBe('1.23')
    expect(shown('gossipBytesPerJob', 2 ** 21)).toBe('2 MiB')
    expect(shown('pricePerUnitHour', 412_345)).toBe('412 k µ')
    expect(shown('receipts', Number.NaN)).toBe('–')
  })
})
