/** Rows of FID for a whole market: the cheapest fidelities against the most exact ones, in the scenario market-day itself. */
import { type JobRow, type RunResult, runScenario } from '@weft/simulator'
import { loadScenario, makeHistogram } from '@weft/simulator/lab'
import { FIDELITY, fidelityRow, meanOf, quantileOf, type Validation, type ValidationRow } from '@weft/simulator/validate'

/** Half an hour at the start of a day, with five times as many jobs an hour as the scenario has, so that medians stand on six hundred. */
const SETTINGS = [`peers=${FIDELITY.peers}`, 'duration=30m', 'settle=1m', 'workload.jobs=200']
const SEEDS = [4, 5, 6]

/** How far `stat` may be from `exact`, as shares; set after runs with other seeds. */
const WIDTHS = { median: 0.1, p95: 0.15, mean: 0.1, price: 0.05, leased: 0.01, bids: 0.15 } as const

interface Market {
  jobs: JobRow[]
  /** Late ones included. */
  bidsSent: number
}

async function market(fidelity: 'exact' | 'stat'): Promise<Market> {
  const results: RunResult[] = []
  for (const seed of SEEDS) {
    const set = [...SETTINGS, `seed=${seed}`, `fidelity.gossip=${fidelity}`, `fidelity.dht=${fidelity}`]
    const { scenario } = await loadScenario('market-day', { set })
    results.push(await runScenario(scenario, { makeHistogram }))
  }
  const bids = results.flatMap(({ traffic }) => traffic.filter(({ kind }) => kind === 'bid'))
  return { jobs: results.flatMap(({ jobs }) => jobs), bidsSent: bids.reduce((sum, { messages }) => sum + messages, 0) }
}

async function marketFidelityRows(): Promise<ValidationRow[]> {
  const [exact, stat] = [await market('exact'), await market('stat')]
  const against = (metric: string, of: (measured: Market) => number, share: number) =>
    fidelityRow({
      setup: `market-day, stat against exact, ${FIDELITY.peers} peers, ${exact.jobs.length} jobs in ${SEEDS.length} runs of 30 minutes`,
      metric,
      exact: of(exact),
      ours: of(stat),
      share,
    })
  return [
    against('median until the first bid, ms', (of) => quantileOf(firstBids(of), 0.5), WIDTHS.median),
    against('median until a lease, ms', (of) => quantileOf(leases(of), 0.5), WIDTHS.median),
    against('p95 until a lease, ms', (of) => quantileOf(leases(of), 0.95), WIDTHS.p95),
    against('share of jobs leased', (of) => leases(of).length / of.jobs.length, WIDTHS.leased),
    against('rounds a job, mean', ({ jobs }) => meanOf(jobs.map(({ rounds }) => rounds)), WIDTHS.mean),
    against('bids in time a job, mean', ({ jobs }) => meanOf(jobs.map(({ bids }) => bids)), WIDTHS.mean),
    against('price an hour, mean', ({ jobs }) => meanOf(prices(jobs)), WIDTHS.price),
    against('bids sent, late ones included', ({ bidsSent }) => bidsSent, WIDTHS.bids),
  ]
}

const sorted = (values: number[]): Float64Array => Float64Array.from(values).sort()
const firstBids = ({ jobs }: Market) => sorted(jobs.flatMap(({ firstBidMs }) => (firstBidMs < 0 ? [] : [firstBidMs])))
const leases = ({ jobs }: Market) => sorted(jobs.flatMap(({ leasedMs }) => (leasedMs < 0 ? [] : [leasedMs])))
const prices = (jobs: JobRow[]) => jobs.flatMap(({ leasedMs, pricePerHour }) => (leasedMs < 0 ? [] : [pricePerHour]))

/** Apart from the other validations, which know no scenario files. */
export const marketFidelity: Validation = { id: 'FID', slow: true, run: marketFidelityRows }
