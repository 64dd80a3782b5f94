import type { LeaseView } from '@weft/protocols/core'
import type { Host } from '@weft/protocols/host'
import type { Clock } from '@weft/protocols/ports'
import type { Deferred } from '../network/deferred.ts'
import type { Cleanup } from './cleanup.ts'
import { isUnderWay } from './lending.ts'

export interface LifeInit {
  host: Pick<Host, 'drain' | 'leave' | 'leases'>
  clock: Pick<Clock, 'monoMs' | 'after'>
  cleanup: Pick<Cleanup, 'run'>
  /** Settled when the peer has stopped. */
  ending: Deferred<void>
}

const POLL_MS = 250
/** What ending every lease may take: SIGTERM, its grace, packing of outputs. */
const LEAVE_MS = 20_000
/** A renter that is there countersigns the last receipt at once. */
const SETTLE_MS = 3_000

/** The end of a peer: draining, ending what is still leased, then everything taken down. */
export class Life {
  readonly #init: LifeInit
  #hurry: () => void = () => undefined
  #leaving: Promise<void> | undefined
  isDraining = false

  constructor(init: LifeInit) {
    this.#init = init
  }

  drain(): void {
    this.isDraining = true
    this.#init.host.drain()
  }

  /** `drainMs`: how long leases may go on first. @default 0. Calling it again ends what is waited for. */
  async stop({ drainMs = 0 }: { drainMs?: number } = {}): Promise<void> {
    const { cleanup, ending } = this.#init
    this.#hurry()
    if (drainMs > 0 && this.#leases().some(isUnderWay)) {
      this.drain()
      await this.#untilNone(isUnderWay, drainMs)
    }
    this.#leaving ??= this.#leave()
    await this.#leaving
    await cleanup.run()
    ending.resolve()
  }

  /** A container must not go on where nobody looks after it. */
  async #leave(): Promise<void> {
    if (!this.#leases().some(isUnderWay)) return
    this.isDraining = true
    this.#init.host.leave()
    if (await this.#untilNone(isUnderWay, LEAVE_MS)) await this.#untilNone(({ state }) => state === 'final', SETTLE_MS)
  }

  #leases(): LeaseView[] {
    return this.#init.host.leases()
  }

  /** True once no lease is so; false when the time is up, somebody is in a hurry, or the peer has stopped by itself. */
  #untilNone(isSo: (lease: LeaseView) => boolean, ms: number): Promise<boolean> {
    const { clock, ending } = this.#init
    const until = clock.monoMs() + ms
    return new Promise((resolve) => {
      let isOver = false
      const end = (answer: boolean): void => {
        isOver = true
        resolve(answer)
      }
      const giveUp = (): void => end(false)
      this.#hurry = giveUp
      ending.promise.then(giveUp, giveUp)
      const look = (): void => {
        if (isOver) return
        if (!this.#leases().some(isSo)) end(true)
        else if (clock.monoMs() >= until) giveUp()
        else clock.after(POLL_MS, look)
      }
      look()
    })
  }
}
