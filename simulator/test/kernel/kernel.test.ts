import { describe, expect, test } from 'vitest'
import { Fan, Kernel, type KernelInit, type Touch, WORLD } from '../../src/kernel/index.ts'

/** A small world of chatter: each event makes one to three others, at times from now on to hours ahead, some of them timers. */
async function chatter(init: Partial<KernelInit>, seed = 7): Promise<{ hash: string; events: number; nowUs: number }> {
  const kernel = new Kernel({ seed, peers: 50, ...init })
  const delays = kernel.draws.stream('delays', 50)
  const targets = kernel.draws.stream('targets', 50)
  const spans = [1, 64, 5_000, 300_000, 20_000_000, 8_000_000_000]
  const handle = (target: number, a: number) => {
    for (let i = 0; i < 1 + (a % 3) && kernel.pending < 3_000; i++) {
      const timeUs = kernel.nowUs + delays.below(target, spans[delays.below(target, spans.length)] as number)
      kernel.at(timeUs, i % 2 === 0 ? one : two, target, targets.below(target, 50), targets.u32(target) | 0, i)
    }
    if (a % 5 === 0) {
      const cancel = kernel.after(target, delays.below(target, 100_000), () => kernel.at(kernel.nowUs, two, target, 0, 1, 1))
      if (a % 2 === 0) cancel()
    }
  }
  const one = kernel.on('one', handle)
  const two = kernel.on('two', handle)
  for (let peer = 0; peer < 50; peer++) kernel.at(0, one, peer, peer, peer, 0)
  await kernel.run(Number.POSITIVE_INFINITY, { eventsMax: 30_000 })
  return { hash: kernel.traceHash(), events: kernel.events, nowUs: kernel.nowUs }
}

