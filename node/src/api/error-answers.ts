import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { messageOf, WeftError } from '@weft/protocols'
import type { FastifyError, FastifySchemaValidationError } from 'fastify'
import type { ErrorView } from './views.ts'

/** Whatever goes wrong is answered with an ErrorView: every client reads its sentence. */
export interface ErrorAnswer {
  status: number
  body: ErrorView
}

const STATUS_OF_CODE: Record<string, number> = {
  NO_SUCH_JOB: 404,
  AMBIGUOUS_JOB: 409,
  USAGE: 400,
  BAD_IMAGE: 400,
  NO_ENGINE: 409,
  CLOCK: 409,
  NO_PRICES: 409,
  HUNG_UP: 400,
  STARTING: 503,
  STOPPED: 503,
  NO_SPACE: 507,
  TOO_LARGE: 400,
}
const HUNG_UP_CODES = ['ECONNRESET', 'EPIPE']

export const NO_SUCH_ROUTE: ErrorAnswer = answer(404, 'NO_SUCH_ROUTE', 'this daemon has no such route; is it of another version?')

/** For what a handler threw, and for Fastify's own refusals of a request that reached no handler. */
export function answerTo(error: unknown): ErrorAnswer {
  if (error instanceof WeftError) return answer(STATUS_OF_CODE[error.code] ?? 500, error.code, error.message)
  switch (fastifyCode(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return answer(507, 'NO_SPACE', `the disk of this machine is full (${messageOf(error)}); make room and try again`)
    // The only parameter of any route names a job.
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return answer(404, 'NO_SUCH_JOB', 'no job has an id or a name that long; weft ps lists them')
    case 'FST_ERR_BAD_URL':
      return answer(400, 'USAGE', 'the address of this request is malformed; escape what is no letter or digit in it')
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return answer(400, 'USAGE', 'the job says too much; put large values into a file and copy it in with -v')
  }
  return isRefusal(error) ? answer(400, 'USAGE', messageOf(error)) : answer(500, 'INTERNAL', messageOf(error))
}

/** `body/maxRunMs must be integer`: the first thing that is wrong. */
export function schemaSentence(errors: FastifySchemaValidationError[], part: string): Error {
  // The only parameter of any route names a job.
  if (part === 'params') return new Error('say which job: its id, the beginning of it, or its name; weft ps --all lists them')
  const [first] = errors
  const name = first?.params['additionalProperty']
  const extra = typeof name === 'string' ? ` (${JSON.stringify(name.slice(0, 80))})` : ''
  return new Error(`${part}${first?.instancePath ?? ''} ${first?.message ?? 'is malformed'}${extra}`)
}

/** Answers what is no HTTP, or too slow or too large to be read as such, and hangs up. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (HUNG_UP_CODES.includes(error.code ?? '') || socket.destroyed) return
  const { status, body } = clientAnswer(error.code)
  const text = JSON.stringify(body)
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n`
  if (socket.writable) socket.end(head + text)
  socket.destroySoon()
}

function clientAnswer(code: string | undefined): ErrorAnswer {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return answer(408, 'USAGE', 'the request did not come whole in time; send it again')
  if (code === 'HPE_HEADER_OVERFLOW') return answer(431, 'USAGE', 'the address and headers of this request are too long')
  return answer(400, 'USAGE', 'this is no HTTP request that the daemon can read')
}

function answer(status: number, code: string, message: string): ErrorAnswer {
  return { status, body: { error: { code, message } } }
}

const fastifyCode = (error: unknown): string | undefined => (error as Partial<FastifyError> | null)?.code

/** Fastify's other refusals: a body that is no JSON, or against its schema. */
function isRefusal(error: unknown): boolean {
  const status = (error as Partial<FastifyError> | null)?.statusCode
  return typeof status === 'number' && status >= 400 && status < 500
}
