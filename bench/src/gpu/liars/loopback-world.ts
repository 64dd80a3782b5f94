import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createLogger, createSigner } from '@weft/node'
import { createSeedNetwork, type Network } from '@weft/node/network'
import { messageOf } from '@weft/protocols'
import type { Note } from '@weft/protocols/core'
import { Host } from '@weft/protocols/host'
import { MemoryStore, SeededRandom, SimulatedExecutor, SimulatedResults, VirtualTime } from '@weft/protocols/testing'
import { peerIdOf } from '@weft/protocols/wire'
import type { Inhabitant, World } from './kinds.ts'

const POLL_MS = 50
const NETWORK = 'liars'

/** Real peers of this process: libp2p over loopback, real signatures, real time. Only their cards are modelled. */
export async function loopbackWorld(): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'weft-liars-'))
  const log = createLogger('error')
  const networks: Network[] = []
  const hosts: Host[] = []
  const random = new SeededRandom(1)
  /** Nothing is leased, so that its time need not pass. */
  const idle = Object.assign(new SimulatedExecutor(new VirtualTime()), { list: async () => [] })
  const clock = {
    era: 'this process',
    monoMs: () => performance.now(),
    wallMs: () => Date.now(),
    after(ms: number, callback: () => void) {
      const timer = setTimeout(callback, ms)
      return () => clearTimeout(timer)
    },
    set(alarm: { handle: unknown; ring(): void }, ms: number) {
      clearTimeout(alarm.handle as NodeJS.Timeout | undefined)
      alarm.handle = Number.isFinite(ms) ? setTimeout(() => alarm.ring(), Math.min(ms, 2 ** 31 - 1)) : undefined
    },
  }
  return {
    time: { nowMs: () => performance.now(), wait: (ms) => delay(ms) },
    async add(provider, { meter, challenges }): Promise<Inhabitant> {
      const seed = random.bytes(32)
      const signer = createSigner(seed)
      const id = peerIdOf(signer.publicKey)
      const listen = ['/ip4/127.0.0.1/tcp/0']
      const network = await createSeedNetwork({ seed, folder: join(folder, id), network: NETWORK, listen, log })
      const notes: Note[] = []
      const { pubsub, directory, channels } = network
      const ports = {
        pubsub,
        directory,
        channels,
        store: new MemoryStore(),
        results: new SimulatedResults(),
        meter,
        signer,
        clock,
        random,
      }
      const host = await Host.open({
        network: NETWORK,
        peerId: id,
        agent: 'weft-liars/1',
        provider,
        ...(challenges && { challenges }),
        addresses: () => network.addresses(),
        ports: { ...ports, executor: idle },
        onNote: (note) => notes.push(note),
        onFatal: (error) => log.error({ error: messageOf(error) }, 'a peer stopped'),
      })
      await network.start()
      await host.start()
      for (const other of networks) await network.dial(other.addresses()[0] ?? '')
      networks.push(network)
      hosts.push(host)
      return { id, host, notes }
    },
    async pass(ms, done) {
      const untilMs = performance.now() + ms
      while (!done() && performance.now() < untilMs) await delay(POLL_MS)
      return done()
    },
    async stop() {
      await Promise.all(hosts.map((host) => host.stop()))
      await Promise.all(networks.map((network) => network.stop()))
      await rm(folder, { recursive: true, force: true })
    },
  }
}
