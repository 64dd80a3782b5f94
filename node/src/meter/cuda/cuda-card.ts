import { MIB, WeftError } from '@weft/protocols'
import {
  entriesOf,
  type Format,
  keptChains,
  keptRows,
  layoutOf,
  MATRIX_SIZE as N,
  PASSES,
  regionWords,
  seedWords,
  type Task,
} from '@weft/protocols/measure'
import { type CardDriver, gibPerSecond } from '../card-driver.ts'
import type { Bandwidths } from '../gpu-wire.ts'
import type { Address, Argument, CardInfo, Cuda, Kernel } from './cuda.ts'
import * as ptx from './generated/kernels.ts'

/** Threads of a group, as `kernels.cu` bounds them. */
const THREADS = { fill: 256, start: 64, walk: 64, readAll: 256 } as const
const ENTRIES_THREADS = 256
/** Rows and columns of a product that one group multiplies. */
const TILE = 128
/** Rows of the left factor that are in memory at once. */
const ROWS_AT_ONCE = 8192
/** Read at once where bandwidths are measured; less where a slice has not so much. */
const READ_BYTES = 256 * MIB
const READ_GROUPS = 1024
const READS = 8

interface Product {
  ptx: string
  /** Of the kernels: `entriesFp32`, `multiplyFp32`. */
  suffix: string
  threads: number
  entryBytes: number
  /** Ten times the least compute capability. */
  capabilityMin: number
}

const PRODUCTS: Readonly<Record<Format, Product>> = {
  fp32: { ptx: ptx.base, suffix: 'Fp32', threads: 256, entryBytes: 4, capabilityMin: 50 },
  fp16: { ptx: ptx.fp16, suffix: 'Fp16', threads: 128, entryBytes: 2, capabilityMin: 70 },
  bf16: { ptx: ptx.bf16, suffix: 'Bf16', threads: 128, entryBytes: 2, capabilityMin: 80 },
}

const shown = (capability: number): string => (capability / 10).toFixed(1)
const u32 = (value: number): Argument => ({ u32: value })
const at = (address: Address): Argument => ({ address })

/** One NVIDIA card or slice, driven through CUDA: what the processor's meter does, with kernels. */
export class CudaCard implements CardDriver {
  readonly #cuda: Cuda
  readonly #info: CardInfo
  readonly #rowsAtOnce: number
  /** By what was loaded. */
  readonly #modules = new Map<string, (name: string) => Kernel>()
  #filled: Address[] = []

  /** Throws NO_METER where CUDA shows no card, or several, or one from before 2014. `rowsAtOnce`: of a product's left factor; a multiple of 128. */
  constructor(cuda: Cuda, rowsAtOnce: number = ROWS_AT_ONCE) {
    this.#cuda = cuda
    this.#rowsAtOnce = rowsAtOnce
    this.#info = cuda.open()
    const { name, capability } = this.#info
    if (capability < PRODUCTS.fp32.capabilityMin) {
      throw new WeftError('NO_METER', `${name} has compute capability ${shown(capability)}, and cards are measured from 5.0 on`)
    }
  }

  async perform(task: Task): Promise<readonly number[]> {
    switch (task.stage) {
      case 'ready':
        return []
      case 'fill':
        return this.#fill(task)
      case 'walk':
        return this.#walk(task)
      default:
        return this.#multiply(task, task.stage)
    }
  }

