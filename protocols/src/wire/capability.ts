/**
 * Compute capabilities order themselves where they are numbers, as NVIDIA's are: a program built for 8.0 runs on 8.9
 * (https://docs.nvidia.com/cuda/cuda-programming-guide/05-appendices/compute-capabilities.html). What is no number, such as
 * AMD's `gfx1100`, names an instruction set: only the same one serves.
 */
const NUMBER = /^(\d{1,3})\.(\d{1,3})$/
const PER_MAJOR = 1_000

/** `8.9` → 8009: comparable; undefined where it is no number. */
export function capabilityNumber(capability: string): number | undefined {
  const [, major, minor] = NUMBER.exec(capability) ?? []
  return major === undefined ? undefined : Number(major) * PER_MAJOR + Number(minor)
}

/** True if a device of capability `has` runs what was built for `wanted`; empty: anything does, and an unknown device nothing else. */
export function capabilityFits(has: string, wanted: string): boolean {
  if (wanted === '' || has === wanted) return true
  const least = capabilityNumber(wanted)
  if (least === undefined) return has.toLowerCase() === wanted.toLowerCase()
  const number = capabilityNumber(has)
  return number !== undefined && number >= least
}
