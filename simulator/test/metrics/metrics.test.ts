import { describe, expect, test } from 'vitest'
import { clear } from '../../src/market/benchmark.ts'
import { gini, jain } from '../../src/metrics/inequality.ts'
import { LatencyCounts } from '../../src/metrics/latency-counts.ts'
import { MessageBook } from '../../src/metrics/messages.ts'
import { NOTE_NUMBERS } from '../../src/metrics/note-hash.ts'
import { StreamBook } from '../../src/metrics/stream-book.ts'
import { Traffic } from '../../src/metrics/traffic.ts'
import { MESSAGE_ROWS_MAX } from '../../src/result.ts'

describe('inequality, against values worked out by hand', () => {
  test.each([
    { name: 'equal shares', values: [5, 5, 5, 5], gini: 0, jain: 1 },
    { name: 'one has all', values: [0, 0, 0, 8], gini: 0.75, jain: 0.25 },
    // Gini: mean of all differences 8/9, over twice the mean, 4. Jain: 6² / (3 · 14).
    { name: '1, 2, 3', values: [3, 1, 2], gini: 2 / 9, jain: 36 / 42 },
    { name: 'nothing at all', values: [0, 0], gini: 0, jain: 1 },
    { name: 'nobody', values: [], gini: 0, jain: 1 },
  ])('$name', ({ values, ...expected }) => {
    expect(gini(values)).toBeCloseTo(expected.gini, 12)
    expect(jain(values)).toBeCloseTo(expected.jain, 12)
  })
})

test('every type of note has a number of its own in the hash of decisions', () => {
  const numbers = Object.values(NOTE_NUMBERS)
  expect(new Set(numbers).size).toBe(numbers.length)
})

describe('the clearing benchmark', () => {
  const machine = (price: number, gpus = 1, vramGiB = 24) => ({ price, gpus, vramGiB })
  const job = (price: number, gpus = 1, vramGiB = 0) => ({ price, gpus, vramGiB })

  test('trades while a buyer pays what a seller asks, in the middle of the prices that clear', () => {
    expect(clear([job(10), job(8), job(3)], [machine(2), machine(4), machine(6)])).toEqual({
      // From 4, asked by the last used seller, to 6: above it a third machine would be offered.
      price: 5,
      gpus: 2,
      served: 2,
      surplus: 8 + 4,
    })
  })

  test('a buyer that went without pays no more than the price, and a seller that sold nothing asks no less', () => {
    expect(clear([job(100), job(90)], [machine(1)]).price).toBe(95)
    expect(clear([job(100)], [machine(1), machine(2)]).price).toBe(1.5)
    expect(clear([job(100), job(90), job(80)], [machine(1), machine(2)]).price).toBe(85)
  })

  test('a machine with devices left sells them at what it asks', () => {
    expect(clear([job(9, 2)], [machine(2, 4)]).price).toBe(2)
  })

  test('what no machine could hold, or no job that was served could use, moves no price', () => {
    expect(clear([job(10, 4), job(9, 64), job(9, 1, 999)], [machine(5, 4), machine(1, 2)]).price).toBe(7.5)
  })

  test('nobody trades where every seller asks more than any buyer pays', () => {
    expect(clear([job(1)], [machine(2)])).toEqual({ price: 0, gpus: 0, served: 0, surplus: 0 })
  })

  test('a job of several devices needs them in one machine', () => {
    expect(clear([job(10, 4)], [machine(1, 2), machine(1, 2)]).served).toBe(0)
    expect(clear([job(10, 4)], [machine(1, 2), machine(5, 4)])).toEqual({ price: 7.5, gpus: 4, served: 1, surplus: 20 })
  })

  test('a job that asks for memory gets the cheapest machine that has it', () => {
    expect(clear([job(10, 1, 48)], [machine(1, 1, 24), machine(3, 1, 80)]).price).toBe(6.5)
  })

  test('several small jobs share a machine until it is full', () => {
    expect(clear([job(9), job(8), job(7)], [machine(2, 2)])).toMatchObject({ served: 2, gpus: 2, price: 7.5 })
  })

  test('changes nothing of what it was given', () => {
    const supply = [machine(2, 4)]
    clear([job(9, 2)], supply)
    expect(supply).toEqual([machine(2, 4)])
  })
})

describe('latencies', () => {
  test('quantiles are right within 6 %', () => {
    const counts = new LatencyCounts()
    for (let us = 1_000; us <= 1_000_000; us += 1_000) counts.add(us)
    for (const share of [0.1, 0.5, 0.95, 0.99]) {
      const error = counts.quantileMs(share) / (share * 1_000) - 1
      expect(Math.abs(error)).toBeLessThan(0.06)
    }
  })

  test('nothing counted is 0, and very long ones fall into the last bucket', () => {
    const counts = new LatencyCounts()
    expect(counts.quantileMs(0.5)).toBe(0)
    counts.add(1e12)
    expect(counts.quantileMs(0.5)).toBeGreaterThan(60_000)
  })
})

