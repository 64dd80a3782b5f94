/**
 * Every error that Weft raises on purpose: a stable `code` for programs and metric labels, a sentence for
 * people that says what to do. Check by `code`, never by `instanceof` across packages.
 */
export class WeftError extends Error {
  readonly code: string
  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = new.target.name
    this.code = code
  }
}

/** Bytes from outside that break a rule of the wire: the sender is at fault. */
export class WireError extends WeftError {}

/** A signed object whose signature, signer or domain does not hold. */
export class SignatureError extends WireError {}

/** A peer cannot be reached now; it may be later. */
export class UnreachableError extends WeftError {
  constructor(peer: string, cause?: unknown) {
    super('UNREACHABLE', `peer ${peer} cannot be reached`, { cause })
  }
}

/** The executor could not do what a lease asks. `code` says which side is at fault: see EndReason. */
export class ExecutorError extends WeftError {}

/** What a person typed or a file says is wrong: exit code 64. */
export class UsageError extends WeftError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('USAGE', message, options)
  }
}

/** A bug in Weft: an impossible state. */
export class InvariantError extends WeftError {
  constructor(message: string) {
    super('INVARIANT', message)
  }
}

/** Throws InvariantError unless `condition` holds. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message)
}

/** The error's code, or its name where it has none: short and bounded, fit for a metric label. */
export function codeOf(error: unknown): string {
  if (error instanceof WeftError) return error.code
  return error instanceof Error ? error.name : 'UNKNOWN'
}

/** A sentence for a log or a person out of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
