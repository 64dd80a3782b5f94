import type { IncomingMessage } from 'node:http'
import { WeftError } from '@weft/protocols'
import type { ErrorView, StatusView } from '../api/views.ts'
import { CliError, EXIT, exitCodeOfError, HungUpError } from './exit.ts'

/** A document of the local API. `exitCode`: what a command that prints it exits with, where it is about one job. */
export interface Answer<Body> {
  body: Body
  exitCode: number
}

// Importing node:http as a module reads all its exports, and two of them load a WebSocket: a tenth of a second.
const { request } = process.getBuiltinModule('node:http')

const EXIT_HEADER = 'weft-exit-code'
/** What a daemon answers too that knows less, or more, than this program. */
const BY_VERSION = new Set(['NO_SUCH_ROUTE', 'USAGE', 'INTERNAL'])
/** Of a socket where nobody listens; any other error means that somebody did. */
const NOBODY = new Set(['ENOENT', 'ECONNREFUSED', 'ENOTDIR', 'ENOTSOCK'])
const BODY_BYTES_MAX = 256 * 1024 * 1024

/** Talks to a daemon over its Unix socket. Plain HTTP, because a command must start about as fast as Node does. */
export class ApiClient {
  readonly socket: string
  readonly #start: string

  /** @param init `start`: the command that starts the daemon that was meant */
  constructor(socket: string, { start = 'weft up -d' }: { start?: string } = {}) {
    this.socket = socket
    this.#start = start
  }

  async get<Body>(path: string): Promise<Answer<Body>> {
    return this.#document<Body>(await this.#ask('GET', path))
  }

  /** `signal` hangs up. */
  async post<Body>(path: string, body?: unknown, signal?: AbortSignal): Promise<Answer<Body>> {
    return this.#document<Body>(await this.#ask('POST', path, body, signal))
  }

  /** Raw bytes as they come. */
  async stream(path: string, signal?: AbortSignal): Promise<IncomingMessage> {
    const response = await this.#ask('GET', path, undefined, signal)
    if ((response.statusCode ?? 500) >= 400) await this.#document(response)
    return response
  }

  /** One JSON value a line, as they come. `signal` hangs up. */
  async *lines<Line>(path: string, signal?: AbortSignal): AsyncGenerator<Line> {
    const response = await this.stream(path, signal)
    response.setEncoding('utf8')
    let pending = ''
    for await (const text of response) {
      const parts = (pending + text).split('\n')
      pending = parts.pop() ?? ''
      for (const part of parts) yield JSON.parse(part) as Line
    }
  }

  /** True if a daemon answers. */
  async answers(): Promise<boolean> {
    try {
      const response = await this.#ask('GET', '/v1/status')
      response.resume()
      return true
    } catch {
      return false
    }
  }

  #ask(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<IncomingMessage> {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const headers = text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
    return new Promise((resolve, reject) => {
      const asking = request(
        { socketPath: this.socket, method, path, headers, agent: false, ...(signal === undefined ? {} : { signal }) },
        resolve,
      )
      asking.on('error', (cause) => reject(this.#notAsked(cause)))
      asking.end(text)
    })
  }

  async #document<Body>(response: IncomingMessage): Promise<Answer<Body>> {
    const pieces: Buffer[] = []
    let bytes = 0
    try {
      for await (const piece of response) {
        pieces.push(piece as Buffer)
        bytes += (piece as Buffer).length
        if (bytes > BODY_BYTES_MAX) throw new WeftError('INTERNAL', 'the daemon answers with more than this program takes')
      }
    } catch (error) {
      throw error instanceof WeftError ? error : this.#notAsked(error as Error)
    }
    const body = JSON.parse(Buffer.concat(pieces).toString('utf8')) as unknown
    if ((response.statusCode ?? 500) >= 400) {
      const { code, message: sentence } = (body as ErrorView).error
      const message = BY_VERSION.has(code) ? sentence + (await this.#otherVersion()) : sentence
      throw new CliError(exitCodeOfError(new WeftError(code, message)), code, message)
    }
    return { body: body as Body, exitCode: Number(response.headers[EXIT_HEADER] ?? EXIT.done) }
  }

  /** What to do about a daemon that another version of Weft started; nothing where it is this one. */
  async #otherVersion(): Promise<string> {
    const { VERSION } = await import('../version.ts')
    const version = await this.#version().catch(() => undefined)
    if (version === undefined || version === VERSION) return ''
    return `. The daemon is Weft ${version}, this program ${VERSION}: restart it with weft down and ${this.#start}`
  }

  async #version(): Promise<string | undefined> {
    const response = await this.#ask('GET', '/v1/status')
    response.setEncoding('utf8')
    let text = ''
    for await (const piece of response) text += piece
    return (JSON.parse(text) as Partial<StatusView>).version
  }

  /** Why there is no answer: nobody listens (69), it is somebody else's (64), or who was asked is gone since. */
  #notAsked(cause: Error & { code?: string }): CliError {
    if (cause.code === 'EACCES') {
      return new CliError(
        EXIT.usage,
        'NOT_ALLOWED',
        `the daemon at ${this.socket} belongs to somebody else; run this as its user`,
        { cause },
      )
    }
    if (!NOBODY.has(cause.code ?? '')) return new HungUpError(this.socket, this.#start, cause)
    const advice = `start one with: ${this.#start}`
    return new CliError(EXIT.noPeers, 'NO_DAEMON', `no Weft daemon answers at ${this.socket}; ${advice}`, { cause })
  }
}
