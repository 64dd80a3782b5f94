import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { micros, type PeerId } from '@weft/protocols'
import { firstPrice, type MarketRule, type ReceivedBid, type RuleContext } from '@weft/protocols/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LabError } from '../../../lab/cli/exit.ts'
import { loadRule, watchedRule } from '../../../lab/cli/rule.ts'

const README = new URL('../../../README.md', import.meta.url)

const prices = (gpuHour: bigint) => ({
  currency: 'sim',
  start: micros(0n),
  gpuHour: micros(gpuHour),
  cpuHour: micros(0n),
  memoryGibHour: micros(0n),
  diskGibHour: micros(0n),
  egressGib: micros(0n),
})
const aBid = (provider: string, gpuHour: bigint): ReceivedBid =>
  ({ provider, bidId: `bid of ${provider}`, bid: { prices: prices(gpuHour), startInMs: 500 } }) as unknown as ReceivedBid
const BIDS = [aBid('dear', 9n), aBid('cheap', 1n), aBid('middle', 5n)]
const CONTEXT = {
  resources: { gpuCount: 1, cpuMilli: 0, memoryMib: 0, diskMib: 0 },
  maxPricePerHour: micros(10n),
  historyOf: () => ({ done: 0, lost: 0 }),
} as unknown as RuleContext

/** What the person is told when the rule is asked. */
function toldOf(rule: MarketRule): string {
  const told: LabError[] = []
  const watched = watchedRule(rule, (error) => told.push(error))
  const ask = (): unknown => {
    const ranked = watched.rank(BIDS, CONTEXT)
    return watched.award?.(BIDS[0] as ReceivedBid, ranked, CONTEXT)
  }
  expect(ask).toThrow()
  expect(told.map(({ code }) => code)).toEqual(['RULE'])
  return told[0]?.message ?? ''
}
const rule = (fields: object): MarketRule => ({ ...firstPrice(), name: 'mine', ...fields })

describe('a rule that is watched', () => {
  it.each([
    { name: 'no list', fields: { rank: () => undefined }, says: /'mine' ranks no list/ },
    {
      name: 'a list of nothing',
      fields: { rank: () => [undefined] },
      says: /'mine' ranks a bid twice, or one that it was not given/,
    },
    {
      name: 'the bids themselves',
      fields: { rank: (bids: unknown) => bids },
      says: /'mine' ranks a bid without its pricePerHour/,
    },
    {
      name: 'scores that are no numbers',
      fields: {
        rank: () =>
          firstPrice()
            .rank(BIDS, CONTEXT)
            .map((each) => ({ ...each, score: Number.NaN })),
      },
      says: /'mine' gives a bid the score NaN/,
    },
    { name: 'prices below the bid', fields: { award: () => prices(0n) }, says: /'mine' awards a price below the bid/ },
    { name: 'prices above the maximum', fields: { award: () => prices(99n) }, says: /'mine' awards 99 micro-units per hour/ },
    {
      name: 'an exception',
      fields: {
        rank: () => {
          throw new Error('no idea')
        },
      },
      says: /mine threw in rank: no idea/,
    },
  ])('is blamed for $name, and not Weft', ({ fields, says }) => {
    expect(toldOf(rule(fields))).toMatch(says)
  })

  it('answers as it does when nobody watches', () => {
    const watched = watchedRule(rule({}), (error) => expect.fail(error.message))
    expect(watched.rank(BIDS, CONTEXT)).toEqual(firstPrice().rank(BIDS, CONTEXT))
  })
})

describe('the rule of the README', () => {
  let home: string
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'weft-sim-'))
  })
  afterEach(() => rmSync(home, { recursive: true, force: true }))

  it('takes the dearest bid within the maximum', async () => {
    const [, code] = /```ts\n([\s\S]*?)```/.exec(readFileSync(README, 'utf8')) as unknown as [string, string]
    const file = join(home, 'dearest.ts')
    writeFileSync(file, code)
    const ranked = (await loadRule(file)).rank([...BIDS, aBid('too dear', 11n)], CONTEXT)
    expect(ranked.map(({ provider }): PeerId => provider)).toEqual(['dear', 'middle', 'cheap'])
  })
})
