/**
 * The guard: a small process beside a provider's peer that ends containers whose permit has passed, also where the peer is dead or
 * frozen. One per data folder. It has the locks of the devices that these are on, and goes when the peer is gone and has no container left.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { codeOf, messageOf } from '@weft/protocols'
import { deviceHex } from '../capacity/kinds.ts'
import { suspendedMs, systemClock } from '../clock.ts'
import { DockerEngine } from '../executor/docker-engine.ts'
import type { Reading } from '../executor/written-permit.ts'
import { homePaths } from '../home/folder.ts'
import { openLevel } from '../store/level.ts'
import { VERSION } from '../version.ts'
import { CardLocks } from './card-locks.ts'
import { Door } from './door.ts'
import { Guard, type GuardInit } from './guard.ts'
import { logFile } from './log-file.ts'

const LOOK_MS = 1_000
const ENGINE_ANSWER_MS = 5_000
/** How long it tries to take the place of a guard that is going. */
const LOCK_MS_MAX = 5_000
const LOCK_RETRY_MS = 50
/** From the start, for a peer to come: it started this process. */
const ALONE_MS_MAX = 10_000

/** `weft-guard --data FOLDER --peer PEER --engine HOST`. Resolves when there is nothing left to guard. */
export async function main(words: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...words],
    options: { data: { type: 'string' }, peer: { type: 'string' }, engine: { type: 'string' } },
  })
  const { data, peer: peerId, engine: host } = values
  if (data === undefined || peerId === undefined || host === undefined) return 64
  // The terminal that its peer was started from is not its own.
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined)
  const paths = homePaths(data)
  await mkdir(paths.guard, { recursive: true, mode: 0o700 })
  const lock = await takeLock(join(paths.guard, 'lock'))
  if (lock === undefined) return 0
  const log = logFile(join(paths.guard, 'log'))
  let knock: () => void = () => undefined
  const locks = new CardLocks()
  const guard = opened({ host, folder: paths.leases, peerId, log, isPeerThere: () => door.isPeerThere })
  const takeFree = async (hexes: ReadonlySet<string>): Promise<ReadonlySet<string>> => {
    if ([...hexes].every((hex) => locks.held.has(hex))) return locks.held
    // Without an answer nobody knows whether another's container is on them.
    const others = await guard()
      .then((it) => it.devicesOfOthers())
      .catch(() => undefined)
    return others === undefined ? locks.held : locks.take(without(hexes, others))
  }
  const door: Door = await Door.open(paths.guard, { onKnock: () => knock(), lock: takeFree })
  const untilKnock = (): Promise<void> => new Promise((resolve) => (knock = resolve))
  try {
    log({ pid: process.pid, engine: host, version: VERSION }, 'guarding')
    await watch({ door, locks, host, guard, log, untilKnock })
    log({ pid: process.pid }, door.isYielding ? 'another takes over' : 'nothing left to guard')
    return 0
  } catch (error) {
    log({ error: messageOf(error) }, 'a bug, so this guard ends')
    throw error
  } finally {
    await locks.keep(new Set())
    await lock.close()
    // Last: whoever waits for this guard to be gone waits at the door.
    door.close()
  }
}

interface Watch {
  door: Door
  locks: CardLocks
  host: string
  guard(): Promise<Guard>
  log(fields: object, text: string): void
  untilKnock(): Promise<void>
}

/** The guard, as soon as its engine answers: rejects where that does not. */
function opened({ host, ...init }: Omit<GuardInit, 'engine' | 'now'> & { host: string }): () => Promise<Guard> {
  let guard: Promise<Guard> | undefined
  return () => {
    guard ??= DockerEngine.connect(host, ENGINE_ANSWER_MS).then((engine) => new Guard({ ...init, engine, now }))
    guard.catch(() => (guard = undefined))
    return guard
  }
}

/** Hashes of devices less those with these ids. */
function without(hexes: Iterable<string>, ids: ReadonlySet<string>): Set<string> {
  const taken = new Set([...ids].map(deviceHex))
  return new Set([...hexes].filter((hex) => !taken.has(hex)))
}

async function watch({ door, locks, host, guard, log, untilKnock }: Watch): Promise<void> {
  const bornMs = performance.now()
  let trouble = ''
  for (;;) {
    let containers: number | undefined
    // A peer that goes during the look may have begun a container after the engine was asked.
    const { wanted } = door
    try {
      const seen = await (await guard()).look()
      // What is locked already stays so: another peer that has a container there does not keep to the locks.
      const free = without([...wanted, ...door.wanted], seen.others)
      const kept = [...wanted, ...door.wanted].filter((hex) => locks.held.has(hex))
      await locks.keep(new Set([...free, ...kept, ...[...seen.devices].map(deviceHex)]))
      containers = seen.containers
      trouble = ''
    } catch (error) {
      // The same each second is one line.
      if (messageOf(error) !== trouble) log({ error: messageOf(error) }, 'the engine does not answer; trying again')
      trouble = messageOf(error)
    }
    const said = containers === undefined ? {} : { containers }
    door.tell({ pid: process.pid, version: VERSION, engine: host, held: [...locks.held], ...said })
    const isAwaited = performance.now() - bornMs < ALONE_MS_MAX && !door.hasMet
    if (door.isYielding || (containers === 0 && !door.isPeerThere && !isAwaited))
      return await guard().then(
        (it) => it.settled(),
        () => undefined,
      )
    const cancel = new AbortController()
    const rest = delay(LOOK_MS, undefined, { signal: cancel.signal }).catch(() => undefined)
    await Promise.race([rest, untilKnock()])
    cancel.abort()
  }
}

const now = (): Reading => ({ era: systemClock.era, monoMs: systemClock.monoMs(), suspendedMs: suspendedMs() })

/** The lock of a database, which the operating system lets go of however its process ends; undefined: another guard has it. */
async function takeLock(folder: string): Promise<{ close(): Promise<void> } | undefined> {
  const until = performance.now() + LOCK_MS_MAX
  for (;;) {
    try {
      return await openLevel(folder)
    } catch (error) {
      if (codeOf(error) !== 'LOCKED') throw error
      if (performance.now() > until) return undefined
      await delay(LOCK_RETRY_MS)
    }
  }
}
