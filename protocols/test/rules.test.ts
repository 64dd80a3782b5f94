import { messageId, micros, peerId } from '@weft/protocols'
import {
  awardPrices,
  firstPrice,
  hourlyPrice,
  type MarketRule,
  postedPrice,
  pricesCover,
  type RuleContext,
  raisedTo,
  rankWith,
  secondPrice,
} from '@weft/protocols/core'
import { somePrices, someResources } from '@weft/protocols/testing'
import type { Prices } from '@weft/protocols/wire'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const price = fc.bigInt(0n, 2_000_000n).map(micros)
const prices: fc.Arbitrary<Prices> = fc.record({
  currency: fc.constant('USD'),
  start: price,
  gpuHour: price,
  cpuHour: price,
  memoryGibHour: price,
  diskGibHour: price,
  egressGib: price,
})
const resources = fc
  .record({ gpuCount: fc.nat(8), cpuMilli: fc.nat(64_000), memoryMib: fc.nat(262_144), diskMib: fc.nat(1_000_000) })
  .map(someResources)

const bidOf = (name: string, asked: Prices, startInMs = 0) => ({
  provider: peerId(name),
  bidId: messageId(name),
  bid: { orderId: messageId(''), prices: asked, firm: false, validMs: 0, startInMs, region: '' },
})
const bids = fc
  .array(fc.record({ asked: prices, startInMs: fc.nat(600_000) }), { minLength: 1, maxLength: 8 })
  .map((all) => all.map(({ asked, startInMs }, index) => bidOf(`p${index}`, asked, startInMs)))
const historyOf: RuleContext['historyOf'] = (provider) => ({ done: provider.length, lost: provider.charCodeAt(1) % 5 })
const contextOf = (set: Partial<RuleContext>): RuleContext => ({
  resources: someResources(),
  maxPricePerHour: micros(1_000_000n),
  historyOf: () => ({ done: 0, lost: 0 }),
  ...set,
})
/** A core for an hour: the hourly price is the price of a core. */
const CORE = someResources({ cpuMilli: 1_000, memoryMib: 0 })
const core = (name: string, cpuHour: bigint, set: Partial<Prices> = {}) =>
  bidOf(name, somePrices({ cpuHour: micros(cpuHour), ...set }))

function outcome(rule: MarketRule, all: ReturnType<typeof bidOf>[], context: RuleContext) {
  const ranked = rankWith(rule, all, context)
  const winner = all.find(({ bidId }) => bidId === ranked[0]?.bidId)
  if (winner === undefined) return undefined
  const paid = awardPrices(rule, winner, ranked, context)
  return { winner, ranked, paid, perHour: hourlyPrice(paid, context.resources) }
}

describe('raising prices', () => {
  test('lowers none, never passes the target, and stops short of it by less than the finest unit', () => {
    fc.assert(
      fc.property(prices, resources, fc.bigInt(0n, 10n ** 12n).map(micros), (asked, wanted, target) => {
        const raised = raisedTo(asked, wanted, target)
        const now = hourlyPrice(asked, wanted)
        expect(pricesCover(raised, asked)).toBe(true)
        if (target <= now) expect(hourlyPrice(raised, wanted)).toBe(now)
        else expect(hourlyPrice(raised, wanted)).toBeLessThanOrEqual(target)
        const { cpuMilli, memoryMib, diskMib, gpuCount } = wanted
        const finest = Math.min(...[gpuCount, cpuMilli / 1_000, memoryMib / 1_024, diskMib / 1_024].filter((units) => units > 0))
        if (target > now && Number.isFinite(finest)) {
          expect(target - hourlyPrice(raised, wanted)).toBeLessThanOrEqual(BigInt(Math.ceil(finest)))
        }
      }),
    )
  })

  test('keeps the proportion of what was asked', () => {
    const raised = raisedTo(somePrices({ cpuHour: micros(200n), memoryGibHour: micros(100n) }), someResources(), micros(600n))
    expect(raised).toMatchObject({ cpuHour: 400n, memoryGibHour: 200n })
  })
})

