import type { JobId, LeaseId, PeerId } from '@weft/protocols'
import type { Results, ResultsEvents } from '@weft/protocols/ports'

/** The renter's half of a running lease costs nothing here: logs and outputs of simulated jobs are empty. */
export class SimulatedResults implements Results {
  readonly #settle: () => void

  /** `settle` is called when a promise is given back that a host waits for. One instance serves every peer. */
  constructor(settle: () => void) {
    this.#settle = settle
  }

  listen(_events: ResultsEvents): void {}

  follow(_jobId: JobId, _leaseId: LeaseId, _from: PeerId): void {
    this.#settle()
  }

  async finish(): Promise<void> {
    this.#settle()
  }

  drop(): void {
    this.#settle()
  }
}
