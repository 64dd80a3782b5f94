/** Between a peer and the process that drives one of its cards. */
import type { Vendor } from '../capacity/index.ts'

/** Which card of this machine a process is to drive. */
export interface Target {
  vendor: Vendor | 'any'
  /** CUDA drives whatever its environment shows; WebGPU in its place only where NVIDIA's library is not there. */
  by: 'cuda' | 'cuda-or-webgpu' | 'webgpu'
  /** For tests: in place of NVIDIA's. */
  library?: string | undefined
}

export interface Request {
  id: number
  call: Call
}

export type Call =
  | { do: 'perform'; task: import('@weft/protocols/measure').Task }
  /** Bandwidths for the owner: nobody else could check them. */
  | { do: 'bandwidth' }

export interface Bandwidths {
  /** The driver's name of what was measured. */
  adapter: string
  memoryGiBs: number
  toCardGiBs: number
  fromCardGiBs: number
}

export type Reply = { id: number } & (
  | { report: readonly number[] }
  | { bandwidths: Bandwidths }
  | { code: string; message: string }
)
