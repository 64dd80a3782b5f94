/**
 * What one peer's core and host cost: `npm run bench -- core [--peers N] [--json]`. Heap of an idle provider, time of a gossiped
 * order that is not for it, and of one interval's receipt: the provider's wake, the receipt, the renter's answer, taken.
 */
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { jobId, type PeerId, peerId } from '@weft/protocols'
import type { JobRequest, Note, ProviderInit } from '@weft/protocols/core'
import { Host, type Ports } from '@weft/protocols/host'
import type { Alarm, ChannelEvents, Clock, ExecutorEvents, GossipHandler } from '@weft/protocols/ports'
import { FastSigner, someCapacity, someGpu, someOrder, someRequest, someResources } from '@weft/protocols/testing'
import { MessageOpener, orderCodec, orderTopic, peerIdOf } from '@weft/protocols/wire'
import { median } from './statistics.ts'

const NETWORK = 'bench'
const ROUNDS = 15
/** Receipts of one measured stretch, per lease: an hour of one lease is 360. */
const CYCLES = 300

/** Ports of one peer that do nothing, or hand messages over at once. */
class BenchPeer {
  readonly id: PeerId
  readonly signer: FastSigner
  gossip: GossipHandler | undefined
  channels: ChannelEvents | undefined
  executor: ExecutorEvents | undefined
  host: Host | undefined
  wakeMono = Number.POSITIVE_INFINITY
  wake: Alarm | undefined

  constructor(seed: number) {
    this.signer = new FastSigner(seed)
    this.id = peerIdOf(this.signer.publicKey)
  }
}

/** Peers in one process, in virtual time, whose messages arrive at once. */
class BenchMesh {
  nowMs = 0
  /** The last timer that a peer of nobody's asked for. */
  wake: { atMs: number; alarm: Alarm } | undefined
  notes = 0
  readonly peers = new Map<PeerId, BenchPeer>()
  readonly opener = new MessageOpener(NETWORK, new FastSigner(0))
  readonly #queue: (() => void)[] = []

  async add(seed: number, provider: ProviderInit | undefined): Promise<BenchPeer> {
    const peer = new BenchPeer(seed)
    this.peers.set(peer.id, peer)
    peer.host = await Host.open({
      network: NETWORK,
      peerId: peer.id,
      agent: 'bench',
      provider,
      addresses: noAddresses,
      ports: this.#ports(peer),
      opener: this.opener,
      onNote: this.#onNote,
      onFatal: rethrow,
    })
    return peer
  }

  connect(a: BenchPeer, b: BenchPeer): void {
    a.channels?.connected(b.id)
    b.channels?.connected(a.id)
    this.drain()
  }

  /** Delivers what was sent, and whatever that brings about. */
  drain(): void {
    for (let deliver = this.#queue.shift(); deliver !== undefined; deliver = this.#queue.shift()) deliver()
  }

  /** Wakes whoever is due until `untilMs`, in order. */
  async run(untilMs: number): Promise<void> {
    for (;;) {
      this.drain()
      for (let turn = 0; turn < 8; turn++) await undefined
      this.drain()
      let next: BenchPeer | undefined
      for (const peer of this.peers.values()) if (peer.wakeMono < (next?.wakeMono ?? untilMs)) next = peer
      if (next === undefined) break
      this.wakeNow(next)
    }
    this.nowMs = untilMs
  }

  wakeNow(peer: BenchPeer): void {
    const { wake } = peer
    this.nowMs = Math.max(this.nowMs, peer.wakeMono)
    peer.wakeMono = Number.POSITIVE_INFINITY
    peer.wake = undefined
    wake?.ring()
    this.drain()
  }

  readonly #onNote = (_note: Note): void => {
    this.notes += 1
  }

