import { UsageError, WeftError } from '@weft/protocols'

/** Exit codes of the command line; those of ended jobs come from the core's `exitCodeOf`. */
export const EXIT = {
  done: 0,
  bug: 1,
  /** `weft doctor` found something that is wrong. */
  wrong: 1,
  usage: 64,
  noPeers: 69,
  /** What was printed could not be written. */
  output: 74,
  failed: 100,
  stillRunning: 101,
  noSuchJob: 102,
  cancelled: 103,
  noOffers: 104,
  limit: 105,
  interrupted: 130,
  /** As of a program that SIGPIPE ends. */
  unread: 141,
} as const

/** An error that ends the command with an exit code of its own. */
export class CliError extends WeftError {
  readonly exitCode: number

  constructor(exitCode: number, code: string, message: string, options?: { cause?: unknown }) {
    super(code, message, options)
    this.exitCode = exitCode
  }
}

/** What was typed is wrong: exit code 64. */
export const usage = (message: string): UsageError => new UsageError(message)

/** A daemon that was asked and ended before it had answered. What it did of what it was asked is not known. */
export class HungUpError extends CliError {
  constructor(socket: string, start: string, cause?: unknown) {
    super(EXIT.noPeers, 'HUNG_UP', `the daemon at ${socket} ended before it answered; start it again with: ${start}`, { cause })
  }
}

/**
 * The one rule for commands that watch a job (run, logs, wait, stop): a daemon that goes away meanwhile means 101, since the job may still
 * run; none from the start means 69. `again`: the command that comes back to the job.
 */
export async function watching<Result>(again: string, watch: () => Promise<Result>): Promise<Result> {
  try {
    return await watch()
  } catch (error) {
    const isStreamCut = error instanceof Error && 'code' in error && error.code === 'ECONNRESET'
    throw error instanceof HungUpError || isStreamCut ? hungUp(again, error) : error
  }
}

/** `again`: the command that comes back to the job. */
export const hungUp = (again: string, cause?: unknown): CliError =>
  new CliError(
    EXIT.stillRunning,
    'STREAM_ENDED',
    `the daemon ended, and the job may still run; start it again with weft up -d, then: ${again}`,
    { cause },
  )

/** Codes whose exit code is not 64. Any other code of Weft's names something that a person mends: a flag, a folder, a port. */
const EXIT_OF_CODE: Record<string, number> = {
  NO_SUCH_JOB: EXIT.noSuchJob,
  UNREACHABLE: EXIT.noPeers,
  NO_DAEMON: EXIT.noPeers,
  INVARIANT: EXIT.bug,
  INTERNAL: EXIT.bug,
}

/** The exit code for whatever a verb threw. */
export function exitCodeOfError(error: unknown): number {
  if (error instanceof CliError) return error.exitCode
  if (error instanceof WeftError) return EXIT_OF_CODE[error.code] ?? EXIT.usage
  return EXIT.bug
}
