import { expect, test } from 'vitest'
import { aMarket, run } from './a-market.ts'

test('whatever share of renters never pays, no honest provider loses more than its bound', async () => {
  const { broken, metric, summary } = await run(aMarket({ attack: { kind: 'free-riders', share: 1 }, jobSeconds: 200 }))
  expect(broken).toEqual([])
  expect(summary.jobs.done).toBe(0)
  expect(metric('honestLossMicro')).toBeGreaterThan(0)
  expect(metric('honestLossShareOfBound')).toBeGreaterThan(0.1)
  expect(metric('honestLossShareOfBound')).toBeLessThanOrEqual(1)
})

test('liars of every kind among the peers break no invariant of the honest ones', async () => {
  const { broken, metric } = await run(aMarket({ peers: 30, jobs: 20, faults: { byzantineShare: 0.5 } }))
  expect(broken).toEqual([])
  expect(metric('byzantinePeers')).toBeGreaterThan(5)
})

test('the more leases renters check, the sooner a slow provider is found out and the less is overpaid', async () => {
  const market = (verifyShare: number) =>
    aMarket({
      peers: 20,
      jobs: 40,
      durationSeconds: 1_200,
      attack: { kind: 'cheating-providers', share: 0.5, inflateShare: 0.5, verifyShare },
    })
  const never = await run(market(0))
  const always = await run(market(1))
  expect(never.broken).toEqual([])
  expect(always.broken).toEqual([])
  expect(never.metric('liarsCaught')).toBe(0)
  expect(never.metric('overpaidMicro')).toBeGreaterThan(0)
  expect(always.metric('liarsCaught')).toBeGreaterThan(0)
  expect(always.metric('leasesUntilCaught')).toBeLessThan(3)
  expect(always.metric('overpaidMicro')).toBeLessThan(never.metric('overpaidMicro'))
})

test('spam costs bids, and honest jobs still run', async () => {
  const attack = { kind: 'spam', spammers: 2, perSecond: 0.5, fromSeconds: 60 } as const
  const { broken, metric, summary } = await run(aMarket({ attack }))
  expect(broken).toEqual([])
  expect(metric('spamOrders')).toBeGreaterThan(300)
  expect(metric('spamBids')).toBeGreaterThan(300)
  expect(summary.jobs.done).toBe(10)
})

test('one machine under many identities is lent to several at once', async () => {
  const attack = { kind: 'sybil-market', machines: 1, identities: 6 } as const
  const market = aMarket({ peers: 16, jobs: 30, arrivals: 'all-at-once', attack })
  const { metric, jobs } = await run(market)
  expect(metric('sybilMachineShare')).toBeLessThan(0.5)
  expect(metric('sybilGain')).toBeGreaterThan(1)
  // What shares a machine takes longer than the minute that was asked for.
  expect(Math.max(...jobs.map(({ startedMs, endedMs }) => endedMs - startedMs))).toBeGreaterThan(110_000)
})
