import { describe, expect, it } from 'vitest'
import { CALIBRATION_DHT, CALIBRATION_LINKS, CALIBRATION_REGIONS, measureLookups } from '../../src/dht/calibrate.ts'
import { ExactDirectory } from '../../src/dht/exact.ts'
import { idOfKey, sharedBits } from '../../src/dht/ids.ts'
import { RecentWalks } from '../../src/dht/recent-walks.ts'
import { StatDirectory } from '../../src/dht/stat.ts'
import { figuresAt } from '../../src/dht/stat-table.ts'
import { Kernel } from '../../src/kernel/kernel.ts'
import { RegionalLinks } from '../../src/network/links.ts'
import type { Dht } from '../../src/scenario.ts'

type Model = typeof ExactDirectory | typeof StatDirectory

function aDirectory<M extends Model>(
  model: M,
  init: { peers?: number; dht?: Partial<Dht>; queue?: 'heap' | 'calendar'; offline?: number } = {},
) {
  const peers = init.peers ?? 200
  const kernel = new Kernel({ seed: 3, peers, queue: init.queue })
  const links = new RegionalLinks({ kernel, peers, regions: CALIBRATION_REGIONS, links: CALIBRATION_LINKS })
  const dht = { ...CALIBRATION_DHT, requestTimeoutMs: 1_000, ...init.dht }
  const seqOf = (record: Uint8Array) => record[0]
  const directory = new model({ kernel, links, peers, dht, seqOf, dialRoundTrips: 6.6 }) as InstanceType<M>
  for (let peer = init.offline ?? 0; peer < peers; peer++) directory.online(peer)
  const run = (seconds: number) => kernel.run(kernel.nowUs + seconds * 1e6)
  const get = async (peer: number, key: string) => {
    let found: Uint8Array | undefined
    directory.get(peer, key, (record) => {
      found = record
    })
    await run(180)
    return found?.[0]
  }
  const put = async (peer: number, key: string, seq: number) => {
    let stored: boolean | undefined
    directory.put(peer, key, Uint8Array.of(seq), (ok) => {
      stored = ok
    })
    await run(180)
    return stored
  }
  return { kernel, links, directory, run, get, put }
}

const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1] as number

