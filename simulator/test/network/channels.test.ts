import { describe, expect, it } from 'vitest'
import { aNetwork } from './world.ts'

describe('channels', () => {
  it('pay the dial before the first message, and not again', async () => {
    const { kernel, received, send } = aNetwork({ nat: { dialRoundTrips: 3 } })
    expect(send(0, 1, 7)).toBe(true)
    await kernel.run(1e6)
    send(1, 0, 8)
    await kernel.run(2e6)
    expect(received).toEqual(['200 0 has 1', '200 1 has 0', '250 0>1 7', '1050 1>0 8'])
  })

  it('begin no dial for a message that it would be too late for, and leave the dials of others alone', async () => {
    const { kernel, channels, received, send } = aNetwork({ nat: { dialRoundTrips: 3 } })
    expect(send(0, 1, 7, 1, 199_999)).toBe(false)
    expect(channels.stats.dials).toBe(0)
    expect(send(0, 1, 8, 1, 200_000)).toBe(true)
    await kernel.run(100_000)
    expect([send(0, 1, 9, 1, 99_999), send(1, 0, 10, 1, 100_000)]).toEqual([false, true])
    await kernel.run(1e6)
    expect(channels.stats.dials).toBe(1)
    expect(received).toEqual(['200 0 has 1', '200 1 has 0', '250 0>1 8', '250 1>0 10'])
  })

  it('keep the order of one direction, whatever each packet would take', async () => {
    const { kernel, received, send } = aNetwork({ links: { jitterShare: 1, loss: 0.2 } })
    for (let byte = 0; byte < 100; byte++) send(0, 1, byte)
    await kernel.run(60e6)
    expect(received.filter((line) => line.includes('>')).map((line) => Number(line.split(' ')[2]))).toEqual([
      ...Array(100).keys(),
    ])
  })

  it('say goodbye when a peer leaves, and are missed after a while when it crashed', async () => {
    for (const crashed of [false, true]) {
      const { kernel, received, channels, send } = aNetwork()
      send(0, 1, 1)
      await kernel.run(5e6)
      received.length = 0
      channels.offline(1, crashed)
      expect(send(0, 1, 2)).toBe(crashed)
      await kernel.run(60e6)
      expect(received).toHaveLength(1)
      const [ms, line] = [Number(received[0]?.split(' ')[0]), received[0]]
      expect(line).toContain('0 lost 1')
      expect(ms).toBeGreaterThanOrEqual(crashed ? 10_000 : 5_050)
      expect(ms).toBeLessThanOrEqual(crashed ? 20_000 : 5_050)
      expect(send(0, 1, 3)).toBe(false)
    }
  })

  it('close when idle, unless somebody asked to keep them', async () => {
    const { kernel, channels, received, send } = aNetwork()
    send(0, 1, 1)
    channels.connect(2, 3)
    await kernel.run(1_000e6)
    expect(channels.connections).toBe(1)
    // The one that is kept costs nothing while nobody speaks.
    expect(kernel.pending).toBe(0)
    expect(received.filter((line) => line.includes('lost'))).toHaveLength(2)
    channels.disconnect(3, 2)
    await kernel.run(1_001e6)
    expect(channels.connections).toBe(0)
  })

  it('say with whom a peer can talk at once', async () => {
    const { channels, kernel, send } = aNetwork()
    send(0, 1, 1)
    send(2, 0, 2)
    expect(channels.peersOf(0)).toEqual([])
    await kernel.run(5e6)
    expect(channels.peersOf(0).sort()).toEqual([1, 2])
    expect(channels.peersOf(1)).toEqual([0])
    channels.offline(2, false)
    expect(channels.peersOf(0)).toEqual([1])
  })

  it('lose what is sent into a partition, and come back after it', async () => {
    const { kernel, links, received, send } = aNetwork()
    send(0, 1, 1)
    await kernel.run(2e6)
    links.setPartition(Int32Array.of(0, 1, 1, 1), false)
    send(0, 1, 2)
    await kernel.run(30e6)
    expect(send(0, 1, 3)).toBe(false)
    links.setPartition(undefined, false)
    expect(send(0, 1, 4)).toBe(true)
    await kernel.run(40e6)
    expect(received.filter((line) => line.includes('>')).map((line) => line.split(' ')[2])).toEqual(['1', '4'])
  })

  it('go over a relay until the hole is punched, and stay there where it never is', async () => {
    for (const punchSuccess of [0, 1]) {
      const { kernel, reachability, channels, received, send } = aNetwork({ nat: { punchSuccess } })
      reachability.setDialable(0, false)
      reachability.setDialable(1, false)
      send(0, 1, 1)
      expect(channels.relayed(0, 1)).toBe(true)
      await kernel.run(10e6)
      received.length = 0
      expect(channels.relayed(0, 1)).toBe(punchSuccess === 0)
      send(0, 1, 2)
      await kernel.run(11e6)
      expect(received).toEqual([`${punchSuccess === 0 ? 10_100 : 10_050} 0>1 2`])
    }
  })

  it('do not reach a peer behind a NAT where nobody can relay', () => {
    const { send } = aNetwork({ nat: { share: 1 } })
    expect(send(0, 1, 1)).toBe(false)
  })

  it('release every message, delivered or lost', async () => {
    const { kernel, channels, messages, send } = aNetwork()
    channels.setDuplicates(1)
    send(0, 1, 1)
    send(2, 1, 1)
    channels.offline(1, true)
    send(0, 2, 1)
    await kernel.run(60e6)
    expect(messages.bytesAlive).toBe(0)
    expect(channels.stats.lost).toBe(4)
  })

  it('give the same trace with the heap and with the calendar', async () => {
    const hashes = await Promise.all(
      (['heap', 'calendar'] as const).map(async (queue) => {
        const { kernel, channels, send } = aNetwork({
          peers: 60,
          queue,
          links: { uniformMs: [10, 150], jitterShare: 0.1, loss: 0.01 },
          nat: { share: 0.5 },
        })
        const draws = kernel.draws.stream('test', 1)
        for (let i = 0; i < 2_000; i++) {
          const [from, to] = [draws.below(0, 60), draws.below(0, 60)]
          if (draws.chance(0, 0.02)) channels.offline(from, draws.chance(0, 0.5))
          else channels.online(from)
          send(from, to, i % 256)
          await kernel.run(kernel.nowUs + 10_000)
        }
        return kernel.traceHash()
      }),
    )
    expect(hashes[0]).toBe(hashes[1])
  })

  it('refuse shares that are none', () => {
    expect(() => aNetwork({ nat: { share: 1.1 } })).toThrow('nat.share')
    expect(() => aNetwork({ nat: { dialRoundTrips: 0 } })).toThrow('nat.dialRoundTrips')
    expect(() => aNetwork().channels.setDuplicates(2)).toThrow('duplicates')
  })
})
