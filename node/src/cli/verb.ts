import type { Command } from 'commander'
import type { ApiClient } from './client.ts'

/** Where a command writes: documents and the container's output to `out`, everything for people to `err`. */
export interface Terminal {
  out: NodeJS.WritableStream
  err: NodeJS.WritableStream
  /** A person sits there: questions may be asked, bars drawn. */
  interactive: boolean
  /** Columns of `out`; infinite where it is no terminal. */
  width: number
}

/** Flags that every verb takes. */
export interface GlobalFlags {
  data?: string
  network?: string
  bootstrap: string[]
  listen: string[]
  mdns: boolean
  host?: string
  json: boolean
}

export interface Context {
  flags: GlobalFlags
  terminal: Terminal
  cwd: string
  env: NodeJS.ProcessEnv
  /** The data folder that flags and environment name. */
  dataFolder: string
  client: ApiClient
  /** What was typed after `weft`. */
  typed: readonly string[]
}

/** One verb of the command line: its options as data, and what it does. Resolves with the exit code. */
export interface Verb {
  define(command: Command): void
  run(context: Context, args: readonly string[], options: Record<string, unknown>): Promise<number>
}

/** `--json` prints one document; people get text. */
export function print(context: Context, document: unknown, text: () => string): void {
  const { out } = context.terminal
  out.write(context.flags.json ? `${JSON.stringify(document)}\n` : text() === '' ? '' : `${text()}\n`)
}

/** A sentence for people, never on stdout. */
export function say(context: Context, text: string): void {
  context.terminal.err.write(`${text}\n`)
}
