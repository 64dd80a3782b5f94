/** Whether this peer's wall clock is one that others can deal with. */
import { WeftError } from '../errors.ts'
import type { PeerId } from '../units.ts'
import { CLOCK_SKEW_MS } from '../wire/limits.ts'
import type { Moment } from './input.ts'
import type { Step } from './step.ts'
import type { ClockView } from './views.ts'

/** So many peers have to agree before this one doubts its own clock. */
const WITNESSES_MIN = 3
/** Peers whose word is kept; the one heard longest ago goes first. */
const WITNESSES_MAX = 256
/** What is sent may have been signed so long before: a hello or a record is used again for a while. */
export const LATE_MS = 15_000
/** Between two looks wall and monotonic clock part by more than this, and than clocks drift, only if one is set or the machine slept. */
const JUMP_MS = 1_000
const DRIFT = 0.01
const LOOK_AGAIN_MS = 10_000

/**
 * By how much a wall clock is ahead (behind, where negative), by what each of several peers makes of it; undefined: it will do.
 * More than half of all that were heard, and at least three, have to say that it is off by more than the tolerance, in the same
 * direction. Age only makes a message look as if its hearer were ahead, so that takes LATE_MS more.
 */
export function clockError(aheadMs: Iterable<number>): number | undefined {
  const ahead: number[] = []
  const behind: number[] = []
  let heard = 0
  for (const ms of aheadMs) {
    heard += 1
    if (ms > CLOCK_SKEW_MS + LATE_MS) ahead.push(ms)
    else if (ms < -CLOCK_SKEW_MS) behind.push(ms)
  }
  const agreed = ahead.length > behind.length ? ahead : behind
  if (agreed.length < WITNESSES_MIN || agreed.length * 2 <= heard) return undefined
  return median(agreed)
}

const isJump = (byMs: number, passedMs: number): boolean => Math.abs(byMs) > Math.max(JUMP_MS, passedMs * DRIFT)

/** Of a peer that nobody has told the time. */
export const UNCOMPARED: ClockView = { off: false, aheadMs: 0, peers: 0 }

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

/** Who is told whenever a clock turns out to be off, or right again. */
interface Told {
  clock(isOff: boolean): void
}

/**
 * Holds this peer's wall clock against the signed times in what its neighbours send it themselves: hellos, orders, capacities.
 * Receipts do not count: they are sent again for a day. That the clock was set shows against the monotonic one, so that it is
 * judged at once, wrong or right, and nobody need say anything again.
 *
 * Whoever wants to make a peer refuse work by lying needs three identities, more than half of all that it is connected to and has
 * heard, and its connections kept up; with as much an attacker can cut a peer off anyway. Nothing is signed or billed by what is
 * heard here, and the clock itself is never changed.
 */
export class ClockWatch {
  /** By how much this clock is ahead, as each neighbour makes it; in the order in which they were heard. */
  readonly #ahead = new Map<PeerId, number>()
  #lastMono: number
  #lastWall: number
  #errorMs: number | undefined
  readonly #told: Told | undefined

  constructor({ nowWall, nowMono }: Step, told: Told | undefined) {
    this.#lastMono = nowMono
    this.#lastWall = nowWall
    this.#told = told
  }

  get isOff(): boolean {
    return this.#errorMs !== undefined
  }

  /** A neighbour sent something that it signed at `signedAtMs` by its own clock, just now. */
  heard(step: Step, peer: PeerId, signedAtMs: number): void {
    this.#ahead.delete(peer)
    this.#ahead.set(peer, step.nowWall - signedAtMs)
    if (this.#ahead.size > WITNESSES_MAX) this.#ahead.delete(this.#ahead.keys().next().value as PeerId)
    this.#judge(step)
  }

  /** It is no neighbour any more, so its word counts no more. */
  gone(step: Step, peer: PeerId): void {
    if (this.#ahead.delete(peer)) this.#judge(step)
  }

  /** Nothing is amiss with this peer's clock, and nothing happened to it since the last look. */
  isSteady({ monoMs, wallMs }: Pick<Moment, 'monoMs' | 'wallMs'>): boolean {
    const passedMs = monoMs - this.#lastMono
    return !this.isOff && !isJump(wallMs - this.#lastWall - passedMs, passedMs)
  }

  /**
   * In every step, before anything is decided. True: the wall clock jumped forward, or the machine slept and its monotonic clock
   * with it; nobody can say which, so what was heard before is worth nothing, and neighbours are to be asked.
   */
  look(step: Step): boolean {
    const { nowMono, nowWall } = step
    const passedMs = nowMono - this.#lastMono
    const byMs = nowWall - this.#lastWall - passedMs
    this.#lastMono = nowMono
    this.#lastWall = nowWall
    if (!isJump(byMs, passedMs)) return false
    step.note({ type: 'clock-jumped', byMs: Math.round(byMs) })
    if (byMs > 0) this.#ahead.clear()
    else for (const [peer, ahead] of this.#ahead) this.#ahead.set(peer, ahead + byMs)
    this.#judge(step)
    return byMs > 0
  }

  /** While the clock is off it is looked at though nothing happens: it may be right again. */
  dueMono(): number {
    return this.isOff ? this.#lastMono + LOOK_AGAIN_MS : Number.POSITIVE_INFINITY
  }

  view(): ClockView {
    const aheadMs = Math.round(this.#errorMs ?? median([...this.#ahead.values()]))
    return { off: this.isOff, aheadMs, peers: this.#ahead.size }
  }

  /** Throws where others would take no order that this peer dates. */
  insist(): void {
    if (this.#errorMs === undefined) return
    const seconds = Math.round(Math.abs(this.#errorMs) / 1000)
    const how = this.#errorMs > 0 ? 'ahead of' : 'behind'
    const what = `this machine's clock is ${seconds} s ${how} what the peers around say, so that nobody would answer an order`
    throw new WeftError('CLOCK', `${what}; set it (timedatectl set-ntp true) and try again`)
  }

  #judge(step: Step): void {
    const was = this.isOff
    this.#errorMs = clockError(this.#ahead.values())
    if (was === this.isOff) return
    this.#told?.clock(this.isOff)
    step.note({ type: 'clock', isOff: this.isOff, aheadMs: Math.round(this.#errorMs ?? 0), peers: this.#ahead.size })
  }
}
