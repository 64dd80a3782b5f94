import type { ClockView, MeasuredCardView } from '@weft/protocols/core'
import type { PeerInfo } from '../api/components.ts'
import type { StatusView } from '../api/views.ts'
import { systemClock } from '../clock.ts'
import type { GuardState } from '../guard/keeper.ts'
import type { PeerInit } from '../peer.ts'
import { VERSION } from '../version.ts'
import { foundReport, offeringReport } from './capacity-doctor.ts'
import type { DiskView } from './disk-room.ts'
import { checkClock, checkEngine, checkFolder, checkGuard, checkNetwork, checkNode } from './doctor.ts'
import type { Foundation } from './foundation.ts'
import type { ChosenEngine, Lending } from './lending.ts'
import { lentText } from './lent-text.ts'

export interface PeerInfoParts {
  foundation: Foundation
  chosen: ChosenEngine
  lending: Lending | undefined
  disk(): DiskView | undefined
  clock(): ClockView
  /** What others measured of a card of this peer's. */
  measured(card: string): MeasuredCardView | null
  activeLeases(): number
  isDraining(): boolean
  drain(): void
  shutdown(): void
}

/** What the API tells of the peer around the host. */
export function peerInfo(init: PeerInit, parts: PeerInfoParts): PeerInfo {
  const { foundation, chosen, lending } = parts
  const { network, metrics } = foundation
  const startedMs = systemClock.monoMs()
  const status = (): StatusView => ({
    peerId: network.peerId,
    network: init.network,
    roles: lending === undefined ? ['renter'] : ['renter', 'provider'],
    addresses: network.addresses(),
    connections: network.connectionCount,
    engine: chosen.engine === undefined ? null : { name: chosen.engine.name, version: chosen.engine.version },
    leases: parts.activeLeases(),
    guard: guardView(lending?.guard()),
    disk: parts.disk() ?? null,
    lends: lendsView(lending),
    clock: parts.clock(),
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
      const capacity =
        lending === undefined ? await foundReport(init.home.folder, false) : offeringReport(lending.offering, parts.measured)
      const checks = [
        checkNode(),
        ...(await checkFolder(init.home.folder)),
        await checkEngine(chosen, lending !== undefined, signal),
        ...(lending === undefined ? [] : [checkGuard(lending)]),
        checkClock(parts.clock()),
        ...checkNetwork({
          addresses: network.addresses(),
          connections: network.connectionCount,
          isClient: init.mode === 'client',
          bootstrap: init.bootstrap.length,
        }),
        ...capacity.checks,
      ]
      return { ok: checks.every(({ ok }) => ok), checks, capacity: capacity.capacity }
    },
    drain: parts.drain,
    shutdown: parts.shutdown,
    metrics: metrics.text,
  }
}

function lendsView(lending: Lending | undefined): StatusView['lends'] {
  if (lending === undefined) return null
  const { now, machine, file } = lending.offering
  return { text: lentText({ ...now, faults: machine.faults }), file: { ...file, problem: file.problem ?? null } }
}

function guardView(state: GuardState | undefined): StatusView['guard'] {
  return state === undefined ? null : { pid: state.pid, containers: state.containers ?? null }
}
