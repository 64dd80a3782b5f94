import { MIB, messageOf, WeftError } from '@weft/protocols'
import type { Address, Argument, CardInfo, Cuda, Kernel, PinnedMemory } from './cuda.ts'

/** CUDA's driver API, wherever NVIDIA's driver is; no toolkit is needed. */
export const LIBRARY = process.platform === 'win32' ? 'nvcuda.dll' : 'libcuda.so.1'

/** Functions and what they take, as cuda.h declares them (docs.nvidia.com/cuda/cuda-driver-api); each returns a CUresult. A pointer is a number here. */
const FUNCTIONS = {
  cuInit: ['uint32_t'],
  cuDeviceGetCount: ['void *'],
  cuDeviceGet: ['void *', 'int'],
  cuDeviceGetName: ['void *', 'int', 'int'],
  cuDeviceGetAttribute: ['void *', 'int', 'int'],
  cuDevicePrimaryCtxRetain: ['void *', 'int'],
  cuCtxSetCurrent: ['uint64_t'],
  cuCtxSynchronize: [],
  cuMemGetInfo_v2: ['void *', 'void *'],
  cuMemAlloc_v2: ['void *', 'size_t'],
  cuMemFree_v2: ['uint64_t'],
  cuMemsetD8_v2: ['uint64_t', 'uint8_t', 'size_t'],
  cuMemcpyDtoH_v2: ['void *', 'uint64_t', 'size_t'],
  cuMemcpyHtoD_v2: ['uint64_t', 'void *', 'size_t'],
  cuMemHostAlloc: ['void *', 'size_t', 'uint32_t'],
  cuMemFreeHost: ['void *'],
  cuModuleLoadDataEx: ['void *', 'str', 'uint32_t', 'void *', 'void *'],
  cuModuleGetFunction: ['void *', 'uint64_t', 'str'],
  cuLaunchKernel: ['uint64_t', ...new Array<'uint32_t'>(7).fill('uint32_t'), 'uint64_t', 'void *', 'void *'],
  cuGetErrorName: ['int', 'void *'],
  cuGetErrorString: ['int', 'void *'],
} as const
type Name = keyof typeof FUNCTIONS
type Value = number | bigint | string | ArrayBufferView | null

/** Of CUresult and CUdevice_attribute. */
const OUT_OF_MEMORY = 2
const CAPABILITY_MAJOR = 75
const CAPABILITY_MINOR = 76
/** CU_JIT_ERROR_LOG_BUFFER and its size. */
const JIT_OPTIONS = [5, 6] as const
const JIT_LOG_BYTES = 4096
const NAME_BYTES = 256
/** Of what one kernel is given. */
const ARGUMENTS_MAX = 16
const ARGUMENT_BYTES = 64
/** The driver's compiler needs more than the megabyte that koffi gives to a call. */
const STACK_BYTES = 8 * MIB

/** `library`: for tests. Throws NO_METER where there is no driver, or one that is too old. */
export async function koffiCuda(library: string = LIBRARY): Promise<Cuda> {
  const { default: koffi } = await import('koffi').catch((cause: unknown) => {
    const fix = 'install Weft again, with the optional packages of this platform'
    throw new WeftError('NO_METER', `the package koffi cannot be loaded here (${messageOf(cause)}); ${fix}`, { cause })
  })
  // Once a library is loaded it can be said no more.
  if (koffi.config().sync_stack_size !== STACK_BYTES) koffi.config({ sync_stack_size: STACK_BYTES })
  let loaded: ReturnType<typeof koffi.load>
  try {
    loaded = koffi.load(library)
  } catch (cause) {
    const fix = "install NVIDIA's driver (Debian: nvidia-driver and libcuda1), or in a container mount the library of its host"
    throw new WeftError('NO_METER', `${library} cannot be opened; ${fix}`, { cause })
  }
  const found = new Map<string, (...values: Value[]) => number>()
  for (const [name, takes] of Object.entries(FUNCTIONS)) {
    try {
      found.set(name, loaded.func(name, 'int', [...takes]))
    } catch (cause) {
      throw new WeftError('NO_METER', `NVIDIA's driver has no ${name}: it is too old; install 410 or a newer one`, { cause })
    }
  }
  return new KoffiCuda({
    call: (name, ...values) => found.get(name)?.(...values) ?? -1,
    addressOf: (bytes) => koffi.address(bytes),
    textAt: (address) => koffi.decode.string(address),
  })
}

/** What is called through koffi. */
interface Foreign {
  /** What the function returns. */
  call(name: Name, ...values: Value[]): number
  addressOf(bytes: ArrayBufferView): bigint
  textAt(address: bigint): string
}

class KoffiCuda implements Cuda {
  readonly #foreign: Foreign
  // The driver writes and reads these by address, so they live as long as this, and outside of the heap, where nothing moves them.
  readonly #out = new BigUint64Array(new ArrayBuffer(16))
  readonly #values = new DataView(new ArrayBuffer(ARGUMENTS_MAX * ARGUMENT_BYTES))
  readonly #places = new BigUint64Array(new ArrayBuffer(8 * ARGUMENTS_MAX))
  readonly #jitLog = new Uint8Array(new ArrayBuffer(JIT_LOG_BYTES))
  readonly #jitOptions = Int32Array.from(JIT_OPTIONS)
  readonly #jitValues: BigUint64Array

