import { describe, expect, test } from 'vitest'
import { meanOver, metric, runReady } from './a-ready-scenario.ts'

// Goal: each ready scenario of gossip and the DHT shows at a small size what its file says that it shows.

test('propagation: every message reaches everybody, and its row says when and at what cost', async () => {
  const result = await runReady('propagation', { peers: 200, 'workload.stream.messages': 20 })
  expect(result.messages).toHaveLength(20)
  for (const row of result.messages) {
    expect(row).toMatchObject({ kind: 'stream', bytes: 1024, recipients: 199, delivered: 199 })
    expect(row.p50Ms).toBeLessThan(row.p99Ms)
    expect(row.transmissions).toBeGreaterThan(199)
  }
  expect(result.histograms['deliveryMs']?.count).toBe(20 * 199)
  expect(metric(result, 'deliveryRatio')).toBe(1)
  const sent = result.messages.reduce((sum, { transmissions }) => sum + transmissions, 0)
  expect(metric(result, 'gossipTransmissionsPerDelivery')).toBeCloseTo(sent / (20 * 199), 6)
})

test('a network without a market has no market metrics', async () => {
  const { summary, series, jobs, providers } = await runReady('propagation', { peers: 50, 'workload.stream.messages': 5 })
  for (const name of ['utilisation', 'fillRate', 'earnedGini', 'receipts', 'lookupSuccessShare'])
    expect(summary.metrics).not.toHaveProperty(name)
  expect(series[0]).not.toHaveProperty('benchmarkPrice')
  expect(jobs).toEqual([])
  expect(providers).toEqual([])
})

test('a larger degree costs more transmissions for each delivery', async () => {
  const size = { peers: 150, 'workload.stream.messages': 10 }
  const [narrow, wide] = [
    await runReady('propagation', { ...size, 'gossip.d': 5, 'gossip.dHigh': 8 }),
    await runReady('propagation', { ...size, 'gossip.d': 10, 'gossip.dHigh': 16, 'gossip.dLow': 8 }),
  ]
  expect(metric(wide, 'gossipTransmissionsPerDelivery')).toBeGreaterThan(metric(narrow, 'gossipTransmissionsPerDelivery') + 2)
  expect(metric(wide, 'deliveryMs')).toBeLessThan(metric(narrow, 'deliveryMs'))
})

describe('dht-lookup', () => {
  const size = { peers: 150, 'workload.lookups.count': 200 }

  test('in a settled network every record is found, in its newest version', async () => {
    const result = await runReady('dht-lookup', size)
    expect(metric(result, 'lookupSuccessShare')).toBe(1)
    expect(metric(result, 'lookupStaleShare')).toBe(0)
    expect(metric(result, 'lookupHops')).toBeGreaterThan(1)
    expect(metric(result, 'lookupRequests')).toBeGreaterThanOrEqual(19)
    expect(metric(result, 'publishRequests')).toBeGreaterThan(metric(result, 'lookupRequests') + 15)
  })

  test('peers that come and go leave timeouts behind, make look-ups longer, and take records with them', async () => {
    const [settled, churning] = [
      await runReady('dht-lookup', size),
      await runReady('dht-lookup', {
        ...size,
        'churn.online': '{p: [0, 1], x: [10s, 60s]}',
        'churn.offline': '{p: [0, 1], x: [10s, 60s]}',
      }),
    ]
    expect(metric(churning, 'dhtTimeouts')).toBeGreaterThan(100)
    expect(metric(churning, 'lookupMs')).toBeGreaterThan(1.5 * metric(settled, 'lookupMs'))
    expect(metric(churning, 'lookupSuccessShare') - metric(churning, 'lookupStaleShare')).toBeLessThan(0.99)
  })
})

