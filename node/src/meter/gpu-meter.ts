import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { WeftError } from '@weft/protocols'
import type { Task } from '@weft/protocols/measure'
import type { Device } from '../capacity/index.ts'
import type { Bandwidths, Call, Reply, Target } from './gpu-wire.ts'

/** What it must know of a card. */
export type MeasuredDevice = Pick<Device, 'id' | 'vendor' | 'pci' | 'sliceOf'>

/** Drawing a screen waits no longer for a card than a driver's own watchdog lets it; reading and filling 140 GiB takes seconds. */
const TIMEOUT_MS = 60_000

/** A process that drives the card, and who waits for its answers. */
interface Driver {
  child: ChildProcess
  waiting: Map<number, { resolve(reply: Reply): void; reject(error: Error): void }>
}

/** One card of this machine, driven by a process of its own, which is there while something is measured. */
export class GpuMeter {
  readonly #target: Target
  readonly #env: NodeJS.ProcessEnv
  readonly #timeoutMs: number
  #driver: Driver | undefined
  #calls = 0

  constructor(target: Target, env: NodeJS.ProcessEnv = {}, timeoutMs: number = TIMEOUT_MS) {
    this.#target = target
    this.#env = env
    this.#timeoutMs = timeoutMs
  }

  async perform(task: Task): Promise<readonly number[]> {
    const reply = await this.#ask({ do: 'perform', task })
    return 'report' in reply ? reply.report : []
  }

  async bandwidth(): Promise<Bandwidths> {
    const reply = await this.#ask({ do: 'bandwidth' })
    if (!('bandwidths' in reply)) throw new WeftError('METER_FAILED', 'the process that drives the card answers something else')
    return reply.bandwidths
  }

  release(): void {
    this.#driver?.child.kill('SIGKILL')
    this.#driver = undefined
  }

  #ask(call: Call): Promise<Reply> {
    const { child, waiting } = this.#running()
    const id = ++this.#calls
    let timer: NodeJS.Timeout | undefined
    return new Promise<Reply>((resolve, reject) => {
      waiting.set(id, { resolve, reject })
      // Who waits for a broken driver cannot be killed, and is not waited for.
      timer = setTimeout(() => {
        child.kill('SIGKILL')
        if (this.#driver?.child === child) this.#driver = undefined
        for (const other of waiting.values())
          other.reject(new WeftError('METER_FAILED', 'the process that drives the card did not answer in time'))
      }, this.#timeoutMs)
      child.send({ id, call }, (error) => error && reject(error))
    }).finally(() => {
      clearTimeout(timer)
      waiting.delete(id)
    })
  }

  #running(): Driver {
    if (this.#driver !== undefined) return this.#driver
    const isSource = import.meta.url.endsWith('.ts')
    const program = fileURLToPath(new URL(isSource ? './gpu-child.ts' : './gpu-child.js', import.meta.url))
    const child = fork(program, [JSON.stringify(this.#target)], {
      serialization: 'advanced',
      execArgv: isSource ? ['--conditions=@weft/source', '--disable-warning=ExperimentalWarning'] : [],
      env: { ...process.env, ...this.#env },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    const driver: Driver = { child, waiting: new Map() }
    child.on('message', (reply: Reply) => {
      const caller = driver.waiting.get(reply.id)
      if ('code' in reply) caller?.reject(new WeftError(reply.code, reply.message))
      else caller?.resolve(reply)
    })
    const gone = (how: string): void => {
      if (this.#driver === driver) this.#driver = undefined
      for (const { reject } of driver.waiting.values())
        reject(new WeftError('METER_FAILED', `the process that drives the card ${how}`))
    }
    child.once('error', (error) => gone(`could not be started: ${error.message}`))
    child.once('exit', (code, signal) => gone(`ended with ${signal ?? code}`))
    this.#driver = driver
    return driver
  }
}

/** As nvidia-smi names cards and slices; older drivers name a slice by its card and two numbers. */
const NVIDIA_ID = /^(GPU|MIG)-[\w/-]+$/

/**
 * What drives `device`, and the environment in which it sees that one and nothing else of its vendor: CUDA takes the ids of cards and slices
 * (docs.nvidia.com/cuda/cuda-c-programming-guide, CUDA_VISIBLE_DEVICES), and Mesa's device selection for Vulkan a PCI address (docs.mesa3d.org/envvars.html,
 * DRI_PRIME). Throws NO_METER where cards cannot be told apart.
 */
export function selecting(
  { id, vendor, pci, sliceOf }: MeasuredDevice,
  all: readonly MeasuredDevice[],
): { target: Target; env: NodeJS.ProcessEnv } {
  const isAlone = sliceOf === undefined && all.filter((other) => other.vendor === vendor).length === 1
  if (vendor === 'nvidia') {
    if (!NVIDIA_ID.test(id))
      throw new WeftError('NO_METER', `NVIDIA's driver cannot be told to use ${id}, which is no id of its own`)
    return { target: { vendor, by: isAlone ? 'cuda-or-webgpu' : 'cuda' }, env: { CUDA_VISIBLE_DEVICES: id } }
  }
  const target: Target = { vendor, by: 'webgpu' }
  if (isAlone) return { target, env: {} }
  if (pci === undefined || sliceOf !== undefined) {
    throw new WeftError('NO_METER', `Vulkan cannot be told which of several ${vendor} cards or slices of one machine to use`)
  }
  return { target, env: { DRI_PRIME: `pci-${pci.address.replaceAll(/[:.]/g, '_')}!` } }
}
