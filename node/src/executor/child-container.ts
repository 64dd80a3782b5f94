import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:os'
import { dirname } from 'node:path'
import { PassThrough, type Readable } from 'node:stream'
import { encodeOutputFrame, type OutputStream } from '@weft/protocols/ports'
import { deferred } from '../network/deferred.ts'
import type { ContainerInfo, ContainerState, EngineExit } from './engine.ts'
import { asExecutorError } from './engine-errors.ts'
import type { PathMap } from './path-map.ts'
import type { ContainerBody } from './profile.ts'

export interface ChildContainerInit {
  id: string
  name: string
  body: ContainerBody
  /** A folder of its own: the working directory. */
  scratch: string
  paths: PathMap
}

const WARNING = "NOT ISOLATED: this job runs as a plain process of this machine's user, not in a container\n"
/** A grandchild may hold the pipes open after the child has ended. */
const DRAIN_MS_MAX = 1_000
/** Ends the child when the channel to the peer breaks, which it does however the peer dies. */
const LIFELINE = `data:text/javascript,${encodeURIComponent("process.on('disconnect',()=>process.exit(137));process.channel?.unref()")}`

/** One child process that behaves like a container towards the process engine. */
export class ChildContainer {
  readonly id: string
  readonly name: string
  readonly scratch: string
  readonly labels: Readonly<Record<string, string>>
  readonly output = new PassThrough()
  readonly #init: ChildContainerInit
  readonly #ended = deferred<EngineExit>()
  #state: ContainerState = 'created'
  #exit: EngineExit | undefined
  #child: ChildProcess | undefined

  constructor(init: ChildContainerInit) {
    this.#init = init
    this.id = init.id
    this.name = init.name
    this.scratch = init.scratch
    this.labels = init.body.Labels
  }

  get ended(): Promise<EngineExit> {
    return this.#ended.promise
  }

  get isRunning(): boolean {
    return this.#state === 'running' || this.#state === 'paused'
  }

  info(): ContainerInfo {
    return { id: this.id, name: this.name, state: this.#state, labels: this.labels, exit: this.#exit }
  }

  async start(): Promise<void> {
    if (this.#state !== 'created') return
    const { body, paths, scratch } = this.#init
    const [first, ...rest] = (body.Cmd ?? []).map((argument) => paths.apply(argument))
    const command = first === undefined ? [] : first === 'node' ? rest : [first, ...rest]
    const cwd = body.WorkingDir === undefined ? scratch : workdir(paths.apply(body.WorkingDir), body.WorkingDir, scratch)
    const child = spawn(process.execPath, ['--import', LIFELINE, ...command], {
      cwd,
      env: this.#env(),
      // A group of its own, so that a signal reaches whatever it starts.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    try {
      await once(child, 'spawn')
    } catch (error) {
      throw asExecutorError(error, 'BAD_COMMAND', 'starting the process')
    }
    this.#child = child
    this.#state = 'running'
    this.output.write(encodeOutputFrame('stderr', Buffer.from(WARNING)))
    void this.#follow(child)
  }

  pause(): void {
    if (this.#state !== 'running') return
    this.#send('SIGSTOP')
    this.#state = 'paused'
  }

  unpause(): void {
    if (this.#state !== 'paused') return
    this.#send('SIGCONT')
    this.#state = 'running'
  }

  signal(signal: NodeJS.Signals): void {
    if (this.isRunning) this.#send(signal)
  }

  async #follow(child: ChildProcess): Promise<void> {
    const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
    const copied = Promise.all([this.#copy('stdout', child.stdout), this.#copy('stderr', child.stderr)])
    const [code, signal] = await exited
    await Promise.race([copied, new Promise((resolve) => setTimeout(resolve, DRAIN_MS_MAX).unref())])
    this.#exit = { exitCode: code ?? 128 + (signal === null ? 0 : constants.signals[signal]), oomKilled: false }
    this.#state = 'exited'
    this.output.end()
    this.#ended.resolve(this.#exit)
  }

  /** Writes frames no faster than they are taken, so that a flood waits in the pipe. */
  async #copy(name: OutputStream, stream: Readable | null): Promise<void> {
    for await (const piece of stream ?? []) {
      if (this.output.destroyed || this.output.writableEnded) continue
      if (!this.output.write(encodeOutputFrame(name, piece as Uint8Array)))
        await Promise.race([once(this.output, 'drain'), once(this.output, 'close')])
    }
  }

  #env(): Record<string, string> {
    const { body, paths } = this.#init
    const env: Record<string, string> = { PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin` }
    for (const line of body.Env) {
      const at = line.indexOf('=')
      if (line.slice(at + 1) !== '') env[line.slice(0, at)] = paths.apply(line.slice(at + 1))
    }
    return env
  }

  /** To the whole group; it may be gone already. */
  #send(signal: NodeJS.Signals): void {
    const pid = this.#child?.pid
    if (pid === undefined) return
    try {
      process.kill(-pid, signal)
    } catch {
      this.#child?.kill(signal)
    }
  }
}

/** A mounted folder of this machine if the path named one, else the scratch folder. */
function workdir(mapped: string, asked: string, scratch: string): string {
  return mapped === asked ? scratch : mapped
}
