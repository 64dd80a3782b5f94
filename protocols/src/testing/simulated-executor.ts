import { ExecutorError } from '../errors.ts'
import type { Collected, Executor, ExecutorCode, ExecutorEvents, Exit, Found, Permit, Work } from '../ports/executor.ts'
import type { Results, ResultsEvents } from '../ports/results.ts'
import type { JobId, LeaseId, PeerId } from '../units.ts'
import type { VirtualTime } from './virtual-time.ts'

/** What a simulated container does and how long it takes. */
export interface Behaviour {
  /** @default 20 */
  deliverMs: number
  /** @default 5 */
  startMs: number
  /** Infinity: runs until it is stopped. @default 1_000 */
  runMs: number
  /** @default code 0 */
  exit: Exit
  /** Fails the call instead. */
  fail?: { on: 'deliver' | 'start' | 'pause' | 'collect'; code: ExecutorCode }
  /** @default undefined */
  outputs: Uint8Array | undefined
  outputBytes: number
  logBytes: number
  /** Outputs cannot be packed. */
  fault?: NonNullable<Collected['fault']>
  /** Ends only when it is killed. */
  ignoresSigterm: boolean
}

export const BEHAVES: Behaviour = {
  deliverMs: 20,
  startMs: 5,
  runMs: 1_000,
  exit: { exitCode: 0, outOfMemory: false },
  outputs: undefined,
  outputBytes: 0,
  logBytes: 10,
  ignoresSigterm: false,
}

interface Box {
  state: 'created' | 'running' | 'paused' | 'exited'
  behaviour: Behaviour
  /** What its program has still to run, ms, as of when it last began to. */
  leftMs: number
  sinceMs: number
  cancelExit: () => void
  /** How it ended, and which life of the peer was told. */
  exit?: { exit: Exit; told: ExecutorEvents | undefined }
}

/** An executor of containers that only take time: `behaviour` for all, or what `behaves` says of one lease's work. */
export class SimulatedExecutor implements Executor {
  behaviour: Behaviour
  behaves: (work: Work) => Partial<Behaviour> = () => ({})
  readonly #time: VirtualTime
  readonly #boxes = new Map<LeaseId, Box>()
  readonly #permits = new Map<LeaseId, Permit>()
  #events: ExecutorEvents | undefined
  #workedMs = 0

  constructor(time: VirtualTime, behaviour: Partial<Behaviour> = {}) {
    this.#time = time
    this.behaviour = { ...BEHAVES, ...behaviour }
  }

  engine() {
    return { name: 'simulated', version: '1' }
  }

