import { AMOUNT_MAX, type Demand, isAsked } from '../../wire/demand.ts'
import type { Held } from '../market/matching.ts'

/**
 * What a peer needs to know of itself to see that an order heard by gossip is not for it: a few small integers in one object.
 * Every provider of a class hears every order of it and most orders are for others, so in a process of many peers the cost of
 * an order is that of the memory which "no" takes to say. The screen says no only where `Provider.order` would do nothing;
 * whoever passes is matched exactly, since that rests on more than sizes.
 */
export class Screen {
  /** Most that one order may ask for. Without a limit every order passes whose audience this peer is in. */
  #gpuCount = AMOUNT_MAX
  #gpuVramMib = AMOUNT_MAX
  /** Of this peer's place in any audience, the part that is the same for all orders. */
  #audiencePart = 0
  #cpuMilli = AMOUNT_MAX
  #memoryMib = AMOUNT_MAX
  #diskMib = AMOUNT_MAX

  /** Whether an order by gossip may be one for this peer. */
  passes(demand: Demand): boolean {
    return (
      demand.gpuCount <= this.#gpuCount &&
      demand.gpuVramMib <= this.#gpuVramMib &&
      this.isAsked(demand) &&
      demand.cpuMilli <= this.#cpuMilli &&
      demand.memoryMib <= this.#memoryMib &&
      demand.diskMib <= this.#diskMib
    )
  }

  /** Whether this peer is in the audience of an order. */
  isAsked(demand: Demand): boolean {
    return isAsked(demand, this.#audiencePart)
  }

  /** Whose audience part it is. */
  standAt(audiencePart: number): void {
    this.#audiencePart = audiencePart
  }

  /** From now on orders that ask for more than there is do not pass; of devices of several kinds the best of each counts. */
  limitTo({ gpus, cpuMilli, memoryMib, diskMib }: Held): void {
    this.#gpuCount = Math.max(0, ...gpus.map(({ count }) => amount(count)))
    this.#gpuVramMib = Math.max(0, ...gpus.map(({ vramMib }) => amount(vramMib)))
    this.#cpuMilli = amount(cpuMilli)
    this.#memoryMib = amount(memoryMib)
    this.#diskMib = amount(diskMib)
  }

  /** From now on no order passes. */
  close(): void {
    this.#gpuCount = -1
  }
}

/** Rounded up, as a demand is rounded down. */
const amount = (held: number): number => Math.min(AMOUNT_MAX, Math.ceil(held))
