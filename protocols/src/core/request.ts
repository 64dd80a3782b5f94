import type { JobId, Micros } from '../units.ts'
import type { Resources, Spec, Terms } from '../wire/types.ts'

/** A job as the node hands it to the core: image pinned, inputs packed. What to run stays in `spec`; the order shows only the rest. */
export interface JobRequest {
  jobId: JobId
  name: string
  spec: Spec
  resources: Resources
  regions: readonly string[]
  arch: string
  currency: string
  /** Highest hourly price of the whole lease. */
  maxPricePerHour: Micros
  /** The bill never exceeds this. */
  maxTotal: Micros
  /** 0: no limit. */
  maxRunMs: number
  outputBytesMax: number
  /** How long to look for a provider. @default 600_000 */
  queueMs: number
  /** Attempts that may be lost to providers and the network, in all. @default 3 */
  attemptsMax: number
  /** How often more, when the workload itself failed. @default 0 */
  retryFailed: number
  terms: Terms
}
