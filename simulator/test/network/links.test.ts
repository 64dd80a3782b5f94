import { describe, expect, it } from 'vitest'
import { Fan } from '../../src/kernel/fan.ts'
import { CLOUD_REGIONS, CLOUD_RTT_P50_MS, CLOUD_RTT_P90_MS } from '../../src/network/cloud-rtt.ts'
import { INTERNET_REGIONS } from '../../src/network/internet-rtt.ts'
import type { Links, RegionShare } from '../../src/scenario.ts'
import { aNetwork } from './world.ts'

describe('links', () => {
  it('halve the round trips of the cloud matrix, and spread packets as it says', () => {
    const [from, to] = [CLOUD_REGIONS.indexOf('us-east-1'), CLOUD_REGIONS.indexOf('eu-west-1')]
    const at = (rows: readonly string[]) => Number((rows[from] as string).split(' ')[to])
    const regions = [
      { region: 'us-east-1', share: 1 },
      { region: 'eu-west-1', share: 1 },
    ]
    const { links } = aNetwork({ peers: 50, links: { matrix: 'cloud' }, regions })
    const home = (name: string) => [...Array(50).keys()].find((peer) => links.regionName(links.regionOf(peer)) === name) as number
    const [a, b] = [home('us-east-1'), home('eu-west-1')]
    const delays = Array.from({ length: 4_001 }, () => links.delayUs(a, b, 100) / 1_000).sort((x, y) => x - y)
    expect(delays[2_000]).toBeCloseTo(at(CLOUD_RTT_P50_MS) / 2, 0)
    expect(delays[3_600]).toBeCloseTo(at(CLOUD_RTT_P90_MS) / 2, 0)
    expect(links.medianUs(a, b)).toBe(at(CLOUD_RTT_P50_MS) * 500)
  })

  it('draw the delay of a pair once, the same in both directions, within its bounds', () => {
    const { links } = aNetwork({ peers: 100, links: { uniformMs: [10, 150] } })
    const delays = [...Array(99).keys()].map((peer) => links.medianUs(peer, peer + 1))
    for (const [peer, delay] of delays.entries()) {
      expect(links.medianUs(peer + 1, peer)).toBe(delay)
      expect(links.delayUs(peer, peer + 1, 1)).toBe(delay)
      expect(delay).toBeGreaterThanOrEqual(10_000)
      expect(delay).toBeLessThanOrEqual(150_000)
    }
    expect(new Set(delays).size).toBeGreaterThan(90)
  })

  it('delay a fan as they would its packets one after the other, the same receivers twice and others after them', () => {
    const access = [{ share: 1, upMbps: 8, downMbps: 4 }]
    const shares = (names: readonly string[]) => names.map((region) => ({ region, share: 1 }))
    const kinds: { links: Partial<Links>; regions?: RegionShare[] }[] = [
      { links: { uniformMs: [10, 150], jitterShare: 0.3 } },
      { links: { uniformMs: [10, 150], loss: 0.2, access } },
      { links: { matrix: 'internet' }, regions: shares(INTERNET_REGIONS) },
      { links: { matrix: 'cloud', jitterShare: 0.1, access }, regions: shares(CLOUD_REGIONS) },
    ]
    for (const kind of kinds) {
      const [one, many] = [aNetwork({ peers: 50, ...kind }).links, aNetwork({ peers: 50, ...kind }).links]
      for (const targets of [[3, 4, 40], [3, 4, 40], [3, 41, 2, 7, 8], [9], Array.from({ length: 40 }, (_, i) => i + 6)]) {
        const fan = new Fan()
        for (const target of targets) fan.add(target)
        many.delaysUs(5, fan, 1_000)
        expect([...fan.delaysUs.subarray(0, fan.length)]).toEqual(targets.map((target) => one.delayUs(5, target, 1_000)))
      }
    }
  })

  it('queue what one peer sends on its uplink', () => {
    const { links } = aNetwork({ links: { access: [{ share: 1, upMbps: 8, downMbps: 0 }] } })
    expect(links.delayUs(0, 1, 1_000)).toBe(51_000)
    expect(links.delayUs(0, 2, 1_000)).toBe(52_000)
    expect(links.delayUs(1, 2, 1_000)).toBe(51_000)
  })

  it('are as slow as the slower of the two lines', () => {
    const { links } = aNetwork({ links: { access: [{ share: 1, upMbps: 8, downMbps: 4 }] } })
    expect(links.delayUs(0, 1, 1_000)).toBe(52_000)
  })

  it('turn a loss within a stream into a retransmission, never into a disappearance', () => {
    const { links } = aNetwork({ links: { loss: 0.1 } })
    const delays = Array.from({ length: 5_000 }, () => links.delayUs(0, 1, 100))
    const late = delays.filter((delay) => delay > 50_000)
    expect(late.length / 5_000).toBeGreaterThan(0.085)
    expect(late.length / 5_000).toBeLessThan(0.115)
    expect(Math.min(...late)).toBe(250_000)
    expect(Array.from({ length: 5_000 }, () => links.lost(0, 1)).filter(Boolean).length / 5_000).toBeCloseTo(0.1, 1)
  })

  it('are cut by a partition, one way or both, until it heals', () => {
    const { links } = aNetwork()
    links.setPartition(Int32Array.of(0, 0, 1, 1), false)
    expect([links.reachable(0, 1), links.reachable(0, 2), links.reachable(2, 0)]).toEqual([true, false, false])
    links.setPartition(Int32Array.of(0, 0, 1, 1), true)
    expect([links.reachable(0, 2), links.reachable(2, 0)]).toEqual([true, false])
    links.setPartition(undefined, false)
    expect(links.reachable(2, 0)).toBe(true)
    expect(() => links.setPartition(Int32Array.of(1), false)).toThrow('one group for each of 4 peers')
  })

  it('hold back what a clogged peer sends and gets', () => {
    const { links } = aNetwork()
    links.clog(1, 2_000_000)
    expect(links.delayUs(0, 1, 1)).toBe(2_050_000)
    expect(links.delayUs(1, 0, 1)).toBe(2_050_000)
    expect(links.delayUs(0, 2, 1)).toBe(50_000)
  })

  it('refuse numbers that no network has, by name', () => {
    expect(() => aNetwork({ links: { uniformMs: [5, 1] } })).toThrow('links.uniformMs')
    expect(() => aNetwork({ links: { loss: 1 } })).toThrow('links.loss')
    expect(() => aNetwork({ links: { hopMs: Number.NaN } })).toThrow('links.hopMs')
    expect(() => aNetwork({ links: { jitterShare: -1 } })).toThrow('links.jitterShare')
    expect(() => aNetwork({ links: { access: [{ share: 1, upMbps: -1, downMbps: 0 }] } })).toThrow('upMbps')
    expect(() => aNetwork({ links: { matrix: 'internet' }, regions: [{ region: 'atlantis', share: 1 }] })).toThrow(
      'no region atlantis',
    )
    expect(() => aNetwork({ links: { matrix: 'internet' }, regions: [{ region: 'europe', share: 0 }] })).toThrow(
      'shares of regions',
    )
  })
})
