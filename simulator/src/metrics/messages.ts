import { MESSAGE_ROWS_MAX, type MessageRow } from '../result.ts'
import { LatencyCounts } from './latency-counts.ts'

interface Flight {
  row: MessageRow
  atUs: number
  latencies: LatencyCounts
}

/** Announcements get at most so many rows, so that there are some left for the orders of the whole run. */
const ANNOUNCEMENT_ROWS_MAX = MESSAGE_ROWS_MAX / 2
const ANNOUNCEMENTS_PER_ROW = 8

/**
 * Follows gossiped messages from their publishing to their last delivery, by their handles. Rows are kept of the first
 * MESSAGE_ROWS_MAX messages; of announcements only of every eighth that somebody hears, since a market announces far more than it
 * orders, and renters listen only while they seek.
 */
export class MessageBook {
  readonly rows: MessageRow[] = []
  readonly #flights: (Flight | undefined)[] = []
  #announcements = 0
  #announcementRows = 0

  published(message: number, kind: string, bytes: number, atUs: number): void {
    if (this.rows.length >= MESSAGE_ROWS_MAX || !this.#isSampled(kind)) return
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
    this.#flights[message] = { row, atUs, latencies: new LatencyCounts() }
  }

  /** Returns the latency, µs; −1 where the message is not followed. */
  delivered(message: number, nowUs: number, times = 1): number {
    const flight = this.#flights[message]
    if (flight === undefined) return -1
    const us = nowUs - flight.atUs
    flight.row.delivered += times
    flight.row.lastMs = us / 1_000
    flight.latencies.add(us, times)
    return us
  }

  /** The message is forgotten by all: its row is final. */
  retired(message: number, transmissions: number): void {
    const flight = this.#flights[message]
    if (flight === undefined) return
    this.#flights[message] = undefined
    flight.row.transmissions = transmissions
    close(flight)
    // Retired before anything else was published: nobody was there to hear it.
    if (transmissions > 0 || flight.row.kind !== 'capacity' || this.rows.at(-1) !== flight.row) return
    this.rows.pop()
    this.#announcementRows -= 1
  }

  /** Subscribers there were when it was published. */
  recipients(message: number, count: number): void {
    const flight = this.#flights[message]
    if (flight !== undefined) flight.row.recipients = count
  }

  #isSampled(kind: string): boolean {
    if (kind !== 'capacity') return true
    if (this.#announcementRows >= ANNOUNCEMENT_ROWS_MAX || this.#announcements++ % ANNOUNCEMENTS_PER_ROW !== 0) return false
    this.#announcementRows += 1
    return true
  }

  /** The run is over: what is still under way gets what is known. */
  finish(): void {
    for (const flight of this.#flights) if (flight !== undefined) close(flight)
    this.#flights.length = 0
  }
}

/** Whoever subscribed later and heard of it all the same is a recipient too. */
function close({ row, latencies }: Flight): void {
  row.recipients = Math.max(row.recipients, row.delivered)
  row.p50Ms = latencies.quantileMs(0.5)
  row.p99Ms = latencies.quantileMs(0.99)
}
