import type { EventEmitter } from 'node:events'
import { EXIT } from './exit.ts'

/**
 * What becomes of a program whose output nobody takes. A reader that is gone (`weft logs -f | head`) ends it as a terminal that closes
 * does, where it listens to that, and else at once and without a word; what it says to people may go unheard.
 */
export function attendOutput(
  { stdout, stderr }: Pick<NodeJS.Process, 'stdout' | 'stderr'>,
  signals: EventEmitter = process,
): void {
  let isOver = false
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    // Each write that fails says so.
    if (isOver) return
    isOver = true
    if (error.code !== 'EPIPE') {
      stderr.write(`weft: what it prints cannot be written: ${error.message}\n`)
      process.exit(EXIT.output)
    }
    if (!signals.emit('SIGHUP')) process.exit(EXIT.unread)
  })
  stderr.on('error', () => undefined)
}

/** Resolves when a stream takes more, or never will. */
export function drained(stream: NodeJS.WritableStream): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      for (const name of NEWS) stream.removeListener(name, done)
      resolve()
    }
    for (const name of NEWS) stream.on(name, done)
  })
}

const NEWS = ['drain', 'error', 'close'] as const
