import { expect, test } from 'vitest'
import { Clocks } from '../../src/faults/clocks.ts'
import { Gate } from '../../src/faults/gate.ts'
import { Injector } from '../../src/faults/injector.ts'
import { Kernel } from '../../src/kernel/kernel.ts'
import { NO_FAULTS } from '../../src/presets/defaults.ts'
import { aMarket, run } from './a-market.ts'

test('what reaches a frozen process waits, and happens in order when it thaws', async () => {
  const kernel = new Kernel({ seed: 1, peers: 2 })
  const gate = new Gate(kernel)
  const seen: string[] = []
  gate.freeze(0, 1_000)
  gate.pass(0, () => seen.push(`a at ${kernel.nowUs}`))
  gate.pass(0, () => seen.push(`b at ${kernel.nowUs}`))
  gate.pass(1, () => seen.push(`other at ${kernel.nowUs}`))
  await kernel.run(2_000)
  gate.pass(0, () => seen.push(`c at ${kernel.nowUs}`))
  expect(seen).toEqual(['other at 0', 'a at 1000', 'b at 1000', 'c at 2000'])
})

test('a process that dies while frozen hears nothing of what waited', async () => {
  const kernel = new Kernel({ seed: 1, peers: 1 })
  const gate = new Gate(kernel)
  const seen: string[] = []
  gate.freeze(0, 1_000)
  gate.pass(0, () => seen.push('for the dead'))
  gate.forget(0)
  gate.pass(0, () => seen.push('for the next'))
  await kernel.run(2_000)
  expect(seen).toEqual(['for the next'])
})

test('a wall clock may be set anyhow within its bound; the monotonic clock only begins anew', () => {
  const kernel = new Kernel({ seed: 1, peers: 3 })
  const clocks = new Clocks(3, 500, kernel.draws.stream('clocks', 3))
  const clock = clocks.of(1, kernel.clock(1))
  const skews = Array.from({ length: 50 }, () => {
    clocks.step(1)
    return clock.wallMs() - kernel.clock(1).wallMs()
  })
  expect(new Set(skews).size).toBeGreaterThan(20)
  expect(Math.max(...skews.map(Math.abs))).toBeLessThanOrEqual(500)
  expect(clock.monoMs()).toBe(0)
  const machine = kernel.clock(1)
  const faulty = clocks.of(1, machine)
  const { era } = faulty
  machine.boot()
  expect(faulty.era).not.toBe(era)
  clocks.boot(1, 0)
  expect(clock.monoMs()).toBe(10_000)
})

function injected(seed: number) {
  const kernel = new Kernel({ seed, peers: 100 })
  const log: string[] = []
  const say = (what: string) => log.push(`${kernel.nowUs} ${what}`)
  const rates = {
    crashesPerHour: 2,
    killsPerHour: 1,
    pausesPerHour: 1,
    clogsPerHour: 1,
    clockStepsPerHour: 1,
    partitionsPerHour: 20,
  }
  const faults = { ...NO_FAULTS, ...rates, partitionSeconds: 600, duplicateShare: 0.1, untilSeconds: 1_800 }
  const injector = new Injector(faults, kernel, {
    peers: 100,
    anyOnline: (stream, row) => stream.below(row, 100),
    crash: (peer, backUs) => say(`crash ${peer} for ${backUs}`),
    kill: (peer, backUs) => say(`kill ${peer} for ${backUs}`),
    freeze: (peer, us) => say(`freeze ${peer} until ${kernel.nowUs + us}`),
    clog: (peer, untilUs) => say(`clog ${peer} until ${untilUs}`),
    setClock: (peer) => say(`clock ${peer}`),
    partition: (groupOf) => say(groupOf === undefined ? 'heal' : `partition of ${groupOf.reduce((sum, side) => sum + side, 0)}`),
    disturb: (duplicates, losses) => say(`disturb ${duplicates} ${losses}`),
  })
  injector.start()
  return { kernel, log, injector }
}

test('faults come at their rates, and all have ended by their time', async () => {
  const { kernel, log, injector } = injected(7)
  await kernel.run(3.6e9)
  // 100 peers for half an hour at two an hour each: 100, give or take ten.
  expect(injector.counts.crash).toBeGreaterThan(85)
  expect(injector.counts.crash).toBeLessThan(115)
  expect(injector.counts.partition).toBeGreaterThan(5)
  const ends = log.flatMap((line) => /until (\d+)/.exec(line)?.[1] ?? []).map(Number)
  expect(Math.max(...ends)).toBeLessThanOrEqual(1.8e9)
  expect(log.slice(-2)).toEqual(['1800000000 heal', '1800000000 disturb 0 0'])
})

test('the same seed brings the same faults, another seed others', async () => {
  const logs = await Promise.all(
    [7, 7, 8].map(async (seed) => {
      const { kernel, log } = injected(seed)
      await kernel.run(3.6e9)
      return log
    }),
  )
  expect(logs[1]).toEqual(logs[0])
  expect(logs[2]).not.toEqual(logs[0])
})

test('a market with every fault at once heals, and every job ends', async () => {
  const faults = {
    crashesPerHour: 4,
    killsPerHour: 4,
    lostWriteShare: 1,
    pausesPerHour: 4,
    pauseSeconds: 5,
    partitionsPerHour: 12,
    partitionSeconds: 30,
    oneWayShare: 0.5,
    clogsPerHour: 4,
    duplicateShare: 0.1,
    lossShare: 0.1,
    clockSkewMs: 5_000,
    clockStepsPerHour: 4,
  }
  const { broken, summary, metric } = await run(aMarket({ peers: 24, jobs: 15, faults }))
  expect(broken).toEqual([])
  expect(summary.jobs.open).toBe(0)
  for (const name of ['faultCrashes', 'faultKills', 'faultPauses', 'faultClogs', 'faultPartitions', 'faultClockSteps'])
    expect(metric(name), name).toBeGreaterThan(0)
})

test('a script takes peers away and brings them back, adds demand and changes prices, each at its time', async () => {
  const plain = await run(aMarket({ peers: 24 }))
  const scripted = await run(
    aMarket({
      peers: 24,
      script: [
        { atSeconds: 200, do: 'price', of: 'providers', share: 1, factor: 2 },
        { atSeconds: 305, do: 'crash', share: 1, of: 'providers' },
        { atSeconds: 345, do: 'return' },
        { atSeconds: 400, do: 'demand', jobs: 7 },
      ],
    }),
  )
  const online = (result: typeof plain, atSeconds: number) =>
    result.series.find((row) => row['atSeconds'] === atSeconds)?.['online']
  expect(online(plain, 310)).toBe(24)
  expect(online(scripted, 300)).toBe(24)
  expect(online(scripted, 310)).toBeLessThan(20)
  expect(online(scripted, 350)).toBe(24)
  expect(scripted.summary.jobs.submitted).toBe(plain.summary.jobs.submitted + 7)
  const dearest = (result: typeof plain) => Math.max(...result.jobs.map(({ pricePerHour }) => pricePerHour))
  expect(dearest(scripted)).toBeGreaterThan(dearest(plain) * 1.3)
})
