import type { CapacityInit } from '@weft/protocols/core'
import type { PeerInfo } from '../api/components.ts'
import type { StatusView } from '../api/views.ts'
import { systemClock } from '../clock.ts'
import type { PeerInit } from '../peer.ts'
import { VERSION } from '../version.ts'
import { checkEngine, checkFolder, checkNetwork, checkNode } from './doctor.ts'
import type { Foundation } from './foundation.ts'
import type { ChosenEngine } from './lending.ts'

export interface PeerInfoParts {
  foundation: Foundation
  chosen: ChosenEngine
  capacity: CapacityInit | undefined
  activeLeases(): number
  isDraining(): boolean
  drain(): void
  shutdown(): void
}

/** What the API tells of the peer around the host. */
export function peerInfo(init: PeerInit, parts: PeerInfoParts): PeerInfo {
  const { foundation, chosen, capacity } = parts
  const { network, metrics } = foundation
  const startedMs = systemClock.monoMs()
  const status = (): StatusView => ({
    peerId: network.peerId,
    network: init.network,
    roles: capacity === undefined ? ['renter'] : ['renter', 'provider'],
    addresses: network.addresses(),
    connections: network.connectionCount,
    engine: chosen.engine === undefined ? null : { name: chosen.engine.name, version: chosen.engine.version },
    leases: parts.activeLeases(),
    uptimeSeconds: Math.floor((systemClock.monoMs() - startedMs) / 1000),
    draining: parts.isDraining(),
    version: VERSION,
    pid: process.pid,
  })
  return {
    status,
    connections: () =>
      network.peers().map((peer) => ({
        peerId: peer.peerId,
        address: peer.addresses[0] ?? '',
        direction: peer.direction,
        relayed: peer.relayed,
        openSeconds: Math.max(0, Math.floor((systemClock.wallMs() - peer.connectedSince) / 1000)),
      })),
    async doctor(signal) {
      const checks = [
        checkNode(),
        ...(await checkFolder(init.home.folder)),
        await checkEngine(chosen, capacity !== undefined, signal),
        ...checkNetwork(network.addresses(), network.connectionCount, init.mode === 'client'),
      ]
      return { ok: checks.every(({ ok }) => ok), checks }
    },
    drain: parts.drain,
    shutdown: parts.shutdown,
    metrics: metrics.text,
  }
}
