import { type Micros, micros } from '@weft/protocols'
import type { CapacityInit } from '@weft/protocols/core'
import type { Draws } from '../kernel/draws.ts'
import type { Machine, Scenario } from '../scenario.ts'

/** Prices within a fleet's spread are drawn from so many steps, so that machines of one kind and price share one capacity. */
const PRICE_STEPS = 64
const MIB_PER_GIB = 1_024
const MILLI = 1_000
export const CURRENCY = 'USD'

/** Which peers sell, which rent, and what the sellers have. Roles are drawn per peer: one peer more changes nobody else's. */
export class Fleet {
  readonly machines: readonly Machine[]
  /** Row of `machines`, or −1 for a peer that sells nothing. */
  readonly machineOf: Int16Array
  readonly isRenter: Uint8Array
  /** Indices of the peers that rent, ascending. */
  readonly renters: readonly number[]
  readonly providers: readonly number[]
  /** Price per GPU-hour, or per core-hour for machines without GPUs, averaged over the fleet by devices; micro-units. */
  readonly meanPrice: number
  /** What utilisation counts: devices, or cores in a fleet that has no devices. */
  readonly countsGpus: boolean
  readonly #priceStep: Uint8Array
  readonly #spread: number
  readonly #capacities = new Map<number, CapacityInit>()

  constructor(scenario: Scenario, draws: Draws) {
    const { peers, fleet, market } = scenario
    this.machines = fleet.machines
    this.machineOf = new Int16Array(peers).fill(-1)
    this.isRenter = new Uint8Array(peers)
    this.#priceStep = new Uint8Array(peers)
    this.#spread = fleet.priceSpread
    const stream = draws.stream('fleet', peers)
    const pick = weighted(fleet.machines.map(({ share }) => share))
    const renters: number[] = []
    const providers: number[] = []
    for (let peer = 0; peer < peers; peer++) {
      const role = stream.fraction(peer)
      const machine = pick(stream.fraction(peer))
      // Drawn in any case: a spread changes nobody's role. Without one, all machines of a kind are one.
      const step = stream.below(peer, PRICE_STEPS)
      if (fleet.priceSpread > 0) this.#priceStep[peer] = step
      if (role < fleet.providerShare) {
        this.machineOf[peer] = machine
        providers.push(peer)
      }
      // Those that sell nothing rent first; only where they do not suffice do sellers rent as well.
      if (
        role >= fleet.providerShare
          ? role < fleet.providerShare + market.renterShare
          : role < overlap(fleet.providerShare, market.renterShare)
      ) {
        this.isRenter[peer] = 1
        renters.push(peer)
      }
    }
    this.renters = renters
    this.providers = providers
    this.countsGpus = fleet.machines.some(({ gpus, share }) => gpus > 0 && share > 0)
    this.meanPrice = meanPrice(fleet.machines, this.countsGpus)
  }

  isProvider(peer: number): boolean {
    return (this.machineOf[peer] as number) >= 0
  }

  machine(peer: number): Machine | undefined {
    return this.machines[this.machineOf[peer] as number]
  }

  /** Devices, or cores where nobody has devices, that the peer lets. */
  units(peer: number): number {
    const machine = this.machine(peer)
    return machine === undefined ? 0 : this.countsGpus ? machine.gpus : machine.cpus
  }

  /** What the peer asks per unit-hour before its pricing changes that, micro-units. */
  askingPrice(peer: number): number {
    const machine = this.machine(peer)
    if (machine === undefined) return 0
    const base = this.countsGpus ? machine.pricePerGpuHour : machine.pricePerCpuHour
    return Math.round(base * this.#factor(this.#priceStep[peer] as number))
  }

  /** Shared by all peers with the same machine, price and region: nobody changes it. */
  capacity(peer: number, region: number, regionName: string): CapacityInit | undefined {
    const machine = this.machine(peer)
    if (machine === undefined) return undefined
    const step = this.#priceStep[peer] as number
    const key = ((this.machineOf[peer] as number) * 256 + region) * PRICE_STEPS + step
    let capacity = this.#capacities.get(key)
    if (capacity === undefined) {
      capacity = capacityOf(machine, this.#factor(step), regionName)
      this.#capacities.set(key, capacity)
    }
    return capacity
  }

  #factor(step: number): number {
    return 1 - this.#spread + (2 * this.#spread * step) / (PRICE_STEPS - 1)
  }
}

const overlap = (providers: number, renters: number): number => Math.max(0, providers + renters - 1)

function capacityOf(machine: Machine, factor: number, region: string): CapacityInit {
  const price = (base: number): Micros => micros(BigInt(Math.round(base * factor)))
  const gpu = {
    vendor: machine.vendor,
    model: machine.model,
    vramMib: machine.vramGiB * MIB_PER_GIB,
    count: machine.gpus,
    computeCapability: '',
    uuidHashes: [],
  }
  return {
    gpus: machine.gpus > 0 ? [gpu] : [],
    cpuMilli: machine.cpus * MILLI,
    memoryMib: machine.memoryGiB * MIB_PER_GIB,
    diskMib: machine.diskGiB * MIB_PER_GIB,
    prices: {
      currency: CURRENCY,
      start: micros(0n),
      gpuHour: price(machine.pricePerGpuHour),
      // Whoever rents a device pays for it alone; cores are what machines without one sell.
      cpuHour: machine.gpus > 0 ? micros(0n) : price(machine.pricePerCpuHour),
      memoryGibHour: micros(0n),
      diskGibHour: micros(0n),
      egressGib: micros(0n),
    },
    region,
    engineName: 'simulated',
    engineVersion: '1',
    arch: 'amd64',
  }
}

function meanPrice(machines: readonly Machine[], countsGpus: boolean): number {
  let units = 0
  let price = 0
  for (const machine of machines) {
    const count = machine.share * (countsGpus ? machine.gpus : machine.cpus)
    units += count
    price += count * (countsGpus ? machine.pricePerGpuHour : machine.pricePerCpuHour)
  }
  return units === 0 ? 0 : price / units
}

/** From a fraction in [0, 1) to an index, by weight. */
export function weighted(weights: readonly number[]): (fraction: number) => number {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return (fraction) => {
    let left = fraction * total
    for (let i = 0; i < weights.length; i++) {
      left -= weights[i] as number
      if (left < 0) return i
    }
    return weights.length - 1
  }
}
