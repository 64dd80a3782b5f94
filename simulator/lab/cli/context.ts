import type { Io } from './io.ts'
import type { Simulate } from './simulate.ts'

/** What every verb gets. */
export interface Context {
  io: Io
  simulate: Simulate
  /** Starts this program again for one run of many: program and first words. */
  self: readonly string[]
}

/** A verb of the command line: describes itself, and does its work with an exit code as the result. */
export interface Verb {
  name: string
  define(command: import('commander').Command, run: (action: (context: Context) => Promise<number>) => void): void
}
