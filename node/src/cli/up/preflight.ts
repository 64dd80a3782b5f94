/** What can be wrong with a machine or its settings is found out before anything is made on its disk. */
import { peerIdFromString } from '@libp2p/peer-id'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { UsageError } from '@weft/protocols'
import { openCapacityFile } from '../../capacity/index.ts'
import { hostPort, type Origins, type SettingName, type Settings } from '../../config/index.ts'
import { alreadyRuns } from '../../home/hold.ts'
import { findSocket } from '../../home/socket.ts'
import { type ChosenEngine, chooseEngine, demandEngine } from '../../peer/lending.ts'
import { ApiClient } from '../client.ts'
import { demandPorts, type Place } from './ports.ts'

export interface Preflight {
  settings: Settings
  origins: Origins
  /** As chooseEngine takes it. */
  engine: string
  /** The data folder; it need not exist. */
  folder: string
}

const HOSTS = new Set(['ip4', 'ip6', 'dns', 'dns4', 'dns6'])
const LISTENS = 'use /ip4/ADDRESS/tcp/PORT or /ip4/ADDRESS/tcp/PORT/ws'
const JOINS = 'use /ip4/ADDRESS/tcp/PORT/p2p/PEER, as weft status shows it on that peer'

/**
 * Resolves with the engine of this machine. Throws UsageError for an address that is none or a capacity file with an error, LOCKED where a daemon runs on the
 * folder already, NO_ENGINE where this machine is to lend and none answers, PORT_IN_USE. Changes nothing.
 */
export async function preflight({ settings, origins, engine, folder }: Preflight): Promise<ChosenEngine> {
  checkBootstrap(settings, origins)
  const places = listenPlaces(settings, origins)
  const socket = await findSocket(folder)
  // Its ports are in use as well, but that is not what a person has to know.
  if (socket !== undefined && (await new ApiClient(socket).answers())) throw await alreadyRuns(folder)
  const chosen = await chooseEngine(engine)
  if (settings.provide) {
    demandEngine(chosen)
    await openCapacityFile(folder, settings.lendFile)
  }
  await demandPorts(places)
  return chosen
}

/** Throws UsageError for an address to join through that does not say which peer is there. */
export function checkBootstrap({ bootstrap }: Settings, origins: Origins): void {
  for (const address of bootstrap) {
    const parts = parsed(address)?.getComponents() ?? []
    const last = parts.at(-1)
    const peer = last?.name === 'p2p' ? last.value : undefined
    const reached = parts.some(({ name }) => HOSTS.has(name)) && parts.some(({ name }) => name === 'tcp')
    if (!reached || peer === undefined || !isPeerId(peer)) throw wrong('bootstrap', origins, address, JOINS)
  }
}

function listenPlaces({ listen, metrics }: Settings, origins: Origins): Place[] {
  const places = listen.flatMap((address): Place[] => {
    const parts = parsed(address)?.getComponents() ?? []
    if (parts.at(-1)?.name === 'p2p-circuit') return []
    const [host, tcp, ...more] = parts
    const isPlain = more.length === 0 || (more.length === 1 && more[0]?.name === 'ws')
    if (host?.value === undefined || !HOSTS.has(host.name) || tcp?.name !== 'tcp' || !isPlain) {
      throw wrong('listen', origins, address, LISTENS)
    }
    return [
      {
        host: host.value,
        port: Number(tcp.value),
        typed: `${placeOf('listen', origins)} ${address}`,
        flag: '--listen, such as --listen /ip4/0.0.0.0/tcp/0 for any that is free',
      },
    ]
  })
  if (metrics === 'off') return places
  return [...places, { ...metrics, typed: `${placeOf('metrics', origins)} ${hostPort(metrics)}`, flag: '--metrics' }]
}

function parsed(address: string): Multiaddr | undefined {
  try {
    return multiaddr(address)
  } catch {
    return undefined
  }
}

function isPeerId(text: string): boolean {
  try {
    return peerIdFromString(text).type === 'Ed25519'
  } catch {
    return false
  }
}

/** `--listen`, `WEFT_LISTEN`, or `config.yaml:3: listen`. */
function placeOf(name: SettingName, origins: Origins): string {
  const { from, where } = origins[name]
  return from === 'file' ? `${where}: ${name}` : from === 'default' ? name : where
}

const wrong = (name: SettingName, origins: Origins, address: string, advice: string): UsageError =>
  new UsageError(`${placeOf(name, origins)} ${address}: ${advice}`)
