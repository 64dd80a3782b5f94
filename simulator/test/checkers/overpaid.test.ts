import { expect, test } from 'vitest'
import { broken, countersigned, id, LEASE, PROVIDER, receipt, running } from './a-lease.ts'

// Goal: what a renter signs for that did not run is held against what it could have known.

const lying = () => running({ byzantine: [PROVIDER] })

test('a provider that bills an interval more than ran is within what a renter may lose, and one that bills three is not', () => {
  const [one, three] = [lying(), lying()]
  for (const [checkers, runMs] of [
    [one, 19_000],
    [three, 39_000],
  ] as const) {
    checkers.ended(10_000, LEASE)
    countersigned(checkers, 60_000, receipt({ runMs, kind: 'final' }), id('01'))
    checkers.finish(70_000, new Map(), true)
  }
  expect([broken(one), broken(three)]).toEqual([[], ['overpaid']])
})

test('that it stood still because its renter was out of reach only its provider knows, who can bill it for a permit and its grace', () => {
  const checkers = lying()
  checkers.paused(10_000, LEASE, false)
  checkers.ended(40_000, LEASE)
  countersigned(checkers, 60_000, receipt({ runMs: 39_000, kind: 'final' }), id('01'))
  checkers.finish(70_000, new Map(), true)
  expect(broken(checkers)).toEqual([])
})
