/** How each life of a peer ends: drawn from the seed, one stream for each peer, so that one peer's luck changes no other's. */

import { FAILPOINTS } from '@weft/node'
import { SeededRandom } from '@weft/protocols/testing'
import type { Role } from './lives.ts'

export interface Death {
  /** `name:n` for WEFT_FAILPOINT; undefined: the peer is killed when the time is up, wherever it is. */
  failpoint: string | undefined
  /** A failpoint that was not passed by then kills at this time instead. */
  afterMs: number
  /** What the time counts from: a peer is killed while it starts as well. */
  counts: 'from-start' | 'from-ready'
  /** Until it is started again. */
  downMs: number
  /** So long after the peer is ready its guard is killed as well; undefined: it is left alone. */
  guardAfterMs: number | undefined
}

/** Of all deaths: the others come at a random time. */
const FAILPOINT_SHARE = 0.75
/** Mostly a failpoint kills when it is first passed, else when it is again: the third receipt is written otherwise than the first. */
const FIRST_SHARE = 0.7
const TIMES_MAX = 3
const RANDOM_MS_MAX = 5_000
/** Of deaths at random times, those that may come before the peer is ready. */
const START_SHARE = 0.3
const WAIT_MS_MAX = 20_000
/** Mostly back at once; sometimes after its permits ran out. */
const DOWN_MS = { usual: 800, long: 9_000, longShare: 0.1 }
/** Of a provider's lives, those in which its guard dies too. */
const GUARD = { share: 0.4, msMax: 500 }

/** Without end. Every failpoint of the role comes once before any comes again. */
export function* drawDeaths(seed: number, stream: number, role: Role): Generator<Death, never> {
  const random = new SeededRandom((Math.imul(seed, 0x9e3779b1) ^ Math.imul(stream + 1, 0x85ebca6b)) >>> 0)
  const whole = (most: number): number => Math.floor(random.fraction() * (most + 1))
  let left: string[] = []
  for (;;) {
    if (left.length === 0) left = shuffled(FAILPOINTS[role], random)
    const isNamed = random.fraction() < FAILPOINT_SHARE
    // Drawn whether it is used or not: what follows in the stream stays the same.
    const times = random.fraction() < FIRST_SHARE ? 1 : 2 + whole(TIMES_MAX - 2)
    const downMs = whole(random.fraction() < DOWN_MS.longShare ? DOWN_MS.long : DOWN_MS.usual)
    // With neither a peer nor a guard nothing ends a container: that is not promised, so the peer must be back before permits run out.
    const guardDies = random.fraction() < GUARD.share && role === 'provider' && downMs <= DOWN_MS.usual
    const guardAfterMs = guardDies ? whole(GUARD.msMax) : undefined
    const afterMs = isNamed ? WAIT_MS_MAX : whole(RANDOM_MS_MAX)
    const counts = isNamed || random.fraction() >= START_SHARE ? 'from-ready' : 'from-start'
    yield { failpoint: isNamed ? `${left.pop() ?? ''}:${times}` : undefined, afterMs, counts, downMs, guardAfterMs }
  }
}

function shuffled(names: readonly string[], random: SeededRandom): string[] {
  return names
    .map((name) => ({ name, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ name }) => name)
}
