import { constants } from 'node:fs'
import { access, statfs } from 'node:fs/promises'
import { GIB, messageOf, WeftError } from '@weft/protocols'
import type { ClockView } from '@weft/protocols/core'
import type { DoctorView } from '../api/views.ts'
import { SILENT_MS_MAX, type Sighting } from '../guard/door.ts'
import { checkVersion, homePaths, loadIdentity } from '../home/index.ts'
import type { ChosenEngine, Lending } from './lending.ts'

export type Check = DoctorView['checks'][number]

export const well = (id: string, text: string): Check => ({ id, ok: true, text, fix: '' })
export const ill = (id: string, text: string, fix: string): Check => ({ id, ok: false, text, fix })
/** Out of a sentence as errors have them: what is wrong; what to do. */
export function advised(id: string, ok: boolean, sentence: string): Check {
  const at = sentence.lastIndexOf('; ')
  return at < 0 ? { id, ok, text: sentence, fix: '' } : { id, ok, text: sentence.slice(0, at), fix: sentence.slice(at + 2) }
}

/** Less than this and deliveries begin to fail. */
const DISK_BYTES_MIN = 2 * GIB
const NODE_SLOW_MAJOR = 24

/** The data folder, the disk under it, and the identity in it. Changes nothing. */
export async function checkFolder(folder: string): Promise<Check[]> {
  const id = 'data-folder'
  const closed = `${folder} cannot be written; name another with --data`
  const paths = homePaths(folder)
  try {
    await access(folder, constants.W_OK)
    if (!(await checkVersion(folder, paths.version))) return [ill(id, `${folder} holds no peer`, 'run weft init')]
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return [advised(id, true, `${folder} is not there yet; weft up makes it`)]
    return [advised(id, false, error instanceof WeftError ? error.message : closed)]
  }
  const { bavail, bsize } = await statfs(folder)
  const gib = (bavail * bsize) / GIB
  const enough = bavail * bsize >= DISK_BYTES_MIN
  const disk = `${gib.toFixed(1)} GiB free`
  return [
    well(id, folder),
    enough ? well('disk', disk) : ill('disk', disk, 'free some space: images, inputs and outputs go there'),
    await loadIdentity(paths.identity).then(
      ({ peerId }) => well('identity', peerId),
      (error: unknown) => advised('identity', false, messageOf(error)),
    ),
  ]
}

export function checkNode(): Check {
  const major = Number(process.versions.node.split('.')[0])
  const fix = major === NODE_SLOW_MAJOR ? "use Node 26, which does each connection's encryption several times faster" : ''
  return { ...well('node', process.versions.node), fix }
}

/** A machine that lends needs an engine; one that only rents can do without. */
export async function checkEngine({ engine, why }: ChosenEngine, lends: boolean, signal: AbortSignal): Promise<Check> {
  const id = 'engine'
  if (engine === undefined) return lends ? advised(id, false, why) : well(id, `none, and renting needs none (${why})`)
  try {
    const { name, version, cpus, memoryMib } = await engine.info({ signal })
    return well(id, `${name} ${version} at ${engine.host}, ${cpus} cores, ${memoryMib} MiB`)
  } catch (error) {
    return ill(id, `${engine.name} at ${engine.host} does not answer any more: ${messageOf(error)}`, 'start it again')
  }
}

/** Whether containers of a peer that lends would end without it. */
export function checkGuard({ guard, isGuarded }: Pick<Lending, 'guard' | 'isGuarded'>): Check {
  const id = 'guard'
  if (!isGuarded) return well(id, 'none, and jobs that are processes of this peer need none')
  const state = guard()
  if (state === undefined)
    return ill(id, 'none answers, so containers would outlive a peer that is killed', 'restart this peer: weft down, weft up')
  const silentMs = performance.now() - state.heardMono
  const who = `process ${state.pid}`
  if (silentMs > SILENT_MS_MAX)
    return ill(
      id,
      `${who} has said nothing for ${Math.round(silentMs / 1000)} s`,
      'its peer ends it, and starts another; if it does not, end it',
    )
  if (state.containers === undefined) return ill(id, `${who}: the engine does not answer it`, 'start the engine again')
  return well(id, `${who} looks after ${state.containers} containers`)
}

/** Without a daemon: a guard that still has containers to end. */
export function checkGuardAlone(seen: Sighting | undefined): Check[] {
  if (seen === undefined) return []
  const text = `process ${seen.pid} still ends ${seen.containers ?? 'the'} containers of a peer that is gone`
  return [well('guard', text)]
}

/** What the peers that this one is connected with say the time is. */
export function checkClock({ off, aheadMs, peers }: ClockView): Check {
  const id = 'clock'
  if (peers === 0) return well(id, 'no peer to compare it with')
  const count = `${peers} connected peer${peers === 1 ? '' : 's'}`
  if (!off) return well(id, `as that of ${count}`)
  const by = `${Math.round(Math.abs(aheadMs) / 1000)} s ${aheadMs > 0 ? 'ahead of' : 'behind'}`
  return ill(id, `${by} what most of ${count} say`, 'set it, for example with timedatectl set-ntp true')
}

export interface NetworkSeen {
  addresses: readonly string[]
  connections: number
  isClient: boolean
  /** How many peers it was told to dial. */
  bootstrap: number
}

/** A peer that was told of nobody is alone until somebody dials it: that is how a network begins, and nothing wrong. */
export function checkNetwork({ addresses, connections, isClient, bootstrap }: NetworkSeen): Check[] {
  const listening =
    addresses.length > 0 ? well('addresses', addresses.join(', ')) : isClient ? well('addresses', 'dials only') : undefined
  return [
    listening ?? ill('addresses', 'listens nowhere', 'give --listen /ip4/0.0.0.0/tcp/0'),
    connectionsCheck(connections, bootstrap),
  ]
}

function connectionsCheck(connections: number, bootstrap: number): Check {
  const id = 'connections'
  if (connections > 0) return well(id, String(connections))
  const others = 'no peer has been met yet, and none was named'
  if (bootstrap === 0)
    return {
      ...well(id, others),
      fix: 'give --bootstrap ADDRESS of any peer of this network, or wait for others to dial this one',
    }
  const named = bootstrap === 1 ? 'the bootstrap peer does not answer' : `none of ${bootstrap} bootstrap peers answers`
  return ill(
    id,
    `none: ${named}`,
    'see that this machine is online and the addresses are right, or give --bootstrap ADDRESS of another peer',
  )
}
