import {
  type ComplianceCase,
  channelsCompliance,
  clockCompliance,
  directoryCompliance,
  executorCompliance,
  FastSigner,
  MemoryStore,
  type MeshCase,
  type MeshInit,
  meterCompliance,
  type NetworkPorts,
  PhysicalCard,
  pubsubCompliance,
  randomCompliance,
  SeededRandom,
  SimulatedMeter,
  SimulatedNetwork,
  SimulatedSigner,
  signerCompliance,
  simulatedExecutorSubject,
  someCapacity,
  someCard,
  storeCompliance,
  VirtualTime,
} from '@weft/protocols/testing'
import { capacityCodec, Envelopes, peerIdOf } from '@weft/protocols/wire'
import { describe, expect, test } from 'vitest'

/** The simulated ports pass the very suites that the node's real ones do. */
function complies<T>(port: string, suite: readonly ComplianceCase<T>[], create: () => Promise<T> | T): void {
  describe(port, () => {
    for (const { name, run } of suite) test(name, () => run(async () => ({ subject: await create(), close: async () => {} })))
  })
}

complies('the store in memory', storeCompliance, () => {
  const store = new MemoryStore()
  return { store, reopen: async () => store }
})

complies('virtual time', clockCompliance, () => {
  const time = new VirtualTime()
  const clock = time.clock()
  return {
    clock,
    pass: async (ms: number) => void (await time.run(time.nowMs + ms)),
    next: async () => ({ era: clock.era, monoMs: clock.monoMs() }),
    boot: () => clock.boot(),
  }
})

complies('seeded randomness', randomCompliance, () => new SeededRandom(7))
complies('the simulated signer', signerCompliance, () => ({ signer: new SimulatedSigner(1), other: new SimulatedSigner(2) }))
const FAKE_HASH = signerCompliance.filter(({ name }) => name !== 'hashes with SHA-256')
complies('the fast signer, which has no SHA-256', FAKE_HASH, () => ({ signer: new FastSigner(1), other: new FastSigner(2) }))
complies('the simulated executor', executorCompliance, simulatedExecutorSubject)
complies('the simulated meter', meterCompliance, () => {
  const card = new PhysicalCard(someCard(), { nowMs: () => 0, wait: async () => {} })
  const meter = new SimulatedMeter({ owner: 'p', cards: new Map([['ab', card]]), time: { nowMs: () => 0, wait: async () => {} } })
  return { meter, card: 'ab', size: { fillMib: 1_024, rounds: 256, rows: 1_024 } }
})

/** Peers on a modelled network with a delay of 10 ms, where dialling takes 30; `settle` lets a second pass. */
function simulatedMesh<T>(port: (ports: NetworkPorts) => T) {
  return async (count: number, { apart = false }: MeshInit = {}) => {
    const time = new VirtualTime()
    const network = new SimulatedNetwork(
      time,
      () => ({ delayMs: 10, lost: false }),
      () => 30,
    )
    const ids = Array.from({ length: count }, (_, i) => peerIdOf(new SimulatedSigner(i + 1).publicKey))
    const peers = ids.map((id) => ({ id, subject: port(network.join(id)) }))
    const pairs = ids.flatMap((id, i) => ids.slice(0, i).map((other) => [id, other] as const))
    if (!apart) for (const [id, other] of pairs) network.connect(id, other)
    const settle = async () => void (await time.run(time.nowMs + 1_000))
    await settle()
    return { peers, settle, close: async () => {} }
  }
}

function meshComplies<T>(name: string, suite: readonly MeshCase<T>[], port: (ports: NetworkPorts) => T): void {
  describe(name, () => {
    for (const { name: sentence, run } of suite) test(sentence, () => run(simulatedMesh(port)))
  })
}

const capacityRecord = (owner: string, seq: number): Uint8Array => {
  const signer =
    [1, 2, 3, 4, 5].map((seed) => new SimulatedSigner(seed)).find(({ publicKey }) => peerIdOf(publicKey) === owner) ??
    new SimulatedSigner(1)
  const capacity = { ...someCapacity(), seq, issuedAtMs: 1, expiresAtMs: 2, class: 'cpu' as const, addresses: [] }
  return new Envelopes('test', signer).seal(capacityCodec, capacity, signer).bytes
}

meshComplies('simulated gossip', pubsubCompliance, ({ pubsub }) => pubsub)
meshComplies('simulated channels', channelsCompliance, ({ channels }) => channels)
meshComplies('the simulated directory', directoryCompliance(capacityRecord), ({ directory }) => directory)

test('a seeded stream repeats with its seed and differs with another', () => {
  const draw = (seed: number) => new SeededRandom(seed).bytes(16)
  expect(draw(1)).toEqual(draw(1))
  expect(draw(1)).not.toEqual(draw(2))
})
