import { MIB, WeftError } from '@weft/protocols'
import {
  type Format,
  keptChains,
  keptRows,
  layoutOf,
  MATRIX_SIZE as N,
  PASSES,
  seedWords,
  type Task,
} from '@weft/protocols/measure'
import { type CardDriver, gibPerSecond } from './card-driver.ts'
import type { Bandwidths, Target } from './gpu-wire.ts'
import * as shader from './shaders.ts'

/** What the package `webgpu` gives: Dawn, over Vulkan. */
interface Dawn {
  create(options: readonly string[]): GPU
}

/** Flags of a buffer, as the specification numbers them: www.w3.org/TR/webgpu/#buffer-usage. */
const STORAGE = 0x80
const UNIFORM = 0x40
const COPY_SRC = 0x04
const COPY_DST = 0x08
const MAP_READ = 0x01
const REGION_BYTES = 256 * MIB
const READ_GROUPS = 4096
const REPEATS = 8

/** Dawn lives as long as somebody holds this. */
let gpu: GPU | undefined

/** One card, driven through WebGPU: what the processor's meter does, with shaders. */
export class WebGpuCard implements CardDriver {
  readonly #device: GPUDevice
  readonly #adapter: GPUAdapter
  #filled: GPUBuffer[] = []
  readonly #pipelines = new Map<string, GPUComputePipeline>()

  private constructor(adapter: GPUAdapter, device: GPUDevice) {
    this.#adapter = adapter
    this.#device = device
  }

