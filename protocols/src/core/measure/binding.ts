import { cardSeed, type Size, type Stage, stageSeed, type Task } from '../../measure/index.ts'
import type { PeerId } from '../../units.ts'
import type { Step } from '../step.ts'

/** Who asks whom. */
export interface Parties {
  nonce: Uint8Array
  challenger: PeerId
  provider: PeerId
}

/** One stage for one card, as both sides work it out. */
export function taskOf(step: Step, parties: Parties, size: Size, card: string, stage: Stage, seed: Uint8Array): Task {
  const sha256 = (bytes: Uint8Array): Uint8Array => step.sha256(bytes)
  const own = cardSeed(sha256, { ...parties, card })
  return { ...size, card, stage, seed: own, stageSeed: stageSeed(sha256, own, seed) }
}
