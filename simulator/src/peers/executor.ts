import { ExecutorError, type LeaseId } from '@weft/protocols'
import type { Clock, Collected, Container, Executor, ExecutorEvents, Exit, Found, Permit, Work } from '@weft/protocols/ports'

/** What a container does. */
export interface Program {
  /** Infinity: runs until it is stopped. */
  runUs: number
  exitCode: number
  /** Ends only when it is killed. */
  ignoresSigterm: boolean
  /** The image cannot be had. */
  isMissing: boolean
  outputs: Uint8Array | undefined
  outputBytes: number
  logBytes: number
}

/** What an executor needs of the world that it stands in. */
export interface Engine {
  readonly nowUs: number
  after(peer: number, us: number, callback: () => void): () => void
  /** Brings an image to the peer, from a cache at no cost; the returned function gives up. */
  pull(peer: number, image: string, bytes: number, done: () => void): () => void
  /** Called when a promise is resolved that a host waits for. */
  settle(): void
  programOf(work: Work): Program
  /** A container that began and has not ended stands still, or runs again. */
  paused(peer: number, work: Work): void
  resumed(peer: number, work: Work): void
  /** A container began or ceased to run; `byItself`: its program had ended. */
  started(peer: number, work: Work): void
  ended(peer: number, work: Work, ranUs: number, byItself: boolean): void
}

/** Creating and starting a container whose image is there, µs: bench/container-start measures 0.3 to 0.6 s for Docker. */
const START_US = 500_000
/** From SIGTERM to the exit of a program that heeds it, µs. */
const TERMINATE_US = 100_000
/** The guard looks once a second (node/src/guard/main.ts), so it acts that late at most, µs. */
const GUARD_LOOK_US = 1_000_000
const SIGTERM_CODE = 143
const SIGKILL_CODE = 137

type State = 'delivering' | 'created' | 'starting' | 'running' | 'paused' | 'exited'

interface Box {
  work: Work
  program: Program
  state: State
  delivered: Promise<void>
  started: Promise<void> | undefined
  stopped: Promise<void> | undefined
  /** When it last began to run, and how long it ran before. */
  sinceUs: number
  ranUs: number
  cancel: () => void
  /** Until when the guard lets it run, in virtual time, and whether it looks again then. */
  untilUs: number
  graceMs: number
  isWatched: boolean
  /** How it ended, and which life of the peer was told. */
  exit: Exit | undefined
  told: ExecutorEvents | undefined
}

/**
 * Containers that only take time: an image that travels, a program that runs as long as its job says. With them goes their guard,
 * a process of its own: it ends what outlives its permit, whatever has become of the peer.
 */
export class SimulatedExecutor implements Executor {
  readonly #engine: Engine
  readonly #peer: number
  #events: ExecutorEvents | undefined
  #boxes: Map<LeaseId, Box> | undefined
  /** By which permits are given; undefined: nobody guards the machine. */
  readonly #clock: (() => Clock) | undefined

  constructor(engine: Engine, peer: number, clock?: () => Clock) {
    this.#engine = engine
    this.#peer = peer
    this.#clock = clock
  }

  engine(): { name: string; version: string } {
    return { name: 'simulated', version: '1' }
  }

  listen(events: ExecutorEvents): void {
    this.#events = events
    // A host that opens asks for what is there and awaits the answer.
    this.#engine.settle()
  }

