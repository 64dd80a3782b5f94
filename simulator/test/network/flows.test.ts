import { describe, expect, it } from 'vitest'
import { Draws } from '../../src/kernel/draws.ts'
import { maxMinRates } from '../../src/network/fair.ts'
import { Flows } from '../../src/network/flows.ts'
import { aNetwork } from './world.ts'

describe('max-min fair rates', () => {
  it('hold for any lines and flows: nobody above capacity, nobody poorer than need be', () => {
    for (let seed = 0; seed < 200; seed++) {
      const draws = new Draws(seed).stream('flows', 1)
      const peers = 2 + draws.below(0, 12)
      const capacity = Array.from({ length: 2 * peers }, () => 1 + draws.below(0, 1_000))
      const lines = Array.from({ length: 1 + draws.below(0, 40) }, () => [
        2 * draws.below(0, peers),
        2 * draws.below(0, peers) + 1,
      ])
      const ceiling = lines.map(() => 1 + draws.below(0, 2_000))
      const rates = maxMinRates({ lines, capacity, ceiling })
      const load = capacity.map((_, line) =>
        lines.reduce((sum, path, flow) => sum + (path.includes(line) ? (rates[flow] as number) : 0), 0),
      )
      for (const [line, sum] of load.entries()) expect(sum).toBeLessThanOrEqual((capacity[line] as number) * (1 + 1e-9))
      for (const [flow, path] of lines.entries()) {
        const rate = rates[flow] as number
        const largest = (line: number) => Math.max(...lines.map((other, i) => (other.includes(line) ? (rates[i] as number) : 0)))
        const full = (line: number) => (load[line] as number) > (capacity[line] as number) * (1 - 1e-9)
        // A bottleneck: a full line on which nobody has more, or the flow's own ceiling.
        const bottleneck = path.some((line) => full(line) && largest(line) <= rate * (1 + 1e-9))
        expect(bottleneck || rate === ceiling[flow]).toBe(true)
      }
    }
  })
})

describe('transfers', () => {
  const aWorld = (queue: 'heap' | 'calendar' = 'calendar') => {
    const network = aNetwork({ queue, links: { access: [{ share: 1, upMbps: 80, downMbps: 800 }] } })
    return { ...network, flows: new Flows({ kernel: network.kernel, links: network.links, homes: network.links.homes }) }
  }

  it('take their size over the line, and what slow start costs', async () => {
    const { kernel, flows } = aWorld()
    let endedUs = 0
    flows.start({ from: 0, to: 1, bytes: 100e6 }, () => {
      endedUs = kernel.nowUs
    })
    await kernel.run(60e6)
    // 100 MB at 10 bytes/µs are 10 s; the window reaches 1 MB, the line times the round trip, after 7 round trips.
    expect(endedUs).toBeGreaterThan(10.4e6)
    expect(endedUs).toBeLessThan(10.8e6)
    expect(flows.size).toBe(0)
  })

  it('share an uplink, and have it all once the other is through', async () => {
    const { kernel, flows } = aWorld()
    const ended: number[] = []
    flows.start({ from: 0, to: 1, bytes: 50e6 }, () => ended.push(kernel.nowUs))
    const second = flows.start({ from: 0, to: 2, bytes: 100e6 }, () => ended.push(kernel.nowUs))
    await kernel.run(5e6)
    expect(flows.rateOf(second)).toBe(5)
    await kernel.run(14e6)
    expect(flows.rateOf(second)).toBe(10)
    await kernel.run(60e6)
    expect((ended[1] as number) - (ended[0] as number)).toBeGreaterThan(4.9e6)
    expect((ended[1] as number) - (ended[0] as number)).toBeLessThan(5.1e6)
  })

  it('end with false when a peer leaves', async () => {
    const { kernel, flows } = aWorld()
    const ended: boolean[] = []
    flows.start({ from: 0, to: 1, bytes: 50e6 }, (ok) => ended.push(ok))
    flows.start({ from: 2, to: 1, bytes: 20e6 }, (ok) => ended.push(ok))
    await kernel.run(1e6)
    flows.offline(0)
    await kernel.run(60e6)
    expect(ended).toEqual([false, true])
  })

  it('give the same trace with the heap and with the calendar', async () => {
    const hashes = await Promise.all(
      (['heap', 'calendar'] as const).map(async (queue) => {
        const { kernel, flows } = aWorld(queue)
        const draws = kernel.draws.stream('test', 1)
        for (let i = 0; i < 200; i++) {
          const from = draws.below(0, 4)
          flows.start({ from, to: (from + 1 + draws.below(0, 3)) % 4, bytes: draws.below(0, 5e6) }, () => {})
          await kernel.run(kernel.nowUs + draws.below(0, 500_000))
        }
        await kernel.run(kernel.nowUs + 3_600e6)
        expect(flows.size).toBe(0)
        return kernel.traceHash()
      }),
    )
    expect(hashes[0]).toBe(hashes[1])
  })

  it('refuse sizes that are none', () => {
    const { flows } = aWorld()
    expect(() => flows.start({ from: 0, to: 1, bytes: Number.NaN }, () => {})).toThrow('0 bytes or more')
    expect(() => flows.start({ from: 1, to: 1, bytes: 1 }, () => {})).toThrow('to itself')
  })
})
