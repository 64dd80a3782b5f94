import { askedCards } from '@weft/protocols/core'
import type { MeterTime, Relay, Shortage, SimulatedPeer } from '@weft/protocols/testing'
import {
  type CardModel,
  PhysicalCard,
  SimulatedMesh,
  SimulatedMeter,
  sha256,
  someCapacity,
  someCard,
  someGpu,
  someRequest,
  someResources,
} from '@weft/protocols/testing'
import { challengeCodec, toHex, utf8 } from '@weft/protocols/wire'
import { expect, test } from 'vitest'

// A challenger and providers of modelled cards in virtual time: what honest cards show, and how those who lack what they announce fail.

class Fleet {
  readonly mesh: SimulatedMesh
  readonly time: MeterTime = {
    nowMs: () => this.mesh.time.nowMs,
    wait: (ms) => new Promise((resolve) => void this.mesh.time.after(ms, resolve)),
  }
  #names = 0

  /** `delayMs`: of every message. */
  constructor(delayMs = 10) {
    this.mesh = new SimulatedMesh(7, () => ({ delayMs, lost: false }))
  }

  card(memoryMib = 24_000, set: Partial<CardModel> = {}): PhysicalCard {
    return new PhysicalCard(someCard({ memoryMib, ...set }), this.time)
  }

  /** A provider that announces `cards` of 24 GB; each entry is the card that it really is. */
  provider(
    cards: readonly PhysicalCard[],
    set: {
      shortage?: Shortage
      relay?: Relay
      msPerChallenger?: number
      addresses?: string[]
      hashes?: Uint8Array[]
      isClaimed?: boolean
    } = {},
  ): Promise<SimulatedPeer> {
    const owner = `provider-${this.#names++}`
    const { hashes = cards.map((_, i) => sha256(utf8(`${owner}/${i}`))), addresses = [], isClaimed, ...rest } = set
    const { msPerChallenger, ...honesty } = rest
    const meter = new SimulatedMeter({
      owner,
      cards: new Map(hashes.map((hash, i) => [toHex(hash), cards[i] as PhysicalCard])),
      time: this.time,
      ...honesty,
    })
    const gpu = {
      ...{ count: cards.length, uuidHashes: hashes },
      ...(isClaimed === true ? { detected: false as const } : {}),
    }
    const capacity = someCapacity({ gpus: [someGpu(gpu)] })
    const challenges = msPerChallenger === undefined ? {} : { msPerChallenger }
    return this.mesh.add({ capacity, challenges }, {}, {}, undefined, undefined, { meter, addresses })
  }

  challenger(
    roundsPerDay = 0,
    meter = new SimulatedMeter({ owner: 'challenger', cards: new Map(), time: this.time }),
  ): Promise<SimulatedPeer> {
    return this.mesh.add(undefined, {}, {}, undefined, undefined, { meter, challenges: { roundsPerDay } })
  }

  async pass(ms: number): Promise<void> {
    await this.mesh.time.run(this.mesh.time.nowMs + ms)
  }

  /** Asks them all in one moment, after it has heard of them; resolves when retries are over too. */
  async measure(challenger: SimulatedPeer, providers: readonly SimulatedPeer[]): Promise<void> {
    challenger.host.refreshOffers('cpu')
    await this.pass(5_000)
    challenger.host.measure(providers.map(({ id }) => id))
    await this.pass(600_000)
  }
}

const verdicts = (challenger: SimulatedPeer, provider: SimulatedPeer): string[] =>
  challenger.notes.flatMap((note) => (note.type === 'measured' && note.provider === provider.id ? [note.verdict] : []))
const whys = (challenger: SimulatedPeer): string =>
  challenger.notes.flatMap((note) => (note.type === 'measured' ? [note.why] : [])).join('; ')
const measuredOf = (peer: SimulatedPeer, provider: SimulatedPeer) =>
  peer.host.offers().find(({ peerId }) => peerId === provider.id)?.measured

test('an honest provider shows what was measured to whoever asks what it has', async () => {
  const fleet = new Fleet()
  const provider = await fleet.provider([fleet.card(), fleet.card()])
  const [challenger, renter] = [await fleet.challenger(), await fleet.challenger()]
  await fleet.measure(challenger, [provider])
  expect(verdicts(challenger, provider)).toEqual(['measured'])
  renter.host.refreshOffers('cpu')
  await fleet.pass(5_000)
  const measured = measuredOf(renter, provider)
  expect(measured).toMatchObject({ challengers: 1, cards: 2 })
  expect(measured?.memoryGiB).toBeGreaterThan(40)
  expect(measured?.fp32Tflops).toBeGreaterThan(15)
})

test('a card is measured in the formats that it has', async () => {
  const fleet = new Fleet()
  const [newer, older] = [await fleet.provider([fleet.card()]), await fleet.provider([fleet.card(24_000, { bf16Operations: 0 })])]
  const challenger = await fleet.challenger()
  await fleet.measure(challenger, [newer, older])
  expect(measuredOf(challenger, newer)?.bf16Tflops).toBeGreaterThan(15)
  expect(measuredOf(challenger, older)).toMatchObject({ bf16Tflops: 0 })
  expect(measuredOf(challenger, older)?.fp16Tflops).toBeGreaterThan(15)
})

