import type { World } from '../peers/world.ts'

/** Totals of a run as they stand at one moment. */
interface Totals {
  /** Unit · µs: online, run, and run for nothing. */
  capacity: number
  busy: number
  wasted: number
  gossipBytes: number
  directMessages: number
  directBytes: number
  dhtRequests: number
  dhtBytes: number
  /** By peer. */
  earned: Float64Array
}

/**
 * What of a run its totals are about: from the end of the warm-up, which is there to fill the market, to the end of the demand,
 * after which machines stand idle because nobody asks for any.
 */
export class MeasuredSpan {
  readonly #world: World
  #begin: Totals
  #end: Totals | undefined

  /** Begins at once; `begin` moves it. */
  constructor(world: World) {
    this.#world = world
    this.#begin = this.#now()
  }

  /** The warm-up is over. */
  begin(): void {
    this.#begin = this.#now()
  }

  /** No more jobs come. */
  end(): void {
    this.#end = this.#now()
  }

  /** Unit · µs while there was demand; up to now in a run that was stopped before its end. */
  get units(): Pick<Totals, 'capacity' | 'busy' | 'wasted'> {
    const { capacity, busy, wasted } = this.#end ?? this.#now()
    const before = this.#begin
    return { capacity: capacity - before.capacity, busy: busy - before.busy, wasted: wasted - before.wasted }
  }

  /** Traffic since the warm-up, that of jobs that end after the demand included. */
  get traffic(): Pick<Totals, 'gossipBytes' | 'directMessages' | 'directBytes' | 'dhtRequests' | 'dhtBytes'> {
    const [before, now] = [this.#begin, this.#now()]
    return {
      gossipBytes: now.gossipBytes - before.gossipBytes,
      directMessages: now.directMessages - before.directMessages,
      directBytes: now.directBytes - before.directBytes,
      dhtRequests: now.dhtRequests - before.dhtRequests,
      dhtBytes: now.dhtBytes - before.dhtBytes,
    }
  }

  /** Earned by a peer since the warm-up. */
  earned(peer: number): number {
    return (this.#world.meters.earned[peer] as number) - (this.#begin.earned[peer] as number)
  }

  #now(): Totals {
    const { kernel, meters, models } = this.#world
    const { gossip, channels, directory } = models
    meters.capacity.advance(kernel.nowUs)
    meters.busy.advance(kernel.nowUs)
    return {
      capacity: meters.capacity.total,
      busy: meters.busy.total,
      wasted: meters.wasted,
      gossipBytes: gossip.stats.bytes,
      directMessages: channels.stats.messages,
      directBytes: channels.stats.bytes,
      dhtRequests: directory.stats.requests,
      dhtBytes: directory.stats.bytes,
      earned: meters.earned.slice(),
    }
  }
}