describe('the kernel', () => {
  test('gives one trace hash for a seed on every queue and width, another for another seed', async () => {
    const plain = await chatter({ queue: 'heap' })
    expect(plain.events).toBe(30_000)
    for (const widthUs of [undefined, 16, 64, 256, 4096]) expect(await chatter({ widthUs })).toEqual(plain)
    expect((await chatter({}, 8)).hash).not.toBe(plain.hash)
  })

  test('schedules a fan as it would its events one by one, near, late and far away', async () => {
    const spans = [1, 64, 5_000, 300_000, 20_000_000, 8_000_000_000]
    const waves = async (byFan: boolean, init: Partial<KernelInit>) => {
      const kernel = new Kernel({ seed: 3, peers: 40, ...init })
      const delays = kernel.draws.stream('delays', 40)
      const fan = new Fan()
      const wave = kernel.on('wave', (peer, a) => {
        fan.clear()
        for (let i = 0; i < a % 30 && kernel.pending < 2_000; i++) fan.add((peer * 7 + i) % 40)
        for (let i = 0; i < fan.length; i++) fan.delaysUs[i] = delays.below(peer, spans[delays.below(peer, 6)] as number)
        if (byFan) kernel.fan(wave, peer, fan, a + 1, peer)
        else
          for (let i = 0; i < fan.length; i++)
            kernel.at(kernel.nowUs + (fan.delaysUs[i] as number), wave, peer, fan.targets[i] as number, a + 1, peer)
      })
      for (let peer = 0; peer < 40; peer++) kernel.at(0, wave, WORLD, peer, peer, 0)
      await kernel.run(Number.POSITIVE_INFINITY, { eventsMax: 20_000 })
      return { hash: kernel.traceHash(), events: kernel.events, pending: kernel.pending }
    }
    const plain = await waves(false, { queue: 'heap' })
    expect(plain.events).toBeGreaterThan(10_000)
    for (const init of [{ queue: 'heap' }, {}, { widthUs: 16 }, { widthUs: 4096 }] as const)
      expect(await waves(true, init)).toEqual(plain)
  })

  test.each([
    ['soon', 100],
    ['windows from now', 10_000_000],
  ])('fires a fan that needs far more memory than there is in the order in which it was filled: %s', async (_when, delayUs) => {
    const crowd = 60_000
    const kernel = new Kernel({ seed: 1, peers: 2 })
    const fired: number[] = []
    const touched: number[] = []
    const touch: Touch = (targets, _as, count) => touched.push(...targets.subarray(0, count))
    const last = kernel.on('last', (target) => fired.push(target), touch)
    const fan = new Fan()
    for (let i = 0; i < crowd; i++) fan.add(i)
    fan.delaysUs.fill(delayUs)
    const all = kernel.on('all', () => kernel.fan(last, 1, fan, 0, 0))
    for (let times = 0; times < 4; times++) kernel.at(0, all, WORLD, 0, 0, 0)
    await kernel.run(Number.POSITIVE_INFINITY)
    expect(fired).toEqual(Array.from({ length: 4 * crowd }, (_, i) => i % crowd))
    expect(touched).toEqual(fired)
  })

  test('refuses a fan that there is no room for, as far as there is none', () => {
    for (const queue of ['calendar', 'heap'] as const) {
      const kernel = new Kernel({ seed: 1, peers: 3, queue, eventsMax: 5 })
      const ping = kernel.on('ping', () => {})
      const fan = new Fan()
      for (const target of [0, 1, 2]) fan.add(target)
      kernel.fan(ping, 0, fan, 0, 0)
      expect(() => kernel.fan(ping, 0, fan, 0, 0)).toThrow('more than 5 events')
      expect(kernel.pending).toBe(5)
      fan.delaysUs[1] = -1
      expect(() => new Kernel({ seed: 1, peers: 3, queue }).fan(ping, 0, fan, 0, 0)).toThrow()
    }
  })

  test('orders equal times by class, then by source with the world first, then by the source’s own sequence', async () => {
    const kernel = new Kernel({ seed: 1, peers: 9 })
    const order: string[] = []
    const first = kernel.on('first', (_target, a) => order.push(`first ${a}`))
    const second = kernel.on('second', (_target, a) => order.push(`second ${a}`))
    kernel.at(5, second, 8, 0, 1, 0)
    kernel.at(5, second, 2, 0, 2, 0)
    kernel.at(5, first, 7, 0, 3, 0)
    kernel.at(5, second, WORLD, 0, 4, 0)
    kernel.at(5, second, 2, 0, 5, 0)
    kernel.at(4, second, 8, 0, 6, 0)
    expect(await kernel.run(5)).toBe('empty')
    expect(order).toEqual(['second 6', 'first 3', 'second 4', 'second 2', 'second 5', 'second 1'])
  })

  test('runs up to a time, leaves later events for later, and ends at that time', async () => {
    const kernel = new Kernel({ seed: 1, peers: 1 })
    const at: number[] = []
    const tick = kernel.on('tick', () => at.push(kernel.nowUs))
    for (const timeUs of [10, 20, 30]) kernel.at(timeUs, tick, 0, 0, 0, 0)
    expect(await kernel.run(20)).toBe('until')
    expect([at, kernel.nowUs, kernel.pending]).toEqual([[10, 20], 20, 1])
    expect(() => kernel.at(19, tick, 0, 0, 0, 0)).toThrow('it is 20 µs already')
    kernel.at(25, tick, 0, 0, 0, 0)
    expect(await kernel.run(1_000)).toBe('empty')
    expect([at, kernel.nowUs]).toEqual([[10, 20, 25, 30], 1_000])
    await expect(kernel.run(999)).rejects.toThrow('already')
  })

  test('ends when the hook says so, when stopped, and after as many events as allowed', async () => {
    const kernel = new Kernel({ seed: 1, peers: 1 })
    const tick: number = kernel.on('tick', (_target, a) => {
      if (a === 7) kernel.stop()
      kernel.at(kernel.nowUs, tick, 0, 0, a + 1, 0)
    })
    kernel.at(0, tick, 0, 0, 1, 0)
    expect(await kernel.run(1, { done: () => kernel.events === 3 })).toBe('done')
    expect([await kernel.run(1), kernel.events]).toEqual(['done', 7])
    expect([await kernel.run(1, { eventsMax: 5 }), kernel.events]).toEqual(['events-max', 12])
  })

  test('leaves events for a later run that were due in an earlier one, which ended first', async () => {
    const kernel = new Kernel({ seed: 1, peers: 1 })
    const at: number[] = []
    const tick = kernel.on('tick', () => at.push(kernel.nowUs))
    for (const timeUs of [1, 2, 3, 4]) kernel.at(timeUs, tick, 0, 0, 0, 0)
    expect(await kernel.run(4, { eventsMax: 2 })).toBe('events-max')
    expect(await kernel.run(3)).toBe('until')
    expect([at, kernel.nowUs, kernel.pending]).toEqual([[1, 2, 3], 3, 1])
  })

  test('has the same trace hash when asked in the middle of many events as when they fire one by one', async () => {
    const hashes = async (queue: 'heap' | 'calendar') => {
      const kernel = new Kernel({ seed: 1, peers: 100, queue })
      const asked: string[] = []
      const tick = kernel.on('tick', (target) => {
        if (target % 7 === 0) asked.push(kernel.traceHash())
        if (target % 5 === 0) kernel.after(target, 3, () => asked.push(kernel.traceHash()))()
        kernel.after(target, 30 - (target % 30), () => {})
      })
      for (let peer = 0; peer < 100; peer++) kernel.at(peer % 40, tick, peer, peer, peer, 0)
      await kernel.run(1_000)
      return [...asked, kernel.traceHash()]
    }
    const plain = await hashes('heap')
    expect(new Set(plain).size).toBe(plain.length)
    expect(await hashes('calendar')).toEqual(plain)
  })

  test('touches the state of every event of a class before its handler is called, and fires the same events', async () => {
    const run = async (touches: boolean) => {
      const kernel = new Kernel({ seed: 1, peers: 100 })
      const touched = new Set<number>()
      const untouched: number[] = []
      const handle = (_target: number, a: number) => {
        if (!touched.has(a)) untouched.push(a)
        if (a < 1_000) kernel.at(kernel.nowUs + (a % 3), tick, a % 100, 0, a + 1_000, 0)
      }
      const touch: Touch = (_targets, as, count) => {
        for (const a of as.subarray(0, count)) touched.add(a)
        return touched.size
      }
      const tick = kernel.on('tick', handle, touches ? touch : undefined)
      for (let a = 0; a < 1_000; a++) kernel.at(a >> 3, tick, a % 100, 0, a, 0)
      await kernel.run(1_000)
      return { untouched: untouched.length, events: kernel.events, hash: kernel.traceHash() }
    }
    const plain = await run(false)
    expect(await run(true)).toEqual({ ...plain, untouched: 0 })
    expect([plain.untouched, plain.events]).toEqual([2_000, 2_000])
  })

  test('lets the promises that an event resolved run before the next event', async () => {
    const kernel = new Kernel({ seed: 1, peers: 1 })
    const log: string[] = []
    const follow = async (name: string) => {
      for (let turn = 0; turn < 12; turn++) await undefined
      log.push(`${name} followed at ${kernel.nowUs}`)
    }
    const settles = kernel.on('settles', () => {
      follow('host')
      kernel.settle()
    })
    const plain = kernel.on('plain', () => log.push(`plain at ${kernel.nowUs}`))
    kernel.at(1, settles, 0, 0, 0, 0)
    kernel.at(1, plain, 0, 0, 0, 0)
    await kernel.run(10)
    expect(log).toEqual(['host followed at 1', 'plain at 1'])
  })

  test('calls and awaits a hook every so many events', async () => {
    const kernel = new Kernel({ seed: 1, peers: 1 })
    const tick = kernel.on('tick', () => {})
    for (let i = 0; i < 25; i++) kernel.at(i, tick, 0, 0, 0, 0)
    const calls: number[] = []
    const call = async () => {
      await undefined
      calls.push(kernel.events)
    }
    await kernel.run(100, { every: { events: 10, call } })
    expect(calls).toEqual([10, 20])
  })

  test('fires no cancelled timer, counts none, and keeps apart those that shared a slot', async () => {
    const kernel = new Kernel({ seed: 1, peers: 2 })
    const log: string[] = []
    const cancel = kernel.after(0, 10, () => log.push('cancelled'))
    cancel()
    kernel.after(1, 20, () => log.push('kept'))
    cancel()
    expect(await kernel.run(100)).toBe('empty')
    cancel()
    expect([log, kernel.events]).toEqual([['kept'], 1])
  })

  test('leaves an error of a handler to the caller and can go on after it', async () => {
    const kernel = new Kernel({ seed: 1, peers: 1 })
    const seen: number[] = []
    const tick = kernel.on('tick', (_target, a) => {
      if (a === 1) throw new Error('broken model')
      seen.push(a)
    })
    for (let a = 0; a < 3; a++) kernel.at(a, tick, 0, 0, a, 0)
    await expect(kernel.run(10)).rejects.toThrow('broken model')
    await kernel.run(10)
    expect(seen).toEqual([0, 2])
  })

  test('says what is wrong with an event that cannot be', async () => {
    const kernel = new Kernel({ seed: 1, peers: 4, eventsMax: 2 })
    const tick = kernel.on('tick', () => {})
    expect(() => kernel.on('tick', () => {})).toThrow('exists already')
    expect(() => kernel.at(0, tick + 1, 0, 0, 0, 0)).toThrow('never registered')
    for (const source of [4, -2]) expect(() => kernel.at(0, tick, source, 0, 0, 0)).toThrow('is no peer')
    expect(() => kernel.after(0, 0.5, () => {})).toThrow('whole microseconds')
    kernel.at(0, tick, 0, 0, 0, 0)
    kernel.at(0, tick, 0, 0, 0, 0)
    expect(() => kernel.at(0, tick, 0, 0, 0, 0)).toThrow('raise eventsMax')
    const running = kernel.run(1)
    await expect(kernel.run(1)).rejects.toThrow('runs already')
    await running
  })

  const events: [string, [number, number, number, number, number]][] = [
    ['time', [3, 2, 4, 5, 6]],
    ['source', [1, 3, 4, 5, 6]],
    ['target', [1, 2, 5, 5, 6]],
    ['a', [1, 2, 4, 5 + 2 ** 30, 6]],
    ['b', [1, 2, 4, 5, -6]],
    ['far time', [1 + 2 ** 32, 2, 4, 5, 6]],
  ]
  test.each(events)('has another trace hash when the %s of an event differs', async (_name, changed) => {
    const hash = async ([timeUs, source, target, a, b]: [number, number, number, number, number]) => {
      const kernel = new Kernel({ seed: 1, peers: 9 })
      kernel.at(
        timeUs,
        kernel.on('tick', () => {}),
        source,
        target,
        a,
        b,
      )
      await kernel.run(2 ** 40)
      return kernel.traceHash()
    }
    const plain = await hash([1, 2, 4, 5, 6])
    expect(plain).toMatch(/^[0-9a-f]{16}$/)
    expect(await hash(changed)).not.toBe(plain)
  })
})
