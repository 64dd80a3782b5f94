import { meterCompliance, someCapacity, someGpu } from '@weft/protocols/testing'
import { toHex } from '@weft/protocols/wire'
import { describe, expect, test } from 'vitest'
import type { Role } from '../../src/faults/roles.ts'
import { Kernel } from '../../src/kernel/kernel.ts'
import { Hardware } from '../../src/peers/hardware.ts'
import { FLEETS, MEASURE } from '../../src/presets/index.ts'
import type { Machine } from '../../src/scenario.ts'

// Goal: modelled cards answer as the node's meters do, and liars' cards lack just what they lie about.

const machineWith = (model: string): Machine => FLEETS['paid-home'].find((machine) => machine.model === model) as Machine

function someHardware(roles: [number, Role][] = [], ownerOf: [number, number][] = [], machine = machineWith('RTX 4090')) {
  const kernel = new Kernel({ seed: 3, peers: 4 })
  const measured: boolean[] = []
  const hardware = new Hardware({
    measure: MEASURE,
    peers: 4,
    kernel,
    fleet: { providers: [0, 1, 2, 3], machine: () => machine },
    roles: new Map(roles),
    ownerOf: new Map(ownerOf),
    roundTripMs: () => 100,
    indexOf: () => undefined,
    measures: (_peer, isUnderWay) => void measured.push(isUnderWay),
  })
  const gpus = [someGpu({ count: machine.gpus, uuidHashes: [] })]
  const announced = (peer: number) =>
    hardware.capacityOf(peer, someCapacity({ gpus })).gpus.flatMap(({ uuidHashes }) => uuidHashes)
  return { kernel, hardware, measured, announced }
}

/** Time passes while a call is under way. */
async function pumped<T>(kernel: Kernel, call: Promise<T>): Promise<T> {
  const outcome = Promise.allSettled([call])
  await kernel.run(kernel.nowUs + 600e6)
  const [settled] = await outcome
  if (settled.status === 'rejected') throw settled.reason
  return settled.value
}

const SIZE = { fillMib: 20_000, rounds: 256, rows: 2 ** 22 }
const taskOf = (card: string, stage: 'fill' | 'walk') => ({
  ...SIZE,
  card,
  stage,
  seed: new Uint8Array(32),
  stageSeed: new Uint8Array(32),
})

/** How long cards take to be filled and read, ms, all at once. */
async function tookMs({ kernel, hardware }: ReturnType<typeof someHardware>, peer: number, cards: readonly Uint8Array[]) {
  const meter = hardware.meterOf(peer)
  const took = async (stage: 'fill' | 'walk'): Promise<number> => {
    const since = kernel.nowUs
    let endUs = 0
    const all = cards.map(async (card) => {
      await meter?.perform(taskOf(toHex(card), stage))
      endUs = kernel.nowUs
    })
    await pumped(kernel, Promise.all(all))
    return (endUs - since) / 1_000
  }
  return { fill: await took('fill'), walk: await took('walk') }
}

describe('a modelled meter', () => {
  for (const { name, run } of meterCompliance) {
    test(name, () =>
      run(async () => {
        const { kernel, hardware, announced } = someHardware()
        const meter = hardware.meterOf(0)
        if (meter === undefined) throw new Error('a provider has a meter')
        const perform: typeof meter.perform = (task) => pumped(kernel, meter.perform(task))
        const subject = { meter: { ...meter, perform }, card: toHex(announced(0)[0] as Uint8Array), size: SIZE }
        return { subject, close: async () => {} }
      }),
    )
  }
})

test('an honest card is read in a fraction of the time in which it is filled', async () => {
  const world = someHardware()
  const { fill, walk } = await tookMs(world, 0, world.announced(0))
  expect(walk).toBeLessThan(0.4 * fill)
  expect(world.measured).toEqual([true, true])
})

test.each(['doubler', 'padder'] as const)('what a %s announces takes longer to read than 0.6 of filling', async (role) => {
  const world = someHardware([[0, role]])
  const { fill, walk } = await tookMs(world, 0, world.announced(0))
  expect(walk).toBeGreaterThan(0.6 * fill)
})

test('twins are slow only when they are asked in one moment, and live at one address', async () => {
  const world = someHardware(
    [
      [0, 'twin'],
      [1, 'twin'],
    ],
    [[1, 0]],
  )
  const { hardware, kernel, announced } = world
  expect(hardware.addressesOf(1)).toEqual(hardware.addressesOf(0))
  expect(hardware.addressesOf(2)).not.toEqual(hardware.addressesOf(0))
  const alone = await tookMs(world, 1, announced(1))
  expect(alone.walk).toBeLessThan(0.4 * alone.fill)
  const name = (peer: number) => toHex(announced(peer)[0] as Uint8Array)
  const both = (stage: 'fill' | 'walk') =>
    pumped(kernel, Promise.all([0, 1].map((peer) => hardware.meterOf(peer)?.perform(taskOf(name(peer), stage)))))
  const at = [kernel.nowUs]
  await both('fill')
  at.push(kernel.nowUs)
  const late: number[] = []
  await pumped(
    kernel,
    Promise.all(
      [0, 1].map((peer) =>
        hardware
          .meterOf(peer)
          ?.perform(taskOf(name(peer), 'walk'))
          .then(() => late.push(kernel.nowUs)),
      ),
    ),
  )
  expect((Math.max(...late) - (at[1] as number)) / 1_000).toBeGreaterThan(0.6 * alone.fill)
})

test('a container on a card takes half of its time', async () => {
  const world = someHardware()
  const alone = await tookMs(world, 0, world.announced(0))
  world.hardware.runs(0, 1)
  const beside = await tookMs(world, 0, world.announced(0))
  expect(beside.fill).toBeCloseTo(2 * alone.fill, -1)
  world.hardware.runs(0, -1)
  expect((await tookMs(world, 0, world.announced(0))).fill).toBeCloseTo(alone.fill, -1)
})

test('a relay takes a round trip longer and answers another question; a borrower answers this one', async () => {
  const world = someHardware(
    [
      [0, 'relay'],
      [1, 'borrower'],
      [3, 'lender'],
    ],
    [
      [0, 2],
      [1, 3],
    ],
  )
  const { hardware, kernel, announced } = world
  const verdict = async (peer: number) => {
    const card = toHex(announced(peer)[0] as Uint8Array)
    const meter = hardware.meterOf(peer)
    await pumped(kernel, meter?.perform(taskOf(card, 'fill')) ?? Promise.resolve([]))
    const report = await pumped(kernel, meter?.perform(taskOf(card, 'walk')) ?? Promise.resolve([]))
    return meter?.check(taskOf(card, 'walk'), report, new Uint8Array(16))
  }
  expect(await verdict(0)).toBe('it answers another question')
  expect(await verdict(1)).toBeUndefined()
})
