import type { Connection, Libp2p, PeerId } from '@libp2p/interface'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'

const ADDRESSES_MAX = 8

export interface DialOptions {
  signal: AbortSignal
  /** Only addresses that need no relay, even where a relayed connection exists. @default false */
  direct?: boolean
}

/** Connects to `peer`: by the addresses given, then by what the peer book and the DHT know of it. */
export async function dialAddresses(
  libp2p: Libp2p,
  peer: PeerId,
  addresses: readonly string[],
  { signal, direct = false }: DialOptions,
): Promise<Connection> {
  const usable = addresses.slice(0, ADDRESSES_MAX).flatMap((text) => addressOf(text, peer) ?? [])
  const wanted = direct ? usable.filter((address) => !isRelayed(address)) : usable
  if (wanted.length > 0) {
    try {
      return await libp2p.dial(wanted, { signal, force: direct })
    } catch (error) {
      if (signal.aborted) throw error
    }
  }
  if (!direct) return await libp2p.dial(peer, { signal })
  const known = await libp2p.peerStore.get(peer, { signal })
  const others = known.addresses.map((entry) => withPeer(entry.multiaddr, peer)).filter((address) => !isRelayed(address))
  return await libp2p.dial(others, { signal, force: true })
}

/** The address with the peer's id at its end; undefined if it is none, or another peer's. */
export function addressOf(text: string, peer: PeerId): Multiaddr | undefined {
  try {
    return withPeer(multiaddr(text), peer)
  } catch {
    return undefined
  }
}

function withPeer(address: Multiaddr, peer: PeerId): Multiaddr {
  const last = address.getComponents().at(-1)
  if (last?.name !== 'p2p') return address.encapsulate(`/p2p/${peer.toString()}`)
  if (last.value !== peer.toString()) throw new Error('the address belongs to another peer')
  return address
}

const isRelayed = (address: Multiaddr): boolean => address.getComponents().some((component) => component.name === 'p2p-circuit')
