import type { Logger } from '../../network/index.ts'

/** Errors of single streams and connections that libp2p throws where nobody can catch them; the peer is none the worse. */
const OF_ONE_STREAM = new Set([
  'AbortError',
  'ConnectionClosedError',
  'MuxerClosedError',
  'StreamBufferError',
  'StreamClosedError',
  'StreamResetError',
  'StreamStateError',
  'TimeoutError',
  'UnexpectedEOFError',
])

/**
 * What another peer does to a stream must not end this one (js-libp2p issue #3415): such errors are logged and let pass.
 * Any other error that nobody caught is a bug, and `onBug` decides. Returns what takes the guard away.
 */
export function guardProcess(log: Logger, onBug: (error: unknown) => void): () => void {
  const caught = (error: unknown): void => {
    const name = error instanceof Error ? error.name : ''
    if (OF_ONE_STREAM.has(name)) log.warn({ error: name }, 'a stream failed where nobody waited for it')
    else onBug(error)
  }
  process.on('uncaughtException', caught)
  process.on('unhandledRejection', caught)
  return () => {
    process.removeListener('uncaughtException', caught)
    process.removeListener('unhandledRejection', caught)
  }
}
