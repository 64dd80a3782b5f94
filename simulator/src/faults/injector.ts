import type { Stream } from '../kernel/draws.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { WORLD } from '../kernel/queue.ts'
import type { Faults } from '../scenario.ts'

/** What faults happen to. */
export interface Victims {
  readonly peers: number
  /** One that is online, by the draws of row `row`; undefined: nobody is. */
  anyOnline(stream: Stream, row: number): number | undefined
  /** The machine dies; it starts again after `backUs`. */
  crash(peer: number, backUs: number): void
  /** The process dies, its machine and containers go on; it starts again after `backUs`. */
  kill(peer: number, backUs: number): void
  /** The process is frozen for so long. */
  freeze(peer: number, us: number): void
  clog(peer: number, untilUs: number): void
  setClock(peer: number): void
  partition(groupOf: Int32Array | undefined, oneWay: boolean): void
  /** Shares of direct messages that come twice and that never come. */
  disturb(duplicateShare: number, lossShare: number): void
}

/** Faults are planned so far ahead, µs: a day of a large network is not planned at once. */
const SLICE_US = 60_000_000
const HOUR_US = 3.6e9

/** What can happen, in the order of the draws. */
const KINDS = ['crash', 'freeze', 'clog', 'clock', 'partition', 'kill'] as const
type Kind = (typeof KINDS)[number]

/**
 * Faults at random: given how many there are, the times of a Poisson process are independent and uniform (Kingman, "Poisson
 * Processes", 1993, 2.4), so each slice of time gets its number of each kind and a time for each. All end at `untilSeconds`:
 * a fault that would last longer is cut short.
 */
export class Injector {
  readonly counts: Record<Kind, number> = { crash: 0, freeze: 0, clog: 0, clock: 0, partition: 0, kill: 0 }
  readonly #faults: Faults
  readonly #kernel: Kernel
  readonly #victims: Victims
  readonly #draws: Stream
  readonly #sides: Stream
  readonly #class: number
  readonly #sliceClass: number
  /** Counts partitions: the end of one that another replaced ends nothing. */
  #partitions = 0

  constructor(faults: Faults, kernel: Kernel, victims: Victims) {
    this.#faults = faults
    this.#kernel = kernel
    this.#victims = victims
    this.#draws = kernel.draws.stream('faults', KINDS.length + 1)
    this.#sides = kernel.draws.stream('partition-sides', victims.peers)
    this.#class = kernel.on('fault', (kind) => this.#happen(kind))
    this.#sliceClass = kernel.on('fault-slice', () => this.#slice())
  }

  start(): void {
    const { untilSeconds, duplicateShare, lossShare } = this.#faults
    if (untilSeconds <= 0) return
    this.#victims.disturb(duplicateShare, lossShare)
    this.#kernel.at(this.#kernel.nowUs, this.#sliceClass, WORLD, 0, 0, 0)
    this.#kernel.after(WORLD, Math.round(untilSeconds * 1e6), () => this.#heal())
  }

  /** Plans one slice: what its rates give, a fraction of a fault by chance. */
  #slice(): void {
    const nowUs = this.#kernel.nowUs
    const endUs = Math.min(nowUs + SLICE_US, Math.round(this.#faults.untilSeconds * 1e6))
    const lengthUs = endUs - nowUs
    if (lengthUs <= 0) return
    KINDS.forEach((kind, i) => {
      const expected = (this.#rate(kind) * lengthUs) / HOUR_US
      const count = Math.floor(expected) + (this.#draws.chance(i, expected % 1) ? 1 : 0)
      for (let n = 0; n < count; n++) {
        const atUs = nowUs + Math.floor(this.#draws.fraction(i) * lengthUs)
        this.#kernel.at(atUs, this.#class, WORLD, i, 0, 0)
      }
    })
    this.#kernel.at(endUs, this.#sliceClass, WORLD, 0, 0, 0)
  }

  /** Per hour of the whole network. A partition is of the network, all else of one peer. */
  #rate(kind: Kind): number {
    const { crashesPerHour, pausesPerHour, clogsPerHour, clockStepsPerHour, partitionsPerHour, killsPerHour } = this.#faults
    if (kind === 'partition') return partitionsPerHour
    const each = {
      crash: crashesPerHour,
      kill: killsPerHour,
      freeze: pausesPerHour,
      clog: clogsPerHour,
      clock: clockStepsPerHour,
    }
    return each[kind] * this.#victims.peers
  }

  #happen(i: number): void {
    const kind = KINDS[i] as Kind
    const { restartSeconds, pauseSeconds, clogSeconds } = this.#faults
    if (kind === 'partition') {
      this.#split()
      return
    }
    const peer = this.#victims.anyOnline(this.#draws, i)
    if (peer === undefined) return
    this.counts[kind] += 1
    if (kind === 'crash') this.#victims.crash(peer, Math.round(restartSeconds * 1e6))
    if (kind === 'kill') this.#victims.kill(peer, Math.round(restartSeconds * 1e6))
    if (kind === 'freeze') this.#victims.freeze(peer, this.#lasting(pauseSeconds))
    if (kind === 'clog') this.#victims.clog(peer, this.#kernel.nowUs + this.#lasting(clogSeconds))
    if (kind === 'clock') this.#victims.setClock(peer)
  }

  /** A share of the peers on the other side; one partition at a time, a new one replaces the old. */
  #split(): void {
    const { partitionShare, partitionSeconds, oneWayShare } = this.#faults
    const row = KINDS.indexOf('partition')
    this.counts.partition += 1
    this.#victims.partition(sides(this.#sides, this.#victims.peers, partitionShare), this.#draws.chance(row, oneWayShare))
    this.#partitions += 1
    const number = this.#partitions
    this.#kernel.after(WORLD, this.#lasting(partitionSeconds), () => {
      if (number === this.#partitions) this.#victims.partition(undefined, false)
    })
  }

  /** Half to one and a half times as long as the scenario says, and not past the end of all faults. */
  #lasting(seconds: number): number {
    const us = Math.round(seconds * 1e6 * (0.5 + this.#draws.fraction(KINDS.length)))
    return Math.max(0, Math.min(us, Math.round(this.#faults.untilSeconds * 1e6) - this.#kernel.nowUs))
  }

  #heal(): void {
    this.#partitions += 1
    this.#victims.partition(undefined, false)
    this.#victims.disturb(0, 0)
  }
}

/** Group 1 for `share` of the peers, 0 for the others. */
export function sides(draws: Stream, peers: number, share: number): Int32Array {
  return Int32Array.from({ length: peers }, (_, peer) => (draws.chance(peer, share) ? 1 : 0))
}