  deliver(work: Work): Promise<void> {
    const known = this.#boxes?.get(work.leaseId)
    if (known !== undefined) return known.delivered
    const program = this.#engine.programOf(work)
    if (program.isMissing)
      return this.#failed('BAD_IMAGE', `there is no image ${work.spec.imageReference}; check its name, or make it reachable`)
    const box: Box = {
      work,
      program,
      state: 'delivering',
      delivered: Promise.resolve(),
      started: undefined,
      stopped: undefined,
      sinceUs: 0,
      ranUs: 0,
      cancel: () => {},
      untilUs: Number.POSITIVE_INFINITY,
      graceMs: 0,
      isWatched: false,
      exit: undefined,
      told: undefined,
    }
    this.#permit(box, work.permit)
    box.delivered = new Promise((resolve) => {
      const bytes = work.spec.imageBytes + work.spec.inputs.reduce((sum, input) => sum + input.bytes, 0)
      box.cancel = this.#engine.pull(this.#peer, work.spec.imageId, bytes, () => {
        box.state = 'created'
        box.cancel = () => {}
        this.#resolve(resolve)
      })
    })
    this.#boxes ??= new Map()
    this.#boxes.set(work.leaseId, box)
    return box.delivered
  }

  start(leaseId: LeaseId): Promise<void> {
    const box = this.#boxes?.get(leaseId)
    if (box === undefined || box.state === 'delivering')
      return this.#failed('ENGINE_FAILED', `lease ${leaseId} has no container to start; deliver it first`)
    box.started ??= this.#start(box)
    if (box.state === 'paused') this.#resume(box)
    if (box.exit !== undefined && box.told !== this.#events) this.#tell(box, box.exit)
    this.#engine.settle()
    return box.started
  }

  permit(leaseId: LeaseId, permit: Permit): void {
    const box = this.#boxes?.get(leaseId)
    if (box !== undefined) this.#permit(box, permit)
  }

  async pause(leaseId: LeaseId): Promise<void> {
    const box = this.#boxes?.get(leaseId)
    this.#engine.settle()
    if (box?.state !== 'running') return
    this.#account(box)
    box.state = 'paused'
    box.cancel()
    this.#engine.paused(this.#peer, box.work)
  }

  async resume(leaseId: LeaseId): Promise<void> {
    const box = this.#boxes?.get(leaseId)
    this.#engine.settle()
    if (box?.state === 'paused') this.#resume(box)
  }

  stop(leaseId: LeaseId, graceMs: number): Promise<void> {
    const box = this.#boxes?.get(leaseId)
    this.#engine.settle()
    if (box === undefined || box.state === 'exited') return Promise.resolve()
    if (box.state === 'delivering' || box.state === 'created' || box.state === 'starting') {
      box.cancel()
      box.state = 'exited'
      return Promise.resolve()
    }
    const { ignoresSigterm } = box.program
    const us = ignoresSigterm ? graceMs * 1_000 : TERMINATE_US
    box.stopped ??= this.#wait(us, () => this.#exit(box, ignoresSigterm ? SIGKILL_CODE : SIGTERM_CODE, false))
    return box.stopped
  }

  async collect(leaseId: LeaseId): Promise<Collected> {
    this.#engine.settle()
    const box = this.#boxes?.get(leaseId)
    if (box === undefined) return { outputs: undefined, outputBytes: 0, logBytes: 0 }
    const { outputs, outputBytes, logBytes } = box.program
    return { outputs, outputBytes, logBytes }
  }

  async remove(leaseId: LeaseId): Promise<void> {
    this.#engine.settle()
    const box = this.#boxes?.get(leaseId)
    if (box === undefined) return
    this.#halt(box)
    this.#boxes?.delete(leaseId)
  }

  async list(): Promise<Found[]> {
    this.#engine.settle()
    return [...(this.#boxes ?? [])].map(([leaseId, { state }]) => ({ leaseId, container: containerOf(state) }))
  }

  /** The machine died: nothing runs any more and nothing of it is left. */
  crash(): void {
    for (const box of this.#boxes?.values() ?? []) this.#halt(box)
    this.#boxes = undefined
    this.#events = undefined
  }

  /** The peer's process died, and only that: what was being delivered is lost, what runs runs on, and nobody hears how it ends. */
  orphan(): void {
    this.#events = undefined
    for (const [leaseId, box] of this.#boxes ?? []) {
      if (box.state !== 'delivering') continue
      box.cancel()
      this.#boxes?.delete(leaseId)
    }
  }

  /** Nothing is on the machine. */
  get isBare(): boolean {
    return (this.#boxes?.size ?? 0) === 0
  }

  /** Leases whose container runs now. */
  running(): LeaseId[] {
    return [...(this.#boxes ?? [])].filter(([, box]) => box.state === 'running').map(([leaseId]) => leaseId)
  }

  #start(box: Box): Promise<void> {
    if (box.state !== 'created') return Promise.resolve()
    box.state = 'starting'
    return new Promise((resolve) => {
      box.cancel = this.#engine.after(this.#peer, START_US, () => {
        this.#engine.started(this.#peer, box.work)
        this.#run(box)
        this.#resolve(resolve)
      })
    })
  }

  #resume(box: Box): void {
    this.#engine.resumed(this.#peer, box.work)
    this.#run(box)
  }

  #run(box: Box): void {
    box.state = 'running'
    box.sinceUs = this.#engine.nowUs
    box.cancel = () => {}
    this.#watch(box)
    const { runUs, exitCode } = box.program
    if (Number.isFinite(runUs))
      box.cancel = this.#engine.after(this.#peer, Math.max(0, runUs - box.ranUs), () => this.#exit(box, exitCode, true))
  }

  #permit(box: Box, { untilMono, graceMs }: Permit): void {
    if (this.#clock === undefined) return
    box.untilUs = this.#engine.nowUs + (untilMono - this.#clock().monoMs()) * 1_000
    box.graceMs = graceMs
    if (box.state === 'running' || box.state === 'paused') this.#watch(box)
  }

  /** Sees to it that the guard looks when the permit has passed. One that was renewed meanwhile is found so then. */
  #watch(box: Box): void {
    if (box.isWatched || !Number.isFinite(box.untilUs)) return
    box.isWatched = true
    this.#engine.after(this.#peer, Math.max(0, box.untilUs - this.#engine.nowUs) + GUARD_LOOK_US, () => {
      box.isWatched = false
      if (box.state !== 'running' && box.state !== 'paused') return
      if (box.untilUs > this.#engine.nowUs) this.#watch(box)
      else this.#overrun(box)
    })
  }

  #overrun(box: Box): void {
    const { ignoresSigterm } = box.program
    const us = ignoresSigterm ? box.graceMs * 1_000 : TERMINATE_US
    this.#engine.after(this.#peer, us, () => this.#exit(box, ignoresSigterm ? SIGKILL_CODE : SIGTERM_CODE, false, true))
  }

  #exit(box: Box, exitCode: number, byItself: boolean, overran = false): void {
    if (box.state !== 'running' && box.state !== 'paused') return
    this.#account(box)
    box.cancel()
    box.state = 'exited'
    this.#engine.ended(this.#peer, box.work, box.ranUs, byItself)
    const endedMono = this.#clock?.().monoMs()
    this.#tell(box, { exitCode, outOfMemory: false, ...(overran && { overran, ...(endedMono !== undefined && { endedMono }) }) })
  }

  #tell(box: Box, exit: Exit): void {
    box.exit = exit
    box.told = this.#events
    this.#events?.exited(box.work.leaseId, exit)
  }

  /** Ends the container without a word to anybody. */
  #halt(box: Box): void {
    box.cancel()
    if (box.state === 'running' || box.state === 'paused') {
      this.#account(box)
      this.#engine.ended(this.#peer, box.work, box.ranUs, false)
    }
    box.state = 'exited'
  }

  #account(box: Box): void {
    if (box.state === 'running') box.ranUs += this.#engine.nowUs - box.sinceUs
  }

  #wait(us: number, then: () => void): Promise<void> {
    return new Promise((resolve) => {
      this.#engine.after(this.#peer, us, () => {
        then()
        this.#resolve(resolve)
      })
    })
  }

  #resolve(resolve: () => void): void {
    resolve()
    this.#engine.settle()
  }

  #failed(code: 'BAD_IMAGE' | 'ENGINE_FAILED', text: string): Promise<void> {
    this.#engine.settle()
    return Promise.reject(new ExecutorError(code, text))
  }
}

function containerOf(state: State): Container {
  if (state === 'delivering') return 'none'
  return state === 'starting' ? 'created' : state
}
