import { micros } from '@weft/protocols'
import {
  afterFailure,
  afterLoss,
  afterPaid,
  type CreditPolicy,
  creditFor,
  creditPolicy,
  isStranger,
  overCap,
  roomFor,
  STRANGER,
  STRANGERS_TICK_MS,
  type Standing,
  type StrangersLease,
  standingIn,
  unsignedOf,
} from '@weft/protocols/core'
import { SimulatedMesh, someCapacity, someOrder, somePrices, someRequest, someTerms } from '@weft/protocols/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SAMPLES } from './samples.ts'
import { bidFor, rentFrom, stranger } from './stranger.ts'

const POLICY: CreditPolicy = { currency: 'EUR', least: micros(1_000n), most: micros(30_000n), strangers: micros(10_000n) }
const paid = (amount: bigint, failures = 0): Standing => ({ paid: micros(amount), currency: 'EUR', failures })

describe('what a renter may owe', () => {
  test.each<[string, Standing, bigint]>([
    ['a stranger: the least', STRANGER, 1_000n],
    ['who has paid a little: as a stranger', paid(1_999n), 1_000n],
    ['who has paid more: half of it', paid(10_000n), 5_000n],
    ['who has paid very much: the most', paid(10n ** 12n), 30_000n],
    ['who failed once: half', paid(10_000n, 1), 2_500n],
    ['who fails and fails: nothing', paid(10n ** 12n, 200), 0n],
    ['who left work unpaid: less than a stranger', afterLoss(paid(10n ** 12n)), 500n],
  ])('%s', (_name, standing, credit) => {
    expect(creditFor(standing, POLICY)).toBe(credit)
  })

  test('a renter is known once it has paid as much as a stranger may owe, and no more when it left work unpaid', () => {
    expect(isStranger(paid(999n), POLICY)).toBe(true)
    expect(isStranger(paid(1_000n), POLICY)).toBe(false)
    expect(isStranger(afterLoss(paid(10n ** 12n)), POLICY)).toBe(true)
  })

  test('paying takes a failure back', () => {
    expect(afterPaid(afterFailure(paid(500n)), micros(7n))).toEqual(paid(507n))
  })

  test('what was paid in another currency counts for nothing, and what it failed stays', () => {
    expect(standingIn(paid(10_000n, 2), 'EUR')).toEqual(paid(10_000n, 2))
    expect(standingIn(paid(10_000n, 2), 'USD')).toEqual({ paid: micros(0n), currency: 'USD', failures: 2 })
    expect(standingIn({ ...STRANGER, equivocated: true }, 'USD')).toMatchObject({ equivocated: true })
  })

  test('whatever a renter did, running away with its whole credit gains no more than it paid, but for what any stranger may owe', () => {
    const deeds = fc.array(fc.oneof(fc.bigInt(0n, 50_000n), fc.constant('fail'), fc.constant('lose')), { maxLength: 30 })
    fc.assert(
      fc.property(deeds, (all) => {
        let standing = STRANGER
        let total = 0n
        for (const deed of all) {
          if (typeof deed === 'bigint') standing = afterPaid(standing, micros(deed))
          else standing = deed === 'fail' ? afterFailure(standing) : afterLoss(standing)
          if (typeof deed === 'bigint') total += deed
          const credit = creditFor(standing, POLICY)
          expect(credit <= POLICY.most).toBe(true)
          expect(credit <= POLICY.least || 2n * credit <= total).toBe(true)
        }
      }),
    )
  })
})

test('by itself a provider gives a stranger what its machine earns in the time it gives credit for, and ten times that to all', () => {
  const capacity = someCapacity({ cpuMilli: 1_000, memoryMib: 0, diskMib: 0, prices: somePrices({ cpuHour: micros(3_600n) }) })
  expect(creditPolicy(capacity, 60_000)).toEqual({ currency: 'USD', least: 60n, most: 86_400n, strangers: 600n })
  expect(creditPolicy(capacity, 60_000, { strangers: micros(5n) }).strangers).toBe(5n)
})

describe('what of a lease nobody signed for', () => {
  const award = { ...SAMPLES.award, maxRunMs: 0, prices: somePrices(), terms: someTerms({ prepayMs: 60_000 }) }
  const hour = 3_600_000
  test.each<[string, bigint, number, bigint]>([
    ['all of it, though it was promised ahead', 0n, hour, 25_000n],
    ['what is beyond the last receipt', 25_000n, 2 * hour, 25_000n],
    ['nothing that was signed', 25_000n, hour, 0n],
  ])('%s', (_name, amount, ranMs, unsigned) => {
    expect(unsignedOf(award, { amount: micros(amount) }, ranMs)).toBe(unsigned)
  })
})