  #fill(task: Task): readonly number[] {
    this.#drop()
    const { regions, linesPerRegion } = layoutOf(task)
    this.#checkOthers(4 * regionWords(task) * regions)
    const words = seedWords(task.seed)
    const threads = Math.min(THREADS.fill, linesPerRegion)
    try {
      for (let region = 0; region < regions; region++) {
        const memory = this.#alloc(4 * regionWords(task))
        this.#filled.push(memory)
        const given = [at(memory), u32(region), u32(task.rounds), { words }]
        this.#launch(ptx.base, 'fill', [linesPerRegion / threads, 1], threads, given)
      }
      this.#cuda.wait()
    } catch (error) {
      this.#drop()
      throw error
    }
    return []
  }

  #walk(task: Task): readonly number[] {
    const { regions, chains: count, linesPerRegion } = layoutOf(task)
    if (this.#filled.length !== regions) throw new WeftError('METER_FAILED', 'nothing was filled that could be walked')
    const key = seedWords(task.stageSeed)
    const groups = [Math.ceil(count / THREADS.walk), 1] as const
    try {
      const ends = this.#with([4 * count], ([chains = 0n]) => {
        this.#launch(ptx.base, 'start', groups, THREADS.start, [at(chains), u32(count), u32(key[0] ?? 0), u32(key[1] ?? 0)])
        for (let pass = 0; pass < PASSES; pass++) {
          for (const words of this.#filled) {
            this.#launch(ptx.base, 'walk', groups, THREADS.walk, [at(chains), u32(count), at(words), u32(linesPerRegion - 1)])
          }
        }
        return this.#words(chains, count)
      })
      return keptChains(task, ends)
    } finally {
      this.#drop()
    }
  }

  #multiply(task: Task, format: Format): readonly number[] {
    const product = PRODUCTS[format]
    const { capability } = this.#info
    if (capability < product.capabilityMin) {
      const [own, least] = [capability, product.capabilityMin].map(shown)
      throw new WeftError('UNSUPPORTED', `this card has compute capability ${own}, and units for ${format} come with ${least}`)
    }
    const rowsAtOnce = Math.min(task.rows, this.#rowsAtOnce)
    if (rowsAtOnce % TILE !== 0 || task.rows % rowsAtOnce !== 0) {
      throw new WeftError('UNSUPPORTED', `a card multiplies a power of two of rows, at least ${TILE}`)
    }
    const key = seedWords(task.stageSeed)
    const { entryBytes, suffix, threads } = product
    const sizes = [entryBytes * N * N, entryBytes * N * rowsAtOnce, 4 * task.rows]
    const digests = this.#with(sizes, ([right = 0n, left = 0n, sums = 0n]) => {
      this.#cuda.clear(sums, 4 * task.rows)
      this.#entries(format, 'right', right, key[3] ?? 0, 0, N)
      for (let row = 0; row < task.rows; row += rowsAtOnce) {
        this.#entries(format, 'left', left, key[4] ?? 0, row * N, rowsAtOnce)
        const groups = [N / TILE, rowsAtOnce / TILE] as const
        const given = [at(left), at(right), at(sums + BigInt(4 * row))]
        this.#launch(product.ptx, `multiply${suffix}`, groups, threads, given)
      }
      return this.#words(sums, task.rows)
    })
    return keptRows(task, digests)
  }

  /** Lines of a factor, from entry `first` on. */
  #entries(format: Format, side: 'left' | 'right', into: Address, word: number, first: number, lines: number): void {
    const { ptx, suffix } = PRODUCTS[format]
    const { mask, offset } = entriesOf(format)[side]
    const groups = [(lines * N) / ENTRIES_THREADS, 1] as const
    const given = [at(into), u32(word), u32(first >>> 0), u32(mask), u32(offset)]
    this.#launch(ptx, `entries${suffix}`, groups, ENTRIES_THREADS, given)
  }

  async bandwidth(): Promise<Bandwidths> {
    const { freeBytes } = this.#cuda.memory()
    const bytes = Math.min(READ_BYTES, MIB * Math.floor(freeBytes / 2 / MIB))
    // Pinned: from other memory the driver copies to such memory first.
    const host = this.#cuda.pin(bytes)
    const addresses: Address[] = []
    const timed = (amount: number, work: () => void): Promise<number> =>
      gibPerSecond(amount, () => {
        work()
        this.#cuda.wait()
      })
    try {
      for (const size of [bytes, 4 * THREADS.readAll * READ_GROUPS]) addresses.push(this.#alloc(size))
      const [memory = 0n, sums = 0n] = addresses
      this.#cuda.clear(memory, bytes)
      const given = [at(memory), { u64: BigInt(bytes / 16) }, at(sums)]
      const memoryGiBs = await timed(READS * bytes, () => {
        for (let i = 0; i < READS; i++) this.#launch(ptx.base, 'readAll', [READ_GROUPS, 1], THREADS.readAll, given)
      })
      const toCardGiBs = await timed(bytes, () => host.toCard(memory, bytes))
      const fromCardGiBs = await timed(bytes, () => host.fromCard(memory, bytes))
      return { adapter: this.#info.name, memoryGiBs, toCardGiBs, fromCardGiBs }
    } finally {
      this.#free(addresses)
      host.free()
    }
  }

  #launch(module: string, name: string, groups: readonly [number, number], threads: number, given: readonly Argument[]): void {
    const kernels = this.#modules.get(module) ?? this.#cuda.load(module)
    this.#modules.set(module, kernels)
    this.#cuda.launch(kernels(name), groups, threads, given)
  }

  /** Memory for the length of `work`. */
  #with<T>(sizes: readonly number[], work: (addresses: readonly Address[]) => T): T {
    const addresses: Address[] = []
    try {
      for (const bytes of sizes) addresses.push(this.#alloc(bytes))
      return work(addresses)
    } finally {
      this.#free(addresses)
    }
  }

  #alloc(bytes: number): Address {
    const address = this.#cuda.alloc(bytes)
    if (address !== undefined) return address
    const { freeBytes, totalBytes } = this.#cuda.memory()
    const mib = (count: number): number => Math.floor(count / MIB)
    const has = `${mib(freeBytes)} of its ${mib(totalBytes)} MiB are free`
    throw new WeftError('METER_FAILED', `the card has not the memory: ${Math.ceil(bytes / MIB)} MiB are wanted, ${has}`)
  }

  /** A card that has the memory, part of which a desktop or another container's driver holds now, is no liar's: it is not measured. */
  #checkOthers(wantedBytes: number): void {
    const { freeBytes, totalBytes } = this.#cuda.memory()
    if (freeBytes >= wantedBytes || totalBytes < wantedBytes) return
    const [wanted, free, total] = [wantedBytes, freeBytes, totalBytes].map((count) => Math.floor(count / MIB))
    throw new WeftError(
      'NO_METER',
      `others use the card's memory: ${wanted} MiB are wanted, ${free} of its ${total} MiB are free`,
    )
  }

  #words(address: Address, count: number): Uint32Array {
    const bytes = this.#cuda.read(address, 4 * count)
    return new Uint32Array(bytes.buffer, bytes.byteOffset, count)
  }

  #drop(): void {
    const filled = this.#filled
    this.#filled = []
    this.#free(filled)
  }

  /** What failed before is what matters: a card that fell over gives nothing back, and its process ends soon. */
  #free(addresses: readonly Address[]): void {
    for (const address of addresses) {
      try {
        this.#cuda.free(address)
      } catch {
        return
      }
    }
  }
}
