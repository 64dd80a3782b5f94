import type { Note } from '@weft/protocols/core'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export interface MetricsInit {
  connections(): number
  leases(): number
  offers(): number
  jobs(): number
}

export interface PeerMetrics {
  registry: Registry
  note(note: Note): void
  /** Prometheus text. */
  text(): Promise<string>
}

const MICROS_PER_UNIT = 1e6
const START_SECONDS = [0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10, 30, 60, 300]

/** Why something happened, where a note says so; its values are few, so that they fit a label. */
function reasonOf(note: Note): string {
  switch (note.type) {
    case 'refusal':
    case 'award-refused':
    case 'order-ignored':
      return note.reason
    case 'auction-closed':
      return note.why
    case 'attempt-ended':
    case 'job-ended':
      return note.endReason
    case 'lease':
      return note.endReason ?? note.state
    case 'rejected':
      return note.code
    case 'reconciled':
      return note.verdict
    case 'receipt':
      return note.objection
    case 'clock':
      return note.isOff ? 'off' : 'right'
    // What a renter objects is its own text: as a label it would let strangers fill this peer's memory.
    default:
      return ''
  }
}

/** One registry per peer, so that several peers in one process do not count for each other. */
export function createMetrics(init: MetricsInit): PeerMetrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'weft_' })
  const registers = [registry]
  const notes = new Counter({
    name: 'weft_notes_total',
    help: 'Decisions of the core',
    labelNames: ['type', 'reason'],
    registers,
  })
  const spent = new Counter({
    name: 'weft_spent_units_total',
    help: 'Bills of ended attempts',
    labelNames: ['currency'],
    registers,
  })
  const output = new Histogram({
    name: 'weft_lease_to_first_output_seconds',
    help: 'From a lease to the first output of its container',
    buckets: START_SECONDS,
    registers,
  })
  const gauges = {
    connections: 'Open connections',
    leases: 'Leases under way',
    offers: 'Offers heard of',
    jobs: 'Jobs under way',
  }
  for (const [name, help] of Object.entries(gauges)) {
    const read = init[name as keyof MetricsInit]
    new Gauge({
      name: `weft_${name}`,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })
  }
  const leasedAt = new Map<string, number>()
  return {
    registry,
    note(note) {
      notes.inc({ type: note.type, reason: reasonOf(note).slice(0, 64) })
      if (note.type === 'leased') leasedAt.set(note.jobId, performance.now())
      if (note.type === 'first-output') {
        const from = leasedAt.get(note.jobId)
        if (from !== undefined) output.observe((performance.now() - from) / 1000)
      }
      if (note.type === 'attempt-ended') spent.inc({ currency: note.currency }, Number(note.amount) / MICROS_PER_UNIT)
      if (note.type === 'attempt-ended' || note.type === 'job-ended') leasedAt.delete(note.jobId)
    },
    text: () => registry.metrics(),
  }
}
