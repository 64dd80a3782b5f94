import type { JobId, LeaseId, PeerId } from '../units.ts'

export interface ResultsEvents {
  /** The first byte of the container's output arrived. */
  firstOutput(jobId: JobId): void
}

/** The renter's side of a running lease: its output as it appears, its outputs when it has ended. */
export interface Results {
  /** Call once, before any work. */
  listen(events: ResultsEvents): void
  /** Starts copying the lease's output spool into the job's, reconnecting with the offset reached until `finish` or `drop`. */
  follow(jobId: JobId, leaseId: LeaseId, from: PeerId): void
  /** Completes the spool up to `logBytes`, fetches and verifies the outputs, and writes them where the job asked. */
  finish(
    jobId: JobId,
    leaseId: LeaseId,
    from: PeerId,
    final: { logBytes: number; outputs: Uint8Array | undefined },
  ): Promise<void>
  /** Gives up following. */
  drop(jobId: JobId, leaseId: LeaseId): void
}