test('all strangers together never leave more unsigned than the cap and a tick of each that runs', () => {
  const lease = fc.record({ perHour: fc.bigInt(0n, 3_600_000n), paysEvery: fc.integer({ min: 0, max: 5 }), startsAt: fc.nat(30) })
  fc.assert(
    fc.property(fc.array(lease, { maxLength: 12 }), (all) => {
      const leases: (StrangersLease & { isPaused: boolean })[] = []
      for (let tick = 0; tick < 60; tick++) {
        for (const { startsAt, perHour } of all)
          if (startsAt === tick)
            leases.push({ unsigned: micros(0n), perHour: micros(perHour), graceMs: 0, isRunning: true, isPaused: false })
        const waiting = leases.filter(({ isPaused }) => isPaused)
        const { pause, resume, againInMs } = overCap(
          leases.filter(({ isPaused }) => !isPaused),
          waiting,
          POLICY,
        )
        expect(againInMs).toBeGreaterThan(0)
        for (const one of pause) Object.assign(one, { isPaused: true, isRunning: false })
        for (const one of resume) Object.assign(one, { isPaused: false, isRunning: true })
        const inTick = (one: StrangersLease) => (one.perHour * BigInt(STRANGERS_TICK_MS)) / 3_600_000n
        leases.forEach((one, i) => {
          const { paysEvery } = all[i] ?? { paysEvery: 0 }
          if (one.isRunning) one.unsigned = micros(one.unsigned + inTick(one))
          if (paysEvery > 0 && tick % paysEvery === 0) one.unsigned = micros(0n)
        })
        const unsigned = leases.reduce((sum, one) => sum + one.unsigned, 0n)
        const slack = leases.filter(({ isRunning }) => isRunning).reduce((sum, one) => sum + inTick(one) + 1n, 0n)
        expect(unsigned <= POLICY.strangers + slack).toBe(true)
      }
    }),
    { numRuns: 200 },
  )
})

test('the newest are paused first and the oldest go on first', () => {
  const make = (unsigned: bigint, isRunning: boolean): StrangersLease => ({
    unsigned: micros(unsigned),
    perHour: micros(360_000n),
    graceMs: 0,
    isRunning,
  })
  const [old, young] = [make(4_000n, true), make(4_500n, true)]
  // A tick of each is 1,000.
  expect(overCap([old, young], [], POLICY)).toMatchObject({ pause: [young], resume: [] })
  const [first, second] = [make(100n, false), make(100n, false)]
  expect(overCap([make(6_000n, true)], [first, second], POLICY)).toMatchObject({ pause: [], resume: [first] })
  expect(roomFor([old, young], POLICY)).toBe(-500n)
  expect(roomFor([{ ...old, graceMs: 30_000 }, young], POLICY)).toBe(-2_500n)
})

const CAPACITY = someCapacity({ cpuMilli: 2_000, memoryMib: 2_048 })

test('a stranger may owe for all of a machine and no more, and others are not held to it', async () => {
  const mesh = new SimulatedMesh()
  const least = micros(600n)
  const provider = await mesh.add({ capacity: someCapacity({ cpuMilli: 9_000 }), credit: { least } })
  const renter = stranger(mesh, 77)
  // Each may leave 277 unsigned: 40 s of a core and a GiB.
  for (const n of [1, 2]) await rentFrom(mesh, renter, provider.id, { order: { nonce: new Uint8Array(16).fill(n) } })
  expect(provider.host.leases().length).toBe(2)
  const wall = mesh.time.epochMs + mesh.time.nowMs
  renter.say(provider.id, 'order', someOrder({ issuedAtMs: wall, expiresAtMs: wall + 60_000, nonce: new Uint8Array(16).fill(3) }))
  await mesh.time.run(mesh.time.nowMs + 100)
  expect(renter.last('refusal')?.value.reason).toBe('credit')
  await bidFor(mesh, stranger(mesh, 78), provider.id)
})