for (const [name, model] of [
  ['exact', ExactDirectory],
  ['stat', StatDirectory],
] as const)
  describe(`the ${name} DHT`, () => {
    it('finds what was put, and never goes back to an older record', async () => {
      const { get, put } = aDirectory(model)
      expect(await get(5, 'capacity/a')).toBeUndefined()
      expect(await put(1, 'capacity/a', 2)).toBe(true)
      expect(await get(5, 'capacity/a')).toBe(2)
      expect(await put(1, 'capacity/a', 1)).toBe(false)
      expect(await get(5, 'capacity/a')).toBe(2)
      expect(await put(1, 'capacity/a', 3)).toBe(true)
      expect(await get(6, 'capacity/a')).toBe(3)
    })

    it('forgets records that expired, and keeps those that are published again', async () => {
      const ttl = { recordTtlSeconds: 600 }
      const once = aDirectory(model, { dht: ttl })
      await once.put(1, 'k', 1)
      await once.run(600)
      expect(await once.get(5, 'k')).toBeUndefined()
      const again = aDirectory(model, { dht: { ...ttl, republishSeconds: 300 } })
      await again.put(1, 'k', 1)
      await again.run(3_000)
      expect(await again.get(5, 'k')).toBe(1)
      again.directory.offline(1)
      await again.run(1_000)
      expect(await again.get(5, 'k')).toBeUndefined()
    })

    it('loses a record with its last holder', async () => {
      const { directory, get, put } = aDirectory(model)
      await put(1, 'k', 1)
      for (let peer = 0; peer < 200; peer++) directory.offline(peer)
      for (let peer = 0; peer < 200; peer++) directory.online(peer)
      expect(await get(150, 'k')).toBeUndefined()
    })

    it('finds peers on a shelf, at most as many as asked for', async () => {
      const { directory, run } = aDirectory(model)
      for (let peer = 0; peer < 50; peer++) directory.provide(peer, 'class/gpu', () => {})
      await run(60)
      const answers: number[][] = []
      directory.find(100, 'class/gpu', 10, (peers) => answers.push(peers))
      directory.find(100, 'class/none', 10, (peers) => answers.push(peers))
      await run(60)
      const [gpu, none] = answers.sort((a, b) => b.length - a.length) as [number[], number[]]
      expect(new Set(gpu).size).toBe(10)
      expect(gpu.every((peer) => peer < 50)).toBe(true)
      expect(none).toEqual([])
    })

    it('counts no less than before when the network shrinks', async () => {
      const { directory, run } = aDirectory(model, { peers: 300, dht: { refreshSeconds: 300 } })
      await run(3_600)
      const before = directory.stats
      expect(before.requests).toBeGreaterThan(300 * 12 * 20)
      for (let peer = 20; peer < 300; peer++) directory.offline(peer)
      await run(1)
      const after = directory.stats
      for (const count of ['requests', 'lookups', 'bytes'] as const) expect(after[count]).toBeGreaterThanOrEqual(before[count])
      await run(3_600)
      expect(directory.stats.requests - after.requests).toBeLessThan(0.1 * before.requests)
    })

    it('ends every call, also alone, offline and with everybody gone', async () => {
      const { directory, get, put, run } = aDirectory(model, { peers: 30 })
      for (let peer = 1; peer < 30; peer++) directory.offline(peer)
      expect(await get(0, 'k')).toBeUndefined()
      expect(await put(0, 'k', 1)).toBe(false)
      expect(await put(7, 'k', 1)).toBe(false)
      let calls = 0
      directory.find(0, 's', 3, () => calls++)
      directory.offline(0)
      await run(600)
      expect(calls).toBe(1)
    })

    it('estimates the size of the network', async () => {
      const { directory } = aDirectory(model, { peers: 2_000 })
      const sizes = [...Array(200).keys()].map((peer) => directory.networkSize(peer))
      expect(median(sizes)).toBeGreaterThan(1_700)
      expect(median(sizes)).toBeLessThan(2_300)
    })

    it('gives the same trace with the heap and with the calendar', async () => {
      const hashes = await Promise.all(
        (['heap', 'calendar'] as const).map(async (queue) => {
          const { kernel, directory, run } = aDirectory(model, {
            queue,
            offline: 50,
            dht: { refreshSeconds: 300, republishSeconds: 100 },
          })
          const draws = kernel.draws.stream('test', 1)
          for (let i = 0; i < 100; i++) {
            const peer = draws.below(0, 200)
            if (draws.chance(0, 0.3)) directory.offline(peer)
            else directory.online(peer)
            directory.put(peer, `k${i % 7}`, Uint8Array.of(i), () => {})
            await run(5)
          }
          return kernel.traceHash()
        }),
      )
      expect(hashes[0]).toBe(hashes[1])
    })

    it('refuses parameters that no DHT has, and invalid records', () => {
      expect(() => aDirectory(model, { dht: { k: 0 } })).toThrow('dht.k')
      expect(() => aDirectory(model, { dht: { alpha: 1e9 } })).toThrow('dht.alpha')
      expect(() => aDirectory(model, { dht: { requestTimeoutMs: Number.NaN } })).toThrow('dht.requestTimeoutMs')
      expect(() => aDirectory(model).directory.put(1, 'k', new Uint8Array(0), () => {})).toThrow('not valid')
    })
  })

