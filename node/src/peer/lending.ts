import { type LeaseId, peerId, WeftError } from '@weft/protocols'
import type { CapacityInit, LeaseView } from '@weft/protocols/core'
import type { Executor } from '@weft/protocols/ports'
import { DeviceLocks } from '../capacity/index.ts'
import {
  candidates,
  ENGINE_ANSWER_MS,
  type Engine,
  explainNoEngine,
  type FoundEngine,
  findEngine,
  ProcessEngine,
  Runner,
} from '../executor/index.ts'
import { GuardKeeper, type GuardState, type KeeperInit } from '../guard/keeper.ts'
import type { PeerInit } from '../peer.ts'
import { serveOutput } from '../results/output-protocol.ts'
import { AnnouncingExecutor } from './announcing-executor.ts'
import type { Cleanup } from './cleanup.ts'
import type { Foundation } from './foundation.ts'
import { askForImage } from './image-protocol.ts'
import { LentDevices } from './lent-devices.ts'
import type { Offering } from './offering.ts'

/** The engine of this machine, or why there is none: one sentence that says what to do. */
export interface ChosenEngine {
  engine: Engine | undefined
  why: string
}

/**
 * The engine that a setting names: `auto`, `docker`, `podman`, a socket; or `process`, which runs jobs unprotected and is for the
 * demo and tests.
 */
export async function chooseEngine(wanted: string): Promise<ChosenEngine> {
  if (wanted === 'process') return { engine: new ProcessEngine({ unsafeProcessEngine: true }), why: '' }
  const { engine, failures } = await find(wanted)
  return { engine, why: engine === undefined ? explainNoEngine(failures) : '' }
}

/** Throws NO_ENGINE where nothing could run what is leased. */
export function demandEngine({ engine, why }: ChosenEngine): void {
  if (engine === undefined) throw new WeftError('NO_ENGINE', `this machine cannot lend: ${why}`)
}

/** `auto`: the first that answers; `docker` and `podman`: the first of that kind; else the one that was named. */
async function find(wanted: string): Promise<FoundEngine> {
  // The setting has been read already, from flag, environment or file.
  const env = { ...process.env, WEFT_ENGINE: undefined }
  if (wanted !== 'auto' && wanted !== 'docker' && wanted !== 'podman') return findEngine({ engine: wanted, env })
  if (wanted === 'auto') return findEngine({ env })
  const failures: { host: string; reason: string }[] = []
  const hosts = candidates({ env })
  const answerMs = hosts.length === 1 ? ENGINE_ANSWER_MS.named : ENGINE_ANSWER_MS.guessed
  for (const host of hosts) {
    const found = await findEngine({ engine: host, env, answerMs })
    if (found.engine?.name === wanted) return found
    failures.push(...(found.engine === undefined ? found.failures : [{ host, reason: `this is ${found.engine.name}` }]))
  }
  return { engine: undefined, failures }
}

/** Stages of a lease in which nothing of it runs any more and its capacity is free. */
const OVER: ReadonlySet<string> = new Set(['final', 'settled', 'closed'])

/** True while the lease holds capacity. */
export const isUnderWay = ({ state }: LeaseView): boolean => !OVER.has(state)

/** The provider's half of a peer: what it lends, and what runs it. */
export interface Lending {
  /** What is lent now, and what is not. */
  offering: Offering
  /** Follows what changes of that from here on. */
  follow(onChange: (capacity: CapacityInit) => void): void
  executor: Executor
  /** What guards the containers if this peer should not; undefined: nothing does now. */
  guard(): GuardState | undefined
  /** False where jobs end with this process anyway. */
  isGuarded: boolean
  /** The disk is short. */
  makeRoom(): Promise<void>
}

interface LendingParts {
  foundation: Foundation
  engine: Engine | undefined
  leases: () => LeaseView[]
  cleanup: Cleanup
}

export async function openLending(init: PeerInit, parts: LendingParts): Promise<Lending | undefined> {
  const { engine, leases, cleanup } = parts
  const { network, content } = parts.foundation
  const { home, log } = init
  if (engine === undefined || init.provide === undefined) return undefined
  // A job that is a child of this process ends with it.
  const guard = engine.name === 'process' ? undefined : await GuardKeeper.start(guardInit(init, network.peerId, engine))
  cleanup.push('guard', async () => guard?.close())
  const offering = await init.provide(engine, new DeviceLocks(guard))
  cleanup.push('offering', () => offering.stop())
  // A lease that is not known is not over: this peer may still be starting.
  const isOver = (leaseId: LeaseId) => leases().some((lease) => lease.leaseId === leaseId && !isUnderWay(lease))
  const lent = new LentDevices({
    ...{ engine, peerId: network.peerId, all: offering.devices, devices: offering.now.devices, isOver, log },
    onChange: () => void offering.withdraw(lent.withdrawn),
    onFault: (leaseId, fault) => runner.fail(leaseId, fault),
  })
  const runner = new Runner({
    engine,
    folder: home.paths.leases,
    peerId: network.peerId,
    network: init.network,
    content,
    askForImage: askForImage({ network: init.network, channels: network.channels }),
    log,
    devices: lent,
  })
  cleanup.push('executor', () => runner.close())
  await lent.start()
  cleanup.push('devices', async () => lent.stop())
  const executor = new AnnouncingExecutor(runner)
  serveOutput({
    network: init.network,
    channels: network.channels,
    renterOf(leaseId) {
      const renter = leases().find((lease) => lease.leaseId === leaseId)?.renter
      return renter === undefined ? undefined : peerId(renter)
    },
    async read(leaseId, offset, signal) {
      // Listening before looking: the delivery may end in between.
      const delivered = executor.delivered(leaseId, signal)
      const spool = await runner.spoolReader(leaseId, offset, { signal })
      if (spool !== undefined) return spool
      await delivered
      return signal.aborted ? undefined : runner.spoolReader(leaseId, offset, { signal })
    },
  })
  return {
    offering,
    makeRoom: () => runner.makeRoom(),
    follow: (onChange) =>
      offering.start({
        onChange(offered) {
          void lent.lend(offered.devices)
          onChange(offered.capacity)
        },
        isLeased: (id) => lent.isLeased(id),
      }),
    executor,
    guard: () => guard?.state,
    isGuarded: guard !== undefined,
  }
}

const guardInit = ({ home, log }: PeerInit, peerId: string, { host }: Engine): KeeperInit => ({
  data: home.folder,
  folder: home.paths.guard,
  peerId,
  engine: host,
  log,
})
