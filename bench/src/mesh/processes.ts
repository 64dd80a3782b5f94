/** Child processes of a demo or bench: started in one folder, remembered, and ended without exception. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { WeftError } from '@weft/protocols'

/** The clone's programs. */
export const CLI = fileURLToPath(new URL('../../../node/bin/weft.mjs', import.meta.url))
export const BOOTSTRAP = fileURLToPath(new URL('../../../bootstrap/bin/weft-bootstrap.mjs', import.meta.url))
/** How long a peer may take from SIGTERM to its end: drained, nothing runs on it. */
const STOP_MS_MAX = 20_000
const OUTPUT_BYTES_MAX = 8 * 1024 * 1024

export interface Ended {
  code: number
  stdout: string
  /** The last lines of stderr, for an error message. */
  tail: string
}

export interface Call {
  signal: AbortSignal
  /** Each line of stderr as it comes. */
  onLine?: (line: string) => void
}

export interface Surroundings {
  /** For this one alone. */
  env?: NodeJS.ProcessEnv
  /** What runs it, as words before its own: `ip netns exec NAME`. It must become the process that it runs. */
  inside?: readonly string[]
}

export class Processes {
  readonly #folder: string
  readonly #env: NodeJS.ProcessEnv
  readonly #children = new Set<ChildProcess>()

  /**
   * @param folder every temporary file of every child lies in it
   * @param env added to this process's own
   */
  constructor(folder: string, env: NodeJS.ProcessEnv) {
    this.#folder = folder
    // A person's own settings are not these peers'.
    const foreign = Object.entries(process.env).filter(([name]) => !name.startsWith('WEFT_'))
    this.#env = { ...Object.fromEntries(foreign), ...env, TMPDIR: folder, TEMP: folder, TMP: folder, NO_COLOR: '1' }
  }

  /** A command of the real CLI that ends by itself. */
  async weft(args: readonly string[], call: Call): Promise<Ended> {
    const child = this.#spawn(CLI, args)
    const tail: string[] = []
    const stop = () => child.kill('SIGTERM')
    call.signal.addEventListener('abort', stop, { once: true })
    if (child.stderr !== null) {
      createInterface({ input: child.stderr }).on('line', (line) => {
        tail.push(line)
        if (tail.length > 20) tail.shift()
        call.onLine?.(line)
      })
    }
    let stdout = ''
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      if (stdout.length < OUTPUT_BYTES_MAX) stdout += text
    })
    try {
      const code = await exitOf(child)
      call.signal.throwIfAborted()
      return { code, stdout, tail: tail.join('\n') }
    } finally {
      call.signal.removeEventListener('abort', stop)
    }
  }

  /** The one JSON document of a command that must succeed. */
  async json<T>(args: readonly string[], call: Call): Promise<T> {
    const { code, stdout, tail } = await this.weft(['--json', ...args], call)
    if (code !== 0) throw new WeftError('DEMO_COMMAND', `weft ${args.join(' ')} ended with ${code}: ${tail}`)
    return JSON.parse(stdout) as T
  }

  /** A process that runs until it is told to end; its output goes to a file of its name. */
  daemon(name: string, program: string, args: readonly string[], { env = {}, inside = [] }: Surroundings = {}): ChildProcess {
    const child = this.#spawn(program, args, { env, inside })
    const log = createWriteStream(join(this.#folder, `${name}.log`), { flags: 'a' })
    child.stdout?.pipe(log, { end: false })
    child.stderr?.pipe(log, { end: false })
    child.once('close', () => log.end())
    return child
  }

  /** The first line that a daemon prints, once it does; undefined: it ended before that. */
  firstLine(child: ChildProcess, signal: AbortSignal): Promise<string | undefined> {
    const { stdout } = child
    if (stdout === null) return Promise.resolve(undefined)
    return new Promise((resolve, reject) => {
      const lines = createInterface({ input: stdout, signal })
      lines.once('line', (line) => {
        resolve(line)
        lines.close()
        // A closed reader pauses its stream, and the log would stand still.
        stdout.resume()
      })
      lines.once('close', () => (signal.aborted ? reject(signal.reason) : resolve(undefined)))
    })
  }

  /** SIGTERM, and SIGKILL for those that do not listen. */
  async end(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (hasEnded(child)) return
    const ended = exitOf(child)
    child.kill(signal)
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX)
    await ended
    clearTimeout(timer)
  }

  async endAll(): Promise<void> {
    await Promise.all([...this.#children].map((child) => this.end(child)))
  }

  /** For the second Ctrl-C: nothing is waited for. */
  killAll(): void {
    for (const child of this.#children) child.kill('SIGKILL')
  }

  #spawn(program: string, args: readonly string[], { env = {}, inside = [] }: Surroundings = {}): ChildProcess {
    const [file = '', ...words] = [...inside, process.execPath, '--', program, ...args]
    const child = spawn(file, words, {
      cwd: this.#folder,
      env: { ...this.#env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#children.add(child)
    child.once('exit', () => this.#children.delete(child))
    child.once('error', () => this.#children.delete(child))
    return child
  }
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null

/** Resolves when the process and its output have ended; a signal counts as 128. */
function exitOf(child: ChildProcess): Promise<number> {
  if (hasEnded(child)) return Promise.resolve(child.exitCode ?? 128)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 128))
  })
}
