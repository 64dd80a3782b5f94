import type { Draws } from '@weft/simulator'
import { DEGREE, DELAY_MIN_US, DELAYS, randomGraph } from './flood.ts'

/** A bucket is 2^7 µs wide and holds this many events; the ring of them covers 131 ms, more than the longest delay. */
const WIDTH_BITS = 7
const BUCKET_EVENTS = 2_048
const BUCKETS = 1 << 10
const MICROSECOND = (1 << WIDTH_BITS) - 1
/** Bits of the source in a key, below those of the µs in its bucket. */
const SOURCE_BITS = 17
const SOURCE = (1 << SOURCE_BITS) - 1
/** Keys are spread over so many bins before they are put in order by insertion. */
const BIN_BITS = 9
const DROP = WIDTH_BITS + SOURCE_BITS - BIN_BITS

/**
 * The flood of `Flood` and nothing else, written out by hand: what a kernel on this machine could reach at best. An event is two
 * words, its time with its source and its target; there are no classes, no payload, no timers, nothing that grows, no trace. Events
 * fire in the same order, so there are as many. Each call is a flood and returns how many events fired.
 */
export function bareFlood(draws: Draws, peers: number): (message: number) => number {
  if (peers > 1 << SOURCE_BITS) throw new RangeError(`a bare flood has room for ${1 << SOURCE_BITS} peers, not ${peers}`)
  const neighbours = randomGraph(draws, peers)
  const stream = draws.stream('flood/delay', peers)
  const words = new Uint32Array(DEGREE)
  const seen = new Uint8Array(peers)
  const keys = new Int32Array(BUCKETS * BUCKET_EVENTS)
  const targets = new Int32Array(BUCKETS * BUCKET_EVENTS)
  const counts = new Int32Array(BUCKETS)
  const places = new Int32Array(1 << BIN_BITS)
  const sortedKeys = new Int32Array(BUCKET_EVENTS)
  const sortedTargets = new Int32Array(BUCKET_EVENTS)

  function push(timeUs: number, source: number, target: number): void {
    const bucket = (timeUs >> WIDTH_BITS) & (BUCKETS - 1)
    const count = counts[bucket] as number
    if (count === BUCKET_EVENTS) throw new RangeError('more events in one bucket of a bare flood than it has room for')
    const at = bucket * BUCKET_EVENTS + count
    keys[at] = ((timeUs & MICROSECOND) << SOURCE_BITS) | source
    targets[at] = target
    counts[bucket] = count + 1
  }

  function sort(first: number, count: number): void {
    places.fill(0)
    for (let i = first; i < first + count; i++) (places[(keys[i] as number) >>> DROP] as number)++
    let place = 0
    for (let bin = 0; bin < places.length; bin++) {
      const events = places[bin] as number
      places[bin] = place
      place += events
    }
    for (let i = first; i < first + count; i++) {
      const key = keys[i] as number
      const to = places[key >>> DROP] as number
      places[key >>> DROP] = to + 1
      sortedKeys[to] = key
      sortedTargets[to] = targets[i] as number
    }
    for (let i = 1; i < count; i++) {
      const key = sortedKeys[i] as number
      const target = sortedTargets[i] as number
      let to = i
      for (; to > 0 && (sortedKeys[to - 1] as number) > key; to--) {
        sortedKeys[to] = sortedKeys[to - 1] as number
        sortedTargets[to] = sortedTargets[to - 1] as number
      }
      sortedKeys[to] = key
      sortedTargets[to] = target
    }
  }

  function hear(peer: number, sender: number, timeUs: number): void {
    stream.fill(peer, words)
    for (let i = 0; i < DEGREE; i++) {
      const neighbour = neighbours[peer * DEGREE + i] as number
      if (neighbour === sender) continue
      push(timeUs + DELAY_MIN_US + Math.floor((words[i] as number) * (DELAYS * 2 ** -32)), peer, neighbour)
    }
  }

  return (message) => {
    const first = message % peers
    let events = 1
    seen[first] = message
    hear(first, -1, 0)
    for (let tick = 0, empty = 0; empty < BUCKETS; tick++) {
      const bucket = tick & (BUCKETS - 1)
      const count = counts[bucket] as number
      empty = count === 0 ? empty + 1 : 0
      if (count === 0) continue
      counts[bucket] = 0
      sort(bucket * BUCKET_EVENTS, count)
      events += count
      for (let i = 0; i < count; i++) {
        const peer = sortedTargets[i] as number
        if (seen[peer] === message) continue
        seen[peer] = message
        const key = sortedKeys[i] as number
        hear(peer, key & SOURCE, (tick << WIDTH_BITS) + (key >>> SOURCE_BITS))
      }
    }
    return events
  }
}
