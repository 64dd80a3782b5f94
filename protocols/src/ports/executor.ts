import type { LeaseId, MessageId, PeerId } from '../units.ts'
import type { GpuKind, Resources, Spec } from '../wire/types.ts'

/** How long the container of a lease may run on. */
export interface Permit {
  /** A reading of the monotonic clock, of the era in which it is given. */
  untilMono: number
  /** What the container has between SIGTERM and SIGKILL when that has passed. */
  graceMs: number
}

/** Everything that an executor needs to know of one lease. */
export interface Work {
  leaseId: LeaseId
  orderId: MessageId
  renter: PeerId
  renterAddresses: readonly string[]
  spec: Spec
  grant: Resources
  /** The kind of device that is leased; undefined: none, or it is not known. */
  gpu?: GpuKind | undefined
  outputBytesMax: number
  /** The permit that holds now: nothing may run without one. */
  permit: Permit
}

/** How a container ended. `exitCode` is undefined when it never ran to an exit of its own. */
export interface Exit {
  exitCode: number | undefined
  outOfMemory: boolean
  /** It was ended because its permit had passed, by whatever guards this machine. @default false */
  overran?: boolean
  /** When it ended, by the monotonic clock, where that was not just now. */
  endedMono?: number
  /** What the machine failed it in, as when a device of the lease is gone: what it did since it was last seen well is not billed. */
  fault?: { code: ExecutorCode; message: string }
}

/** What came out of a lease. */
export interface Collected {
  /** Binary CID of the UnixFS directory holding one entry per output, named by its position: 0, 1, …; undefined: no outputs asked for. */
  outputs: Uint8Array | undefined
  outputBytes: number
  /** Length of the output spool in bytes. */
  logBytes: number
  /** Why outputs that were asked for could not be packed; the log is here all the same. */
  fault?: { code: ExecutorCode; message: string }
}

/** What there is of a lease's container; `exited` also where it is gone and how it ended is known. */
export type Container = 'none' | 'created' | 'running' | 'paused' | 'exited'

/** What a machine has of one lease. */
export interface Found {
  leaseId: LeaseId
  /** `none`: only files. */
  container: Container
}

export interface ExecutorEvents {
  /** Delivery moved on; bytes. Called at most a few times a second. */
  progress(leaseId: LeaseId, done: number, total: number): void
  /** The container ended by itself or was stopped; once per start. */
  exited(leaseId: LeaseId, exit: Exit): void
}

/**
 * Runs containers for leases. Every call is idempotent per lease: repeating it after a crash neither starts twice nor fails
 * because it was done before. Errors are ExecutorError; its code is one of EXECUTOR_CODES.
 */
export interface Executor {
  /** The engine that answers, or undefined where there is none. */
  engine(): { name: string; version: string } | undefined
  /** Call once, before any work. */
  listen(events: ExecutorEvents): void
  /** Brings image and inputs onto this machine and creates the container, not started. */
  deliver(work: Work): Promise<void>
  /** A container that is paused goes on. */
  start(leaseId: LeaseId): Promise<void>
  /**
   * The lease's permit from now on; the last one given counts. It neither starts nor stops anything: it is handed to whatever
   * ends the container when the permit runs out though nobody asks for it, as when this process is dead. Never rejects: a
   * permit that could not be handed on, or that came after the lease was removed, lets the container run no longer. Resolves,
   * or returns nothing, when it is handed on.
   */
  permit(leaseId: LeaseId, permit: Permit): Promise<void> | void
  /** Nothing of the container runs until `resume`, though it keeps its memory; one that does not run is left as it is. */
  pause(leaseId: LeaseId): Promise<void>
  resume(leaseId: LeaseId): Promise<void>
  /**
   * Resolves when nothing of the container runs any more; `exited` is called as well if it ran. Rejects, within the grace and
   * a minute, where that cannot be made sure: then the container may still run.
   */
  stop(leaseId: LeaseId, graceMs: number): Promise<void>
  /** Packs outputs, closes the spool. The container has ended. Outputs that cannot be packed are a `fault`, no rejection. */
  collect(leaseId: LeaseId): Promise<Collected>
  /** Removes container, inputs, outputs and spool. */
  remove(leaseId: LeaseId): Promise<void>
  /** Every lease that still has a container or files here. */
  list(): Promise<Found[]>
}

/** Codes of ExecutorError. The first four are the renter's fault, the others the provider's or the network's. */
export const EXECUTOR_CODES = [
  'BAD_IMAGE',
  'BAD_INPUT',
  'BAD_COMMAND',
  'OUTPUT_TOO_LARGE',
  'NO_ENGINE',
  'ENGINE_FAILED',
  'DEVICE_FAILED',
  'NO_SPACE',
  'FETCH_FAILED',
] as const
export type ExecutorCode = (typeof EXECUTOR_CODES)[number]