describe('rows of messages', () => {
  test('follow each message to its last delivery, and never have more deliveries than recipients', () => {
    const book = new MessageBook()
    book.published(3, 'order', 500, 2_000_000)
    book.recipients(3, 1)
    expect([book.delivered(3, 2_010_000), book.delivered(3, 2_040_000)]).toEqual([10_000, 40_000])
    book.retired(3, 17)
    expect(book.rows).toHaveLength(1)
    expect(book.rows[0]).toMatchObject({
      atSeconds: 2,
      kind: 'order',
      recipients: 2,
      delivered: 2,
      transmissions: 17,
      lastMs: 40,
    })
    expect(book.delivered(3, 3_000_000)).toBe(-1)
  })

  test('keep every order and every eighth announcement', () => {
    const book = new MessageBook()
    for (let message = 0; message < 16; message++) book.published(message, 'capacity', 100, 0)
    for (let message = 16; message < 20; message++) book.published(message, 'order', 100, 0)
    expect(book.rows.filter(({ kind }) => kind === 'capacity')).toHaveLength(2)
    expect(book.rows.filter(({ kind }) => kind === 'order')).toHaveLength(4)
  })

  test('are not spent on announcements that nobody heard, and not all on announcements', () => {
    const book = new MessageBook()
    for (let message = 0; message < 80; message++) {
      book.published(message, 'capacity', 100, 0)
      book.retired(message, 0)
    }
    expect(book.rows).toEqual([])
    for (let message = 0; message < 8 * MESSAGE_ROWS_MAX; message++) {
      book.published(1, 'capacity', 100, 0)
      book.retired(1, 12)
    }
    const announced = book.rows.length
    expect(announced).toBeLessThan(MESSAGE_ROWS_MAX)
    book.published(2, 'order', 100, 0)
    book.retired(2, 0)
    expect(book.rows.slice(announced)).toMatchObject([{ kind: 'order', delivered: 0 }])
  })
})

describe('a stream', () => {
  test('sums up what was published since the warm-up', () => {
    const book = new StreamBook({ intervalSeconds: 1, victim: 7 })
    book.publish(0, { atUs: 500_000, recipients: 30, reachesVictim: true })
    book.publish(1, { atUs: 2_500_000, recipients: 4, reachesVictim: false })
    book.heard(1, 1, 0, 2_600_000)
    expect(book.since(2_000_000)).toEqual({ recipients: 4, delivered: 1, toVictim: 0, byVictim: 0 })
    expect(book.since(0)).toMatchObject({ recipients: 34, toVictim: 1 })
  })

  test('counts a delivery in the interval of its publication, and only for who was there', () => {
    const book = new StreamBook({ intervalSeconds: 1, victim: 7 })
    book.publish(0, { atUs: 500_000, recipients: 3, reachesVictim: true })
    expect(book.heard(0, 1, 0, 600_000)).toBe(true)
    expect(book.heard(0, 7, 0, 4_500_000)).toBe(true)
    expect(book.heard(0, 2, 550_000, 5_000_000)).toBe(false)
    expect(book.missing).toBe(1)
    const [row, none] = [book.columns(0), book.columns(4)]
    expect(row).toMatchObject({ published: 1, deliveryRatio: 2 / 3, victimDeliveryRatio: 1, victimDelayMs: 4_000 })
    expect(none['published']).toBe(0)
    expect(none['deliveryRatio']).toBeNaN()
    expect(Object.keys(none).sort()).toEqual(Object.keys(row).sort())
  })
})

describe('traffic', () => {
  /** An envelope as far as its type: 39 bytes, the length of the type, the type. */
  const envelope = (type: string, length: number): Uint8Array => {
    const bytes = new Uint8Array(length)
    bytes[39] = type.length
    bytes.set(new TextEncoder().encode(type), 40)
    return bytes
  }

  test('is counted by the kind that the envelope names', () => {
    const traffic = new Traffic()
    for (const [type, length] of [
      ['/weft/bid/1', 100],
      ['/weft/award/1', 200],
      ['/weft/bid/1', 150],
    ] as const)
      traffic.add(envelope(type, length))
    traffic.add(Uint8Array.of(1, 2, 3))
    expect(traffic.rows('direct')).toEqual([
      { protocol: 'direct', kind: 'award', messages: 1, bytes: 200 },
      { protocol: 'direct', kind: 'bid', messages: 2, bytes: 250 },
      { protocol: 'direct', kind: 'other', messages: 1, bytes: 3 },
    ])
    expect([traffic.messages, traffic.bytes]).toEqual([4, 453])
  })
})
