import { toHex } from '../../wire/bytes.ts'
import type { Gpu } from '../../wire/types.ts'

/** One card that may be measured. */
export interface Measurable {
  /** SHA-256 of its id, hex. */
  card: string
  vramMib: number
  /** What it is compared with: the same vendor and model. */
  kind: string
}

/** Of the cards that are announced those that a tool found, each once: what is only claimed is never measured. */
export function measurable(gpus: readonly Gpu[]): Measurable[] {
  const cards = new Map<string, Measurable>()
  for (const { uuidHashes, vramMib, vendor, model, detected } of gpus) {
    if (detected === false) continue
    for (const card of uuidHashes.map(toHex)) cards.set(card, { card, vramMib, kind: `${vendor} ${model}` })
  }
  return [...cards.values()]
}
