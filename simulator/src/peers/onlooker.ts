import type { ProviderInit } from '@weft/protocols/core'
import type { Onlooker } from '../checkers/index.ts'
import type { Trouble } from '../faults/trouble.ts'
import type { Identities } from './identities.ts'

interface Watched {
  readonly identities: Identities
  readonly peers: readonly ({ readonly provider: ProviderInit | undefined } | undefined)[]
  readonly trouble: Trouble
  /** µs; Infinity: it is away or cut off. */
  calmSinceUs(peer: number): number
  /** µs; Infinity: its process does not run, or is frozen. */
  actsSinceUs(peer: number): number
}

/** What checkers may know of a world's peers beside what they say and do. */
export function onlookerOf(world: Watched): Onlooker {
  const providerOf = (id: Parameters<Identities['indexOf']>[0]): ProviderInit | undefined => {
    const peer = world.identities.indexOf(id)
    return peer === undefined ? undefined : world.peers[peer]?.provider
  }
  const sinceMs = (id: Parameters<Identities['indexOf']>[0], sinceUs: (peer: number) => number): number => {
    const peer = world.identities.indexOf(id)
    return peer === undefined ? Number.POSITIVE_INFINITY : sinceUs(peer) / 1_000
  }
  return {
    capacityOf: (provider) => providerOf(provider)?.capacity,
    strangersCap: (provider) => providerOf(provider)?.credit?.strangers,
    isByzantine: (peer) => {
      const index = world.trouble.roles.size === 0 ? undefined : world.identities.indexOf(peer)
      return index !== undefined && world.trouble.isByzantine(index)
    },
    calmSinceMs: (id) => sinceMs(id, (peer) => world.calmSinceUs(peer)),
    actsSinceMs: (id) => sinceMs(id, (peer) => world.actsSinceUs(peer)),
  }
}