  /** Throws NO_METER where the package or a card of that vendor is not there. */
  static async open(vendor: Target['vendor']): Promise<WebGpuCard> {
    gpu ??= (await dawn()).create(['backend=vulkan'])
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
    if (adapter === null) throw new WeftError('NO_METER', 'Vulkan shows no card; install the driver of its vendor and libvulkan1')
    if (vendor !== 'any' && adapter.info.vendor !== vendor) {
      throw new WeftError('NO_METER', `Vulkan shows '${adapter.info.description}', which is not the ${vendor} card to measure`)
    }
    const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits
    const bytes = Math.min(REGION_BYTES, maxBufferSize, maxStorageBufferBindingSize)
    const device = await adapter.requestDevice({
      requiredFeatures: adapter.features.has('shader-f16') ? ['shader-f16'] : [],
      requiredLimits: { maxBufferSize: bytes, maxStorageBufferBindingSize: bytes, maxComputeInvocationsPerWorkgroup: 256 },
    })
    return new WebGpuCard(adapter, device)
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

  async #fill(task: Task): Promise<readonly number[]> {
    this.#drop()
    const { regions, linesPerRegion } = layoutOf(task)
    const key = seedWords(task.seed)
    await this.#guarded(async () => {
      for (let region = 0; region < regions; region++) {
        const words = this.#buffer(64 * linesPerRegion, STORAGE)
        this.#filled.push(words)
        const params = this.#params([...key, region, task.rounds, 0, 0])
        this.#dispatch(shader.FILL, [params, words], Math.ceil(linesPerRegion / shader.LINES_PER_GROUP))
      }
    })
    return []
  }

  async #walk(task: Task): Promise<readonly number[]> {
    const { chains: count, linesPerRegion } = layoutOf(task)
    const regions = this.#filled
    if (regions.length !== layoutOf(task).regions) throw new WeftError('METER_FAILED', 'nothing was filled that could be walked')
    const key = seedWords(task.stageSeed)
    const groups = Math.ceil(count / shader.CHAINS_PER_GROUP)
    const chains = this.#buffer(4 * count, STORAGE | COPY_SRC)
    const params = this.#params([...key, linesPerRegion - 1, 0, 0, 0])
    const ends = await this.#guarded(async () => {
      this.#dispatch(shader.START, [params, chains], groups)
      for (let pass = 0; pass < PASSES; pass++) {
        for (const words of regions) this.#dispatch(shader.WALK, [params, chains, words], groups)
      }
      return this.#read(chains)
    })
    chains.destroy()
    this.#drop()
    return keptChains(task, ends)
  }

  async #multiply(task: Task, format: Format): Promise<readonly number[]> {
    if (format === 'bf16') throw new WeftError('UNSUPPORTED', 'WebGPU knows no bf16')
    if (format === 'fp16' && !this.#device.features.has('shader-f16')) {
      throw new WeftError('UNSUPPORTED', 'this card or its driver offers no fp16 to WebGPU')
    }
    const key = seedWords(task.stageSeed)
    const entryBytes = format === 'fp16' ? 2 : 4
    const rowsAtOnce = Math.min(task.rows, shader.ROWS_AT_ONCE)
    if (rowsAtOnce % shader.TILE !== 0 || task.rows % rowsAtOnce !== 0) {
      throw new WeftError('UNSUPPORTED', `a card multiplies a power of two of rows, at least ${shader.TILE}`)
    }
    const right = this.#buffer(entryBytes * N * N, STORAGE)
    const left = this.#buffer(entryBytes * N * rowsAtOnce, STORAGE)
    const digests = this.#buffer(4 * task.rows, STORAGE | COPY_SRC)
    const values = await this.#guarded(async () => {
      this.#entries(format, 'right', right, key[3] ?? 0, 0, N * N)
      for (let row = 0; row < task.rows; row += rowsAtOnce) {
        this.#entries(format, 'left', left, key[4] ?? 0, row * N, rowsAtOnce * N)
        const buffers = [this.#params([row, 0, 0, 0]), left, right, digests]
        this.#dispatch(shader.multiplication(format), buffers, N / shader.TILE, rowsAtOnce / shader.TILE)
      }
      return this.#read(digests)
    })
    for (const buffer of [right, left, digests]) buffer.destroy()
    return keptRows(task, values)
  }

  async bandwidth(): Promise<Bandwidths> {
    const bytes = Math.min(REGION_BYTES, this.#device.limits.maxBufferSize)
    const host = new Uint8Array(bytes / 4)
    const memory = this.#buffer(bytes, STORAGE | COPY_DST | COPY_SRC)
    const sums = this.#buffer(4 * 256 * READ_GROUPS, STORAGE)
    const read = (): Promise<void> => {
      for (let i = 0; i < REPEATS; i++) this.#dispatch(shader.READ, [memory, sums], READ_GROUPS)
      return this.#done()
    }
    const upload = (): Promise<void> => {
      for (let i = 0; i < 4; i++) this.#device.queue.writeBuffer(memory, i * host.length, host)
      return this.#done()
    }
    return this.#guarded(async () => {
      const memoryGiBs = await gibPerSecond(REPEATS * bytes, read)
      const toCardGiBs = await gibPerSecond(bytes, upload)
      const fromCardGiBs = await gibPerSecond(bytes, async () => void (await this.#read(memory)))
      memory.destroy()
      sums.destroy()
      const { description, vendor } = this.#adapter.info
      return { adapter: description || vendor, memoryGiBs, toCardGiBs, fromCardGiBs }
    })
  }

  #entries(format: Format, side: 'left' | 'right', into: GPUBuffer, word: number, first: number, count: number): void {
    const groups = count / shader.ENTRIES_PER_GROUP
    const across = Math.min(groups, 4096)
    this.#dispatch(shader.entries(format, side), [this.#params([word, first, 0, 0]), into], across, groups / across)
  }

  #dispatch(code: string, buffers: readonly GPUBuffer[], x: number, y = 1): void {
    const pipeline = this.#pipeline(code)
    const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }))
    const group = this.#device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries })
    const encoder = this.#device.createCommandEncoder()
    const pass = encoder.beginComputePass()
    pass.setPipeline(pipeline)
    pass.setBindGroup(0, group)
    pass.dispatchWorkgroups(x, y)
    pass.end()
    this.#device.queue.submit([encoder.finish()])
  }

  #pipeline(code: string): GPUComputePipeline {
    const known = this.#pipelines.get(code)
    if (known !== undefined) return known
    const module = this.#device.createShaderModule({ code })
    const pipeline = this.#device.createComputePipeline({ layout: 'auto', compute: { module, entryPoint: 'main' } })
    this.#pipelines.set(code, pipeline)
    return pipeline
  }

  #buffer(size: number, usage: number): GPUBuffer {
    return this.#device.createBuffer({ size, usage })
  }

  #params(words: readonly number[]): GPUBuffer {
    const buffer = this.#buffer(4 * words.length, UNIFORM | COPY_DST)
    this.#device.queue.writeBuffer(buffer, 0, Uint32Array.from(words))
    return buffer
  }

  async #read(buffer: GPUBuffer): Promise<Uint32Array> {
    const copy = this.#buffer(buffer.size, MAP_READ | COPY_DST)
    const encoder = this.#device.createCommandEncoder()
    encoder.copyBufferToBuffer(buffer, 0, copy, 0, buffer.size)
    this.#device.queue.submit([encoder.finish()])
    await copy.mapAsync(MAP_READ)
    const words = new Uint32Array(copy.getMappedRange().slice(0))
    copy.destroy()
    return words
  }

  #done(): Promise<undefined> {
    return this.#device.queue.onSubmittedWorkDone()
  }

  /** Resolves when the card has done what was asked; rejects with METER_FAILED where it had not the memory, or the driver objected. */
  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    for (const filter of FILTERS) this.#device.pushErrorScope(filter)
    const result = await work().catch((error: unknown) => ({ error }))
    await this.#done()
    const errors = await Promise.all(FILTERS.map(() => this.#device.popErrorScope()))
    const error = errors.find((found) => found !== null)
    if (error !== undefined && error !== null) {
      this.#drop()
      throw new WeftError('METER_FAILED', `the card's driver says: ${error.message || 'out of memory'}`)
    }
    if (typeof result === 'object' && result !== null && 'error' in result) throw result.error
    return result
  }

  #drop(): void {
    for (const region of this.#filled) region.destroy()
    this.#filled = []
  }
}

const FILTERS = ['validation', 'out-of-memory', 'internal'] as const

/** Not installed unless somebody asks for it: it brings the binaries of every platform. */
async function dawn(): Promise<Dawn> {
  const name = 'webgpu'
  try {
    return (await import(name)) as Dawn
  } catch (cause) {
    throw new WeftError('NO_METER', 'cards are measured with the package webgpu: npm install --no-save webgpu@0.6.2', { cause })
  }
}
