import { capabilityNumber } from '../../wire/capability.ts'
import { AMOUNT_MAX, type Demand, isAsked } from '../../wire/demand.ts'
import type { Held } from '../market/matching.ts'

/** Integers of one peer: what it has most of, by dimension, and its place in audiences. Eight, so that none straddles a cache line. */
const ROW = 8
const GPU_COUNT = 0
const GPU_VRAM_MIB = 1
const CPU_MILLI = 2
const MEMORY_MIB = 3
const DISK_MIB = 4
const AUDIENCE_PART = 5
const GPU_CAPABILITY = 6

/**
 * What peers need to know of themselves to see that an order heard by gossip is not for them: a few small integers each, side by
 * side. Every provider of a class hears every order of it and most orders are for others, so in a process of many peers the cost
 * of an order is that of the memory which "no" takes to say: 32 bytes a peer here, and nothing else of it is looked at.
 */
export class Screens {
  readonly #rows: Int32Array

  constructor(peers: number) {
    this.#rows = new Int32Array(peers * ROW).fill(AMOUNT_MAX)
  }

  /** Whether an order by gossip may be one for the peer: no only where `Provider.order` would do nothing. */
  passes(peer: number, demand: Demand): boolean {
    const rows = this.#rows
    const at = peer * ROW
    return (
      demand.gpuCount <= (rows[at + GPU_COUNT] as number) &&
      demand.gpuVramMib <= (rows[at + GPU_VRAM_MIB] as number) &&
      isAsked(demand, rows[at + AUDIENCE_PART] as number) &&
      demand.cpuMilli <= (rows[at + CPU_MILLI] as number) &&
      demand.memoryMib <= (rows[at + MEMORY_MIB] as number) &&
      demand.diskMib <= (rows[at + DISK_MIB] as number) &&
      demand.gpuCapability <= (rows[at + GPU_CAPABILITY] as number)
    )
  }

  /** Reads of the peer's row, and does nothing: for whoever is about to ask for many peers, so that their memory is fetched at once. */
  touch(peer: number): number {
    return this.#rows[peer * ROW] as number
  }

  isAsked(peer: number, demand: Demand): boolean {
    return isAsked(demand, this.#rows[peer * ROW + AUDIENCE_PART] as number)
  }

  set(peer: number, column: number, value: number): void {
    this.#rows[peer * ROW + column] = value
  }
}

/**
 * One peer's row. Whoever delivers orders to it may ask first; whoever passes is matched exactly, since that rests on more than
 * sizes. Without a limit every order passes whose audience this peer is in.
 */
export class Screen {
  readonly #screens: Screens
  readonly #peer: number

  constructor(screens = new Screens(1), peer = 0) {
    this.#screens = screens
    this.#peer = peer
  }

  /** Whether `screens`, asked for the peer number `peer`, say what this would. */
  isRowOf(screens: Screens, peer: number): boolean {
    return this.#screens === screens && this.#peer === peer
  }

  passes(demand: Demand): boolean {
    return this.#screens.passes(this.#peer, demand)
  }

  /** Whether this peer is in the audience of an order. */
  isAsked(demand: Demand): boolean {
    return this.#screens.isAsked(this.#peer, demand)
  }

  /** Whose audience part it is. */
  standAt(audiencePart: number): void {
    this.#screens.set(this.#peer, AUDIENCE_PART, audiencePart)
  }

  /** From now on orders that ask for more than there is do not pass; of devices of several kinds the best of each counts. */
  limitTo({ gpus, cpuMilli, memoryMib, diskMib }: Held): void {
    const screens = this.#screens
    const peer = this.#peer
    screens.set(peer, GPU_COUNT, Math.max(0, ...gpus.map(({ count }) => amount(count))))
    screens.set(peer, GPU_VRAM_MIB, Math.max(0, ...gpus.map(({ vramMib }) => amount(vramMib))))
    screens.set(peer, GPU_CAPABILITY, Math.max(0, ...gpus.map((gpu) => capabilityNumber(gpu.computeCapability) ?? 0)))
    screens.set(peer, CPU_MILLI, amount(cpuMilli))
    screens.set(peer, MEMORY_MIB, amount(memoryMib))
    screens.set(peer, DISK_MIB, amount(diskMib))
  }

  /** From now on no order passes. */
  close(): void {
    this.#screens.set(this.#peer, GPU_COUNT, -1)
  }
}

/** Rounded up, as a demand is rounded down. */
const amount = (held: number): number => Math.min(AMOUNT_MAX, Math.ceil(held))
