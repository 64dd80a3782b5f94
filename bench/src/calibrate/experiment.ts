/** One gossip experiment, small enough to run on real peers in one process, and what either side measures of it. */
export interface Experiment {
  peers: number
  /** Connections that each peer opens. */
  dials: number
  /** One-way delay of links, ms: the mean; see `linkLatencies`. */
  latencyMs: number
  messages: number
  /** Between two messages, ms. */
  everyMs: number
  bytes: number
  seed: number
}

export interface Measured {
  /** Publication to delivery, ms, one for each delivery at another peer than the publisher. */
  latenciesMs: number[]
  /** Copies of messages received, duplicates too, per delivery. */
  transmissionsPerDelivery: number
  /** Mesh degree of each peer when the last message had gone. */
  meshDegrees: number[]
  /** 99th percentile of how late the event loop ran, ms; 0 for a model. */
  loopDelayMs: number
}

/** When what happened in the real run, ms since its first peer started: the model replays it. */
export interface Timeline {
  startedMs: number[]
  /** One for each edge of the graph, in its order. */
  connectedMs: number[]
  publishedMs: number[]
}

/** Connections as pairs of peer numbers: each peer dials `dials` others at random, no pair twice. */
export function randomGraph({ peers, dials, seed }: Pick<Experiment, 'peers' | 'dials' | 'seed'>): [number, number][] {
  const next = numbers(seed)
  const taken = new Set<number>()
  const edges: [number, number][] = []
  const most = Math.min(dials, peers - 1)
  for (let from = 0; from < peers; from++) {
    let tries = 0
    for (let dialled = 0; dialled < most && tries < 100 * peers; tries++) {
      const to = next() % peers
      const key = Math.min(from, to) * peers + Math.max(from, to)
      if (to === from || taken.has(key)) continue
      taken.add(key)
      edges.push([from, to])
      dialled += 1
    }
  }
  return edges
}

/**
 * One-way delay of the links that others open to each peer, ms: within two fifths of the mean. Were all the same, a message would
 * reach all peers of a wave at one moment, and one event loop would be late for most of them.
 */
export function linkLatencies({ peers, latencyMs, seed }: Experiment): number[] {
  const next = numbers(seed + 2)
  return Array.from({ length: peers }, () => Math.round(latencyMs * (0.6 + (0.8 * (next() % 1_000)) / 1_000)))
}

/** Who publishes message `i`. */
export function publishers({ peers, messages, seed }: Experiment): number[] {
  const next = numbers(seed + 1)
  return Array.from({ length: messages }, () => next() % peers)
}

/** A seeded stream of unsigned 32-bit numbers: mulberry32 by T. Ettinger, public domain. */
function numbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
}
