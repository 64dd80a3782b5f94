/** The `Executor` port over a container engine. */
import { mkdirSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type LeaseId, messageOf } from '@weft/protocols'
import type { Collected, Executor, ExecutorEvents, Exit, Found, Permit, Work } from '@weft/protocols/ports'
import { systemClock } from '../clock.ts'
import { endOf, excuse, handOn } from './beside-guard.ts'
import { BroughtImages } from './brought-images.ts'
import { collectOutputs } from './collect.ts'
import { ContainerRun } from './container-run.ts'
import type { AskForImage, ContentFetcher } from './content-fetcher.ts'
import { prepare } from './deliver.ts'
import type { LeaseDevices } from './devices.ts'
import type { ContainerInfo, Engine, EngineExit } from './engine.ts'
import { executorError } from './engine-errors.ts'
import { failureFor, withoutDevices } from './host-paths.ts'
import { Images } from './images.ts'
import { type Lease, settled } from './lease.ts'
import { isLeaseName, LeaseFolder } from './lease-folder.ts'
import type { ExecutorLog } from './log.ts'
import type { PaceInit } from './pace.ts'
import { containerName, LABELS } from './profile.ts'
import { Spool } from './spool.ts'
import { isRunning, stopSurely } from './stop-container.ts'
import { WriteWatch } from './write-watch.ts'

export interface RunnerInit {
  /** Undefined: this machine has none, and every delivery fails with NO_ENGINE. */
  engine: Engine | undefined
  /** The folder that holds one folder per lease. It is made if it is not there. */
  folder: string
  peerId: string
  network: string
  content: ContentFetcher
  askForImage: AskForImage
  log: ExecutorLog
  /** @default no lease has any */
  devices?: LeaseDevices
  /** Longest output spool of a lease. @default 64 MiB */
  spoolBytesMax?: number
  /** Most files and folders that a lease may leave in its outputs. @default 10_000 */
  outputEntriesMax?: number
  /** How often what a running job writes is measured, and the disk while it has plenty of room. @default 2_000 */
  outputCheckMs?: number
  /** What the disk under a folder has free, in bytes. @default statfs */
  freeDisk?: (path: string) => Promise<number>
  /** How often that is looked at during a delivery. @default 2_000 */
  diskCheckMs?: number
  /** See `watchPace`. */
  pace?: Pick<PaceInit, 'allowedMs' | 'everyMs'>
}

const OUTPUT_ENTRIES_MAX = 10_000

export class Runner implements Executor {
  readonly #init: RunnerInit
  readonly #images: Images | undefined
  readonly #brought: BroughtImages | undefined
  readonly #leases = new Map<LeaseId, Lease>()
  readonly #writes: WriteWatch
  #events: ExecutorEvents | undefined

