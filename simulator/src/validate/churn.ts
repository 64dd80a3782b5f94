import { Kernel } from '../kernel/kernel.ts'
import { CHURN } from '../presets/churn.ts'
import { Crowd } from './crowd.ts'
import { row, type Validation, type ValidationRow } from './row.ts'

const SEED = 2
const PEERS = 5_000
const HOUR_US = 3_600e6
/** Sessions that begin in the first days count; they are watched for longer than all but one in a thousand lasts. */
const BEGIN_HOURS = 48
const WATCH_HOURS = 240

const CRAWL = 'Trautwein et al., Design and Evaluation of IPFS, SIGCOMM 2022, crawls of 198,964 peers (abstract and notes read)'
const NEBULA = 'weekly crawls of IPFS by ProbeLab, as cited in its RFM 17, 2022 (read): nine in ten leave before hour 12'
const RHEA = 'Rhea et al., Handling Churn in a DHT, USENIX 2004 (notes read): the median availability that it collects'

/** Sessions as they come out of the population, not as its table has them. */
async function c1(): Promise<ValidationRow[]> {
  const kernel = new Kernel({ seed: SEED, peers: PEERS })
  const sinceUs = new Float64Array(PEERS).fill(-1)
  const sessionsHours: number[] = []
  let online = 0
  const model = {
    online(peer: number) {
      online++
      // Those that were there before the run have begun earlier.
      sinceUs[peer] = kernel.nowUs > 0 && kernel.nowUs < BEGIN_HOURS * HOUR_US ? kernel.nowUs : -1
    },
    offline(peer: number) {
      online--
      const since = sinceUs[peer] as number
      if (since >= 0) sessionsHours.push((kernel.nowUs - since) / HOUR_US)
    },
  }
  new Crowd(kernel, { peers: PEERS, seed: SEED, churn: CHURN.volunteer, model })
  const shares: number[] = []
  for (let hour = 1; hour <= WATCH_HOURS; hour++) {
    await kernel.run(hour * HOUR_US)
    shares.push(online / PEERS)
  }
  const below = (hours: number) => sessionsHours.filter((length) => length < hours).length / sessionsHours.length
  const day = (from: number) => shares.slice(from, from + 24).reduce((sum, share) => sum + share, 0) / 24
  const setup = `${PEERS} peers with the churn volunteer, sessions begun in ${BEGIN_HOURS} h, watched for ${WATCH_HOURS}`
  const init = { id: 'C1', setup }
  const given = { ...init, basis: 'parameter' as const }
  return [
    row({
      ...given,
      source: CRAWL,
      metric: 'share of sessions under 8 h',
      published: 0.876,
      ours: below(8),
      band: [0.856, 0.896],
    }),
    row({
      ...given,
      source: CRAWL,
      metric: 'share of sessions over 24 h',
      published: 0.025,
      ours: 1 - below(24),
      band: [0.015, 0.035],
    }),
    row({
      ...init,
      source: NEBULA,
      metric: 'share of sessions under 12 h',
      published: 0.9,
      ours: below(12),
      band: [0.85, 0.95],
      basis: 'after-pilot',
    }),
    row({ ...given, source: RHEA, metric: 'share of peers online, first day', published: 0.3, ours: day(0), band: [0.28, 0.32] }),
    row({
      ...given,
      source: RHEA,
      metric: 'share of peers online, tenth day',
      published: 0.3,
      ours: day(216),
      band: [0.28, 0.32],
    }),
  ]
}

export const churnValidation: Validation = { id: 'C1', slow: false, run: c1 }
