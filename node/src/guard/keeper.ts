import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { messageOf, WeftError } from '@weft/protocols'
import type { ContainerLocks } from '../capacity/device-locks.ts'
import { deferred } from '../network/deferred.ts'
import type { Logger } from '../network/index.ts'
import { VERSION } from '../version.ts'
import { SILENT_MS_MAX, type Sighting, Visit } from './door.ts'

export interface KeeperInit {
  /** The data folder, and where the guard has its own part of it. */
  data: string
  folder: string
  peerId: string
  /** Where the engine answers. */
  engine: string
  log: Logger
  /** A guard that says nothing for so long is stuck, and ended. @default SILENT_MS_MAX */
  silentMs?: number
  /** How long `start` waits for a guard that says something. @default 30_000 */
  answerMs?: number
}

/** What is known of the guard now. */
export interface GuardState {
  pid: number
  containers: number | undefined
  /** Hashes of the devices that it has locked. */
  held: readonly string[]
  /** When it last said what it saw. */
  heardMono: number
}

const PROGRAM = fileURLToPath(new URL('../../bin/weft-guard.mjs', import.meta.url))
/** A process that was just started answers within this, on a machine that is busy too. */
const ANSWER_MS_MAX = 30_000
const KNOCK_MS = 25
/** Looks at whether it has said anything, within that time: one that this process missed by standing still itself is no silence. */
const BEATS = 6
/** Before another is looked for in place of one that said nothing, doubling up to the last. */
const RETRY_MS = { first: 500, last: 30_000 }
/** A guard with nothing left to guard goes at once; one that stops containers is not waited for. */
const GONE_MS_MAX = 3_000

/** The peer's side of the guard: sees to it that there is one, and another when it dies. */
export class GuardKeeper implements ContainerLocks {
  readonly #init: KeeperInit
  readonly #closing = new AbortController()
  readonly #first = deferred<void>()
  #visit: Visit | undefined
  #state: GuardState | undefined
  #keeping: Promise<void> | undefined
  /** How often a guard has said what it saw, ever. */
  #sightings = 0
  /** Hashes of devices that are lent, for a guard that comes in another's place. */
  #lent: readonly string[] = []

  private constructor(init: KeeperInit) {
    this.#init = init
    this.#first.promise.catch(() => undefined)
  }

