import type { Readable } from 'node:stream'
import { executorError } from './engine-errors.ts'

/** A line of progress is some hundred bytes; an engine that sends longer ones is none. */
const LINE_LENGTH_MAX = 64 * 1024
/** Enough of the text to find ids in. */
const TEXT_LENGTH_MAX = 1024 * 1024

interface ProgressLine {
  id?: string
  status?: string
  stream?: string
  error?: string
  progressDetail?: { current?: number }
}

/**
 * Reads the JSON lines that an engine answers while it pulls, loads or imports, until it is done. Resolves with the text of
 * the lines; throws what an `error` line says.
 */
export async function readProgress(
  stream: Readable,
  options: { signal?: AbortSignal; onBytes?: (done: number) => void } = {},
): Promise<string> {
  const stop = (): void => {
    stream.destroy(executorError('FETCH_FAILED', 'it was cancelled'))
  }
  options.signal?.addEventListener('abort', stop, { once: true })
  const layers = new Map<string, number>()
  let text = ''
  let pending = ''
  try {
    for await (const chunk of stream) {
      const lines = (pending + String(chunk)).split('\n')
      pending = lines.pop() ?? ''
      if (pending.length > LINE_LENGTH_MAX)
        throw executorError('ENGINE_FAILED', 'the engine answered with a line that never ends')
      for (const line of lines) {
        if (text.length < TEXT_LENGTH_MAX) text += `${take(line, layers)}\n`
      }
      if (layers.size > 0) options.onBytes?.([...layers.values()].reduce((sum, bytes) => sum + bytes, 0))
    }
  } finally {
    options.signal?.removeEventListener('abort', stop)
  }
  return text + take(pending, layers)
}

/** What one line says; bytes of a layer go to `layers`. */
function take(line: string, layers: Map<string, number>): string {
  if (line.trim() === '') return ''
  let parsed: ProgressLine
  try {
    parsed = JSON.parse(line) as ProgressLine
  } catch {
    return line
  }
  if (parsed.error !== undefined) throw new Error(parsed.error)
  const done = parsed.progressDetail?.current
  if (parsed.id !== undefined && parsed.status === 'Downloading' && typeof done === 'number') layers.set(parsed.id, done)
  return parsed.stream ?? parsed.status ?? ''
}
