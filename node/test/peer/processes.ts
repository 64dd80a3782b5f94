import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ErrorView } from '../../src/api/views.ts'
import { homePaths } from '../../src/home/folder.ts'

const WEFT = fileURLToPath(new URL('../../bin/weft.mjs', import.meta.url))
const STOP_MS = 20_000

export interface Ready {
  ready: true
  peerId: string
  addresses: string[]
  socket: string
  pid: number
  /** Where they are served, if they are. */
  metrics: string | null
}

export interface Ended {
  code: number
  out: string
  err: string
}

/** What a test's peers inherit: nothing of the person's own settings. */
function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('WEFT_') && name !== 'NODE_OPTIONS')
  return Object.fromEntries(own)
}

/** Starts `weft WORDS…` as its own process. */
export function spawnWeft(words: readonly string[], options: { env?: NodeJS.ProcessEnv } = {}): ChildProcess {
  return spawn(process.execPath, ['--', WEFT, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...environment(), ...options.env },
  })
}

/** Runs `weft WORDS…` to its end. */
export async function runWeft(words: readonly string[], options: { env?: NodeJS.ProcessEnv } = {}): Promise<Ended> {
  const child = spawnWeft(words, options)
  const out = text(child.stdout)
  const err = text(child.stderr)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code: code ?? -1, out: out(), err: err() }
}

export function text(stream: NodeJS.ReadableStream | null): () => string {
  const pieces: Buffer[] = []
  stream?.on('data', (piece: Buffer) => pieces.push(piece))
  return () => Buffer.concat(pieces).toString('utf8')
}

/** Peers of one test: separate processes on loopback, each with a data folder of its own; `stop` ends them and removes all. */
export class TestMesh {
  readonly folder: string
  readonly network = `test-${process.pid}-${Math.floor(performance.now())}`
  readonly #children: ChildProcess[] = []
  readonly #env: NodeJS.ProcessEnv

  private constructor(folder: string, env: NodeJS.ProcessEnv) {
    this.folder = folder
    this.#env = env
  }

  /** `env`: settings of all its daemons. */
  static async create(env: NodeJS.ProcessEnv = {}): Promise<TestMesh> {
    return new TestMesh(await mkdtemp(join(tmpdir(), 'weft-mesh-')), env)
  }

  /** Flags that put a command on this mesh, as peer `name`. */
  flags(name: string): string[] {
    return ['--data', join(this.folder, name), '--network', this.network, '--no-mdns']
  }

  /** Starts a daemon and resolves when it is ready. */
  up(name: string, ...words: string[]): Promise<Ready & { child: ChildProcess }> {
    return this.upIn({}, name, ...words)
  }

  /** As `up`, with more in its environment than the other daemons have. */
  async upIn(env: NodeJS.ProcessEnv, name: string, ...words: string[]): Promise<Ready & { child: ChildProcess }> {
    const listen = words.includes('--listen') ? [] : ['--listen', '/ip4/127.0.0.1/tcp/0']
    const child = spawnWeft(['up', '--json', ...this.flags(name), ...listen, ...words], { env: { ...this.#env, ...env } })
    this.#children.push(child)
    const err = text(child.stderr)
    let line = ''
    for await (const piece of child.stdout ?? []) {
      line += String(piece)
      if (!line.includes('\n')) continue
      const said = JSON.parse(line) as Ready | ErrorView
      if ('error' in said) throw new Error(`${name} did not start: ${said.error.message}`)
      return { ...said, child }
    }
    throw new Error(`${name} did not start: ${err()}`)
  }

  weft(name: string, verb: string, ...words: string[]): Promise<Ended> {
    return runWeft([verb, ...this.flags(name), ...words])
  }

  async json<Document>(name: string, verb: string, ...words: string[]): Promise<Document> {
    const ended = await this.weft(name, verb, '--json', ...words)
    return JSON.parse(ended.out) as Document
  }

  /** A shell's command that takes as long as a test wants, of a job with the output /out: until `letGo`. */
  readonly waiting = 'until [ -e /out/go ]; do sleep 0.1; done'

  /** Ends that wait of a job at provider `name`, whether or not a peer runs there. */
  async letGo(name: string, leaseId: string): Promise<void> {
    await writeFile(join(homePaths(join(this.folder, name)).leases, leaseId, 'outputs', '0', 'go'), '')
  }

  async stop(): Promise<void> {
    await Promise.all(this.#children.map(end))
    await rm(this.folder, { recursive: true, force: true })
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
  await exited
  clearTimeout(timer)
}
