import { leaseId, messageId, type PeerId, peerId } from '@weft/protocols'
import { Screens } from '@weft/protocols/core'
import type { Directory } from '@weft/protocols/ports'
import {
  type Program as Behaviour,
  type ComplianceCase,
  channelsCompliance,
  directoryCompliance,
  type ExecutorSubject,
  executorCompliance,
  type MeshCase,
  type MeshInit,
  pubsubCompliance,
  signerCompliance,
  someCapacity,
  someResources,
  someSpec,
  storeCompliance,
  VirtualTime,
} from '@weft/protocols/testing'
import { capacityCodec, Envelopes } from '@weft/protocols/wire'
import { describe, expect, test } from 'vitest'
import { Kernel } from '../../src/kernel/kernel.ts'
import { Values } from '../../src/peers/entries.ts'
import { type Engine, type Program, SimulatedExecutor } from '../../src/peers/executor.ts'
import { Identities } from '../../src/peers/identities.ts'
import { makeModels } from '../../src/peers/models.ts'
import { HandleOpener } from '../../src/peers/opener.ts'
import { PeerNetwork } from '../../src/peers/ports.ts'
import { Keys, SimulatedSigner } from '../../src/peers/signer.ts'
import { SimulatedStore } from '../../src/peers/store.ts'
import { Wiring } from '../../src/peers/wiring.ts'
import { defaultScenario, NO_NAT } from '../../src/presets/index.ts'

// The ports of a simulated peer pass the very suites that the node's real ones do.

function complies<T>(port: string, suite: readonly ComplianceCase<T>[], create: () => T): void {
  describe(port, () => {
    for (const { name, run } of suite) test(name, () => run(async () => ({ subject: create(), close: async () => {} })))
  })
}

const free = { charge: () => {} }
const someKeys = (signSample?: (bytes: Uint8Array) => boolean) => new Keys({ seed: 7, busy: free, signSample })

complies('the signer', signerCompliance, () => {
  const keys = someKeys()
  return { signer: new SimulatedSigner(keys, 1), other: new SimulatedSigner(keys, 2) }
})

test('one signature in 1,024 is made for real, and a failure is counted', () => {
  const keys = someKeys((bytes) => bytes.length > 0)
  const signer = new SimulatedSigner(keys, 1)
  for (let i = 0; i < 2_048; i++) signer.sign(Uint8Array.of(i & 255))
  expect(keys).toMatchObject({ signatures: 2_048, sampled: 2, sampleFailures: 0 })
  signer.sign(new Uint8Array(0))
  expect(keys).toMatchObject({ sampled: 3, sampleFailures: 1 })
})

describe.each([
  { mode: 'that is done at once', syncUs: undefined },
  { mode: 'whose syncs take time', syncUs: 2_000 },
])('a store $mode', ({ syncUs }) => {
  complies('the store', storeCompliance, () => {
    const after = (_us: number, callback: () => void) => void setImmediate(callback)
    const store = new SimulatedStore({ keepsHistory: true, values: new Values(), syncUs, after, settle: () => {} })
    // What was resolved survives the death of the process; of a machine, what was synced. Here nothing is lost.
    return { store, reopen: async () => store }
  })
})

test('without history a store keeps receipts until the record that contains them is written', async () => {
  const store = new SimulatedStore({
    keepsHistory: false,
    values: new Values(),
    syncUs: undefined,
    after: () => {},
    settle: () => {},
  })
  const put = (...keys: string[]) =>
    void store.batch(
      keys.map((key) => ({ key, value: Uint8Array.of(1) })),
      { sync: true },
    )
  const keys = async () => {
    const all: string[] = []
    for await (const [key] of store.list('')) all.push(key)
    return all
  }
  put('document/a/award', 'lease/a', 'account/p/USD/a/2027-01-15')
  put('receipt/a/1/0')
  put('receipt/a/1/1')
  put('receipt/b/1/0', 'receipt/b/1/1', 'job/j/answer')
  expect(await keys()).toEqual(['job/j/answer', 'lease/a', 'receipt/a/1/0', 'receipt/a/1/1', 'receipt/b/1/0', 'receipt/b/1/1'])
  put('lease/a')
  expect(await keys()).toEqual(['job/j/answer', 'lease/a', 'receipt/b/1/0', 'receipt/b/1/1'])
  put('job/j')
  expect(await keys()).toEqual(['job/j', 'job/j/answer', 'lease/a'])
  expect(store.history).toBe(6)
})

describe('the executor', () => {
  for (const { name, run } of executorCompliance)
    test(name, () => run(async () => ({ subject: executorSubject(), close: async () => {} })))
})