  #ports(peer: BenchPeer): Ports {
    const clock: Clock = {
      era: 'boot',
      monoMs: () => this.nowMs,
      wallMs: () => 1_800_000_000_000 + this.nowMs,
      after: () => noCancel,
      set: (alarm, ms) => {
        peer.wakeMono = this.nowMs + ms
        peer.wake = alarm
      },
    }
    return {
      pubsub: {
        subscribe: (_topic, handler) => {
          peer.gossip = handler
        },
        unsubscribe: () => {},
        publish: async () => ({ recipients: 0 }),
      },
      directory: {
        put: nothing,
        get: nothing,
        provide: nothing,
        find: async () => [],
        networkSize: () => this.peers.size,
      },
      channels: {
        listen: (events) => {
          peer.channels = events
        },
        send: async (to, bytes) => {
          this.#queue.push(() => this.peers.get(to)?.channels?.message(peer.id, bytes))
        },
        disconnect: () => {},
      },
      store: { get: nothing, list: empty, batch: () => {} },
      executor: {
        engine: () => undefined,
        listen: (events) => {
          peer.executor = events
        },
        deliver: nothing,
        start: nothing,
        permit: () => {},
        pause: nothing,
        resume: nothing,
        stop: nothing,
        collect: async () => ({ outputs: undefined, outputBytes: 0, logBytes: 0 }),
        remove: nothing,
        list: async () => [],
      },
      results: { listen: () => {}, follow: () => {}, finish: nothing, drop: () => {} },
      signer: peer.signer,
      clock,
      random: { bytes: (length) => new Uint8Array(length).fill(7) },
    }
  }
}

const noCancel = (): void => {}
const noAddresses = (): readonly string[] => []
const nothing = async (): Promise<undefined> => undefined
const rethrow = (error: unknown): void => {
  throw error
}
async function* empty(): AsyncGenerator<[string, Uint8Array]> {}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Time that this thread computed: what else runs on the machine does not count. */
function cpuNs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) * 1_000
}

function heapBytes(): number {
  for (let i = 0; i < 4; i++) collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** Bytes of heap that a million idle peers would each take: host, core, provider; ports, ids and capacity apart. */
async function idleBytes(count: number, prepare: (host: Host, mesh: BenchMesh) => Promise<void>): Promise<number> {
  const mesh = new BenchMesh()
  const model = new BenchPeer(1)
  const provider = { capacity: someCapacity({ gpus: [someGpu()] }) }
  const ports = portsOfNobody(mesh)
  const ids = Array.from({ length: count }, (_, i) => peerId(`${model.id.slice(0, -8)}${String(i).padStart(8, '0')}`))
  const hosts: Host[] = new Array(count)
  const onNote = (): void => {}
  const before = heapBytes()
  for (let i = 0; i < count; i++) {
    const init = {
      network: NETWORK,
      peerId: ids[i] as PeerId,
      agent: 'bench',
      provider,
      addresses: noAddresses,
      ports,
      opener: mesh.opener,
      onNote,
    }
    const host = await Host.open(init)
    await prepare(host, mesh)
    hosts[i] = host
  }
  const bytes = (heapBytes() - before) / count
  if (hosts.length !== count) throw new Error('unreachable')
  return bytes
}

/** Started, and past the first minute, in which a provider announces often. */
async function announcing(host: Host, mesh: BenchMesh): Promise<void> {
  await host.start()
  for (let i = 0; i < 8; i++) {
    const { wake } = mesh
    if (wake === undefined) throw new Error('a provider asked for no timer')
    mesh.nowMs = wake.atMs
    wake.alarm.ring()
  }
}

/** Ports that keep nothing, shared by all: what they would hold is not the core's. */
function portsOfNobody(mesh: BenchMesh): Ports {
  const signer = new FastSigner(1)
  return {
    pubsub: { subscribe: () => {}, unsubscribe: () => {}, publish: async () => ({ recipients: 0 }) },
    directory: { put: nothing, get: nothing, provide: nothing, find: async () => [], networkSize: () => 1 },
    channels: { listen: () => {}, send: nothing, disconnect: () => {} },
    store: { get: nothing, list: empty, batch: () => {} },
    executor: undefined,
    results: { listen: () => {}, follow: () => {}, finish: nothing, drop: () => {} },
    signer,
    clock: {
      era: 'boot',
      monoMs: () => mesh.nowMs,
      wallMs: () => 1_800_000_000_000 + mesh.nowMs,
      after: () => noCancel,
      set: (alarm, ms) => {
        mesh.wake = { atMs: mesh.nowMs + ms, alarm }
      },
    },
    random: { bytes: (length) => new Uint8Array(length).fill(7) },
  }
}

/** Nanoseconds per delivery of orders that nobody bids on, to `count` providers in turn. */
async function deliveryNs(count: number, order: Parameters<typeof orderCodec.encode>[0]): Promise<number> {
  const mesh = new BenchMesh()
  const provider = { capacity: someCapacity() }
  const peers: BenchPeer[] = []
  for (let i = 0; i < count; i++) peers.push(await mesh.add(i + 1, provider))
  for (const peer of peers) await peer.host?.start()
  const renter = new BenchPeer(count + 1)
  const topic = orderTopic(NETWORK, 'cpu')
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const nonce = new Uint8Array(16).fill(round + 1)
    const { bytes } = mesh.opener.envelopes.seal(
      orderCodec,
      { ...order, nonce, issuedAtMs: order.issuedAtMs + round },
      renter.signer,
    )
    mesh.opener.open(bytes)
    const begun = cpuNs()
    for (const peer of peers) {
      if (peer.gossip?.hear(renter.id, bytes, topic) !== 'accept') throw new Error('an order was not accepted')
    }
    times.push((cpuNs() - begun) / count)
  }
  return median(times)
}

