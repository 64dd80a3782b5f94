import type { PeerId } from '../../units.ts'
import { MEASUREMENTS_BYTES_MAX, MEASUREMENTS_MAX } from '../../wire/limits.ts'
import type { Measurement } from '../../wire/measure.ts'
import type { ReceivedOf } from '../../wire/message.ts'
import { KEYS } from '../keys.ts'
import type { Step } from '../step.ts'
import type { Measured } from './measured-view.ts'

interface Kept {
  bytes: Uint8Array
  measurement: Measurement
}

/** Room for lengths and tags. */
const ENTRY_BYTES = 8

/** What others measured of this provider, the newest of each challenger: shown to whoever asks what it has. */
export class ShownMeasurements {
  readonly #kept = new Map<PeerId, Kept>()

  /** As it was before a restart. */
  restore({ from, value, bytes }: ReceivedOf<'measurement'>): void {
    this.#kept.set(from, { bytes, measurement: value })
  }

  all(): Measured[] {
    return [...this.#kept].map(([by, { measurement }]) => ({ by, measurement }))
  }

  keep(step: Step, { from, value, bytes }: ReceivedOf<'measurement'>): void {
    this.#kept.delete(from)
    this.#kept.set(from, { bytes, measurement: value })
    step.persist(KEYS.measurement(from), bytes, { sync: true })
    for (const [challenger, { measurement }] of this.#kept) {
      if (measurement.expiresAtMs <= step.nowWall) this.#forget(step, challenger)
    }
    if (this.#kept.size <= MEASUREMENTS_MAX) return
    const [[oldest] = []] = [...this.#kept].toSorted(([, a], [, b]) => a.measurement.issuedAtMs - b.measurement.issuedAtMs)
    if (oldest !== undefined) this.#forget(step, oldest)
  }

  /** The newest that fit into one message. */
  tell(step: Step, to: PeerId): void {
    const measurements: Uint8Array[] = []
    let left = MEASUREMENTS_BYTES_MAX
    for (const { bytes, measurement } of [...this.#kept.values()].reverse()) {
      left -= bytes.length + ENTRY_BYTES
      if (measurement.expiresAtMs > step.nowWall && left > 0) measurements.push(bytes)
    }
    if (measurements.length > 0) step.send(to, 'measurements', { measurements })
  }

  #forget(step: Step, challenger: PeerId): void {
    this.#kept.delete(challenger)
    step.persist(KEYS.measurement(challenger), undefined, { sync: false })
  }
}
