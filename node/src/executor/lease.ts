import type { LeaseId } from '@weft/protocols'
import type { Exit } from '@weft/protocols/ports'
import type { ContainerRun } from './container-run.ts'
import type { LeaseFolder } from './lease-folder.ts'
import type { OutputWatch, Overflow } from './output-watch.ts'
import type { Spool } from './spool.ts'
import { within } from './stop-container.ts'

/** What this process knows of one lease; everything here can be found again on disk and on the engine. */
export interface Lease {
  id: LeaseId
  folder: LeaseFolder
  cancel: AbortController
  delivering?: Promise<void>
  starting?: Promise<void>
  /** Known to be created and never started: it was made by this process. */
  fresh?: string
  run?: ContainerRun
  spool?: Promise<Spool>
  outputs?: OutputWatch
  overflow?: Overflow
  /** What the machine failed it in. */
  fault?: NonNullable<Exit['fault']>
  /** Ends when its container is removed, or could not be. */
  clearing?: Promise<void>
  /** Its end was told. */
  hasTold?: boolean
}

/** What was begun breaks off when the lease is stopped, unless the engine hangs. */
const SETTLE_MS_MAX = 15_000

/** Resolves when no delivery and no start of the lease is under way; rejects with ENGINE_FAILED where one does not end. */
export async function settled({ delivering, starting }: Lease): Promise<void> {
  await within(SETTLE_MS_MAX, Promise.allSettled([delivering, starting]), 'breaking off what was begun')
}
