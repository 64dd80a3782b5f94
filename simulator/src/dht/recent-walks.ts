/** What a walk took, with what it stored. */
export interface Walk {
  durationUs: number
  requests: number
  timeouts: number
  bytes: number
}

/** Walks of a region that are remembered. */
const WALKS = 32
/** For how long, µs: a fifth of the time over which departures are counted, from which timeouts follow, by default. */
const KEPT_US = 60e6

/**
 * Walks that were drawn lately, for those for which nobody waits: of its peer a walk depends on the region alone, so that of the
 * hundreds that begin in one within a minute, WALKS are drawn and the others take as long as these, in turn. Where fewer begin,
 * each is drawn.
 */
export class RecentWalks {
  readonly #regions: { walk: Walk; drawnUs: number }[][] = []
  readonly #next: number[] = []

  /** The network is no longer the one in which they were drawn. */
  forget(): void {
    this.#regions.length = 0
  }

  /** The region's next; `draw`n if need be. */
  next(region: number, nowUs: number, draw: () => Walk): Walk {
    const recent = this.#regions[region] ?? []
    this.#regions[region] = recent
    const at = this.#next[region] ?? 0
    this.#next[region] = (at + 1) % WALKS
    const known = recent[at]
    if (known !== undefined && nowUs - known.drawnUs < KEPT_US) return known.walk
    const walk = draw()
    recent[at] = { walk, drawnUs: nowUs }
    return walk
  }
}
