import { codeOf, type ExecutorError, messageOf } from '@weft/protocols'
import type { ExecutorCode } from '@weft/protocols/ports'
import { asExecutorError, executorError } from './engine-errors.ts'

/** Content errors that say that what was promised is wrong, rather than out of reach. */
const WRONG = ['BAD_CID', 'BAD_CONTENT', 'BAD_NAME', 'TOO_LARGE', 'TOO_MANY', 'NO_IMAGE']

/** What the content store threw while fetching: `wrong` where the content itself is at fault. */
export function fetchError(error: unknown, doing: string, wrong: ExecutorCode): ExecutorError {
  const code = codeOf(error)
  if (code === 'NO_SPACE') return executorError('NO_SPACE', `${doing}: ${messageOf(error)}`, error)
  if (WRONG.includes(code)) return executorError(wrong, `${doing}: ${messageOf(error)}`, error)
  return asExecutorError(error, 'FETCH_FAILED', doing)
}

/** What the content store threw while packing outputs. */
export function packError(error: unknown): ExecutorError {
  const code = codeOf(error)
  const doing = 'packing the outputs'
  if (code === 'NO_SPACE') return executorError('NO_SPACE', `${doing}: ${messageOf(error)}`, error)
  if (code === 'TOO_LARGE' || code === 'TOO_MANY')
    return executorError('OUTPUT_TOO_LARGE', `${doing}: ${messageOf(error)}`, error)
  // The job chose the name: it is the job's fault, not this machine's.
  if (code === 'BAD_NAME') return executorError('BAD_COMMAND', `${doing}: ${messageOf(error)}`, error)
  // So is what it closed to everybody else, or hid where no path leads.
  if (isHidden(error)) return executorError('OUTPUT_TOO_LARGE', `${doing}: a file or folder cannot be read by others`, error)
  return asExecutorError(error, 'ENGINE_FAILED', doing)
}

function isHidden(error: unknown): boolean {
  const causes = [error, error instanceof Error ? error.cause : undefined]
  return causes.some((each) => each instanceof Error && 'code' in each && ['EACCES', 'ENAMETOOLONG'].includes(String(each.code)))
}
