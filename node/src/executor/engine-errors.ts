import { ExecutorError, messageOf } from '@weft/protocols'
import type { ExecutorCode } from '@weft/protocols/ports'

/** An error that says which side is at fault. */
export function executorError(code: ExecutorCode, message: string, cause?: unknown): ExecutorError {
  return new ExecutorError(code, message, { cause })
}

/** What the engine, the disk or a peer threw, as an ExecutorError; `otherwise` where the text does not tell. */
export function asExecutorError(error: unknown, otherwise: ExecutorCode, doing: string): ExecutorError {
  if (error instanceof ExecutorError) return error
  const text = messageOf(error).trim()
  return executorError(codeFor(error, text) ?? otherwise, `${doing}: ${text}`, error)
}

/** The engine's HTTP status, or undefined where there was no answer. */
export function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined
  return typeof error.statusCode === 'number' ? error.statusCode : undefined
}

const NO_SPACE = /no space left on device|disk quota exceeded|ENOSPC|EDQUOT/i
/** What runc and crun say about an entrypoint or working directory that cannot be used. */
const BAD_COMMAND =
  /executable file .*not found|exec: .*no such file or directory|exec: .*permission denied|exec format error|no command specified|chdir to cwd|cannot find the file specified|starting container process caused/i
const SYSTEM_CODES: Record<string, ExecutorCode> = {
  ENOSPC: 'NO_SPACE',
  EDQUOT: 'NO_SPACE',
  ECONNREFUSED: 'NO_ENGINE',
}

function codeFor(error: unknown, text: string): ExecutorCode | undefined {
  if (NO_SPACE.test(text)) return 'NO_SPACE'
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string') {
    const known = SYSTEM_CODES[error.code]
    if (known !== undefined) return known
    if ('syscall' in error && error.syscall === 'connect') return 'NO_ENGINE'
  }
  return BAD_COMMAND.test(text) ? 'BAD_COMMAND' : undefined
}
