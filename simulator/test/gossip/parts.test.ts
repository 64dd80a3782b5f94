import { describe, expect, it } from 'vitest'
import { History } from '../../src/gossip/history.ts'
import { Lists } from '../../src/gossip/lists.ts'
import { Notes } from '../../src/gossip/notes.ts'
import { PairRows } from '../../src/gossip/pairs.ts'
import { power, Score } from '../../src/gossip/score.ts'
import { hardenedScore, scoreParameters } from '../../src/gossip/score-parameters.ts'
import { Subscriptions } from '../../src/gossip/subscriptions.ts'
import { Draws } from '../../src/kernel/draws.ts'

const draws = new Draws(7).stream('test', 1)

describe('subscriptions', () => {
  it('say by a bit what they say by a row', () => {
    const subscriptions = new Subscriptions(70)
    const seen = new Set<number>()
    const agree = (topic: number, peer: number) => subscriptions.has(topic, peer) === subscriptions.of(topic, peer) >= 0
    for (let step = 0; step < 2_000; step++) {
      const peer = draws.below(0, 70)
      const topic = draws.below(0, 2)
      const row = subscriptions.want(topic, peer)
      if (subscriptions.isActive(row)) subscriptions.deactivate(row)
      else subscriptions.activate(row)
      seen.add(row)
      expect(agree(topic, peer)).toBe(true)
    }
    for (let at = 0; at < 140; at++) expect(agree(at % 2, at >> 1)).toBe(true)
    expect(seen.size).toBe(140)
    for (const topic of [0, 1]) {
      const members = subscriptions.members(topic).slice(0, subscriptions.count(topic))
      expect(members.length).toBeGreaterThan(0)
      expect(subscriptions.ascending(topic)).toEqual(members.sort())
    }
    expect(subscriptions.ascending(2)).toEqual(new Int32Array(0))
  })

  it('are told in order wherever in a word of bits they stand', () => {
    const subscriptions = new Subscriptions(65)
    for (const peer of [64, 31, 0, 63, 32]) subscriptions.activate(subscriptions.want(0, peer))
    expect(subscriptions.ascending(0)).toEqual(Int32Array.of(0, 31, 32, 63, 64))
  })
})

describe('lists', () => {
  it('hold what arrays would hold, through growth, removal and reuse', () => {
    const lists = new Lists(1, 4)
    lists.reserve(50)
    const arrays: number[][] = Array.from({ length: 50 }, () => [])
    for (let step = 0; step < 20_000; step++) {
      const list = draws.below(0, 50)
      const array = arrays[list] as number[]
      const action = draws.below(0, 100)
      if (action === 0) {
        lists.clear(list)
        array.length = 0
      } else if (action < 60 || array.length === 0) {
        lists.push(list, step)
        array.push(step)
      } else {
        const item = array[draws.below(0, array.length)] as number
        expect(lists.remove(list, item)).toBe(true)
        array.splice(array.indexOf(item), 1)
      }
    }
    for (let list = 0; list < 50; list++) {
      const items = Array.from({ length: lists.length[list] as number }, (_, i) => lists.at(list, i))
      expect(items.sort((a, b) => a - b)).toEqual((arrays[list] as number[]).sort((a, b) => a - b))
    }
  })
})

describe('rows of pairs', () => {
  it('find what a map would find, with rows that no two pairs share', () => {
    const rows = new PairRows(8)
    const map = new Map<string, number>()
    for (let step = 0; step < 20_000; step++) {
      const [first, second] = [draws.below(0, 40), draws.below(0, 40)]
      const key = `${first} ${second}`
      if (draws.chance(0, 0.6)) map.set(key, rows.add(first, second))
      else {
        rows.remove(first, second)
        map.delete(key)
      }
    }
    expect(rows.count).toBe(map.size)
    expect(new Set(map.values()).size).toBe(map.size)
    for (let first = 0; first < 40; first++)
      for (let second = 0; second < 40; second++) expect(rows.find(first, second)).toBe(map.get(`${first} ${second}`) ?? -1)
  })
})

