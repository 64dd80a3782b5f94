/** Half an hour is what a renter may take to save its image, before the first byte of it comes. */
const ALLOWED_MS = 45 * 60_000
/** A line of 2 Mbit/s. */
const BYTES_PER_MS_MIN = 256
const EVERY_MS = 10_000

export interface PaceInit {
  /** What has come so far, in bytes. */
  done(): number
  /** Called once, when too little has come; the watch has ended by then. */
  onSlow(): void
  /** What may pass beside a millisecond for every 256 bytes. @default 45 minutes */
  allowedMs?: number
  /** @default 10_000 */
  everyMs?: number
}

/**
 * Looks now and then whether a delivery, which nobody is billed for, gets on: what was declared may be a disk full, and a renter that
 * sends a byte now and then would hold the machine for as long as that might take. Returns what ends the watch.
 */
export function watchPace({ done, onSlow, allowedMs = ALLOWED_MS, everyMs = EVERY_MS }: PaceInit): () => void {
  const beganMs = performance.now()
  const timer = setInterval(() => {
    if (performance.now() - beganMs <= allowedMs + done() / BYTES_PER_MS_MIN) return
    clearInterval(timer)
    onSlow()
  }, everyMs)
  timer.unref()
  return () => clearInterval(timer)
}
