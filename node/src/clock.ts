/** The Clock and Random ports on the machine's own clock and generator. */
import { randomBytes } from 'node:crypto'
import type { Clock, Random } from '@weft/protocols/ports'

/** setTimeout fires at once for anything longer (2³¹ − 1 ms, 24.8 days). */
const TIMEOUT_MS_MAX = 2_147_483_647
const RANDOM_BYTES_MAX = 65_536

export const systemClock: Clock = {
  monoMs: () => performance.now(),
  wallMs: () => Date.now(),
  after(ms, callback) {
    const due = performance.now() + (Number.isNaN(ms) ? 0 : Math.max(0, ms))
    let timer: NodeJS.Timeout | undefined
    const wait = () => {
      const left = due - performance.now()
      timer = setTimeout(left > TIMEOUT_MS_MAX ? wait : callback, Math.min(Math.max(0, left), TIMEOUT_MS_MAX))
    }
    wait()
    return () => clearTimeout(timer)
  },
}

export const systemRandom: Random = {
  bytes(length) {
    if (!Number.isInteger(length) || length < 0 || length > RANDOM_BYTES_MAX) {
      throw new RangeError(`random bytes come 0 to ${RANDOM_BYTES_MAX} at a time, not ${length}`)
    }
    return new Uint8Array(randomBytes(length))
  },
}
