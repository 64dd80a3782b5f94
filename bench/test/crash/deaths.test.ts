import { FAILPOINTS } from '@weft/node'
import { expect, test } from 'vitest'
import { type Death, drawDeaths } from '../../src/crash/deaths.ts'

const take = (seed: number, stream: number, count: number): Death[] => {
  const deaths = drawDeaths(seed, stream, 'provider')
  return Array.from({ length: count }, () => deaths.next().value)
}

test('the same seed draws the same deaths, another seed or peer others', () => {
  expect(take(7, 0, 50)).toEqual(take(7, 0, 50))
  expect(take(7, 0, 50)).not.toEqual(take(8, 0, 50))
  expect(take(7, 0, 50)).not.toEqual(take(7, 1, 50))
})

test('guards die only of providers that are back before a permit runs out', () => {
  const guardless = take(5, 0, 200).filter(({ guardAfterMs }) => guardAfterMs !== undefined)
  expect(guardless.length).toBeGreaterThan(20)
  expect(Math.max(...guardless.map(({ downMs }) => downMs))).toBeLessThanOrEqual(800)
  const renters = drawDeaths(5, 2, 'renter')
  for (let i = 0; i < 200; i++) expect(renters.next().value.guardAfterMs).toBeUndefined()
})

test('every failpoint comes once before any comes again, and some deaths come at any time', () => {
  const deaths = take(3, 0, 4 * FAILPOINTS.provider.length)
  const named = deaths.flatMap(({ failpoint }) => failpoint?.replace(/:\d$/, '') ?? [])
  const round = named.slice(0, FAILPOINTS.provider.length)
  expect(new Set(round)).toEqual(new Set(FAILPOINTS.provider))
  expect(deaths.length - named.length).toBeGreaterThan(10)
})
