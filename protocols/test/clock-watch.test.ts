// Goal: a peer whose wall clock is off by more than the tolerance says so and takes on nothing new, until it is right again; and
// a few liars cannot make a peer believe that.
import { type JobId, jobId } from '@weft/protocols'
import { clockError } from '@weft/protocols/core'
import { SimulatedMesh, type SimulatedPeer, someCapacity, someRequest } from '@weft/protocols/testing'
import { expect, test } from 'vitest'

const HOUR = 3_600_000

test.each<[string, number[], number | undefined]>([
  ['nobody was heard', [], undefined],
  ['all agree with it', [0, -5_000, 8_000, 100], undefined],
  ['three say that it is behind', [-40_000, -50_000, -60_000], -50_000],
  ['three say that it is ahead', [100_000, 110_000, 120_000], 110_000],
  ['two are not enough', [-HOUR, -HOUR], undefined],
  ['three of six are no majority', [-HOUR, -HOUR, -HOUR, 0, 0, 0], undefined],
  ['three of five are one', [-HOUR, -HOUR, -HOUR, 0, 0], -HOUR],
  ['they contradict each other', [-HOUR, -HOUR, HOUR, HOUR], undefined],
  ['one liar exaggerates', [-40_000, -41_000, -42_000, -1e12], -41_000],
  ['messages that came late look as if it were ahead', [44_000, 44_000, 44_000], undefined],
  ['within the tolerance behind', [-30_000, -30_000, -30_000], undefined],
])('%s', (_what, aheadMs, expected) => {
  expect(clockError(aheadMs)).toBe(expected)
})

const FIRST = jobId('11'.repeat(16))
const SECOND = jobId('22'.repeat(16))

async function market(skewed: 'provider' | 'renter', skewMs: number, honest = 3) {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity: someCapacity() }, { runMs: 5_000 })
  const renter = await mesh.add()
  const clock = (skewed === 'provider' ? provider : renter).clock
  clock.skewMs = skewMs
  for (let others = 1; others < honest; others++) await mesh.add()
  const run = (ms: number) => mesh.time.run(mesh.time.nowMs + ms)
  await run(5_000)
  const submit = async (id: JobId) => {
    await renter.host.submit(someRequest({ jobId: id, queueMs: 600_000 }))
    await run(20_000)
    return renter.host.job(id)
  }
  return { mesh, provider, renter, clock, run, submit }
}

const clockNotes = ({ notes }: SimulatedPeer) =>
  notes.flatMap((note) => (note.type === 'clock' ? [{ isOff: note.isOff, aheadMs: Math.round(note.aheadMs / 1000) * 1000 }] : []))

test.each([
  ['behind', -HOUR],
  ['ahead', HOUR],
])(
  'a provider whose clock is %s takes no new lease, says why, and takes them again once the clock is right',
  async (_how, skewMs) => {
    const { provider, clock, run, submit, renter } = await market('provider', skewMs)
    expect(provider.host.clock()).toMatchObject({ off: true, peers: 3 })
    expect(clockNotes(provider)).toEqual([{ isOff: true, aheadMs: skewMs }])
    expect(await submit(FIRST)).toMatchObject({ state: 'seeking' })
    expect(provider.notes).not.toContainEqual(expect.objectContaining({ type: 'bid-sent' }))
    clock.skewMs = 0
    await run(300_000)
    expect(provider.host.clock()).toMatchObject({ off: false })
    expect(clockNotes(provider).at(-1)).toEqual({ isOff: false, aheadMs: 0 })
    expect(renter.host.job(FIRST)).toMatchObject({ state: 'done' })
  },
)

test('an award that comes when the clock has been set wrong is refused, with the clock as the reason', async () => {
  const { mesh, provider, renter, clock } = await market('provider', 0)
  await renter.host.submit(someRequest({ jobId: FIRST, queueMs: 600_000 }))
  await mesh.time.run(mesh.time.nowMs + 5_000, () => provider.notes.some(({ type }) => type === 'bid-sent'))
  clock.skewMs = -HOUR
  await mesh.time.run(mesh.time.nowMs + 10_000)
  expect(renter.notes).toContainEqual(expect.objectContaining({ type: 'award-refused', reason: 'clock' }))
  expect(provider.notes).toContainEqual({ type: 'clock-jumped', byMs: -HOUR })
  expect(provider.host.leases()).toEqual([])
})

test('what runs when the clock is set wrong runs to its end', async () => {
  const { renter, clock, run, submit, provider } = await market('provider', 0)
  expect(await submit(FIRST)).toMatchObject({ state: 'done' })
  await renter.host.submit(someRequest({ jobId: SECOND, queueMs: 600_000 }))
  await run(3_000)
  clock.skewMs = -HOUR
  await run(60_000)
  expect(provider.host.clock().off).toBe(true)
  expect(renter.host.job(SECOND)).toMatchObject({ state: 'done' })
})

test('a renter whose clock is off is told so and what to do, and its job is not taken', async () => {
  const { renter, clock, run, submit } = await market('renter', -HOUR)
  await expect(submit(FIRST)).rejects.toThrow(/clock is 3600 s behind.*timedatectl/)
  expect(renter.host.jobs()).toEqual([])
  clock.skewMs = 0
  expect(await submit(SECOND)).toMatchObject({ state: 'done' })
  await run(1)
})

test('two peers that say so change nothing', async () => {
  const { provider } = await market('provider', -HOUR, 2)
  expect(provider.host.clock()).toMatchObject({ off: false, peers: 2 })
})

test.each([
  [3, false],
  [4, true],
])('with %i liars among seven neighbours a peer doubts its clock: %s', async (liars, off) => {
  const mesh = new SimulatedMesh()
  const honest = await mesh.add({ capacity: someCapacity() })
  for (let index = 0; index < 7; index++) {
    const other = await mesh.add()
    if (index < 7 - liars) continue
    other.clock.skewMs = HOUR
    await other.restart()
    mesh.network.connect(other.id, honest.id)
  }
  await mesh.time.run(5_000)
  expect(honest.host.clock()).toMatchObject({ off, peers: 7 })
})

test('a machine that slept is not taken for one whose clock is off', async () => {
  const { provider, clock, run } = await market('provider', 0)
  // Its monotonic clock stood still meanwhile: against that the wall clock jumps forward.
  clock.skewMs = HOUR
  await run(60_000)
  expect(provider.notes).toContainEqual({ type: 'clock-jumped', byMs: HOUR })
  expect(provider.host.clock()).toMatchObject({ off: false })
})
