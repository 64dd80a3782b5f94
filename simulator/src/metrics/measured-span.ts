import type { World } from '../peers/world.ts'

/** How a run stands at one moment. */
interface Standing {
  /** Unit · µs: online, run, and run for nothing. */
  units: { capacity: number; busy: number; wasted: number }
  /** By peer: unit · µs that it was online and that it ran, and what it earned. */
  online: Float64Array
  sold: Float64Array
  earned: Float64Array
  counts: ReturnType<typeof countsOf>
}

/**
 * What of a run its totals are about. All leave out the warm-up, which is there to fill the market. Those of machines end with
 * the demand as well, after which machines stand idle because nobody asks for any.
 */
export class MeasuredSpan {
  readonly #world: World
  #begin: Standing
  #end: Standing | undefined

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
  get units(): Standing['units'] {
    return difference(this.#begin.units, (this.#end ?? this.#now()).units)
  }

  /** In the same time: sold over online, of the `providers` that were online at all. */
  rates(providers: readonly number[]): number[] {
    const [before, after] = [this.#begin, this.#end ?? this.#now()]
    const had = (peer: number, of: 'online' | 'sold') => (after[of][peer] as number) - (before[of][peer] as number)
    return providers.filter((peer) => had(peer, 'online') > 0).map((peer) => had(peer, 'sold') / had(peer, 'online'))
  }

  /** Since the warm-up, what jobs cause that end after the demand included. */
  get counts(): Standing['counts'] {
    return difference(this.#begin.counts, countsOf(this.#world))
  }

  /** Earned by a peer since the warm-up. */
  earned(peer: number): number {
    return (this.#world.meters.earned[peer] as number) - (this.#begin.earned[peer] as number)
  }

  #now(): Standing {
    const { kernel, meters } = this.#world
    const { nowUs } = kernel
    meters.capacity.advance(nowUs)
    meters.busy.advance(nowUs)
    return {
      units: { capacity: meters.capacity.total, busy: meters.busy.total, wasted: meters.wasted },
      online: meters.online.totals(nowUs),
      sold: meters.sold.totals(nowUs),
      earned: meters.earned.slice(),
      counts: countsOf(this.#world),
    }
  }
}

/** Everything that is only counted. */
function countsOf({ meters, models, images, keys, stream, rendezvous }: World) {
  const { gossip, channels, directory } = models
  return {
    gossipBytes: gossip.stats.bytes,
    gossipTransmissions: gossip.stats.transmissions,
    gossipDeliveries: gossip.stats.deliveries,
    gossipDuplicates: gossip.stats.duplicates,
    directMessages: channels.stats.messages,
    directBytes: channels.stats.bytes,
    dhtRequests: directory.stats.requests,
    dhtBytes: directory.stats.bytes,
    dhtTimeouts: directory.stats.timeouts,
    retries: meters.retries,
    receipts: meters.receipts,
    objections: meters.objections,
    rejectedMessages: meters.rejected,
    lookups: meters.lookups,
    lookupsEmpty: meters.lookupsEmpty,
    imageBytesFetched: images.fetched,
    imageBytesSpared: images.spared,
    signatures: keys.signatures,
    signaturesSampled: keys.sampled,
    signaturesSampledFailed: keys.sampleFailures,
    messagesPublished: stream?.book.published ?? 0,
    spamMessages: stream?.spamSent ?? 0,
    spamHeard: stream?.spamHeard ?? 0,
    newcomers: rendezvous?.newcomers ?? 0,
    newcomersStranded: rendezvous?.newcomersStranded ?? 0,
    returns: rendezvous?.returns ?? 0,
    returnsStranded: rendezvous?.returnsStranded ?? 0,
  }
}

function difference<Name extends string>(before: Record<Name, number>, after: Record<Name, number>): Record<Name, number> {
  const names = Object.keys(after) as Name[]
  return Object.fromEntries(names.map((name) => [name, after[name] - before[name]])) as Record<Name, number>
}