describe('exact', () => {
  it('finds the peers that are closest of all, and a newcomer too', async () => {
    const { directory, run } = aDirectory(ExactDirectory, { peers: 1_000, offline: 1 })
    await run(10)
    directory.online(0)
    await run(60)
    const target = { high: directory.ids.high[0] as number, low: 0 }
    const distance = (peer: number) => ((directory.ids.high[peer] as number) ^ target.high) >>> 0
    const closest = [...Array(1_000).keys()].sort((a, b) => distance(a) - distance(b)).slice(0, 20)
    let found: number[] = []
    directory.walk(500, target, ({ peers }) => {
      found = peers
    })
    await run(60)
    expect(found).toContain(0)
    expect(found.filter((peer) => closest.includes(peer)).length).toBeGreaterThanOrEqual(19)
  })

  it('asks for contacts again when nobody was there to be met, or all that were met have left', async () => {
    const kernel = new Kernel({ seed: 3, peers: 400 })
    const links = new RegionalLinks({ kernel, peers: 400, regions: CALIBRATION_REGIONS, links: CALIBRATION_LINKS })
    // Nobody has it in a table, as if it could not be dialled: it must look for others itself.
    const reachability = { dialable: (peer: number) => peer !== 0 }
    const dht = { ...CALIBRATION_DHT, requestTimeoutMs: 1_000, refreshSeconds: 300 }
    const directory = new ExactDirectory({ kernel, links, peers: 400, dht, reachability, dialRoundTrips: 6.6 })
    // There before the first event, and alone: there is nobody to be settled with.
    directory.online(0)
    await kernel.run(10e6)
    expect(directory.networkSize(0)).toBe(1)
    for (let peer = 1; peer < 200; peer++) directory.online(peer)
    await kernel.run(60e6)
    expect(directory.networkSize(0)).toBeGreaterThan(100)
    for (let peer = 1; peer < 200; peer++) directory.offline(peer)
    await kernel.run(20_000e6)
    expect(directory.tables.size(0)).toBe(0)
    const { lookups } = directory.stats
    await kernel.run(20_600e6)
    // One every half a minute, and two refreshes, however long it has been alone.
    expect(directory.stats.lookups - lookups).toBeLessThanOrEqual(23)
    for (let peer = 200; peer < 400; peer++) directory.online(peer)
    await kernel.run(20_660e6)
    expect(directory.tables.size(0)).toBeGreaterThan(20)
  })

  it('holds each contact in the bucket of the bits it shares, no more than k', async () => {
    const { directory, run } = aDirectory(ExactDirectory, { peers: 1_000, dht: { refreshSeconds: 600 } })
    await run(600)
    const { tables, ids } = directory
    for (let peer = 0; peer < 1_000; peer += 100)
      for (let bucket = 0; bucket < tables.buckets - 1; bucket++) {
        const contacts = [...tables.entries(peer, bucket)]
        expect(contacts.length).toBeLessThanOrEqual(20)
        expect(new Set(contacts).size).toBe(contacts.length)
        const at = (other: number) => [ids.high[other] as number, ids.low[other] as number] as const
        for (const contact of contacts) expect(sharedBits(...at(peer), ...at(contact))).toBe(bucket)
      }
  })

  it('loses a key to sybils that took all places next to it', async () => {
    const { directory, get, put } = aDirectory(ExactDirectory, { peers: 300, offline: 40 })
    await put(50, 'k', 1)
    expect(await get(60, 'k')).toBe(1)
    const sybils = [...Array(40).keys()]
    directory.placeSybils(sybils, idOfKey('k'))
    for (const sybil of sybils) directory.online(sybil)
    await put(50, 'k', 2)
    expect(await get(60, 'k')).not.toBe(2)
  })
})