  constructor(init: RunnerInit) {
    this.#init = { ...init, folder: resolve(init.folder) }
    mkdirSync(init.folder, { recursive: true, mode: 0o700 })
    const { engine, content, askForImage: ask, log } = init
    if (engine !== undefined) {
      const drop = (imageId: string) => engine.dropImage(imageId)
      this.#brought = new BroughtImages({ file: join(this.#init.folder, 'brought-images.json'), drop, log })
      this.#images = new Images({ engine, content, ask, brought: this.#brought })
    }
    this.#writes = new WriteWatch({
      folder: this.#init.folder,
      log,
      entriesMax: this.#entriesMax,
      everyMs: init.outputCheckMs,
      freeDisk: init.freeDisk,
      isKnown: (lease) => this.#leases.get(lease.id) === lease,
    })
  }

  engine(): { name: string; version: string } | undefined {
    const { engine } = this.#init
    return engine === undefined ? undefined : { name: engine.name, version: engine.version }
  }

  /** The disk is short: images that jobs brought and nothing uses any more go. */
  async makeRoom(): Promise<void> {
    await this.#brought?.makeRoom()
  }

  listen(events: ExecutorEvents): void {
    this.#events = events
  }

  deliver(work: Work): Promise<void> {
    const lease = this.#lease(work.leaseId)
    lease.delivering ??= this.#deliver(lease, work).catch((error: unknown) => {
      delete lease.delivering
      throw failureFor(lease.folder.path, this.#init.log, error, 'delivering')
    })
    return lease.delivering
  }

  start(leaseId: LeaseId): Promise<void> {
    const lease = this.#lease(leaseId)
    lease.starting ??= this.#start(lease).catch((error: unknown) => {
      delete lease.starting
      throw failureFor(lease.folder.path, this.#init.log, error, 'starting')
    })
    return lease.starting
  }

  async permit(leaseId: LeaseId, permit: Permit): Promise<void> {
    // A peer that was started again hands one on before it takes up the container.
    const folder = this.#leases.get(leaseId)?.folder ?? new LeaseFolder(this.#init.folder, leaseId)
    if (isLeaseName(leaseId)) await handOn(folder, permit, this.#init.log)
  }

  async pause(leaseId: LeaseId): Promise<void> {
    const found = await this.#find(leaseId)
    if (found?.state === 'running') await this.#engine().pause(found.id)
  }

  async resume(leaseId: LeaseId): Promise<void> {
    const found = await this.#find(leaseId)
    if (found?.state === 'paused') await this.#engine().unpause(found.id)
  }

  async stop(leaseId: LeaseId, graceMs: number): Promise<void> {
    const lease = this.#lease(leaseId)
    lease.cancel.abort(executorError('FETCH_FAILED', 'the lease was stopped'))
    try {
      await settled(lease)
      await excuse(lease.folder, graceMs, this.#init.log)
      if (lease.run !== undefined) return await lease.run.stop(graceMs)
      const found = await this.#find(leaseId)
      const exit = found === undefined ? undefined : await stopSurely(this.#engine(), found.id, graceMs)
      await this.#exited(lease, exit && exitOf(exit))
    } catch (error) {
      throw failureFor(lease.folder.path, this.#init.log, error, 'stopping')
    }
  }

  async collect(leaseId: LeaseId): Promise<Collected> {
    const lease = this.#lease(leaseId)
    const running = lease.run === undefined ? isRunning(await this.#find(leaseId)) : !lease.run.hasEnded
    if (running) throw executorError('ENGINE_FAILED', `the container of lease ${leaseId} still runs; stop it before collecting`)
    this.#writes.end(lease)
    const { freeDisk, log } = this.#init
    const collected = await collectOutputs({
      folder: lease.folder,
      spool: await this.#spool(lease),
      content: this.#init.content,
      entriesMax: this.#entriesMax,
      overflow: lease.overflow,
      log,
      onPurged: () => this.#writes.forget(lease),
      ...(freeDisk === undefined ? {} : { freeDisk }),
    })
    lease.clearing = this.#clear(leaseId)
    return collected
  }

  /** What a job left is kept for a day; its container has said all it had to. */
  async #clear(leaseId: LeaseId): Promise<void> {
    try {
      const found = await this.#find(leaseId)
      if (found !== undefined) await this.#engine().remove(found.id)
    } catch (error) {
      this.#init.log.warn({ leaseId, error: messageOf(error) }, 'removing a container that ended failed')
    }
    this.#init.devices?.release(leaseId)
  }

  /** The machine fails the lease: its container is ended, and `exited` says why. */
  fail(leaseId: LeaseId, fault: NonNullable<Exit['fault']>): void {
    const lease = this.#leases.get(leaseId)
    if (lease === undefined || lease.hasTold === true) return
    lease.fault ??= fault
    this.#init.log.warn({ leaseId, why: fault.message }, 'the machine cannot go on with a job; stopping it')
    void this.#writes.endSurely(lease, 0)
  }

  async remove(leaseId: LeaseId): Promise<void> {
    const lease = this.#lease(leaseId)
    lease.cancel.abort(executorError('FETCH_FAILED', 'the lease was stopped'))
    await settled(lease)
    await lease.clearing
    this.#detach(lease)
    const found = await this.#find(leaseId)
    if (found !== undefined) await this.#engine().remove(found.id)
    this.#init.devices?.release(leaseId)
    await (await lease.spool?.catch(() => undefined))?.close()
    try {
      await this.#release(lease)
      const left = await lease.folder.remove()
      if (left !== undefined) this.#init.log.warn({ leaseId, left }, 'the job left files that only root can remove')
    } catch (error) {
      throw failureFor(lease.folder.path, this.#init.log, error, `removing the files of lease ${leaseId}`)
    }
    this.#writes.forget(lease)
    this.#leases.delete(leaseId)
  }

  async list(): Promise<Found[]> {
    const { engine, folder, peerId, network } = this.#init
    const names = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map(({ name }) => name)
    const containers = (await engine?.list({ [LABELS.peer]: peerId, [LABELS.network]: network })) ?? []
    const states = new Map(containers.map(({ labels, state }) => [labels[LABELS.lease] ?? '', state]))
    const found: Found[] = []
    for (const name of new Set([...names, ...states.keys()])) {
      if (!isLeaseName(name)) continue
      const leaseId = name as LeaseId
      const container = states.get(name) ?? ((await endOf(new LeaseFolder(folder, leaseId), undefined)) ? 'exited' : 'none')
      found.push({ leaseId, container })
    }
    return found
  }

  /**
   * The lease's output from `offset` on, as it grows; it ends when the lease was collected or removed, or `signal` aborts.
   * Undefined: this machine knows no such lease.
   */
  async spoolReader(
    leaseId: LeaseId,
    offset: number,
    options: { signal?: AbortSignal } = {},
  ): Promise<AsyncIterable<Uint8Array> | undefined> {
    if (!isLeaseName(leaseId)) return undefined
    const known = this.#leases.get(leaseId)?.spool !== undefined
    if (!known && (await new LeaseFolder(this.#init.folder, leaseId).record()) === undefined) return undefined
    const spool = await this.#spool(this.#lease(leaseId))
    return spool.read(offset, options.signal)
  }

  /** Lets go of every container without touching it, and of every file. Call before the process ends. */
  async close(): Promise<void> {
    for (const lease of this.#leases.values()) {
      lease.cancel.abort(executorError('FETCH_FAILED', 'the peer stops'))
      await settled(lease).catch(() => undefined)
      await lease.clearing
      this.#detach(lease)
      await (await lease.spool?.catch(() => undefined))?.close()
    }
    this.#leases.clear()
  }

  async #deliver(lease: Lease, work: Work): Promise<void> {
    lease.cancel = new AbortController()
    const container = await prepare({
      ...this.#init,
      engine: this.#engine(),
      images: this.#images,
      work,
      folder: lease.folder,
      signal: lease.cancel.signal,
      onProgress: (done, total) => this.#events?.progress(lease.id, done, total),
    })
    if (container.created) lease.fresh = container.id
  }

  async #start(lease: Lease): Promise<void> {
    const engine = this.#engine()
    const found = lease.fresh === undefined ? await this.#find(lease.id) : undefined
    const containerId = lease.fresh ?? found?.id
    if (containerId === undefined) return this.#harvest(lease)
    const run = new ContainerRun({
      engine,
      containerId,
      spool: await this.#spool(lease),
      log: this.#init.log,
      onExit: (exit) => this.#exited(lease, exitOf(exit)),
    })
    delete lease.fresh
    if (lease.fault !== undefined) throw executorError(lease.fault.code, lease.fault.message)
    lease.run = run
    try {
      await this.#writes.begin(lease)
      if (found?.exit !== undefined) await run.report(found.exit)
      else if (isRunning(found)) {
        // Docker attaches to nothing that is paused. What is written in between belongs to the gap.
        if (found?.state === 'paused') await engine.unpause(found.id)
        await run.resume()
      } else await run.start()
    } catch (error) {
      this.#writes.end(lease)
      delete lease.run
      throw error
    }
  }

  /** There is no container: a guard that ended it may have written down how. */
  async #harvest(lease: Lease): Promise<void> {
    const end = await endOf(lease.folder, undefined)
    if (end === undefined) throw executorError('ENGINE_FAILED', `lease ${lease.id} has no container; deliver it first`)
    await (await this.#spool(lease)).gap(0)
    await this.#exited(lease, end)
  }

  /** Once per container; resolves when it is told. */
  async #exited(lease: Lease, exit: Exit | undefined): Promise<void> {
    this.#writes.end(lease)
    const end = await endOf(lease.folder, exit)
    if (end === undefined || lease.hasTold === true) return
    lease.hasTold = true
    this.#events?.exited(lease.id, await this.#explained(lease, end))
  }

  /** A program whose device breaks fails as any other does: only the device can tell. Asking takes time that is not the job's. */
  async #explained({ id, cancel, fault }: Lease, end: Exit): Promise<Exit> {
    const { devices } = this.#init
    const isOwnDoing = end.exitCode === 0 || end.overran === true || cancel.signal.aborted
    if (devices === undefined || (fault === undefined && isOwnDoing)) return end
    const endedMono = end.endedMono ?? systemClock.monoMs()
    const why = fault ?? (await devices.faultOf(id))
    return why === undefined
      ? { ...end, endedMono }
      : { ...end, endedMono, fault: { ...why, message: withoutDevices(why.message) } }
  }

  /** What the lease kept in the content store is nobody's any more. */
  async #release({ id, folder }: Lease): Promise<void> {
    const outputs = (await folder.collected())?.outputs ?? ''
    for (const cid of [...((await folder.record())?.inputs ?? []), outputs]) {
      if (cid !== '') await this.#init.content.release(Uint8Array.from(Buffer.from(cid, 'hex')), id)
    }
  }

  #detach(lease: Lease): void {
    this.#writes.end(lease)
    lease.run?.detach()
  }

  /** The lease's container, by its name; somebody else's under that name does not count. */
  async #find(leaseId: LeaseId): Promise<ContainerInfo | undefined> {
    const found = await this.#engine().inspect(containerName(leaseId))
    return found?.labels[LABELS.lease] === leaseId ? found : undefined
  }

  #spool(lease: Lease): Promise<Spool> {
    lease.spool ??= this.#openSpool(lease)
    return lease.spool
  }

  async #openSpool(lease: Lease): Promise<Spool> {
    const { spoolBytesMax } = this.#init
    const spool = await Spool.open({
      path: lease.folder.spool,
      ...(spoolBytesMax === undefined ? {} : { bytesMax: spoolBytesMax }),
    })
    if ((await lease.folder.collected()) !== undefined) await spool.close()
    return spool
  }

  #lease(id: LeaseId): Lease {
    const known = this.#leases.get(id)
    if (known !== undefined) return known
    if (!isLeaseName(id)) throw executorError('ENGINE_FAILED', `${JSON.stringify(id)} is no lease id`)
    const lease: Lease = { id, folder: new LeaseFolder(this.#init.folder, id), cancel: new AbortController() }
    this.#leases.set(id, lease)
    return lease
  }

  get #entriesMax(): number {
    return this.#init.outputEntriesMax ?? OUTPUT_ENTRIES_MAX
  }

  #engine(): Engine {
    const { engine } = this.#init
    if (engine === undefined) throw executorError('NO_ENGINE', 'this machine has no container engine; start Docker or Podman')
    return engine
  }
}

function exitOf(exit: EngineExit | undefined): Exit {
  return { exitCode: exit?.exitCode, outOfMemory: exit?.oomKilled ?? false }
}
