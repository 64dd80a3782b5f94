/** One peer of the crash test: started, killed with SIGKILL, started again over the same data folder, until the kills are spent. */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { ApiClient, type StatusView } from '@weft/node'
import { WeftError } from '@weft/protocols'
import { quietPort } from '../../../.tools/quiet-port.mjs'
import { CLI, type Processes } from '../mesh/processes.ts'
import type { Death } from './deaths.ts'

export type Role = 'provider' | 'renter'

/** How often peers are still to be killed, all of them together, and how it went so far. */
export class Kills {
  #left: number
  done = 0
  /** Of guards, beside those of peers. */
  guards = 0
  /** By failpoint, how often a peer died there. */
  readonly at = new Map<string, number>()

  constructor(count: number) {
    this.#left = count
  }

  get areSpent(): boolean {
    return this.#left === 0
  }

  /** Reserves one; false: none is left. */
  take(): boolean {
    if (this.areSpent) return false
    this.#left -= 1
    return true
  }

  /** `failpoint`: where it was; undefined: at a random time. */
  count(failpoint: string | undefined): void {
    this.done += 1
    if (failpoint !== undefined) this.at.set(failpoint, (this.at.get(failpoint) ?? 0) + 1)
  }
}

export interface LivesInit {
  name: string
  role: Role
  folder: string
  network: string
  processes: Processes
  /** What runs it (see Surroundings), and where it listens. @default here, at a port of the loopback that stays its own */
  place?: { inside: readonly string[]; listen: string }
  /** Words of `weft up` beside those of every peer. */
  args: readonly string[]
  env: Readonly<Record<string, string>>
  /** Whom to join through: where the others listen. */
  through: () => readonly string[]
  signal: AbortSignal
}

const READY_MS_MAX = 90_000
const LAST_LINES = 12

export class Lives {
  readonly home: string
  readonly #init: LivesInit
  /** The same in every life, so that the others find this peer again. */
  #listen: string
  #client: ApiClient | undefined
  #child: ChildProcess | undefined
  #peerId = ''
  addresses: readonly string[] = []

  constructor(init: LivesInit) {
    this.#init = init
    this.#listen = init.place?.listen ?? ''
    this.home = join(init.folder, init.name)
  }

  get role(): Role {
    return this.#init.role
  }

  get name(): string {
    return this.#init.name
  }

  get peerId(): string {
    return this.#peerId
  }

  /** Of the present life; undefined while there is none. */
  get client(): ApiClient | undefined {
    return this.#client
  }

  /** The first life, without a failpoint: it decides address and identity. */
  async begin(): Promise<void> {
    if (this.#listen === '') this.#listen = `/ip4/127.0.0.1/tcp/${await quietPort()}`
    await this.#start()
  }

  /** Dies and starts again until the kills are spent; the last life goes on. */
  async run(deaths: Generator<Death, never>, kills: Kills): Promise<void> {
    const { signal } = this.#init
    while (kills.take()) {
      await this.#end()
      const death = deaths.next().value
      const diedThere = await this.#live(death, kills)
      kills.count(diedThere ? death.failpoint?.replace(/:\d+$/, '') : undefined)
      await delay(death.downMs, undefined, { signal })
    }
    await this.#end()
    await this.#start()
  }

  /** One life and its end; true where it ended at its failpoint. */
  async #live({ failpoint, afterMs, counts, guardAfterMs }: Death, kills: Kills): Promise<boolean> {
    const child = this.#spawn(failpoint)
    const ready = this.#ready(child)
    // Who waits for it hears of it; a death at any time waits for nothing.
    ready.catch(() => undefined)
    const noGuard = guardAfterMs === undefined ? undefined : this.#killGuard(ready, guardAfterMs, child, kills)
    const timeUp = counts === 'from-ready' ? ready.then(() => this.#wait(afterMs)) : this.#wait(afterMs)
    await Promise.race([exited(child), timeUp])
    const endedByItself = hasEnded(child)
    if (endedByItself && (failpoint === undefined || child.signalCode !== 'SIGKILL')) throw await this.#unexpected(child)
    await this.#end()
    await ready.catch(() => undefined)
    await noGuard
    return endedByItself
  }

  /** It is the peer's own word which process that is, asked for just before. Nothing if the peer dies first. */
  async #killGuard(ready: Promise<boolean>, afterMs: number, child: ChildProcess, kills: Kills): Promise<void> {
    const isReady = await ready.catch(() => false)
    if (isReady) await Promise.race([exited(child), this.#wait(afterMs).catch(() => undefined)])
    const status = await this.#client?.get<StatusView>('/v1/status').catch(() => undefined)
    const pid = status?.body.guard?.pid
    if (pid === undefined || hasEnded(child)) return
    try {
      process.kill(pid, 'SIGKILL')
      kills.guards += 1
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }

  #wait(ms: number): Promise<void> {
    return delay(ms, undefined, { signal: this.#init.signal })
  }

  async #end(): Promise<void> {
    this.#client = undefined
    if (this.#child !== undefined) await this.#init.processes.end(this.#child, 'SIGKILL')
  }

  async #start(): Promise<void> {
    const child = this.#spawn(undefined)
    if (!(await this.#ready(child))) throw await this.#unexpected(child)
  }

  #spawn(failpoint: string | undefined): ChildProcess {
    const { name, network, processes, args, env, through, place } = this.#init
    const common = ['--data', this.home, '--network', network, '--listen', this.#listen, '--no-mdns', '--json', '--log', 'info']
    const joining = through().flatMap((address) => ['--bootstrap', address])
    const more = failpoint === undefined ? {} : { WEFT_FAILPOINT: failpoint }
    this.#child = processes.daemon(name, CLI, ['up', ...common, ...joining, ...args], {
      env: { ...env, ...more },
      inside: place?.inside ?? [],
    })
    return this.#child
  }

  /** Resolves with true when the peer says that it is ready, with false when it ended before. */
  async #ready(child: ChildProcess): Promise<boolean> {
    const { processes, signal } = this.#init
    const line = await processes.firstLine(child, AbortSignal.any([signal, AbortSignal.timeout(READY_MS_MAX)]))
    if (line === undefined) return false
    const said = JSON.parse(line) as { peerId: string; addresses: string[]; socket: string; error?: { message: string } }
    if (said.error !== undefined) throw new WeftError('CRASH_PEER', `${this.name} did not start: ${said.error.message}`)
    this.#peerId = said.peerId
    this.addresses = said.addresses
    if (!hasEnded(child)) this.#client = new ApiClient(said.socket)
    return true
  }

  async #unexpected(child: ChildProcess): Promise<WeftError> {
    await exited(child)
    const text = await readFile(join(this.#init.folder, `${this.name}.log`), 'utf8').catch(() => '')
    const words = text.trim().split('\n').slice(-LAST_LINES).join('\n')
    const how = child.signalCode ?? child.exitCode ?? 'nothing'
    return new WeftError('CRASH_PEER', `${this.name} ended by itself with ${how}:\n${words}`)
  }
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null

async function exited(child: ChildProcess): Promise<void> {
  if (!hasEnded(child)) await once(child, 'exit')
}
