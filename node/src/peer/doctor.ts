import { constants } from 'node:fs'
import { access, statfs } from 'node:fs/promises'
import { messageOf, WeftError } from '@weft/protocols'
import type { ClockView } from '@weft/protocols/core'
import type { DoctorView } from '../api/views.ts'
import type { Sighting } from '../guard/door.ts'
import { checkVersion, homePaths, loadIdentity } from '../home/index.ts'
import type { ChosenEngine, Lending } from './lending.ts'

type Check = DoctorView['checks'][number]

/** Less than this and deliveries begin to fail. */
const DISK_BYTES_MIN = 2 * 1024 ** 3
const NODE_SLOW_MAJOR = 24

/** The data folder, the disk under it, and the identity in it. Changes nothing. */
export async function checkFolder(folder: string): Promise<Check[]> {
  const check = 'data folder'
  const missing = `${folder} is not there or cannot be written; run weft init, or name another with --data`
  const paths = homePaths(folder)
  try {
    await access(folder, constants.W_OK)
    if (!(await checkVersion(folder, paths.version)))
      return [{ check, ok: false, text: `${folder} holds no peer; run weft init` }]
  } catch (error) {
    return [{ check, ok: false, text: error instanceof WeftError ? error.message : missing }]
  }
  const { bavail, bsize } = await statfs(folder)
  const gib = (bavail * bsize) / 1024 ** 3
  const enough = bavail * bsize >= DISK_BYTES_MIN
  const advice = enough ? '' : '; free some space: images, inputs and outputs go there'
  return [
    { check, ok: true, text: folder },
    { check: 'disk', ok: enough, text: `${gib.toFixed(1)} GiB free${advice}` },
    await loadIdentity(paths.identity).then(
      ({ peerId }) => ({ check: 'identity', ok: true, text: peerId }),
      (error: unknown) => ({ check: 'identity', ok: false, text: messageOf(error) }),
    ),
  ]
}

export function checkNode(): Check {
  const major = Number(process.versions.node.split('.')[0])
  const slow = major === NODE_SLOW_MAJOR ? "; Node 26 does each connection's encryption several times faster" : ''
  return { check: 'node', ok: true, text: `${process.versions.node}${slow}` }
}

/** A machine that lends needs an engine; one that only rents can do without. */
export async function checkEngine({ engine, why }: ChosenEngine, lends: boolean, signal: AbortSignal): Promise<Check> {
  const check = 'engine'
  if (engine === undefined) return { check, ok: !lends, text: lends ? why : `none, and renting needs none (${why})` }
  try {
    const { name, version, cpus, memoryMib } = await engine.info({ signal })
    return { check, ok: true, text: `${name} ${version} at ${engine.host}, ${cpus} cores, ${memoryMib} MiB` }
  } catch (error) {
    return { check, ok: false, text: `${engine.name} at ${engine.host} does not answer any more: ${messageOf(error)}` }
  }
}

/** A guard that has said nothing for so long is stuck, or its engine is. */
const GUARD_SILENT_MS = 30_000

/** Whether containers of a peer that lends would end without it. */
export function checkGuard({ guard, isGuarded }: Pick<Lending, 'guard' | 'isGuarded'>): Check {
  const check = 'guard'
  if (!isGuarded) return { check, ok: true, text: 'none, and jobs that are processes of this peer need none' }
  const state = guard()
  if (state === undefined) return { check, ok: false, text: 'none answers; containers would outlive a peer that is killed' }
  const silentMs = performance.now() - state.heardMono
  const who = `process ${state.pid}`
  if (silentMs > GUARD_SILENT_MS)
    return { check, ok: false, text: `${who} has said nothing for ${Math.round(silentMs / 1000)} s; end it, and another starts` }
  if (state.containers === undefined) return { check, ok: false, text: `${who}: the engine does not answer it` }
  return { check, ok: true, text: `${who} looks after ${state.containers} containers` }
}

/** Devices of a provider that are lent to nobody for now. */
export const checkDevices = ({ offering }: Pick<Lending, 'offering'>): Check[] =>
  offering.now.kept
    .filter(({ state }) => state === 'failed' || state === 'unavailable')
    .map(({ device, why }) => ({ check: 'devices', ok: false, text: `${device.model || device.id} is not lent: ${why}` }))

/** Without a daemon: a guard that still has containers to end. */
export function checkGuardAlone(seen: Sighting | undefined): Check[] {
  if (seen === undefined) return []
  const text = `process ${seen.pid} still ends ${seen.containers ?? 'the'} containers of a peer that is gone`
  return [{ check: 'guard', ok: true, text }]
}

/** What the peers that this one is connected with say the time is. */
export function checkClock({ off, aheadMs, peers }: ClockView): Check {
  const check = 'clock'
  if (peers === 0) return { check, ok: true, text: 'no peer to compare it with' }
  const count = `${peers} connected peer${peers === 1 ? '' : 's'}`
  if (!off) return { check, ok: true, text: `as that of ${count}` }
  const by = `${Math.round(Math.abs(aheadMs) / 1000)} s ${aheadMs > 0 ? 'ahead of' : 'behind'}`
  const text = `${by} what most of ${count} say; set it, for example with timedatectl set-ntp true`
  return { check, ok: false, text }
}

export function checkNetwork(addresses: readonly string[], connections: number, isClient: boolean): Check[] {
  const listens = isClient || addresses.length > 0
  return [
    {
      check: 'addresses',
      ok: listens,
      text:
        addresses.length > 0
          ? addresses.join(', ')
          : isClient
            ? 'dials only'
            : 'listens nowhere; give --listen /ip4/0.0.0.0/tcp/0',
    },
    {
      check: 'connections',
      ok: connections > 0,
      text: connections > 0 ? String(connections) : 'none; give --bootstrap ADDRESS of any peer of this network',
    },
  ]
}
