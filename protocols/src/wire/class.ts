/**
 * Coarse shelves for topics and DHT keys, from small to large. A provider subscribes downward from its own class, a renter
 * looks upward from its order's.
 */
export const CLASSES = ['cpu', 'gpu', 'gpu-8g', 'gpu-16g', 'gpu-24g', 'gpu-40g', 'gpu-48g', 'gpu-80g', 'gpu-140g'] as const
export type Class = (typeof CLASSES)[number]

/** A card sold as N GB reports a little less than N GiB (a 24 GB card 22.5 to 24), so 0.92·N GiB is enough. */
const VRAM_TOLERANCE = 0.92
const MIB_PER_GIB = 1024
const VRAM_CLASSES: readonly [Class, number][] = [
  ['gpu-140g', 140],
  ['gpu-80g', 80],
  ['gpu-48g', 48],
  ['gpu-40g', 40],
  ['gpu-24g', 24],
  ['gpu-16g', 16],
  ['gpu-8g', 8],
]

/** True if a card that reports `vramMib` serves somebody who asked for `wantedMib`. */
export const vramFits = (vramMib: number, wantedMib: number): boolean => vramMib >= vramLeastMib(wantedMib)

/** The least that a card reports which serves somebody who asked for `wantedMib`. */
export const vramLeastMib = (wantedMib: number): number => wantedMib * VRAM_TOLERANCE

/** The largest shelf that `devices` cards of `vramMib` MiB belong on: a provider's class. */
export function classOf(devices: number, vramMib: number): Class {
  if (devices === 0) return 'cpu'
  return VRAM_CLASSES.find(([, gib]) => vramFits(vramMib, gib * MIB_PER_GIB))?.[0] ?? 'gpu'
}

/**
 * An order's class: the largest shelf not above what it asks for. No tolerance here: it already lets a smaller card fit,
 * so every provider whose card fits stands on this shelf or a larger one.
 */
export function classOfOrder(gpuCount: number, gpuVramMib: number): Class {
  if (gpuCount === 0) return 'cpu'
  return VRAM_CLASSES.find(([, gib]) => gpuVramMib >= gib * MIB_PER_GIB)?.[0] ?? 'gpu'
}

/** `own` and every smaller class: what a provider listens to. */
export const classesDown = (own: Class): Class[] => CLASSES.slice(0, CLASSES.indexOf(own) + 1)

/** `wanted` and every larger class: where a renter looks. */
export const classesUp = (wanted: Class): Class[] => CLASSES.slice(CLASSES.indexOf(wanted))