  /** Time that all containers have worked, pauses left out. */
  get workedMs(): number {
    let sum = this.#workedMs
    for (const box of this.#boxes.values()) if (box.state === 'running') sum += this.#time.nowMs - box.sinceMs
    return sum
  }

  /** Leases whose container runs now. */
  running(): LeaseId[] {
    return [...this.#boxes].filter(([, box]) => box.state === 'running').map(([leaseId]) => leaseId)
  }

  listen(events: ExecutorEvents): void {
    this.#events = events
  }

  async deliver(work: Work): Promise<void> {
    const behaviour = { ...this.behaviour, ...this.behaves(work) }
    this.#permits.set(work.leaseId, work.permit)
    await this.#wait(behaviour.deliverMs)
    mayFail(behaviour, 'deliver')
    if (!this.#boxes.has(work.leaseId))
      this.#boxes.set(work.leaseId, { state: 'created', behaviour, leftMs: behaviour.runMs, sinceMs: 0, cancelExit: () => {} })
  }

  async start(leaseId: LeaseId): Promise<void> {
    const box = this.#box(leaseId)
    await this.#wait(box.behaviour.startMs)
    mayFail(box.behaviour, 'start')
    if (box.exit !== undefined && box.exit.told !== this.#events) this.#tell(leaseId, box, box.exit.exit)
    if (box.state === 'created' || box.state === 'paused') this.#run(leaseId, box)
  }

  permit(leaseId: LeaseId, permit: Permit): void {
    if (this.#permits.has(leaseId)) this.#permits.set(leaseId, permit)
  }

  /** The permit that was handed on last; undefined: nothing of the lease was delivered here, or it was removed. */
  permitOf(leaseId: LeaseId): Permit | undefined {
    return this.#permits.get(leaseId)
  }

  async pause(leaseId: LeaseId): Promise<void> {
    const box = this.#box(leaseId)
    mayFail(box.behaviour, 'pause')
    if (box.state !== 'running') return
    box.cancelExit()
    this.#account(box)
    box.state = 'paused'
  }

  async resume(leaseId: LeaseId): Promise<void> {
    const box = this.#box(leaseId)
    if (box.state === 'paused') this.#run(leaseId, box)
  }

  async stop(leaseId: LeaseId, graceMs: number): Promise<void> {
    const box = this.#boxes.get(leaseId)
    if (box?.state !== 'running' && box?.state !== 'paused') return
    if (box.behaviour.ignoresSigterm) await this.#wait(graceMs)
    if (box.exit === undefined) this.#exit(leaseId, { exitCode: box.behaviour.ignoresSigterm ? 137 : 143, outOfMemory: false })
  }

  async collect(leaseId: LeaseId): Promise<Collected> {
    const box = this.#boxes.get(leaseId)
    if (box === undefined) return { outputs: undefined, outputBytes: 0, logBytes: 0 }
    mayFail(box.behaviour, 'collect')
    const { outputs, outputBytes, logBytes, fault } = box.behaviour
    return { outputs, outputBytes, logBytes, ...(fault === undefined ? {} : { fault }) }
  }

  async remove(leaseId: LeaseId): Promise<void> {
    this.#boxes.get(leaseId)?.cancelExit()
    this.#boxes.delete(leaseId)
    this.#permits.delete(leaseId)
  }

  async list(): Promise<Found[]> {
    return [...this.#boxes].map(([leaseId, { state }]) => ({ leaseId, container: state }))
  }

  /** The machine died: nothing runs any more, and nobody was told. */
  crash(): void {
    this.#events = undefined
    for (const box of this.#boxes.values()) {
      box.cancelExit()
      if (box.state === 'created' || box.state === 'exited') continue
      this.#account(box)
      box.state = 'exited'
      box.exit = { exit: { exitCode: 137, outOfMemory: false }, told: undefined }
    }
  }

  #run(leaseId: LeaseId, box: Box): void {
    box.state = 'running'
    box.sinceMs = this.#time.nowMs
    const { leftMs, behaviour } = box
    if (Number.isFinite(leftMs)) box.cancelExit = this.#time.after(leftMs, () => this.#exit(leaseId, behaviour.exit))
  }

  #exit(leaseId: LeaseId, exit: Exit): void {
    const box = this.#box(leaseId)
    box.cancelExit()
    this.#account(box)
    box.state = 'exited'
    this.#tell(leaseId, box, exit)
  }

  #account(box: Box): void {
    if (box.state !== 'running') return
    const ms = this.#time.nowMs - box.sinceMs
    box.leftMs -= ms
    this.#workedMs += ms
  }

  #tell(leaseId: LeaseId, box: Box, exit: Exit): void {
    box.exit = { exit, told: this.#events }
    this.#events?.exited(leaseId, exit)
  }

  #box(leaseId: LeaseId): Box {
    const box = this.#boxes.get(leaseId)
    if (box === undefined) throw new ExecutorError('ENGINE_FAILED', `lease ${leaseId} has no container`)
    return box
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#time.after(ms, resolve))
  }
}

function mayFail({ fail }: Behaviour, call: 'deliver' | 'start' | 'pause' | 'collect'): void {
  if (fail?.on === call) throw new ExecutorError(fail.code, `simulated failure of ${call}`)
}

/** A results port that fetches nothing, in no time, and remembers what it was asked. */
export class SimulatedResults implements Results {
  readonly calls: string[] = []
  /** Set to make `finish` fail that many times. */
  failures = 0
  #events: ResultsEvents | undefined

  listen(events: ResultsEvents): void {
    this.#events = events
  }

  follow(jobId: JobId, _leaseId: LeaseId, _from: PeerId): void {
    this.calls.push('follow')
    this.#events?.firstOutput(jobId)
  }

  async finish(): Promise<void> {
    this.calls.push('finish')
    if (this.failures-- > 0) throw new ExecutorError('FETCH_FAILED', 'simulated failure of a fetch')
  }

  drop(): void {
    this.calls.push('drop')
  }
}
