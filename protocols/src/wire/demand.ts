import { capabilityNumber } from './capability.ts'
import { vramLeastMib } from './class.ts'
import { audiencePlace, nonceWords } from './commitments.ts'
import type { Order } from './types.ts'

/** What a processor compares at once: an amount beyond it, in messages up to 2^53, counts as this much. */
export const AMOUNT_MAX = 0x7fffffff

/**
 * What an order asks of a peer, as small integers: made once of each order, and compared by every provider of a class with
 * what it has. Rounded down, so that what falls short of it cannot serve the order; what does not may still not be able to.
 */
export interface Demand {
  readonly gpuCount: number
  /** 0 where no device is asked for. */
  readonly gpuVramMib: number
  /** See `capabilityNumber`; 0 where none is asked for that is a number. */
  readonly gpuCapability: number
  readonly cpuMilli: number
  readonly memoryMib: number
  readonly diskMib: number
  readonly audience: number
  /** Of the nonce: see `nonceWords`. */
  readonly words: Int32Array
}

export function demandOf({ nonce, audience, resources }: Order): Demand {
  const { gpuCount, gpuVramMib, gpuComputeCapability, cpuMilli, memoryMib, diskMib } = resources
  return {
    gpuCount: amount(gpuCount),
    gpuVramMib: gpuCount > 0 ? amount(vramLeastMib(gpuVramMib)) : 0,
    gpuCapability: gpuCount > 0 && gpuComputeCapability !== '' ? (capabilityNumber(gpuComputeCapability) ?? 0) : 0,
    cpuMilli: amount(cpuMilli),
    memoryMib: amount(memoryMib),
    diskMib: amount(diskMib),
    audience,
    words: nonceWords(nonce),
  }
}

/** Whether the peer whose `audiencePart` is `part` is among those asked by gossip. */
export const isAsked = ({ words, audience }: Demand, part: number): boolean => audiencePlace(words, part) <= audience

const amount = (wanted: number): number => Math.min(AMOUNT_MAX, Math.floor(wanted))