test('an honest card at the end of a slow path is not taken for memory that is not there', async () => {
  const fleet = new Fleet(450)
  const provider = await fleet.provider([fleet.card()])
  const liar = await fleet.provider([fleet.card(12_000)], { shortage: 'spill' })
  const challenger = await fleet.challenger()
  await fleet.measure(challenger, [provider, liar])
  expect(new Set(verdicts(challenger, provider))).toEqual(new Set(['measured']))
  expect(verdicts(challenger, liar)).toEqual(['again', 'again', 'failed'])
})

test('measurements survive a restart of the provider, and are counted once for each challenger', async () => {
  const fleet = new Fleet()
  const provider = await fleet.provider([fleet.card()])
  const challengers = [await fleet.challenger(), await fleet.challenger()]
  for (const challenger of [...challengers, ...challengers]) await fleet.measure(challenger, [provider])
  await provider.restart()
  const renter = await fleet.challenger()
  renter.host.refreshOffers('cpu')
  await fleet.pass(5_000)
  expect(measuredOf(renter, provider)?.challengers).toBe(2)
})

test.each([
  ['fills what it lacks again', 'refill'],
  ['keeps what it lacks in the memory of its machine', 'spill'],
  ['has no memory left', 'fail'],
] as const)('one card announced as two is found out when it %s', async (_, shortage) => {
  const fleet = new Fleet()
  const card = fleet.card()
  const liar = await fleet.provider([card, card], { shortage })
  const honest = await fleet.provider([fleet.card()])
  const challenger = await fleet.challenger()
  await fleet.measure(challenger, [liar, honest])
  expect(verdicts(challenger, liar)).toEqual(['again', 'again', 'failed'])
  expect(new Set(verdicts(challenger, honest))).toEqual(new Set(['measured']))
})

test('one card under two identities is found out when both are asked at once', async () => {
  const fleet = new Fleet()
  const card = fleet.card()
  const liars = [await fleet.provider([card], { shortage: 'refill' }), await fleet.provider([card], { shortage: 'refill' })]
  const challenger = await fleet.challenger()
  await fleet.measure(challenger, liars)
  expect(liars.map((liar) => verdicts(challenger, liar).at(-1))).toContain('failed')
})

test('a machine that keeps half of its card in its own memory is found out', async () => {
  const fleet = new Fleet()
  const liar = await fleet.provider([fleet.card(12_000)], { shortage: 'spill' })
  const challenger = await fleet.challenger()
  await fleet.measure(challenger, [liar])
  expect(verdicts(challenger, liar)).toEqual(['again', 'again', 'failed'])
  expect(whys(challenger)).toContain('it was not there')
})

test('who hands the question on gets answers to another', async () => {
  const fleet = new Fleet()
  const relay = await fleet.provider([fleet.card()], { relay: { roundTripMs: 100, isAgreed: false } })
  const challenger = await fleet.challenger()
  await fleet.measure(challenger, [relay])
  expect(verdicts(challenger, relay).at(-1)).toBe('failed')
})

test('who asks for a challenge that cannot be is told, whichever the reason', async () => {
  const fleet = new Fleet()
  const provider = await fleet.provider([fleet.card()])
  const challenger = await fleet.challenger()
  challenger.host.measure([challenger.id])
  challenger.host.measure([provider.id])
  expect(whys(challenger)).toBe('unsupported; unsupported')
  challenger.host.refreshOffers('cpu')
  await fleet.pass(5_000)
  for (let i = 0; i < 20; i++) challenger.host.measure([provider.id])
  expect(whys(challenger)).toMatch(/busy/)
})

test('an answer that could not be checked makes no measurement', async () => {
  const fleet = new Fleet()
  const provider = await fleet.provider([fleet.card()])
  const meter = new SimulatedMeter({ owner: 'challenger', cards: new Map(), time: fleet.time })
  meter.check = async () => Promise.reject(new Error('the thread was ended'))
  const challenger = await fleet.challenger(0, meter)
  await fleet.measure(challenger, [provider])
  expect(verdicts(challenger, provider)).toEqual(['refused'])
  expect(whys(challenger)).toBe('unchecked')
  expect(provider.host.offers()[0]?.measured).toBeNull()
})

test('of a provider that announces more cards than a challenge holds, or more memory, what it holds is asked', async () => {
  const fleet = new Fleet()
  const hashes = Array.from({ length: 110 }, (_, i) => sha256(utf8(`card ${i}`)))
  const gpu = { vramMib: 2 ** 32 - 1, count: 55 }
  const gpus = [someGpu({ ...gpu, uuidHashes: hashes.slice(0, 55) }), someGpu({ ...gpu, uuidHashes: hashes.slice(54, 109) })]
  const liar = await fleet.mesh.add({ capacity: someCapacity({ gpus }), challenges: {} })
  const challenger = await fleet.challenger()
  await fleet.measure(challenger, [liar])
  expect(verdicts(challenger, liar)).toEqual(['refused'])
  expect(whys(challenger)).toBe('no-meter')
})

