import { messageOf, UsageError, WeftError } from '@weft/protocols'

/** Exit codes of `weft-sim`. */
export const EXIT = {
  done: 0,
  /** An invariant broke, two runs of a seed differed, or there is a bug. */
  wrong: 1,
  usage: 64,
  interrupted: 130,
} as const

/** An error with its remedy as a sentence of its own. */
export class LabError extends WeftError {
  readonly fix: string
  readonly exitCode: number

  constructor(code: string, message: string, fix: string, init: { exitCode?: number; cause?: unknown } = {}) {
    super(code, message, { cause: init.cause })
    this.fix = fix
    this.exitCode = init.exitCode ?? EXIT.usage
  }
}

/** What `--json` prints instead of a result. */
export interface ErrorDocument {
  error: { code: string; message: string; fix: string }
}

export function errorDocument(error: unknown): ErrorDocument {
  const code = error instanceof WeftError ? error.code : 'BUG'
  return { error: { code, message: messageOf(error), fix: fixOf(error) } }
}

export function fixOf(error: unknown): string {
  if (error instanceof LabError) return error.fix
  if (error instanceof UsageError)
    return 'weft-sim run --help shows the flags, weft-sim list the scenarios, weft-sim schema what a scenario may hold'
  return error instanceof WeftError ? '' : 'this is a bug in Weft: report it with the command and the commit'
}

export function exitCodeOf(error: unknown): number {
  if (error instanceof LabError) return error.exitCode
  return error instanceof UsageError ? EXIT.usage : EXIT.wrong
}
