import { appendFileSync, renameSync, statSync } from 'node:fs'

/** When the log has this size it becomes the old one, and the old one before it is dropped. */
const BYTES_MAX = 256 * 1024

/**
 * Lines of JSON in a file that takes no more than twice BYTES_MAX. A guard outlives whoever read its output, so it keeps its own;
 * a log that cannot be written is no reason to stop.
 */
export function logFile(path: string): (fields: object, text: string) => void {
  return (fields, text) => {
    try {
      appendFileSync(path, `${JSON.stringify({ time: new Date().toISOString(), ...fields, msg: text })}\n`, { mode: 0o600 })
      if (statSync(path).size > BYTES_MAX) renameSync(path, `${path}.old`)
    } catch {
      // Nobody could be told.
    }
  }
}