describe('stat', () => {
  it('lets puts of one minute take as long, and as many requests, as puts of which each is drawn: within 5 % and 1 %', async () => {
    const measured = await Promise.all(
      [0, 60].map(async (everySeconds) => {
        const { kernel, directory, run } = aDirectory(StatDirectory, { peers: 1_000 })
        const ms: number[] = []
        for (let i = 0; i < 1_500; i++) {
          const begunUs = kernel.nowUs
          directory.put((i * 37) % 1_000, `k${i}`, Uint8Array.of(1), () => ms.push((kernel.nowUs - begunUs) / 1_000))
          await run(everySeconds)
        }
        await run(60)
        const { requests, bytes } = directory.stats
        ms.sort((a, b) => a - b)
        const quantiles = [0.1, 0.5, 0.9].map((share) => ms[Math.floor(share * ms.length)] as number)
        return { distinct: new Set(ms).size, counted: [requests, bytes], quantiles }
      }),
    )
    const [atOnce, apart] = measured as [(typeof measured)[0], (typeof measured)[0]]
    expect(atOnce.distinct).toBeLessThan(0.4 * apart.distinct)
    const expectAlike = (ours: number[], theirs: number[], share: number) => {
      for (const [i, value] of ours.entries()) expect(Math.abs(value / (theirs[i] as number) - 1)).toBeLessThan(share)
    }
    expectAlike(atOnce.quantiles, apart.quantiles, 0.05)
    expectAlike(atOnce.counted, apart.counted, 0.01)
  })

  it('takes no put for one in the smaller network that there was a moment ago', async () => {
    const { directory, run } = aDirectory(StatDirectory, { peers: 1_000, offline: 990 })
    const requestsOf = async (puts: number) => {
      const before = directory.stats.requests
      for (let i = 0; i < puts; i++) directory.put(999, `k${i}`, Uint8Array.of(1), () => {})
      await run(1)
      return directory.stats.requests - before
    }
    expect(await requestsOf(1_000)).toBe(1_000 * (9 + 9))
    for (let peer = 0; peer < 990; peer++) directory.online(peer)
    expect(await requestsOf(1_000)).toBeGreaterThanOrEqual(1_000 * (20 + 20))
  })
})

describe('recent walks', () => {
  it('are drawn again after a minute, for each region and when they are forgotten', () => {
    const recent = new RecentWalks()
    let drawn = 0
    const next = (region: number, seconds: number) =>
      recent.next(region, seconds * 1e6, () => ({ durationUs: ++drawn, requests: 1, timeouts: 0, bytes: 1 })).durationUs
    const round = (region: number, seconds: number) => [...Array(32)].map(() => next(region, seconds))
    const first = round(0, 0)
    expect(new Set(first).size).toBe(32)
    expect(round(0, 59)).toEqual(first)
    expect(round(1, 59)).toEqual(first.map((walk) => walk + 32))
    expect(round(0, 60)).toEqual(first.map((walk) => walk + 64))
    recent.forget()
    expect(round(1, 60)).toEqual(first.map((walk) => walk + 96))
  })
})