  constructor(foreign: Foreign) {
    this.#foreign = foreign
    const values = foreign.addressOf(this.#values)
    for (let i = 0; i < ARGUMENTS_MAX; i++) this.#places[i] = values + BigInt(i * ARGUMENT_BYTES)
    this.#jitValues = BigUint64Array.of(foreign.addressOf(this.#jitLog), BigInt(JIT_LOG_BYTES))
  }

  open(): CardInfo {
    try {
      this.#do('cuInit', 0)
    } catch (cause) {
      throw new WeftError('NO_METER', `NVIDIA's driver shows no card: ${messageOf(cause)}; see nvidia-smi`, { cause })
    }
    const count = this.#number('cuDeviceGetCount')
    if (count !== 1) throw new WeftError('NO_METER', `CUDA shows ${count} cards where one is to be measured`)
    const device = this.#number('cuDeviceGet', 0)
    const name = new Uint8Array(new ArrayBuffer(NAME_BYTES))
    this.#do('cuDeviceGetName', name, NAME_BYTES, device)
    const major = this.#number('cuDeviceGetAttribute', CAPABILITY_MAJOR, device)
    const minor = this.#number('cuDeviceGetAttribute', CAPABILITY_MINOR, device)
    this.#do('cuCtxSetCurrent', this.#pointer('cuDevicePrimaryCtxRetain', device))
    return { name: textOf(name), capability: 10 * major + minor }
  }

  memory(): { freeBytes: number; totalBytes: number } {
    const [free, total] = [this.#out.subarray(0, 1), this.#out.subarray(1, 2)]
    this.#do('cuMemGetInfo_v2', free, total)
    return { freeBytes: Number(free[0]), totalBytes: Number(total[0]) }
  }

  alloc(bytes: number): Address | undefined {
    const result = this.#foreign.call('cuMemAlloc_v2', this.#out, bytes)
    if (result === OUT_OF_MEMORY) return undefined
    this.#check('cuMemAlloc_v2', result)
    return this.#out[0]
  }

  free(address: Address): void {
    this.#do('cuMemFree_v2', address)
  }

  clear(address: Address, bytes: number): void {
    this.#do('cuMemsetD8_v2', address, 0, bytes)
  }

  read(address: Address, bytes: number): Uint8Array {
    const read = new Uint8Array(new ArrayBuffer(bytes))
    this.#do('cuMemcpyDtoH_v2', read, address, bytes)
    return read
  }

  pin(bytes: number): PinnedMemory {
    const host = this.#pointer('cuMemHostAlloc', bytes, 0)
    return {
      toCard: (address, count) => this.#do('cuMemcpyHtoD_v2', address, host, count),
      fromCard: (address, count) => this.#do('cuMemcpyDtoH_v2', host, address, count),
      free: () => this.#do('cuMemFreeHost', host),
    }
  }

  load(ptx: string): (name: string) => Kernel {
    this.#jitLog.fill(0)
    const result = this.#foreign.call('cuModuleLoadDataEx', this.#out, ptx, 2, this.#jitOptions, this.#jitValues)
    this.#check('cuModuleLoadDataEx', result, textOf(this.#jitLog))
    const module = this.#out[0] as bigint
    return (name) => this.#pointer('cuModuleGetFunction', module, name)
  }

  launch(kernel: Kernel, groups: readonly [number, number], threads: number, given: readonly Argument[]): void {
    given.forEach((argument, i) => {
      const at = i * ARGUMENT_BYTES
      if ('u32' in argument) this.#values.setUint32(at, argument.u32, true)
      else if ('words' in argument) argument.words.forEach((word, j) => void this.#values.setUint32(at + 4 * j, word, true))
      else this.#values.setBigUint64(at, 'u64' in argument ? argument.u64 : argument.address, true)
    })
    this.#do('cuLaunchKernel', kernel, ...groups, 1, threads, 1, 1, 0, 0n, this.#places, null)
  }

  wait(): void {
    this.#do('cuCtxSynchronize')
  }

  #do(name: Name, ...values: Value[]): void {
    this.#check(name, this.#foreign.call(name, ...values))
  }

  /** What a function writes through its first parameter: a number of 32 bits. */
  #number(name: Name, ...values: Value[]): number {
    this.#out[0] = 0n
    this.#do(name, this.#out, ...values)
    return Number(this.#out[0] & 0xffff_ffffn)
  }

  /** The same of 64 bits. */
  #pointer(name: Name, ...values: Value[]): bigint {
    this.#do(name, this.#out, ...values)
    return this.#out[0] as bigint
  }

  /** Throws METER_FAILED with the driver's own words where it says anything but success. */
  #check(name: Name, result: number, log = ''): void {
    if (result === 0) return
    const text = (of: 'cuGetErrorName' | 'cuGetErrorString'): string => {
      const isKnown = this.#foreign.call(of, result, this.#out) === 0 && this.#out[0] !== 0n
      return isKnown ? this.#foreign.textAt(this.#out[0] as bigint) : `error ${result}`
    }
    const why = `${text('cuGetErrorName')}: ${text('cuGetErrorString')}${log === '' ? '' : `: ${log}`}`
    throw new WeftError('METER_FAILED', `${why} (${name})`)
  }
}

/** What stands before the first zero. */
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString().split('\0', 1)[0]?.trim() ?? ''
