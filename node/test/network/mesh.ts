import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import type { PrivateKey } from '@libp2p/interface'
import { createNetwork, type Logger, type Network, type NetworkInit } from '@weft/node/network'
import type { PeerId } from '@weft/protocols'
import { isSmallOrder } from '@weft/protocols/wire'
import { LevelDatastore } from 'datastore-level'

export const TOPIC = '/weft/test/orders/cpu/1'

export interface LogLine {
  level: string
  fields: object
  text: string
}

export interface TestPeer {
  network: Network
  log: LogLine[]
  privateKey: PrivateKey
  folder: string
  /** Stops the network and closes its store; the folder stays for a restart. */
  stop(): Promise<void>
}

export interface PeerOptions extends Partial<NetworkInit> {
  folder?: string
}

/** Peers of one test; `close` stops them and removes their folders. */
export class TestMesh {
  readonly #peers = new Set<TestPeer>()
  readonly #folders = new Set<string>()

  async peer(options: PeerOptions = {}): Promise<TestPeer> {
    const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'weft-net-')))
    this.#folders.add(folder)
    const store = new LevelDatastore(join(folder, 'store'))
    await store.open()
    const privateKey = options.privateKey ?? (await generateKeyPair('Ed25519'))
    const log: LogLine[] = []
    const network = await createNetwork({
      privateKey,
      network: 'test',
      listen: ['/ip4/127.0.0.1/tcp/0'],
      bootstrap: [],
      mdns: false,
      mode: 'peer',
      datastore: store,
      topics: [TOPIC],
      validateRecord,
      isSmallOrder,
      log: collectLog(log),
      now: Date.now,
      ...options,
    })
    const peer: TestPeer = {
      network,
      log,
      privateKey,
      folder,
      stop: async () => {
        if (!this.#peers.delete(peer)) return
        await network.stop()
        await store.close()
      },
    }
    this.#peers.add(peer)
    return peer
  }

  /** Peers that know nobody. */
  async started(count: number, options: PeerOptions = {}): Promise<TestPeer[]> {
    const peers = await Promise.all(Array.from({ length: count }, () => this.peer(options)))
    await Promise.all(peers.map(({ network }) => network.start()))
    return peers
  }

  /** Started peers, each connected with all others. */
  async connected(count: number, options: PeerOptions = {}): Promise<TestPeer[]> {
    const peers = await this.started(count, options)
    for (const [index, from] of peers.entries()) {
      for (const to of peers.slice(index + 1)) await from.network.dial(to.network.addresses()[0] ?? '')
    }
    await until(() => peers.every(({ network }) => network.peers().length === count - 1))
    return peers
  }

  async close(): Promise<void> {
    await Promise.all([...this.#peers].map((peer) => peer.stop()))
    await Promise.all([...this.#folders].map((folder) => rm(folder, { recursive: true, force: true })))
  }
}

export const idOf = (peer: TestPeer): PeerId => peer.network.peerId

/** Test records are JSON; a real one is a signed Capacity. */
export const record = (fields: { seq: number; expiresAtMs?: number; text?: string }): Uint8Array =>
  new TextEncoder().encode(JSON.stringify({ expiresAtMs: Date.now() + 60_000, text: '', ...fields }))

export function validateRecord(_key: string, bytes: Uint8Array): { seq: number; expiresAtMs: number } {
  const { seq, expiresAtMs } = JSON.parse(new TextDecoder().decode(bytes)) as { seq: unknown; expiresAtMs: unknown }
  if (typeof seq !== 'number' || typeof expiresAtMs !== 'number') throw new Error('no record')
  return { seq, expiresAtMs }
}

/** Polls a condition for a minute at least: a machine that is busy takes a while to connect two peers. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 3_000; attempt++) {
    if (await condition()) return
    await delay(20)
  }
  throw new Error(`never came true: ${condition.toString()}`)
}

export const samePrivateKey = (key: PrivateKey): PrivateKey => privateKeyFromProtobuf(privateKeyToProtobuf(key))

function collectLog(lines: LogLine[]): Logger {
  const at = (level: string) => (fields: object, text: string) => {
    lines.push({ level, fields, text })
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
