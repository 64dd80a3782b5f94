import type { Work } from '@weft/protocols/ports'
import type { Checkers } from '../checkers/index.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Meters } from '../metrics/meters.ts'
import type { Engine, Program } from './executor.ts'
import type { Fleet } from './fleet.ts'
import type { Hardware } from './hardware.ts'
import type { Images } from './images.ts'
import type { Job, Workload } from './workload.ts'

/** What the machines of all providers share. */
export interface MachinesInit {
  readonly kernel: Kernel
  readonly fleet: Fleet
  readonly images: Images
  readonly meters: Meters
  readonly checkers: Checkers
  readonly workload: Workload | undefined
  readonly hardware: Hardware | undefined
}

/** The engine of every machine: containers do what the job of their command is known to do. */
export class Machines implements Engine {
  readonly #around: MachinesInit

  constructor(around: MachinesInit) {
    this.#around = around
  }

  get nowUs(): number {
    return this.#around.kernel.nowUs
  }

  after(peer: number, us: number, callback: () => void): () => void {
    return this.#around.kernel.after(peer, Math.round(us), callback)
  }

  settle(): void {
    this.#around.kernel.settle()
  }

  pull(peer: number, image: string, bytes: number, done: () => void): () => void {
    return this.#around.images.pull(peer, image, bytes, done)
  }

  programOf(work: Work): Program {
    const job = this.#jobOf(work)
    const program = { ignoresSigterm: false, isMissing: job === undefined, outputs: undefined, outputBytes: 0, logBytes: 0 }
    if (job === undefined || job.exit === 'cancelled') return { ...program, runUs: Number.POSITIVE_INFINITY, exitCode: 0 }
    return { ...program, runUs: Math.round(job.durationSeconds * 1e6), exitCode: job.exit === 'failed' ? 1 : 0 }
  }

  started(peer: number, work: Work): void {
    const { kernel, meters, checkers, workload, hardware } = this.#around
    meters.runs(peer, this.#unitsOf(work), kernel.nowUs)
    hardware?.runs(peer, work.grant.gpuCount)
    checkers.started(kernel.nowUs / 1_000, work.leaseId)
    const job = this.#jobOf(work)
    if (job !== undefined) workload?.started(job)
  }

  paused(_peer: number, work: Work): void {
    const { kernel, checkers } = this.#around
    checkers.paused(kernel.nowUs / 1_000, work.leaseId, false)
  }

  resumed(_peer: number, work: Work): void {
    const { kernel, checkers } = this.#around
    checkers.paused(kernel.nowUs / 1_000, work.leaseId, true)
  }

  ended(peer: number, work: Work, ranUs: number, byItself: boolean): void {
    const { kernel, meters, checkers, hardware } = this.#around
    const units = this.#unitsOf(work)
    meters.runs(peer, -units, kernel.nowUs)
    hardware?.runs(peer, -work.grant.gpuCount)
    if (!byItself && this.#jobOf(work)?.exit !== 'cancelled') meters.wasted += units * ranUs
    checkers.ended(kernel.nowUs / 1_000, work.leaseId)
  }

  #jobOf(work: Work): Job | undefined {
    return this.#around.workload?.jobs[Number(work.spec.command[0])]
  }

  #unitsOf({ grant }: Work): number {
    return this.#around.fleet.countsGpus ? grant.gpuCount : Math.ceil(grant.cpuMilli / 1_000)
  }
}