test('what is promised ahead is given as credit: a stranger gets none for a day, and what it gets counts as unsigned', async () => {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity: CAPACITY })
  const renter = stranger(mesh, 77)
  const ahead = (prepayMs: number) => someTerms({ prepayMs, stopAfterMs: prepayMs + 60_000 })
  const wall = mesh.time.epochMs + mesh.time.nowMs
  renter.say(provider.id, 'order', someOrder({ issuedAtMs: wall, expiresAtMs: wall + 60_000, terms: ahead(86_400_000) }))
  await mesh.time.run(mesh.time.nowMs + 100)
  expect(renter.last('refusal')?.value.reason).toBe('credit')
  // The machine earns twice as much as the lease, and a stranger is given a minute of it and eight start fees.
  for (const [nonce, prepayMs] of [40_000, 40_000].entries())
    await rentFrom(mesh, renter, provider.id, { order: { terms: ahead(prepayMs), nonce: new Uint8Array(16).fill(nonce) } }).catch(
      () => {},
    )
  expect(provider.host.leases().length).toBe(1)
})

test('an award that pays more than was asked is held to the cap over all strangers at what it pays', async () => {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity: CAPACITY, credit: { strangers: micros(300n) } })
  const renter = stranger(mesh, 77)
  const award = await bidFor(mesh, renter, provider.id)
  const prices = { ...award.prices, cpuHour: micros(award.prices.cpuHour * 2n) }
  renter.say(provider.id, 'award', { ...award, prices, maxTotal: micros(1_000_000n), nonce: new Uint8Array(16).fill(9) })
  await mesh.time.run(mesh.time.nowMs + 100)
  expect(renter.last('awardRefusal')?.value.reason).toBe('credit')
})

test('a hundred identities that run away cost no more than the cap, which outlives a restart', async () => {
  const mesh = new SimulatedMesh()
  const strangers = micros(1_000n)
  const provider = await mesh.add({ capacity: CAPACITY, credit: { strangers } }, { runMs: 35_000 })
  let taken = 0
  for (let n = 0; n < 100; n++) {
    const renter = stranger(mesh, 100 + n)
    const order = { terms: someRequest().terms, nonce: new Uint8Array(16).fill(n) }
    const lease = await rentFrom(mesh, renter, provider.id, { order }).catch(() => undefined)
    if (lease !== undefined) taken += 1
    await mesh.time.run(mesh.time.nowMs + 40_000)
    if (n === 50) await provider.restart()
  }
  const unpaid = 35_000n * 25_000n * BigInt(taken)
  expect(taken).toBeGreaterThan(2)
  expect(unpaid / 3_600_000n).toBeLessThan(strangers + 243n + 69n)
  expect(provider.notes).toContainEqual(expect.objectContaining({ type: 'order-ignored', reason: 'credit' }))
})

test('who pays nothing is worked for though strangers have used up what they may owe', async () => {
  const mesh = new SimulatedMesh()
  const friend = stranger(mesh, 900)
  const friends = new Map([[friend.id, 0]])
  const provider = await mesh.add({ capacity: CAPACITY, friends, credit: { strangers: micros(1_000n) } }, { runMs: 35_000 })
  for (let n = 0; n < 12; n++) {
    const order = { terms: someRequest().terms, nonce: new Uint8Array(16).fill(n) }
    await rentFrom(mesh, stranger(mesh, 100 + n), provider.id, { order }).catch(() => undefined)
    await mesh.time.run(mesh.time.nowMs + 40_000)
  }
  const nonce = new Uint8Array(16).fill(99)
  await expect(bidFor(mesh, stranger(mesh, 800), provider.id, { nonce })).rejects.toThrow()
  expect((await bidFor(mesh, friend, provider.id, { nonce })).prices.cpuHour).toBe(0n)
})

test('what is free is not paused to make room for others', () => {
  const lease = { unsigned: micros(20_000n), perHour: micros(9_000_000n), graceMs: 0, isRunning: true }
  const free = { unsigned: micros(0n), perHour: micros(0n), graceMs: 0, isRunning: true }
  expect(overCap([lease, free], [], POLICY).pause).toEqual([lease])
})

test('a renter that pays to the end becomes known, with firm bids, and is so after a restart', async () => {
  const mesh = new SimulatedMesh()
  const provider = await mesh.add({ capacity: CAPACITY, credit: { least: micros(300n) } }, { runMs: 60_000 })
  const renter = await mesh.add()
  await mesh.time.run(5_000)
  await renter.host.submit(someRequest())
  await mesh.time.run(120_000)
  const firm = () => provider.notes.flatMap((note) => (note.type === 'bid-sent' ? [note.firm] : []))
  expect(firm()).toEqual([false])
  await provider.restart()
  mesh.network.connect(provider.id, renter.id)
  await mesh.time.run(mesh.time.nowMs + 2_000)
  await renter.host.submit({ ...someRequest(), jobId: '22'.repeat(16) as never })
  await mesh.time.run(mesh.time.nowMs + 5_000)
  expect(firm()).toEqual([false, true])
})
