/** The Clock and Random ports on the machine's own clock and generator. */
import { randomBytes, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { uptime } from 'node:os'
import type { Clock, Random } from '@weft/protocols/ports'

/** setTimeout fires at once for anything longer (2³¹ − 1 ms, 24.8 days). */
const TIMEOUT_MS_MAX = 2_147_483_647
const RANDOM_BYTES_MAX = 65_536

/** A machine's own name for its present boot: random(4), Linux manual pages. */
const BOOT_ID = '/proc/sys/kernel/random/boot_id'

/**
 * `process.hrtime` reads CLOCK_MONOTONIC on Linux, which counts from the boot for all processes alike (clock_gettime(2)), so a
 * boot is an era. Where no boot has a name each process has an era of its own, which asks for more waiting and never for less.
 */
export const systemClock: Clock = {
  era: bootId() ?? randomUUID(),
  monoMs: () => {
    const [seconds, nanoseconds] = process.hrtime()
    return seconds * 1_000 + nanoseconds / 1e6
  },
  wallMs: () => Date.now(),
  after(ms, callback) {
    const due = performance.now() + (Number.isNaN(ms) ? 0 : Math.max(0, ms))
    let timer: NodeJS.Timeout | undefined
    const wait = () => {
      // A timer drops the fraction of its milliseconds, and would call back before its time.
      const left = Math.ceil(due - performance.now())
      timer = setTimeout(left > TIMEOUT_MS_MAX ? wait : callback, Math.min(Math.max(0, left), TIMEOUT_MS_MAX))
    }
    wait()
    return () => clearTimeout(timer)
  },
  set(alarm, ms) {
    const cancel = alarm.handle as (() => void) | undefined
    cancel?.()
    alarm.handle = ms === Number.POSITIVE_INFINITY ? undefined : systemClock.after(ms, () => alarm.ring())
  },
}

function bootId(): string | undefined {
  try {
    const id = readFileSync(BOOT_ID, 'latin1').trim()
    return process.platform === 'linux' && id !== '' ? id : undefined
  } catch {
    return undefined
  }
}

/**
 * How long this machine has been suspended since its boot: its uptime, which is CLOCK_BOOTTIME on Linux, goes on meanwhile, and
 * CLOCK_MONOTONIC does not. Good for comparing two readings; in a container that is shown an uptime of its own it is off by a
 * constant.
 */
export const suspendedMs = (): number => uptime() * 1_000 - systemClock.monoMs()

export const systemRandom: Random = {
  bytes(length) {
    if (!Number.isInteger(length) || length < 0 || length > RANDOM_BYTES_MAX) {
      throw new RangeError(`random bytes come 0 to ${RANDOM_BYTES_MAX} at a time, not ${length}`)
    }
    return new Uint8Array(randomBytes(length))
  },
}
