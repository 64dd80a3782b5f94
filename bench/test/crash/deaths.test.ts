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

test('every failpoint comes once before any comes again, and some deaths come at any time', () => {
  const deaths = take(3, 0, 4 * FAILPOINTS.provider.length)
  const named = deaths.flatMap(({ failpoint }) => failpoint?.replace(/:\d$/, '') ?? [])
  const round = named.slice(0, FAILPOINTS.provider.length)
  expect(new Set(round)).toEqual(new Set(FAILPOINTS.provider))
  expect(deaths.length - named.length).toBeGreaterThan(10)
})