describe('notes on who has a message', () => {
  it('say what a map of sets would say, until they are closed or their message is forgotten', () => {
    const notes = new Notes()
    const map = new Map<string, Set<number>>()
    for (let step = 0; step < 20_000; step++) {
      const [peer, slot, holder] = [draws.below(0, 12), draws.below(0, 80), draws.below(0, 6)]
      const key = `${peer} ${slot}`
      const action = draws.below(0, 100)
      if (action < 70) {
        notes.add(notes.open(peer, slot), holder)
        map.set(key, (map.get(key) ?? new Set()).add(holder))
      } else if (action < 97) {
        notes.close(peer, slot)
        map.delete(key)
      } else {
        notes.forget(slot)
        for (let other = 0; other < 12; other++) map.delete(`${other} ${slot}`)
      }
    }
    expect(notes.count).toBe(map.size)
    for (const [key, holders] of map) {
      const [peer, slot] = key.split(' ').map(Number) as [number, number]
      const note = notes.find(peer, slot)
      expect([0, 1, 2, 3, 4, 5].filter((holder) => notes.has(note, holder))).toEqual([...holders].sort())
    }
  })

  it('of one peer on very many messages are found as fast as those on few', () => {
    const notes = new Notes()
    const before = process.cpuUsage()
    for (let slot = 0; slot < 200_000; slot++) notes.add(notes.open(7, slot), 3)
    for (let slot = 0; slot < 200_000; slot++) if (slot % 2 === 0) notes.close(7, slot)
    expect(notes.count).toBe(100_000)
    for (let slot = 0; slot < 200_000; slot++) notes.forget(slot)
    expect(notes.count).toBe(0)
    // A walk along the peer's notes for each would be 10^10 steps. What other processes take meanwhile does not count.
    expect(process.cpuUsage(before).user / 1e3).toBeLessThan(5_000)
  })
})

describe('message caches', () => {
  it('tell of messages of the last ticks only, and forget the older ones', () => {
    const history = new History(1)
    for (let tick = 1; tick <= 6; tick++) history.put(0, tick * 10, tick)
    const told: number[] = []
    history.since(0, 4, (slot) => told.push(slot))
    expect(told).toEqual([60, 50, 40])
    history.trim(0, 3)
    expect(history.has(0, 30, 0)).toBe(true)
    expect(history.has(0, 20, 0)).toBe(false)
    history.trim(0, 7)
    expect(history.isEmpty(0)).toBe(true)
  })
})

describe('scores', () => {
  function scoring(parameters = hardenedScore) {
    const subscriptions = new Subscriptions(4)
    const row = subscriptions.want(0, 0)
    return { score: new Score(parameters, subscriptions, 3), row }
  }

  it('raise powers of whole exponents', () => {
    expect(power(0.5, 10)).toBe(1 / 1024)
    expect(power(0.997, 0)).toBe(1)
    expect(power(3, 13)).toBe(1_594_323)
  })

  it('rise with first deliveries and time in the mesh, and decay once a second', () => {
    const { score, row } = scoring()
    score.first(row, 1, 0)
    expect(score.of(0, 1, 0)).toBeCloseTo(0.25 * 0.664, 10)
    expect(score.of(0, 1, 2_500_000)).toBeCloseTo(0.25 * 0.664 * 0.9916 ** 2, 10)
    score.grafted(row, 2, 0)
    expect(score.of(0, 2, 10_000_000)).toBeCloseTo(0.25 * 0.0027 * 10, 10)
  })

  it('fall for a mesh member that brings too little, after the activation, and stay down when it leaves', () => {
    const { score, row } = scoring()
    score.grafted(row, 1, 0)
    expect(score.of(0, 1, 59_000_000)).toBeGreaterThan(0)
    expect(score.of(0, 1, 60_000_000)).toBeCloseTo(0.25 * (0.0027 * 60 - 0.25 * 100), 10)
    score.left(row, 1, 60_000_000)
    expect(score.of(0, 1, 60_000_000)).toBeCloseTo(0.25 * -0.25 * 100, 10)
  })

  it('do not fall for silence in a topic without an expected rate', () => {
    const { score, row } = scoring(scoreParameters(0))
    score.grafted(row, 1, 0)
    expect(score.of(0, 1, 600_000_000)).toBeGreaterThan(0)
  })

  it('fall with the square of invalid messages and of misbehaviour', () => {
    const { score, row } = scoring()
    score.invalid(row, 1, 0)
    score.invalid(row, 1, 0)
    expect(score.of(0, 1, 0)).toBeCloseTo(0.25 * -99 * 4, 10)
    score.misbehaved(0, 2, 0)
    score.misbehaved(0, 2, 0)
    expect(score.of(0, 2, 0)).toBe(-40)
    expect(score.of(0, 2, 9_000_000)).toBe(0)
  })

  it('forget a peer whose connection ended only if nothing speaks against it', () => {
    const { score, row } = scoring()
    score.first(row, 1, 0)
    score.invalid(row, 2, 0)
    score.forget(0, 1, 0)
    score.forget(0, 2, 0)
    expect(score.of(0, 1, 0)).toBe(0)
    expect(score.of(0, 2, 0)).toBeLessThan(0)
  })

  it('hold shared addresses against sybils', () => {
    const { score } = scoring({ ...hardenedScore, colocationWeight: -10, sybilsPerAddress: 4 })
    expect(score.of(0, 3, 0)).toBe(-90)
    expect(score.of(0, 1, 0)).toBe(0)
  })
})
