/** A card that is none: it runs PTX, and answers as CUDA's driver does, so that kernels are tested where no card is. */
import type { Address, Argument, CardInfo, Cuda, Kernel, PinnedMemory } from '../../../src/meter/cuda/cuda.ts'
import { Group } from './group.ts'
import { CardMemory } from './memory.ts'
import { type Entry, parseModule } from './parse.ts'

export interface PtxMachineInit {
  /** @default 64 MiB */
  memoryBytes?: number
  /** Ten times the compute capability. @default 90 */
  capability?: number
}

export class PtxMachine implements Cuda {
  readonly memoryOfCard: CardMemory
  readonly #capability: number
  readonly #kernels: Entry[] = []
  /** What was pinned and not given back. */
  pinned = 0

  constructor({ memoryBytes = 64 * 1024 ** 2, capability = 90 }: PtxMachineInit = {}) {
    this.memoryOfCard = new CardMemory(memoryBytes)
    this.#capability = capability
  }

  open(): CardInfo {
    return { name: 'a machine that runs PTX', capability: this.#capability }
  }

  memory(): { freeBytes: number; totalBytes: number } {
    return { freeBytes: this.memoryOfCard.freeBytes, totalBytes: this.memoryOfCard.bytes.length }
  }

  alloc(bytes: number): Address | undefined {
    const address = this.memoryOfCard.alloc(bytes)
    return address === undefined ? undefined : BigInt(address)
  }

  free(address: Address): void {
    this.memoryOfCard.free(Number(address))
  }

  clear(address: Address, bytes: number): void {
    this.#slice(address, bytes).fill(0)
  }

  read(address: Address, bytes: number): Uint8Array {
    return this.#slice(address, bytes).slice()
  }

  pin(bytes: number): PinnedMemory {
    const host = new Uint8Array(bytes)
    this.pinned += 1
    return {
      toCard: (address, count) => this.#slice(address, count).set(host.subarray(0, count)),
      fromCard: (address, count) => host.set(this.#slice(address, count)),
      free: () => {
        this.pinned -= 1
      },
    }
  }

  load(ptx: string): (name: string) => Kernel {
    const target = Number(/^\.target sm_(\d+)$/m.exec(ptx)?.[1])
    if (!(target <= this.#capability)) throw new Error(`sm_${this.#capability} does not run what is for sm_${target}`)
    const entries = parseModule(ptx)
    return (name) => {
      const entry = entries.get(name)
      if (entry === undefined) throw new Error(`the module has no ${name}`)
      return BigInt(this.#kernels.push(entry) - 1)
    }
  }

  launch(kernel: Kernel, groups: readonly [number, number], threads: number, given: readonly Argument[]): void {
    const entry = this.#kernels[Number(kernel)]
    if (entry === undefined) throw new Error(`there is no kernel ${kernel}`)
    const group = new Group(entry, threads, parametersOf(entry, given), this.memoryOfCard, groups)
    for (let y = 0; y < groups[1]; y++) for (let x = 0; x < groups[0]; x++) group.run(x, y)
  }

  wait(): void {}

  #slice(address: Address, bytes: number): Uint8Array {
    const at = this.memoryOfCard.at(Number(address), 1)
    if (!this.memoryOfCard.holds(at + bytes - 1)) throw new Error(`${bytes} bytes at ${at} were never allocated`)
    return this.memoryOfCard.bytes.subarray(at, at + bytes)
  }
}

/** Each where the program looks for it; throws where one is of another size than it takes. */
function parametersOf({ name, parameters, parameterBytes }: Entry, given: readonly Argument[]): Uint8Array {
  const bytes = new Uint8Array(parameterBytes)
  const view = new DataView(bytes.buffer)
  const places = [...parameters.values()]
  if (places.length !== given.length) throw new Error(`${name} takes ${places.length} parameters, not ${given.length}`)
  given.forEach((argument, i) => {
    const { offset, bytes: size } = places[i] as { offset: number; bytes: number }
    const own = 'words' in argument ? argument.words.byteLength : 'u32' in argument ? 4 : 8
    if (own !== size) throw new Error(`parameter ${i} of ${name} has ${size} bytes, not ${own}`)
    if ('words' in argument) argument.words.forEach((word, j) => void view.setUint32(offset + 4 * j, word, true))
    else if ('u32' in argument) view.setUint32(offset, argument.u32, true)
    else view.setBigUint64(offset, 'u64' in argument ? argument.u64 : argument.address, true)
  })
  return bytes
}
