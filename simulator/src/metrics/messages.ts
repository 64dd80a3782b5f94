import { MESSAGE_ROWS_MAX, type MessageRow } from '../result.ts'

/** Latencies of one message: eight buckets per power of two of a millisecond, so a quantile is right within 6 %. */
const BUCKETS = 160
const PER_OCTAVE = 8
/** The first bucket ends at an eighth of a millisecond: 125 µs. */
const LEAST_US = 125

interface Flight {
  row: MessageRow
  atUs: number
  counts: Uint32Array
}

/**
 * Follows gossiped messages from their publishing to their last delivery, by their handles. Rows are kept of the first
 * MESSAGE_ROWS_MAX messages; of kinds other than orders only of every eighth, since a market announces far more than it orders.
 */
export class MessageBook {
  readonly rows: MessageRow[] = []
  readonly #flights: (Flight | undefined)[] = []
  #seen = 0

  published(message: number, kind: string, bytes: number, atUs: number): void {
    const isSampled = kind === 'order' || kind === 'stream' || this.#seen++ % 8 === 0
    if (!isSampled || this.rows.length >= MESSAGE_ROWS_MAX) return
    const row: MessageRow = {
      atSeconds: atUs / 1e6,
      kind,
      bytes,
      recipients: 0,
      delivered: 0,
      transmissions: 0,
      p50Ms: 0,
      p99Ms: 0,
      lastMs: 0,
    }
    this.rows.push(row)
    this.#flights[message] = { row, atUs, counts: new Uint32Array(BUCKETS) }
  }

  /** Returns the latency, µs; −1 where the message is not followed. */
  delivered(message: number, nowUs: number): number {
    const flight = this.#flights[message]
    if (flight === undefined) return -1
    const us = nowUs - flight.atUs
    flight.row.delivered += 1
    flight.row.lastMs = us / 1_000
    const bucket = bucketOf(us)
    flight.counts[bucket] = (flight.counts[bucket] as number) + 1
    return us
  }

  /** The message is forgotten by all: its row is final. */
  retired(message: number, transmissions: number): void {
    const flight = this.#flights[message]
    if (flight === undefined) return
    this.#flights[message] = undefined
    flight.row.transmissions = transmissions
    close(flight)
  }

  recipients(message: number, count: number): void {
    const flight = this.#flights[message]
    if (flight !== undefined) flight.row.recipients = count
  }

  /** The run is over: what is still under way gets what is known. */
  finish(): void {
    for (const flight of this.#flights) if (flight !== undefined) close(flight)
    this.#flights.length = 0
  }
}

function close({ row, counts }: Flight): void {
  row.p50Ms = quantileMs(counts, row.delivered, 0.5)
  row.p99Ms = quantileMs(counts, row.delivered, 0.99)
}

/** log2 by counting bits, since Math.log differs between machines in its last bit. */
function bucketOf(us: number): number {
  const scaled = Math.max(1, Math.floor(us / LEAST_US)) | 0
  const octave = 31 - Math.clz32(scaled)
  const within = octave <= 3 ? (scaled << (3 - octave)) & 7 : (scaled >>> (octave - 3)) & 7
  return Math.min(BUCKETS - 1, octave * PER_OCTAVE + within)
}

function quantileMs(counts: Uint32Array, total: number, share: number): number {
  if (total === 0) return 0
  const rank = Math.ceil(total * share)
  let seen = 0
  for (let bucket = 0; bucket < counts.length; bucket++) {
    seen += counts[bucket] as number
    if (seen < rank) continue
    const octave = Math.floor(bucket / PER_OCTAVE)
    return (LEAST_US * 2 ** octave * (1 + ((bucket % PER_OCTAVE) + 0.5) / PER_OCTAVE)) / 1_000
  }
  return 0
}
