import { availableParallelism } from 'node:os'
import { WeftError } from '@weft/protocols'
import type { Task } from '@weft/protocols/measure'
import type { Meter } from '@weft/protocols/ports'
import { type Device, deviceHex } from '../capacity/index.ts'
import { CpuMeter } from './cpu-meter.ts'
import { GpuMeter, selecting } from './gpu-meter.ts'
import { ProvenCard } from './proven-card.ts'

export interface MachineMeterInit {
  /** Lent now; a processor shows no more than these. @default all */
  cores?: () => number
  /** For tests, in place of NVIDIA's. */
  cudaLibrary?: string
}

/** Measures whatever this machine lends: its cards by CUDA or WebGPU, each in a process of its own, and the machine by its processor. */
export class MachineMeter implements Meter {
  readonly #processor: CpuMeter
  /** Apart, so that a release of what is measured here ends no check of what others answered. */
  readonly #checker = new CpuMeter()
  readonly #cards: ReadonlyMap<string, () => GpuMeter>
  readonly #proven = new Map<string, ProvenCard>()

  constructor(devices: readonly Device[], { cores = availableParallelism, cudaLibrary }: MachineMeterInit = {}) {
    this.#processor = new CpuMeter({ threads: () => Math.max(1, Math.min(availableParallelism(), Math.floor(cores()))) })
    const meter = (device: Device): (() => GpuMeter) => once(() => meterOf(device, devices, cudaLibrary))
    this.#cards = new Map(devices.map((device) => [deviceHex(device.id), meter(device)]))
  }

  /** What a card answers goes out only where the processor found the same for small tasks: see `ProvenCard`. */
  async perform(task: Task): Promise<readonly number[]> {
    if (task.card === '') return this.#processor.perform(task)
    const proven = this.#proven.get(task.card) ?? new ProvenCard(this.card(task.card), this.#checker)
    this.#proven.set(task.card, proven)
    return proven.perform(task)
  }

  release(): void {
    this.#processor.release()
    for (const card of this.#cards.values()) {
      try {
        card().release()
      } catch {
        // It cannot be measured, so nothing of it is under way.
      }
    }
  }

  check(task: Task, report: readonly number[], picks: Uint8Array): Promise<string | undefined> {
    return this.#checker.check(task, report, picks)
  }

  /** Of a card by the SHA-256 of its id, hex; nobody looked at what it answers. Throws NO_METER. */
  card(digest: string): GpuMeter {
    const card = this.#cards.get(digest)
    if (card === undefined) throw new WeftError('NO_METER', 'this machine lends no such card')
    return card()
  }
}

function meterOf(device: Device, all: readonly Device[], library: string | undefined): GpuMeter {
  const { target, env } = selecting(device, all)
  return new GpuMeter({ ...target, library }, env)
}

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}