function executorSubject(): ExecutorSubject {
  const time = new VirtualTime()
  const programs = new Map<string, Program>()
  let running: Promise<unknown> | undefined
  const after: Engine['after'] = (_peer, us, callback) => {
    const cancel = time.after(us / 1_000, callback)
    running ??= time.run(Number.POSITIVE_INFINITY).finally(() => {
      running = undefined
    })
    return cancel
  }
  const engine: Engine = {
    get nowUs() {
      return time.nowMs * 1_000
    },
    after,
    pull: (peer, _image, bytes, done) => after(peer, bytes, done),
    settle: () => {},
    programOf: (work) => programs.get(work.leaseId) as Program,
    started: () => {},
    paused: () => {},
    resumed: () => {},
    ended: () => {},
  }
  let count = 0
  const executor = new SimulatedExecutor(engine, 0)
  return {
    executor,
    again: async () => executor,
    work(program, options) {
      const id = leaseId((++count).toString(16).padStart(64, '0'))
      programs.set(id, { ...programOf(program), isMissing: options?.image === 'missing' })
      const permit = { untilMono: 3_600_000, graceMs: 100 }
      const common = { renter: peerId('renter'), renterAddresses: [], outputBytesMax: 1_000_000, permit }
      return { leaseId: id, orderId: messageId(id), spec: someSpec(), grant: someResources(), ...common }
    },
    settle: async () => void (await running),
  }
}

function programOf(program: Behaviour): Program {
  const forever = { runUs: Number.POSITIVE_INFINITY, exitCode: 0 }
  const base = { ...forever, ignoresSigterm: false, isMissing: false, outputs: undefined, outputBytes: 0, logBytes: 0 }
  switch (program.does) {
    case 'exit':
      return { ...base, runUs: 1_000, exitCode: program.code }
    case 'print':
      return { ...base, runUs: 1_000, logBytes: program.text.length + 8 }
    case 'wait':
      return base
    case 'ignore-sigterm':
      return { ...base, ignoresSigterm: true }
    case 'write':
      return { ...base, runUs: 1_000, outputs: Uint8Array.of(1, 112, 18, 32), outputBytes: program.bytes }
  }
}

const NETWORK = 'test'

/** Peers over the real models, which dial each other now unless they are to be apart. */
function someMesh(count: number, { apart = false }: MeshInit = {}) {
  const kernel = new Kernel({ seed: 3, peers: count })
  const keys = someKeys()
  const identities = new Identities(keys, count)
  const opener = new HandleOpener(NETWORK, keys)
  const seqOf = (record: Uint8Array) => {
    const message = opener.open(record)
    return message instanceof Error || message.kind !== 'capacity' ? undefined : message.value.seq
  }
  const models = makeModels(defaultScenario({ peers: count, nat: NO_NAT }), kernel, { seqOf })
  const nothing = () => {}
  const tap = {
    published: nothing,
    recipients: nothing,
    heard: nothing,
    retired: nothing,
    sent: nothing,
    delivered: nothing,
    lookedUp: nothing,
  }
  const screens = new Screens(count)
  const wires = new Wiring({
    network: NETWORK,
    kernel,
    identities,
    opener,
    tap,
    peers: count,
    screens,
    clockSkewMs: 0,
    ...models,
  })
  for (let peer = 0; peer < count; peer++) {
    models.channels.online(peer)
    models.gossip.online(peer)
    models.directory.online(peer)
    for (let other = 0; other < peer && !apart; other++) models.channels.connect(peer, other)
  }
  return { kernel, keys, identities, wires }
}
type Mesh = ReturnType<typeof someMesh>

function meshComplies<T>(port: string, suite: readonly MeshCase<T>[], subject: (mesh: Mesh, peer: number) => T): void {
  describe(port, () => {
    for (const { name, run } of suite) {
      test(name, () =>
        run(async (count, init) => {
          const mesh = someMesh(count, init)
          const peers = Array.from({ length: count }, (_, i) => ({ id: mesh.identities.idOf(i), subject: subject(mesh, i) }))
          const settle = async () => void (await mesh.kernel.run(mesh.kernel.nowUs + 1_000_000))
          await settle()
          return { peers, settle, close: async () => {} }
        }),
      )
    }
  })
}

meshComplies('gossip', pubsubCompliance, ({ wires }, peer) => new PeerNetwork(wires, peer))
meshComplies('channels', channelsCompliance, ({ wires }, peer) => new PeerNetwork(wires, peer))

const owners = new Identities(someKeys(), 8)
const record = (owner: PeerId, seq: number): Uint8Array => {
  const index = Array.from({ length: 8 }, (_, i) => i).find((i) => owners.idOf(i) === owner) ?? 0
  const signer = new SimulatedSigner(someKeys(), index)
  const capacity = { ...someCapacity(), seq, issuedAtMs: 1, expiresAtMs: 2, class: 'cpu' as const, addresses: [] }
  return new Envelopes(NETWORK, signer).seal(capacityCodec, capacity, signer).bytes
}
meshComplies('the directory', directoryCompliance(record), (mesh, peer) => pumped(mesh, new PeerNetwork(mesh.wires, peer)))

/** Virtual time passes while a call is under way: the suite waits on nothing else. */
function pumped({ kernel }: Mesh, directory: PeerNetwork): Directory {
  const pump = async <T>(call: Promise<T>): Promise<T> => {
    let isDone = false
    const ended = () => {
      isDone = true
    }
    call.then(ended, ended)
    for (let turn = 0; turn < 10_000 && !isDone; turn++) await kernel.run(kernel.nowUs + 100_000)
    return call
  }
  return {
    put: (key, bytes) => pump(directory.put(key, bytes)),
    get: (key) => pump(directory.get(key)),
    provide: (shelf) => pump(directory.provide(shelf)),
    find: (shelf, options) => pump(directory.find(shelf, options)),
    networkSize: () => directory.networkSize(),
  }
}
