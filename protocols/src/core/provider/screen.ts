import { capabilityNumber } from '../../wire/capability.ts'
import { AUDIENCE_ALL } from '../../wire/commitments.ts'
import { AMOUNT_MAX, type Demand, isAsked } from '../../wire/demand.ts'
import type { Held } from '../market/matching.ts'

/** Integers that a peer has here: its place in audiences, and what it has most of, by dimension. */
const AUDIENCE_PART = 0
const GPU_COUNT = 1
const GPU_VRAM_MIB = 2
const GPU_CAPABILITY = 3
const CPU_MILLI = 4
const MEMORY_MIB = 5
const DISK_MIB = 6
const COLUMNS = 7

/**
 * What peers need to know of themselves to see that an order heard by gossip is not for them: a few small integers each. Every
 * provider of a class hears every order of it and most orders are for others, so in a process of many peers the cost of an order
 * is that of the memory which "no" takes to say. Nearly always one integer says it, so each has its column: four bytes a peer,
 * and nothing else of it is looked at.
 */
export class Screens {
  readonly #columns: Int32Array
  readonly #peers: number

  constructor(peers: number) {
    this.#columns = new Int32Array(peers * COLUMNS).fill(AMOUNT_MAX)
    this.#peers = peers
  }

  /** Whether an order by gossip may be one for the peer: no only where `Provider.order` would do nothing. */
  passes(peer: number, demand: Demand): boolean {
    return (
      this.isAsked(peer, demand) &&
      demand.gpuCount <= this.#get(peer, GPU_COUNT) &&
      demand.gpuVramMib <= this.#get(peer, GPU_VRAM_MIB) &&
      demand.gpuCapability <= this.#get(peer, GPU_CAPABILITY) &&
      demand.cpuMilli <= this.#get(peer, CPU_MILLI) &&
      demand.memoryMib <= this.#get(peer, MEMORY_MIB) &&
      demand.diskMib <= this.#get(peer, DISK_MIB)
    )
  }

  /** Reads what `passes` reads first, and does nothing: for whoever is about to ask for many peers, so that their memory is fetched at once. */
  touch(peer: number, { audience }: Demand): number {
    return this.#get(peer, audience === AUDIENCE_ALL ? GPU_COUNT : AUDIENCE_PART)
  }

  isAsked(peer: number, demand: Demand): boolean {
    return demand.audience === AUDIENCE_ALL || isAsked(demand, this.#get(peer, AUDIENCE_PART))
  }

  set(peer: number, column: number, value: number): void {
    this.#columns[column * this.#peers + peer] = value
  }

  #get(peer: number, column: number): number {
    return this.#columns[column * this.#peers + peer] as number
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
