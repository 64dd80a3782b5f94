import type { JobRequest } from '@weft/protocols/core'
import type { Checkers } from '../checkers/index.ts'
import type { Trouble } from '../faults/trouble.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Meters } from '../metrics/meters.ts'
import type { Fleet } from './fleet.ts'
import type { Peer } from './peer.ts'
import { type Job, type Submitter, timeLimitMs } from './workload.ts'

/** What of a world its jobs meet. */
interface Place {
  readonly kernel: Kernel
  readonly fleet: Fleet
  readonly peers: readonly (Peer | undefined)[]
  readonly meters: Meters
  readonly checkers: Checkers
  readonly trouble: Trouble
}

/** Whoever could not be asked is asked again so much later, µs. */
const ASK_AGAIN_US = 10_000_000

/** Hands a workload's jobs to the hosts of their renters. */
export class Submission implements Submitter {
  readonly #place: Place

  constructor(place: Place) {
    this.#place = place
  }

  renterNear(renter: number): number | undefined {
    const { fleet, peers } = this.#place
    const { renters } = fleet
    const first = renters.indexOf(renter)
    for (let i = 0; i < renters.length; i++) {
      const candidate = renters[(first + i) % renters.length] as number
      if (peers[candidate]?.host !== undefined) return candidate
    }
    return undefined
  }

  submit(job: Job, request: JobRequest): void {
    const { kernel, checkers, meters, peers } = this.#place
    const { id: jobId, index, renter, gpus, vramGiB, durationSeconds: wantedSeconds, budgetPerHour } = job
    const atUs = kernel.nowUs
    checkers.submitted(atUs / 1_000, jobId, timeLimitMs(job, request))
    meters.jobs.submitted(jobId, { job: index, renter, atUs, gpus, vramGiB, wantedSeconds, budgetPerHour })
    peers[renter]?.host?.submit(request).catch((error: unknown) => meters.jobs.refused(jobId, String(error), kernel.nowUs))
    kernel.settle()
  }

  cancel(job: Job): void {
    const { kernel, peers, trouble } = this.#place
    const host = peers[job.renter]?.host
    // Whoever is away, or was frozen or crashed while asked, asks again once back.
    const askAgain = () => kernel.after(job.renter, ASK_AGAIN_US, () => this.cancel(job))
    if (host === undefined || trouble.isFrozen(job.renter)) askAgain()
    else void host.cancel(job.id).catch(askAgain)
    kernel.settle()
  }
}
