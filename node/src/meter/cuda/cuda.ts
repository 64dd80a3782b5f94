/** An address in a card's memory. */
export type Address = bigint

/** A function of a loaded module. */
export type Kernel = bigint

/** What a kernel is given: an address, a number of 32 bits, one of 64, or words that a struct of the kernel's has. */
export type Argument = { address: Address } | { u32: number } | { u64: bigint } | { words: Uint32Array }

/** The one card that a process sees. */
export interface CardInfo {
  /** The driver's name of it. */
  name: string
  /** Ten times the compute capability: 89 is 8.9. */
  capability: number
}

/** Memory of the machine from which a card copies by itself. */
export interface PinnedMemory {
  toCard(address: Address, bytes: number): void
  fromCard(address: Address, bytes: number): void
  free(): void
}

/**
 * What measuring needs of CUDA's driver API, call for call: the driver has it through `koffi-cuda.ts`, the tests have a machine of their own that runs
 * PTX. Work of one card is done in the order in which it is asked for, and calls that bring something back wait for what was asked before.
 * Throws WeftError: METER_FAILED where the driver says anything but success.
 */
export interface Cuda {
  /** Throws NO_METER where not exactly one card is seen. */
  open(): CardInfo
  /** Bytes that could be had now, of all. */
  memory(): { freeBytes: number; totalBytes: number }
  /** undefined: so much is not free. */
  alloc(bytes: number): Address | undefined
  free(address: Address): void
  /** Writes zeros. */
  clear(address: Address, bytes: number): void
  read(address: Address, bytes: number): Uint8Array
  pin(bytes: number): PinnedMemory
  /** Compiles a module for the card; what comes back finds its functions by name. */
  load(ptx: string): (name: string) => Kernel
  /** Along x and y: groups, and threads of a group along x. */
  launch(kernel: Kernel, groups: readonly [number, number], threads: number, given: readonly Argument[]): void
  /** Waits until all is done. */
  wait(): void
}