test('a provider that failed is not awarded anything by its challenger', async () => {
  const fleet = new Fleet()
  const liar = await fleet.provider([fleet.card()], { relay: { roundTripMs: 100, isAgreed: false } })
  const challenger = await fleet.challenger()
  await fleet.measure(challenger, [liar])
  const job = await challenger.host.submit(someRequest({ queueMs: 30_000, resources: someResources({ gpuCount: 1 }) }))
  await fleet.pass(60_000)
  expect(challenger.host.job(job.jobId as never)?.state).toBe('failed')
})

test('nothing is leased while it is challenged, and it is not challenged while something is leased', async () => {
  const fleet = new Fleet()
  const provider = await fleet.provider([fleet.card()])
  const [challenger, renter] = [await fleet.challenger(), await fleet.challenger()]
  challenger.host.refreshOffers('cpu')
  await fleet.pass(5_000)
  challenger.host.measure([provider.id])
  await fleet.pass(500)
  await renter.host.submit(someRequest({ queueMs: 300_000 }))
  await fleet.pass(400)
  expect(provider.host.leases()).toEqual([])
  expect(provider.notes.some((note) => note.type === 'order-ignored' && note.reason === 'busy')).toBe(true)
  await fleet.mesh.time.run(fleet.mesh.time.nowMs + 120_000, () => provider.host.isWorking)
  expect(provider.host.isWorking).toBe(true)
  challenger.host.measure([provider.id])
  await fleet.pass(100)
  expect(challenger.notes.at(-1)).toMatchObject({ type: 'measured', verdict: 'refused', why: 'busy' })
})

test('a card that only its owner says to be there is never measured', async () => {
  const fleet = new Fleet()
  const provider = await fleet.provider([fleet.card()], { isClaimed: true })
  const challenger = await fleet.challenger()
  await fleet.measure(challenger, [provider])
  expect(verdicts(challenger, provider)).toEqual(['refused'])
  expect(measuredOf(challenger, provider)).toBeNull()
})

test('a challenger that has used its time of the day is refused', async () => {
  const fleet = new Fleet()
  const provider = await fleet.provider([fleet.card()], { msPerChallenger: 1 })
  const challenger = await fleet.challenger()
  for (let i = 0; i < 2; i++) await fleet.measure(challenger, [provider])
  expect(verdicts(challenger, provider)).toEqual(['measured', 'refused'])
  expect(whys(challenger)).toContain('budget')
})

test('a challenger that falls silent holds nobody for long', async () => {
  const fleet = new Fleet()
  const provider = await fleet.provider([fleet.card()])
  const challenger = await fleet.challenger()
  challenger.host.refreshOffers('cpu')
  await fleet.pass(5_000)
  challenger.host.measure([provider.id])
  await fleet.pass(300)
  await challenger.powerOff()
  await fleet.pass(60_000)
  const renter = await fleet.challenger()
  await renter.host.submit(someRequest())
  await fleet.mesh.time.run(fleet.mesh.time.nowMs + 60_000, () => provider.host.isWorking)
  expect(provider.host.isWorking).toBe(true)
})

test('a peer that challenges by itself asks those together that may be one machine', async () => {
  const fleet = new Fleet()
  const address = ['/ip4/192.0.2.7/tcp/4170']
  const card = fleet.card()
  const kin = [
    await fleet.provider([card], { shortage: 'refill', addresses: address }),
    await fleet.provider([card], { shortage: 'refill', addresses: address }),
  ]
  for (let i = 0; i < 6; i++) await fleet.provider([fleet.card()], { addresses: [`/ip4/192.0.2.${100 + i}/tcp/4170`] })
  const challenger = await fleet.challenger(12)
  await fleet.pass(86_400_000)
  expect(kin.some((liar) => verdicts(challenger, liar).includes('failed'))).toBe(true)
  expect(
    fleet.mesh.peers.filter((peer) => verdicts(challenger, peer).includes('failed')).every((peer) => kin.includes(peer)),
  ).toBe(true)
})

test('whatever is announced, the challenge of it can be read', () => {
  const uuidHashes = Array.from({ length: 64 }, (_, i) => new Uint8Array(32).fill(i))
  const gpus = [someGpu({ count: 64, vramMib: 0xffffffff, uuidHashes }), someGpu({ count: 64, vramMib: 0, uuidHashes })]
  const asked = askedCards(someCapacity({ gpus }))
  const { rounds, rows } = asked[0]?.size ?? { rounds: 0, rows: 0 }
  const cards = asked.map(({ card, size: { fillMib } }) => ({ card, fillMib }))
  const challenge = { nonce: new Uint8Array(16), stage: 'ready', seed: new Uint8Array(32), cards, rounds, rows } as const
  expect(challengeCodec.decode(challengeCodec.encode(challenge))).toEqual(challenge)
})
