/** Where a command writes, and what it knows of its process; tests bring their own. */
export interface Io {
  /** Results: one document, or a person's summary. */
  out(text: string): void
  /** Progress, warnings and errors. */
  err(text: string): void
  /** Whether a person watches stderr. */
  isTerminal: boolean
  now(): Date
}

export const processIo: Io = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  isTerminal: process.stderr.isTTY === true,
  now: () => new Date(),
}
