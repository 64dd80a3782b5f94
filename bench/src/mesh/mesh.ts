/** Peers for the demo and the benches: one process each, over loopback TCP, in a network that nobody else has the name of. */

import type { ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { WeftError } from '@weft/protocols'
import type { OfferView } from '@weft/protocols/core'
import { BOOTSTRAP, CLI, type Processes } from './processes.ts'

const READY_MS_MAX = 60_000
const MEET_MS_MAX = 60_000
const POLL_MS = 250
const LAST_LINES = 12
const LISTEN = '/ip4/127.0.0.1/tcp/0'

export type Role = 'bootstrap' | 'provider' | 'renter'

export interface ProviderSpec {
  name: string
  cpus: number
  memory: string
  /** Per core and hour. */
  pricePerCpuHour: string
}

export interface Peer {
  role: Role
  name: string
  peerId: string
  pid: number
  /** Its data folder. */
  home: string
  addresses: string[]
  child: ChildProcess
}

interface Status {
  connections: number
}

export interface MeshInit {
  processes: Processes
  folder: string
  network: string
  /** Jobs run as plain processes. */
  unsafeProcessEngine: boolean
  signal: AbortSignal
}

export class Mesh {
  readonly #init: MeshInit
  /** Everyone who ever took part. */
  readonly peers: Peer[] = []

  constructor(init: MeshInit) {
    this.#init = init
  }

  /** The well-known peer that the others join through. */
  bootstrap(): Promise<Peer> {
    return this.#start('bootstrap', 'bootstrap', BOOTSTRAP, [])
  }

  provider(spec: ProviderSpec, through: readonly string[]): Promise<Peer> {
    const lends = ['--provide', '--cpus', `${spec.cpus}`, '--memory', spec.memory, '--cpu-price', spec.pricePerCpuHour]
    return this.#up('provider', spec.name, [...lends, ...joining(through)])
  }

  renter(name: string, through: readonly string[]): Promise<Peer> {
    return this.#up('renter', name, joining(through))
  }

  /** Ends a provider and starts it again from what its data folder knows: nobody tells it whom to join through. */
  async restart(peer: Peer, spec: ProviderSpec): Promise<Peer> {
    await this.#init.processes.end(peer.child)
    this.peers.splice(this.peers.indexOf(peer), 1)
    return this.provider(spec, [])
  }

  /** As a crash would: no farewell. */
  async kill(peer: Peer): Promise<void> {
    await this.#init.processes.end(peer.child, 'SIGKILL')
  }

  /** Resolves with what the renter hears once it has offers of so many providers. */
  async offers(renter: Peer, count: number): Promise<OfferView[]> {
    return this.#until(MEET_MS_MAX, `${renter.name} heard of fewer than ${count} providers`, async () => {
      const offers = await this.#json<OfferView[]>(['offers', '--data', renter.home])
      return offers.length >= count ? offers : undefined
    })
  }

  /** Resolves with the number of connections once there is one. */
  async connected(peer: Peer): Promise<number> {
    return this.#until(MEET_MS_MAX, `${peer.name} found nobody`, async () => {
      const { connections } = await this.#json<Status>(['status', '--data', peer.home])
      return connections > 0 ? connections : undefined
    })
  }

  #up(role: 'provider' | 'renter', name: string, more: readonly string[]): Promise<Peer> {
    const unsafe = this.#init.unsafeProcessEngine ? ['--unsafe-process-engine'] : []
    return this.#start(role, name, CLI, ['up', '--no-mdns', ...unsafe, ...more])
  }

  /** Resolves when the peer says, as its first line, that it is ready. */
  async #start(role: Role, name: string, program: string, args: readonly string[]): Promise<Peer> {
    const { processes, folder, network, signal } = this.#init
    const home = join(folder, name)
    const common = ['--data', home, '--network', network, '--listen', LISTEN, '--json']
    const child = processes.daemon(name, program, [...args, ...common])
    const line = await processes.firstLine(child, AbortSignal.any([signal, AbortSignal.timeout(READY_MS_MAX)]))
    if (line === undefined) throw new WeftError('DEMO_PEER', `${name} did not start: ${await lastWords(`${home}.log`)}`)
    const said = JSON.parse(line) as { peerId: string; addresses: string[] } | { error: { message: string } }
    if ('error' in said) throw new WeftError('DEMO_PEER', `${name} did not start: ${said.error.message}`)
    const { peerId, addresses } = said
    const peer = { role, name, home, child, peerId, addresses, pid: child.pid ?? 0 }
    this.peers.push(peer)
    return peer
  }

  #json<T>(args: readonly string[]): Promise<T> {
    return this.#init.processes.json<T>(args, { signal: this.#init.signal })
  }

  async #until<T>(msMax: number, complaint: string, attempt: () => Promise<T | undefined>): Promise<T> {
    const deadline = performance.now() + msMax
    for (;;) {
      const found = await attempt()
      if (found !== undefined) return found
      if (performance.now() > deadline) throw new WeftError('DEMO_WAIT', `${complaint} within ${msMax / 1000} s`)
      await delay(POLL_MS, undefined, { signal: this.#init.signal })
    }
  }
}

const joining = (through: readonly string[]): string[] => through.flatMap((address) => ['--bootstrap', address])

/** What a peer said last; a stack trace is longer than one line. */
async function lastWords(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return text.trim().split('\n').slice(-LAST_LINES).join('\n')
}
