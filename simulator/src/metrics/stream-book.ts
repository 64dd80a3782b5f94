import { LatencyCounts } from './latency-counts.ts'

/** Messages of one interval, and what became of them. */
interface Interval {
  messages: number
  recipients: number
  delivered: number
  latencies: LatencyCounts
  /** Messages that the victim of an attack was to get, and got. */
  toVictim: number
  byVictim: number
  victimDelayUs: number
}
interface Flight {
  atUs: number
  interval: Interval
}

const NO_MESSAGES = { messages: 0, recipients: 0, delivered: 0, toVictim: 0, byVictim: 0, victimDelayUs: 0 }
/** What a stream's columns say of an interval in which nothing was published. */
const NOTHING = { published: 0, deliveryRatio: Number.NaN, deliveryP50Ms: Number.NaN, deliveryP99Ms: Number.NaN }

/**
 * Deliveries of a stream by the interval in which each message was published, so that a message counts once, however long it
 * takes. Only who was there at its publication counts as a recipient.
 */
export class StreamBook {
  published = 0
  recipients = 0
  delivered = 0
  toVictim = 0
  byVictim = 0
  readonly #intervalUs: number
  readonly #victim: number
  readonly #intervals = new Map<number, Interval>()
  readonly #flights: (Flight | undefined)[] = []

  /** `victim`: whose deliveries are counted apart, −1: nobody's. */
  constructor(init: { intervalSeconds: number; victim: number }) {
    this.#intervalUs = init.intervalSeconds * 1e6
    this.#victim = init.victim
  }

  /** Deliveries that may still come. */
  get missing(): number {
    return this.recipients - this.delivered
  }

  publish(message: number, init: { atUs: number; recipients: number; reachesVictim: boolean }): void {
    const { atUs, recipients } = init
    const index = Math.floor(atUs / this.#intervalUs)
    let interval = this.#intervals.get(index)
    if (interval === undefined) {
      interval = { ...NO_MESSAGES, latencies: new LatencyCounts() }
      this.#intervals.set(index, interval)
    }
    interval.messages += 1
    interval.recipients += recipients
    this.published += 1
    this.recipients += recipients
    if (init.reachesVictim) {
      interval.toVictim += 1
      this.toVictim += 1
    }
    this.#flights[message] = { atUs, interval }
  }

  /** A delivery to a peer that is there since `sinceUs`; false if that is no recipient. */
  heard(message: number, peer: number, sinceUs: number, nowUs: number): boolean {
    const flight = this.#flights[message]
    if (flight === undefined || sinceUs > flight.atUs) return false
    const { interval } = flight
    interval.delivered += 1
    interval.latencies.add(nowUs - flight.atUs)
    this.delivered += 1
    if (peer === this.#victim) {
      interval.byVictim += 1
      interval.victimDelayUs += nowUs - flight.atUs
      this.byVictim += 1
    }
    return true
  }

  /** The table of messages gives the handle to another one. */
  retired(message: number): void {
    this.#flights[message] = undefined
  }

  /** Counts of the messages published from `fromUs` on, which is taken up to the next interval. */
  since(fromUs: number): Pick<Interval, 'recipients' | 'delivered' | 'toVictim' | 'byVictim'> {
    const sum = { recipients: 0, delivered: 0, toVictim: 0, byVictim: 0 }
    for (const [index, interval] of this.#intervals) {
      if (index * this.#intervalUs < fromUs) continue
      sum.recipients += interval.recipients
      sum.delivered += interval.delivered
      sum.toVictim += interval.toVictim
      sum.byVictim += interval.byVictim
    }
    return sum
  }

  /** Columns of the row of one interval; not a number where nothing was to be delivered. */
  columns(index: number): Record<string, number> {
    const interval = this.#intervals.get(index)
    const victim = this.#victim < 0 ? {} : ofVictim(interval)
    if (interval === undefined || interval.recipients === 0) return { ...NOTHING, ...victim }
    const { latencies } = interval
    const isSilent = latencies.count === 0
    return {
      published: interval.messages,
      deliveryRatio: interval.delivered / interval.recipients,
      deliveryP50Ms: isSilent ? Number.NaN : latencies.quantileMs(0.5),
      deliveryP99Ms: isSilent ? Number.NaN : latencies.quantileMs(0.99),
      ...victim,
    }
  }
}

/** 0 / 0 is not a number, as it should be. */
const ofVictim = ({
  toVictim,
  byVictim,
  victimDelayUs,
}: Interval | typeof NO_MESSAGES = NO_MESSAGES): Record<string, number> => ({
  victimDeliveryRatio: byVictim / toVictim,
  victimDelayMs: victimDelayUs / byVictim / 1_000,
})