describe('attacks on gossip', () => {
  const small = { peers: 60, 'attack.sybils': 240, 'workload.stream.publishers': 6 }

  test('cold-boot: sybils take the meshes over, and scoring wins them back', async () => {
    const size = { ...small, 'workload.stream.messages': 160, 'workload.stream.perSecond': 1 }
    const [scored, blind] = [
      await runReady('cold-boot', size),
      await runReady('cold-boot', { ...size, 'gossip.scoring': 'false' }),
    ]
    expect(meanOver(scored, 'honestMeshShare', [20, 50])).toBeLessThan(0.2)
    expect(meanOver(scored, 'honestMeshShare', [140, 170])).toBeGreaterThan(meanOver(blind, 'honestMeshShare', [140, 170]) + 0.1)
    expect(meanOver(scored, 'deliveryP50Ms', [140, 170])).toBeLessThan(0.5 * meanOver(scored, 'deliveryP50Ms', [20, 50]))
    expect(meanOver(scored, 'deliveryP50Ms', [140, 170])).toBeLessThan(0.5 * meanOver(blind, 'deliveryP50Ms', [140, 170]))
  })

  test('covert-flash: delay jumps when the sybils turn, and falls again where they are scored', async () => {
    const size = {
      peers: 100,
      'attack.sybils': 400,
      'workload.stream.publishers': 10,
      'workload.stream.messages': 260,
      'workload.stream.perSecond': 1,
    }
    const scored = await runReady('covert-flash', size)
    const [before, after, late] = [
      meanOver(scored, 'deliveryP50Ms', [60, 115]),
      meanOver(scored, 'deliveryP50Ms', [121, 160]),
      meanOver(scored, 'deliveryP50Ms', [250, 290]),
    ]
    expect(after).toBeGreaterThan(1.8 * before)
    expect(late).toBeLessThan(0.8 * after)
  })

  test('sybil: as honest peers come and go their meshes fill with sybils, less so with scoring', async () => {
    const size = {
      ...small,
      'workload.stream.messages': 320,
      'workload.stream.perSecond': 1,
      'churn.online': '{p: [0, 1], x: [60s, 300s]}',
    }
    const [scored, blind] = [await runReady('sybil', size), await runReady('sybil', { ...size, 'gossip.scoring': 'false' })]
    expect(meanOver(scored, 'honestMeshShare', [30, 60])).toBe(1)
    expect(meanOver(blind, 'honestMeshShare', [240, 360])).toBeLessThan(0.4)
    expect(meanOver(scored, 'honestMeshShare', [240, 360])).toBeGreaterThan(meanOver(blind, 'honestMeshShare', [240, 360]) + 0.05)
    expect(meanOver(blind, 'deliveryP50Ms', [240, 350])).toBeGreaterThan(1.2 * meanOver(blind, 'deliveryP50Ms', [30, 60]))
  })

  test('eclipse: only the victim’s mesh is full of sybils, and it hears later than others but hears', async () => {
    const result = await runReady('eclipse', {
      peers: 60,
      'attack.sybils': 200,
      'workload.stream.publishers': 6,
      'workload.stream.messages': 200,
    })
    expect(meanOver(result, 'victimHonestMeshShare', [30, 60])).toBeLessThan(0.4)
    expect(meanOver(result, 'honestMeshShare', [30, 60])).toBeGreaterThan(0.95)
    expect(meanOver(result, 'victimDelayMs', [30, 100])).toBeGreaterThan(1.1 * meanOver(result, 'deliveryP50Ms', [30, 100]))
    expect(metric(result, 'victimDeliveryRatio')).toBeGreaterThan(0.95)
    expect(metric(result, 'deliveryRatio')).toBeGreaterThan(0.999)
  })

  test('spam: neighbours stop listening to who sends invalid messages, if they keep scores', async () => {
    const size = { peers: 80, 'attack.spammers': 4, 'workload.stream.publishers': 8, 'workload.stream.messages': 100 }
    const [scored, blind] = [await runReady('spam', size), await runReady('spam', { ...size, 'gossip.scoring': 'false' })]
    expect(meanOver(scored, 'spamSent', [70, 170])).toBeGreaterThan(30)
    expect(meanOver(scored, 'spamHeard', [70, 170])).toBeLessThan(0.05 * meanOver(scored, 'spamSent', [70, 170]))
    expect(meanOver(blind, 'spamHeard', [70, 170])).toBeGreaterThan(4 * meanOver(blind, 'spamSent', [70, 170]))
    // Nobody passes spam on, so even without scores each message gets to neighbours only: 20 that were dialled, 20 that dialled.
    expect(metric(blind, 'spamHeardPerMessage')).toBeLessThan(45)
    expect(metric(scored, 'deliveryRatio')).toBe(1)
  })
})
