/** What is cut, how, and for how long. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Direction, Namespaces } from './namespaces.ts'

export interface Case {
  /** `flapping`: cut and healed in turn. */
  kind: 'full' | 'one-way in' | 'one-way out' | 'flapping'
  /** Of the peer that the job runs on, or of the one that pays for it. */
  who: 'provider' | 'renter'
  seconds: number
}

const FLAP_MS = 1_500
const DIRECTIONS: Readonly<Record<Case['kind'], Direction>> = {
  full: 'both',
  'one-way in': 'in',
  'one-way out': 'out',
  flapping: 'both',
}

export const SHORT: readonly Case[] = [{ kind: 'full', who: 'provider', seconds: 5 }]
export const ALL: readonly Case[] = [
  ...SHORT,
  { kind: 'one-way in', who: 'provider', seconds: 5 },
  { kind: 'one-way out', who: 'provider', seconds: 5 },
  { kind: 'flapping', who: 'provider', seconds: 20 },
  { kind: 'full', who: 'renter', seconds: 20 },
  { kind: 'one-way in', who: 'provider', seconds: 30 },
  { kind: 'one-way out', who: 'renter', seconds: 30 },
  { kind: 'flapping', who: 'renter', seconds: 60 },
  { kind: 'full', who: 'provider', seconds: 120 },
]

/** Cuts, waits, heals; heals as well where it is interrupted. */
export async function partition(
  namespaces: Namespaces,
  peer: string,
  { kind, seconds }: Case,
  signal: AbortSignal,
): Promise<void> {
  const direction = DIRECTIONS[kind]
  // Counted in periods and not by a clock: a timer may fire before its time, and what is left would be one cut more.
  const periods = kind === 'flapping' ? Math.ceil((seconds * 1_000) / FLAP_MS) : 1
  const periodMs = (seconds * 1_000) / periods
  let isCut = false
  try {
    for (let period = 0; period < periods; period++) {
      await (isCut ? namespaces.heal(peer, direction) : namespaces.cut(peer, direction))
      isCut = !isCut
      await delay(periodMs, undefined, { signal })
    }
  } finally {
    if (isCut) await namespaces.heal(peer, direction)
  }
}
