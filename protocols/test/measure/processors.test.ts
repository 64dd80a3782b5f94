import type { CardModel, MeterTime, SimulatedPeer } from '@weft/protocols/testing'
import { PhysicalCard, SimulatedMesh, SimulatedMeter, someCapacity, someCard } from '@weft/protocols/testing'
import { expect, test } from 'vitest'

// Goal: no honest machine is taken for a liar because others lend more or faster cores, and who lends cores that it has not is found out.
// Method: modelled processors of all sizes in virtual time, judged by one challenger that knows a dozen of the size.

/** Per ms and core. */
const CORE = { fillMib: 0.004, readMib: 1, fp32Operations: 1e6 }
const NOBODY = new Map<string, PhysicalCard>()

/** `has`: cores that work for it; @default what it lends. `speed`: of each, against others'. `delayMs`: of each of its messages. */
interface Box {
  lends: number
  has?: number
  speed?: number
  delayMs?: number
}

async function judged(boxes: readonly Box[]): Promise<{ box: Box; last: string | undefined; whys: string[] }[]> {
  const delays = new Map<string, number>()
  const delayOf = (peer: string): number => delays.get(peer) ?? 0
  const mesh = new SimulatedMesh(11, (from, to) => ({ delayMs: 10 + delayOf(from) + delayOf(to), lost: false }))
  const time: MeterTime = {
    nowMs: () => mesh.time.nowMs,
    wait: (ms) => new Promise((resolve) => void mesh.time.after(ms, resolve)),
  }
  const pass = (ms: number): Promise<unknown> => mesh.time.run(mesh.time.nowMs + ms)
  const challenger = await mesh.add(undefined, {}, {}, undefined, undefined, {
    meter: new SimulatedMeter({ owner: 'challenger', cards: NOBODY, time }),
    challenges: { roundsPerDay: 0 },
  })
  const providers: SimulatedPeer[] = []
  for (const { lends, has = lends, speed = 1, delayMs = 0 } of boxes) {
    const cores = Math.max(1, Math.floor(has)) * speed
    const readMib = cores * CORE.readMib
    const rates: Partial<CardModel> = { fillMib: cores * CORE.fillMib, readMib, pcieMib: readMib }
    const fp32 = { fp32Operations: cores * CORE.fp32Operations, fp16Operations: cores * CORE.fp32Operations }
    const processor = new PhysicalCard(someCard({ ...rates, ...fp32 }), time)
    const meter = new SimulatedMeter({ owner: `box-${providers.length}`, cards: new Map([['', processor]]), time })
    const capacity = someCapacity({ gpus: [], cpuMilli: lends * 1_000 })
    const provider = await mesh.add({ capacity, challenges: {} }, {}, {}, undefined, undefined, { meter, addresses: [] })
    delays.set(provider.id, delayMs)
    providers.push(provider)
  }
  challenger.host.refreshOffers('cpu')
  await pass(10_000)
  // Twice: the first are judged against too few.
  for (let turn = 0; turn < 2; turn++) {
    for (let from = 0; from < providers.length; from += 6) {
      challenger.host.measure(providers.slice(from, from + 6).map(({ id }) => id))
      await pass(600_000)
    }
  }
  return boxes.map((box, i) => {
    const notes = challenger.notes.filter((note) => note.type === 'measured' && note.provider === providers[i]?.id)
    const said = notes.flatMap((note) => (note.type === 'measured' ? [note] : []))
    return { box, last: said.at(-1)?.verdict, whys: said.map(({ why }) => why).filter((why) => why !== '') }
  })
}

/** As people have them: cores of one speed but for some tenths. */
const some = (count: number, box: Box): Box[] => Array.from({ length: count }, (_, i) => ({ ...box, speed: 1 + (i % 3) / 10 }))

test('honest machines of every size pass beside each other, those that lend a part of a core or are far away too', async () => {
  const crowd = [...some(8, { lends: 64 }), ...some(6, { lends: 16 })]
  const few = [{ lends: 2 }, { lends: 1.5 }, { lends: 3.75 }, { lends: 65 }, { lends: 95.9, speed: 0.9 }, { lends: 12 }]
  const distant = [
    { lends: 64, delayMs: 300 },
    { lends: 2, delayMs: 300 },
    { lends: 16.9, delayMs: 200, speed: 0.8 },
  ]
  for (const { box, last, whys } of await judged([...crowd, ...few, ...distant])) {
    expect({ box, last, whys }).toEqual({ box, last: 'measured', whys: [] })
  }
})

test('who lends 64 cores and has 8 is found out among others of 64, however many of 2 there are', async () => {
  const liar = { lends: 64, has: 8 }
  const found = await judged([...some(10, { lends: 2 }), ...some(7, { lends: 64 }), liar])
  const caught = found.filter(({ last }) => last === 'failed')
  expect(caught.map(({ box }) => box)).toEqual([liar])
  expect(caught[0]?.whys.at(-1)).toMatch(/processor of 64 to 95 cores is far slower/)
})
