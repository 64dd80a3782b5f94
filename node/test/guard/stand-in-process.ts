import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Command, Said, StandInInit } from './stand-in.ts'

const STAND_IN = fileURLToPath(new URL('./stand-in.ts', import.meta.url))

/** A stand-in as a test holds it. */
export class StandInProcess {
  readonly #child: ChildProcess
  readonly #said: Said[] = []
  #heard: () => void = () => undefined

  constructor(init: StandInInit) {
    const words = ['--conditions=@weft/source', '--', STAND_IN, JSON.stringify(init)]
    this.#child = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#child.once('exit', () => this.#heard())
    createInterface(this.#child.stdout as NodeJS.ReadableStream).on('line', (line) => {
      this.#said.push(JSON.parse(line) as Said)
      this.#heard()
    })
  }

  tell(command: Command): void {
    this.#child.stdin?.write(`${JSON.stringify(command)}\n`)
  }

  /** The next thing of that kind that it says. */
  async hear<Kind extends Said['said']>(kind: Kind): Promise<Extract<Said, { said: Kind }>> {
    for (;;) {
      const at = this.#said.findIndex(({ said }) => said === kind)
      if (at >= 0) return this.#said.splice(at, 1)[0] as Extract<Said, { said: Kind }>
      if (this.#child.exitCode !== null || this.#child.signalCode !== null)
        throw new Error(`the provider ended before it said ${kind}`)
      await new Promise<void>((resolve) => {
        this.#heard = resolve
      })
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    const exited = once(this.#child, 'exit')
    this.#child.kill(signal)
    await exited
  }

  async end(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await this.kill('SIGKILL')
  }
}