describe('stat against exact', () => {
  it('has the request counts that exact gives anew, within one request in ten', async () => {
    for (const [peers, alpha] of [
      [1_000, 10],
      [1_000, 3],
      [3_000, 10],
    ] as const) {
      const measured = await measureLookups({ peers, alpha, lookups: 300, seed: 99 })
      const known = figuresAt(peers, alpha)
      const [ours, tabled] = [measured.requests.x[3] as number, known.requests.x[3] as number]
      expect(Math.abs(ours - tabled) / tabled).toBeLessThan(0.1)
    }
  })

  it('finds one of a shelf as fast at 1,000 and 10,000 peers: median within 10 %, 90th percentile within 15 %', async () => {
    for (const peers of [1_000, 10_000]) {
      const times = await Promise.all(
        [ExactDirectory, StatDirectory].map(async (model) => {
          const { kernel, directory, run } = aDirectory(model, { peers })
          const ms: number[] = []
          for (let i = 0; i < 1_000; i++) {
            directory.provide((i * 37) % peers, `s${i}`, () => {})
            await run(60)
            const begunUs = kernel.nowUs
            directory.find((i * 91 + 5) % peers, `s${i}`, 1, () => ms.push((kernel.nowUs - begunUs) / 1_000))
            await run(60)
          }
          return [median(ms), ms[Math.floor(ms.length * 0.9)] as number] as const
        }),
      )
      const [exact, stat] = times as [readonly [number, number], readonly [number, number]]
      expect(Math.abs(stat[0] - exact[0]) / exact[0]).toBeLessThan(0.1)
      expect(Math.abs(stat[1] - exact[1]) / exact[1]).toBeLessThan(0.15)
    }
  })

  it('counts as many requests for refreshes as exact sends, questions of full buckets left out, within a tenth', async () => {
    for (const peers of [50, 300]) {
      const [exact, stat] = [ExactDirectory, StatDirectory].map((model) =>
        aDirectory(model, { peers, dht: { refreshSeconds: 300 } }),
      ) as [ReturnType<typeof aDirectory<typeof ExactDirectory>>, ReturnType<typeof aDirectory<typeof StatDirectory>>]
      let requests = 0
      exact.directory.onLookup = (lookup) => {
        requests += lookup.requests
      }
      // The first refreshes begin at random.
      for (const { run } of [exact, stat]) await run(300)
      const before = {
        requests: requests - stat.directory.stats.requests,
        lookups: exact.directory.stats.lookups - stat.directory.stats.lookups,
      }
      for (const { run } of [exact, stat]) await run(900)
      const { requests: ours, lookups } = stat.directory.stats
      expect(Math.abs(requests - ours - before.requests) / requests).toBeLessThan(0.1)
      expect(Math.abs(exact.directory.stats.lookups - lookups - before.lookups) / lookups).toBeLessThan(0.1)
    }
  })

  it('finds one of a shelf later when most of those that held it have left', async () => {
    const medianMs = async (leavers: number) => {
      const { kernel, directory, run } = aDirectory(StatDirectory, { peers: 1_000 })
      for (let i = 0; i < 200; i++) directory.provide(i, `s${i}`, () => {})
      await run(60)
      for (let peer = 1_000 - leavers; peer < 1_000; peer++) directory.offline(peer)
      for (let peer = 1_000 - leavers; peer < 1_000; peer++) directory.online(peer)
      // The departures themselves are forgotten: their timeouts are not what is measured.
      await run(7_200)
      const ms: number[] = []
      const begunUs = kernel.nowUs
      for (let i = 0; i < 200; i++) directory.find(i, `s${i}`, 1, () => ms.push((kernel.nowUs - begunUs) / 1_000))
      await run(60)
      return median(ms)
    }
    expect(await medianMs(800)).toBeGreaterThan(1.5 * (await medianMs(0)))
  })

  it('takes as long for put and get at 1,000 and 10,000 peers: median within 10 %, 95th percentile within 15 %', async () => {
    for (const [peers, alpha] of [
      [1_000, 3],
      [10_000, 10],
    ] as const) {
      const times = await Promise.all(
        [ExactDirectory, StatDirectory].map(async (model) => {
          const { kernel, directory, run } = aDirectory(model, { peers, dht: { alpha } })
          const ms: number[] = []
          for (let i = 0; i < 300; i++) {
            const begunUs = kernel.nowUs
            const note = () => ms.push((kernel.nowUs - begunUs) / 1_000)
            directory.put((i * 37) % peers, `k${i}`, Uint8Array.of(1), note)
            directory.get((i * 91) % peers, `g${i}`, note)
            await run(60)
          }
          return [median(ms), ms[Math.floor(ms.length * 0.95)] as number] as const
        }),
      )
      const [exact, stat] = times as [readonly [number, number], readonly [number, number]]
      expect(Math.abs(stat[0] - exact[0]) / exact[0]).toBeLessThan(0.1)
      expect(Math.abs(stat[1] - exact[1]) / exact[1]).toBeLessThan(0.15)
    }
  })
})
