import { describe, expect, it } from 'vitest'
import { Tour } from '../../src/gossip/tour.ts'
import { Draws } from '../../src/kernel/draws.ts'

const draws = new Draws(23).stream('test', 1)
const newTour = (count: number) => new Tour(count, draws.u32(0), draws.u32(0))
const placesOf = (tour: Tour, count: number) => Array.from({ length: count }, () => tour.next())

describe('a tour', () => {
  it('visits each place once, and then again', () => {
    for (const count of [1, 2, 3, 16, 17, 1_000, 4_095, 4_096, 4_097, 4_111, 20_001]) {
      const tour = newTour(count)
      const first = placesOf(tour, count)
      expect(first.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, place) => place))
      expect(placesOf(tour, count)).toEqual(first)
    }
  })

  it('holds at the ends of what can be drawn', () => {
    for (const count of [1, 2, 4_096, 5_000])
      for (const draw of [0, 2 ** 32 - 1]) expect(new Set(placesOf(new Tour(count, draw, draw), count)).size).toBe(count)
  })

  it('of few goes to no place next to the last, of many through runs of sixteen', () => {
    const stepsOf = (count: number) => {
      const places = placesOf(newTour(count), count)
      return places.slice(1).filter((place, i) => place === (places[i] as number) + 1).length
    }
    expect(stepsOf(4_000)).toBe(0)
    expect(stepsOf(8_000)).toBe(8_000 - 8_000 / 16)
  })

  it('brings each place early equally often', () => {
    for (const count of [320, 6_400]) {
      const tours = 2_000
      const early = new Int32Array(count)
      for (let i = 0; i < tours; i++)
        for (const place of placesOf(newTour(count), count / 10)) early[place] = (early[place] as number) + 1
      // Five standard deviations of a binomial, and a quarter for what two tours of one stride have in common.
      const width = 1.25 * 5 * Math.sqrt(tours * 0.1 * 0.9)
      for (const times of early) expect(Math.abs(times - tours / 10)).toBeLessThan(width)
    }
  })
})
