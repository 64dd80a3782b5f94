import type { Task } from '../measure/task.ts'
import type { Permit, Work } from '../ports/executor.ts'
import type { StoreOp } from '../ports/store.ts'
import type { JobId, LeaseId, PeerId } from '../units.ts'
import type { Note } from './note.ts'

/** A call on Executor, Results, Meter or the store; its completion comes back as the input `executed` with the same token. */
export type Call =
  | BooksCall
  | { on: 'meter'; do: 'perform'; task: Task }
  | { on: 'meter'; do: 'check'; task: Task; report: readonly number[]; picks: Uint8Array }
  | { on: 'meter'; do: 'release' }
  | { on: 'executor'; do: 'deliver'; work: Work }
  | { on: 'executor'; do: 'start' | 'pause' | 'resume' | 'collect' | 'remove'; leaseId: LeaseId }
  | { on: 'executor'; do: 'stop'; leaseId: LeaseId; graceMs: number }
  | { on: 'executor'; do: 'list' }
  | { on: 'results'; do: 'follow'; jobId: JobId; leaseId: LeaseId; from: PeerId }
  | { on: 'results'; do: 'drop'; jobId: JobId; leaseId: LeaseId }
  | {
      on: 'results'
      do: 'finish'
      jobId: JobId
      leaseId: LeaseId
      from: PeerId
      logBytes: number
      outputs: Uint8Array | undefined
    }

/** A reading of this peer's own books, which are too large to be in memory. */
export type BooksCall = { on: 'books'; peer: PeerId } & (
  | { do: 'lines'; currency: string; lines: readonly { leaseId: LeaseId; seq: number }[] }
  | { do: 'settled'; currency: string; number: number }
  /** What of the leases with the peer no statement has counted yet. */
  | { do: 'unstated' }
  /** The first `max` of the leases with a renter that are under `KEYS.unsigned`; with `after` of those that come after that one. */
  | { do: 'unsigned'; after: LeaseId | undefined; max: number }
)

/** What a step asks of the world, as data. The host performs them in the order persist, send, execute, wake. */
export type Effect =
  | { type: 'persist'; ops: StoreOp[]; sync: boolean }
  /** `untilMono`: not worth dialling for after that. */
  | { type: 'send'; to: PeerId; bytes: Uint8Array; addresses: readonly string[]; untilMono?: number | undefined }
  | { type: 'publish'; topic: string; bytes: Uint8Array }
  | { type: 'subscribe'; topic: string }
  | { type: 'unsubscribe'; topic: string }
  | { type: 'put'; key: string; record: Uint8Array }
  | { type: 'provide'; shelf: string }
  | { type: 'find'; shelf: string; limit: number }
  | { type: 'get'; key: string }
  | { type: 'execute'; token: string; call: Call }
  /** Has no completion: what becomes of it changes nothing for the core. */
  | { type: 'permit'; leaseId: LeaseId; permit: Permit }
  | { type: 'wake'; atMono: number }
  | { type: 'note'; note: Note }