describe('a second-price auction', () => {
  test.each([
    ['two bids: the second is the price', [core('aa', 20_000n), core('bb', 30_000n)], 30_000n],
    ['three bids: the third does not matter', [core('cc', 90_000n), core('aa', 20_000n), core('bb', 30_000n)], 30_000n],
    ['alone: the maximum is the price', [core('aa', 20_000n)], 1_000_000n],
    ['equal bids: what was bid', [core('aa', 20_000n), core('bb', 20_000n)], 20_000n],
    ['a fee for starting counts as price', [core('aa', 20_000n, { start: micros(4_000n) }), core('bb', 30_000n)], 26_000n],
  ])('%s', (_name, all, perHour) => {
    expect(outcome(secondPrice(), all, contextOf({ resources: CORE }))).toMatchObject({ winner: { provider: 'aa' }, perHour })
  })

  test("an unreliable rival's price counts as what it is worth", () => {
    const history: RuleContext['historyOf'] = (provider) => (provider === 'bb' ? { done: 0, lost: 5 } : { done: 0, lost: 0 })
    const context = contextOf({ resources: CORE, historyOf: history })
    const all = [core('aa', 20_000n), core('bb', 30_000n)]
    // Reliability 0.9 against 0.6.
    expect(outcome(secondPrice(), all, context)?.perHour).toBe(45_000n)
    expect(outcome(secondPrice({ withReputation: false }), all, context)?.perHour).toBe(30_000n)
  })

  test('pays the winner no less than it bid and no more than the maximum, whatever was bid', () => {
    fc.assert(
      fc.property(bids, resources, fc.bigInt(1n, 10n ** 9n).map(micros), fc.boolean(), (all, wanted, max, withReputation) => {
        const context = contextOf({ resources: wanted, maxPricePerHour: max, historyOf })
        const result = outcome(secondPrice({ withReputation }), all, context)
        if (result === undefined) return
        expect(pricesCover(result.paid, result.winner.bid.prices)).toBe(true)
        expect(result.perHour).toBeLessThanOrEqual(max)
      }),
    )
  })

  test('ranks as a first-price auction does', () => {
    fc.assert(
      fc.property(bids, resources, (all, wanted) => {
        const context = contextOf({ resources: wanted, historyOf })
        expect(secondPrice().rank(all, context)).toEqual(firstPrice().rank(all, context))
      }),
    )
  })

  test('pays a winner the same however little it bids, so that nobody gains by bidding anything but its cost', () => {
    const start = fc.constant(micros(0n))
    const single = fc.record({ cpuHour: price, start })
    fc.assert(
      fc.property(fc.array(single, { minLength: 2, maxLength: 6 }), fc.nat(1_000), (asked, share) => {
        const context = contextOf({ resources: CORE, maxPricePerHour: micros(2_000_000n), historyOf })
        const all = asked.map((set, index) => bidOf(`p${index}`, somePrices(set)))
        const honest = outcome(secondPrice(), all, context)
        if (honest === undefined) throw new Error('every bid is within the maximum')
        const lower = micros((honest.winner.bid.prices.cpuHour * BigInt(share)) / 1_000n)
        const shaded = all.map((each) =>
          each === honest.winner ? bidOf(each.provider, { ...each.bid.prices, cpuHour: lower }) : each,
        )
        const again = outcome(secondPrice(), shaded, context)
        expect(again?.winner.provider).toBe(honest.winner.provider)
        expect(again?.perHour).toBe(honest.perHour)
      }),
    )
  })

  test('a bid at the price that was paid would still have won, and one above it would not', () => {
    const context = contextOf({ resources: CORE, historyOf })
    const all = [core('aa', 20_000n), core('bb', 31_111n), core('cc', 50_000n)]
    const first = outcome(secondPrice(), all, context)
    const instead = (cpuHour: bigint) =>
      all.map((each) => (each.provider === first?.winner.provider ? core(each.provider, cpuHour) : each))
    const paid = first?.perHour ?? 0n
    expect(outcome(secondPrice(), instead(paid - 1n), context)?.winner.provider).toBe(first?.winner.provider)
    expect(outcome(secondPrice(), instead(paid + 1n), context)?.winner.provider).not.toBe(first?.winner.provider)
  })
})

describe('posted prices', () => {
  const lossy: RuleContext['historyOf'] = (provider) => (provider === 'aa' ? { done: 0, lost: 3 } : { done: 0, lost: 0 })
  const all = [core('zz', 2_000_000n), core('aa', 50_000n), core('bb', 20_000n)]

  test('the first bid within the maximum is taken at its price, though a cheaper one came later', () => {
    const context = contextOf({ resources: CORE })
    expect(outcome(postedPrice(), all, context)).toMatchObject({ winner: { provider: 'aa' }, perHour: 50_000n })
    expect(postedPrice().closes?.(all.slice(1, 2), context)).toBe(true)
    expect(postedPrice().closes?.([], context)).toBe(false)
  })

  test('with reputation, a provider that lost leases is taken only where no other bids', () => {
    const context = contextOf({ resources: CORE, historyOf: lossy })
    expect(outcome(postedPrice(), all, context)?.winner.provider).toBe('bb')
    expect(postedPrice().closes?.(all.slice(1, 2), context)).toBe(false)
    expect(outcome(postedPrice(), all.slice(1, 2), context)?.winner.provider).toBe('aa')
    expect(outcome(postedPrice({ withReputation: false }), all, context)?.winner.provider).toBe('aa')
  })
})

describe("a researcher's own rule", () => {
  const context = contextOf({ resources: CORE })
  const own = [core('aa', 20_000n)]
  const paying = (paid: (asked: Prices) => Prices): MarketRule => ({
    ...firstPrice(),
    name: 'mine',
    award: ({ bid }) => paid(bid.prices),
  })

  test.each([
    ['pays less than was bid', paying((asked) => ({ ...asked, cpuHour: micros(1n) })), /below the bid/],
    ['pays in another currency', paying((asked) => ({ ...asked, currency: 'EUR' })), /another currency/],
    ['pays above the maximum', paying((asked) => ({ ...asked, cpuHour: micros(1_000_001n) })), /above the renter's maximum/],
    [
      'ranks a bid twice',
      { name: 'mine', rank: (all, at) => [...firstPrice().rank(all, at), ...firstPrice().rank(all, at)] },
      /twice/,
    ],
    [
      'scores with no number',
      {
        name: 'mine',
        rank: (all, at) =>
          firstPrice()
            .rank(all, at)
            .map((each) => ({ ...each, score: Number.NaN })),
      },
      /finite/,
    ],
  ] satisfies [string, MarketRule, RegExp][])('that %s is stopped by name', (_name, rule, fault) => {
    expect(() => outcome(rule, own, context)).toThrow(fault)
    expect(() => outcome(rule, own, context)).toThrow("'mine'")
  })
})