  /** Resolves when a guard looks after this peer's containers. Rejects with NO_GUARD where none can be had: nothing may run then. */
  static async start(init: KeeperInit): Promise<GuardKeeper> {
    const keeper = new GuardKeeper(init)
    keeper.#keeping = keeper.#keep()
    const late = delay(init.answerMs ?? ANSWER_MS_MAX, 'late' as const, { signal: keeper.#closing.signal }).catch(
      () => 'late' as const,
    )
    if ((await Promise.race([keeper.#first.promise, late])) === 'late') {
      await keeper.close()
      throw new WeftError('NO_GUARD', `the guard of this peer's containers did not start; its log is ${init.folder}/log`)
    }
    return keeper
  }

  /** Undefined while there is none, or none that answers. */
  get state(): GuardState | undefined {
    return this.#state
  }

  /** As `ContainerLocks` has it. */
  async hold(hexes: readonly string[]): Promise<ReadonlySet<string> | undefined> {
    this.#lent = hexes
    return this.#visit?.hold(hexes)
  }

  /** Leaves what still runs to the guard; one that has nothing left to guard is waited for, so that nothing stays. */
  async close(): Promise<void> {
    this.#closing.abort()
    const visit = this.#visit
    if (visit !== undefined) {
      visit.leave()
      const cancel = new AbortController()
      const late = delay(GONE_MS_MAX, undefined, { signal: cancel.signal }).catch(() => undefined)
      await Promise.race([visit.ended, late])
      cancel.abort()
      visit.end()
    }
    await this.#keeping
  }

  async #keep(): Promise<void> {
    const { signal } = this.#closing
    for (let waitMs: number = RETRY_MS.first; !signal.aborted; ) {
      const visit = (await this.#begin()) ?? (await this.#startOne())
      const isHeard = visit !== undefined && (await this.#stay(visit))
      if (isHeard) waitMs = RETRY_MS.first
      else {
        await delay(waitMs, undefined, { signal }).catch(() => undefined)
        waitMs = Math.min(waitMs * 2, RETRY_MS.last)
      }
    }
  }

  /** Until the guard is gone. False: it never said a thing, as one that has no place for another connection. */
  async #stay(visit: Visit): Promise<boolean> {
    const { signal } = this.#closing
    const before = this.#sightings
    this.#visit = visit
    if (signal.aborted) visit.end()
    else if (this.#lent.length > 0) void visit.hold(this.#lent)
    const attended = new AbortController()
    void this.#attend(AbortSignal.any([signal, attended.signal]))
    await visit.ended
    attended.abort()
    this.#visit = undefined
    this.#state = undefined
    if (!signal.aborted) this.#init.log.warn({}, "the guard of this peer's containers is gone; looking for another")
    return this.#sightings > before
  }

  /** Sees to it that a guard which is there, and holds the lock, but does nothing (SIGSTOP) makes room for one that does. */
  async #attend(signal: AbortSignal): Promise<void> {
    const beatMs = (this.#init.silentMs ?? SILENT_MS_MAX) / BEATS
    for (let silent = 0; ; ) {
      if (silent >= BEATS) {
        silent = 0
        await this.#endStuck()
      }
      const before = this.#sightings
      if ((await delay(beatMs, 'beat' as const, { signal, ref: false }).catch(() => undefined)) === undefined) return
      silent = this.#sightings === before ? silent + 1 : 0
    }
  }

  /** Its connection is open, so the process is there; that it is the one which the number means here, its command line says. */
  async #endStuck(): Promise<void> {
    const pid = this.#state?.pid
    if (pid === undefined) return
    const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0')
    if (!words.includes(PROGRAM) || !words.includes(this.#init.data)) return
    this.#init.log.warn({ pid }, "the guard of this peer's containers says nothing any more; ending it")
    try {
      process.kill(pid, 'SIGKILL')
    } catch (error) {
      this.#init.log.warn({ pid, error: messageOf(error) }, 'it cannot be ended')
    }
  }

  #begin(): Promise<Visit | undefined> {
    return Visit.begin(this.#init.folder, (sighting) => this.#heard(sighting))
  }

  /** Starts a guard and meets it; undefined: it does not answer. */
  async #startOne(): Promise<Visit | undefined> {
    const { data, peerId, engine, log } = this.#init
    const { signal } = this.#closing
    const words = ['--data', data, '--peer', peerId, '--engine', engine]
    // A session of its own: what is sent to the terminal's processes, or to the peer's group, is not for it.
    const child = spawn(process.execPath, ['--', PROGRAM, ...words], { detached: true, stdio: 'ignore', cwd: '/' })
    child.unref()
    child.on('error', (error) => log.error({ error: error.message }, "the guard of this peer's containers cannot be started"))
    const until = performance.now() + ANSWER_MS_MAX
    while (performance.now() < until && !signal.aborted) {
      const visit = await this.#begin()
      if (visit !== undefined) return visit
      await delay(KNOCK_MS, undefined, { signal }).catch(() => undefined)
    }
    return undefined
  }

  #heard(sighting: Sighting): void {
    this.#sightings += 1
    const { engine, log } = this.#init
    // After the peer has said that it leaves: what runs on is the guard's alone.
    if (this.#closing.signal.aborted) {
      if (sighting.containers !== 0) this.#visit?.end()
      return
    }
    if (sighting.version !== VERSION || sighting.engine !== engine) {
      if ((sighting.containers ?? 0) > 0) log.warn({ ...sighting }, 'a guard of another release or engine makes room')
      this.#visit?.askToYield()
      return
    }
    const { pid, containers, held = [] } = sighting
    this.#state = { pid, containers, held, heardMono: performance.now() }
    this.#first.resolve()
  }
}