const requestOf = (i: number): JobRequest =>
  someRequest({
    jobId: jobId(i.toString(16).padStart(32, '0')),
    resources: someResources({ cpuMilli: 1, memoryMib: 1 }),
  })

/** Microseconds per receipt cycle, with `jobs` leases running between one renter and one provider. */
async function cycleUs(jobs: number): Promise<number> {
  const mesh = new BenchMesh()
  const capacity = someCapacity({ cpuMilli: 10_000_000, memoryMib: 10_000_000 })
  const provider = await mesh.add(1, { capacity })
  const renter = await mesh.add(2, undefined)
  for (const peer of [provider, renter]) await peer.host?.start()
  mesh.connect(provider, renter)
  await mesh.run(5_000)
  for (let i = 0; i < jobs; i++) {
    await renter.host?.submit(requestOf(i))
    await mesh.run(mesh.nowMs + 100)
  }
  await mesh.run(mesh.nowMs + 30_000)
  const running = renter.host?.jobs().filter(({ state }) => state === 'running').length
  if (running !== jobs) throw new Error(`${running} of ${jobs} jobs run`)
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const count = () => provider.host?.leases().reduce((sum, lease) => sum + lease.receipts.countersigned, 0) ?? 0
    const before = count()
    const rounds = Math.max(1, Math.ceil((CYCLES * 20) / jobs))
    const begun = cpuNs()
    for (let i = 0; i < rounds * jobs; i++) mesh.wakeNow(provider.wakeMono <= renter.wakeMono ? provider : renter)
    const spentUs = (cpuNs() - begun) / 1_000
    times.push(spentUs / (count() - before))
  }
  return median(times)
}

const HELP = 'usage: npm run bench -- core [--peers N] [--json]'

export async function main(argv: readonly string[]): Promise<number> {
  const options = { peers: { type: 'string', default: '20000' }, json: { type: 'boolean' }, help: { type: 'boolean' } } as const
  const { values } = parseArgs({ args: [...argv], options })
  if (values.help) {
    console.log(HELP)
    return 0
  }
  const peers = Number(values.peers)
  const notFor = someOrder({ audience: 0 })
  const tooLarge = someOrder({ resources: someResources({ cpuMilli: 1_000_000 }) })
  const figures = {
    idleBytesOpened: Math.round(await idleBytes(peers, async () => {})),
    idleBytesAnnouncing: Math.round(await idleBytes(peers, announcing)),
    orderNotForUsNs: Math.round(await deliveryNs(peers, notFor)),
    orderTooLargeNs: Math.round(await deliveryNs(peers, tooLarge)),
    receiptCycleUs: Math.round((await cycleUs(20)) * 10) / 10,
    receiptCycleUsOf1000: Math.round((await cycleUs(1_000)) * 10) / 10,
  }
  if (values.json) console.log(JSON.stringify({ bench: 'core', peers, ...figures }))
  else for (const [name, value] of Object.entries(figures)) console.log(`${name.padEnd(24)}${value}`)
  return 0
}
