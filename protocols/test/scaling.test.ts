import { jobId } from '@weft/protocols'
import { audienceFor, Core, type Effect, type Input, LISTEN_LINGER_MS, OfferBook, type ProviderInit } from '@weft/protocols/core'
import { SimulatedSigner, someCapacity, someGpu, someRequest } from '@weft/protocols/testing'
import { AUDIENCE_ALL, type Capacity, capacityCodec, Envelopes, peerIdOf } from '@weft/protocols/wire'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

// Goal: what a peer costs the network and itself does not grow with the network, and a peer that does nothing costs nothing.
// Method: one core in hand-made time, whose wakes are kept; its effects are counted.

const HOUR_MS = 3_600_000
const WALL_MS = 1_800_000_000_000

class Driven {
  readonly #core: Core
  readonly #envelopes: Envelopes
  readonly #seed: number
  readonly effects: { atMs: number; effect: Effect }[] = []
  nowMs = 0
  #wakeMono = Number.POSITIVE_INFINITY
  #steps = 0

  constructor(init: { networkSize?: number; provider?: ProviderInit; seed?: number } = {}) {
    const signer = new SimulatedSigner(1)
    this.#seed = init.seed ?? 1
    this.#envelopes = new Envelopes('scale', signer)
    const { networkSize = 1 } = init
    const core = {
      network: 'scale',
      peerId: peerIdOf(signer.publicKey),
      agent: 'scale',
      addresses: () => [],
      ports: { directory: { networkSize: () => networkSize } },
      provider: init.provider,
    }
    this.#core = new Core(core, { envelopes: this.#envelopes, signer })
    this.step({ type: 'start' })
    if (init.provider !== undefined) this.step({ type: 'executed', token: 'list', outcome: { ok: true, found: [] } })
  }

  step(input: Input): void {
    if (input.type === 'wake') this.#wakeMono = Number.POSITIVE_INFINITY
    const seed = new Uint8Array(32).fill(this.#seed)
    // Its first bytes differ from step to step, as those of random ones do.
    new DataView(seed.buffer).setUint32(0, Math.imul(++this.#steps + 1_000 * this.#seed, 0x9e3779b1))
    for (const effect of this.#core.step(input, { monoMs: this.nowMs, wallMs: WALL_MS + this.nowMs, era: 'boot', seed })) {
      this.effects.push({ atMs: this.nowMs, effect })
      if (effect.type === 'wake') this.#wakeMono = effect.atMono
    }
  }

  /** Lets time pass, waking the core whenever it asked for it; at most 100,000 times. */
  pass(ms: number): void {
    const untilMs = this.nowMs + ms
    for (let wakes = 0; this.#wakeMono <= untilMs; wakes++) {
      if (wakes > 100_000) throw new Error('the core wakes without end')
      this.nowMs = Math.max(this.nowMs, this.#wakeMono)
      this.step({ type: 'wake' })
    }
    this.nowMs = untilMs
  }

  get isAsleep(): boolean {
    return this.#wakeMono === Number.POSITIVE_INFINITY
  }

  count(type: Effect['type'], subject = ''): number {
    return this.effects.filter(({ effect }) => effect.type === type && (!('topic' in effect) || effect.topic.includes(subject)))
      .length
  }

  /** Times between what was published since `sinceMs`. */
  announcementGaps(sinceMs: number): number[] {
    const times = this.effects.filter(({ effect, atMs }) => effect.type === 'publish' && atMs >= sinceMs).map(({ atMs }) => atMs)
    return times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0))
  }

  /** The last announcement. */
  announced(): Capacity {
    const last = this.effects.findLast(({ effect }) => effect.type === 'publish')?.effect
    if (last?.type !== 'publish') throw new Error('nothing was announced')
    return capacityCodec.decode(this.#envelopes.open(last.bytes).payload)
  }
}

const SELLS: ProviderInit = { capacity: someCapacity() }

describe('announcing', () => {
  test('is every half minute among few, up to a tenth more or less, so that those that start together drift apart', () => {
    const peers = [1, 2].map((seed) => new Driven({ provider: SELLS, seed }))
    for (const peer of peers) peer.pass(HOUR_MS)
    const [first = [], second = []] = peers.map((peer) => peer.announcementGaps(60_000))
    for (const gaps of [first, second]) {
      expect(gaps.length).toBeGreaterThan(100)
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(27_000)
      expect(Math.max(...gaps)).toBeLessThanOrEqual(33_000)
      expect(new Set(gaps).size).toBeGreaterThan(10)
    }
    expect(first).not.toEqual(second)
  })

  test('of a hundred thousand is five messages a second in all, and each is believed for three of its intervals', () => {
    const peer = new Driven({ provider: SELLS, networkSize: 100_000 })
    peer.pass(72 * HOUR_MS)
    const gaps = peer.announcementGaps(60_000)
    expect(gaps.length).toBeGreaterThan(9)
    for (const gap of gaps) expect(Math.abs(gap - 20_000_000)).toBeLessThanOrEqual(2_000_000)
    const { issuedAtMs, expiresAtMs } = peer.announced()
    expect(expiresAtMs - issuedAtMs).toBe(60_000_000)
  })

  test('of a million is once a day at least, and nothing is believed for longer than a day', () => {
    const peer = new Driven({ provider: SELLS, networkSize: 1_000_000 })
    peer.pass(72 * HOUR_MS)
    expect(peer.announcementGaps(60_000).length).toBeGreaterThanOrEqual(1)
    const { issuedAtMs, expiresAtMs } = peer.announced()
    expect(expiresAtMs - issuedAtMs).toBe(24 * HOUR_MS)
  })

  test.each([
    [1, 48],
    [100_000, 24],
  ])('of %d peers puts the record into the DHT twice in its life, and each hour: %d times a day', (networkSize, times) => {
    const peer = new Driven({ provider: SELLS, networkSize })
    peer.pass(60_000)
    const eager = peer.count('put')
    peer.pass(24 * HOUR_MS)
    const steady = peer.count('put') - eager
    expect(steady).toBeGreaterThanOrEqual(times * 0.9)
    expect(steady).toBeLessThanOrEqual(times * 1.12)
  })

  test('names each shelf once, however many cards of a model there are', () => {
    const peer = new Driven({ provider: { ...SELLS, capacity: { ...SELLS.capacity, gpus: [someGpu(), someGpu(), someGpu()] } } })
    peer.pass(60_000)
    expect(peer.count('put')).toBeGreaterThan(0)
    expect(peer.count('provide')).toBe(2 * peer.count('put'))
  })
})

describe('listening', () => {
  const submit = (peer: Driven, id: string): void =>
    peer.step({ type: 'submit', request: someRequest({ jobId: jobId(id.repeat(32)), queueMs: 20_000 }) })
  const SHELVES = 9

  test('a peer that neither sells nor rents hears no topic and asks for no wake', () => {
    const peer = new Driven()
    peer.pass(24 * HOUR_MS)
    expect(peer.effects).toEqual([])
    expect(peer.isAsleep).toBe(true)
  })

  test.each([
    ['a renter', undefined],
    ['a provider that rents', SELLS],
  ])('%s listens from its order until a while after it stopped seeking, and again at the next', (_name, provider) => {
    const peer = new Driven({ ...(provider && { provider }) })
    expect(peer.count('subscribe', '/capacity/')).toBe(0)
    submit(peer, 'a')
    expect(peer.count('subscribe', '/capacity/')).toBe(SHELVES)
    peer.pass(20_000 + LISTEN_LINGER_MS - 1)
    expect(peer.count('unsubscribe')).toBe(0)
    peer.pass(1)
    expect(peer.count('unsubscribe', '/capacity/')).toBe(SHELVES)
    expect(peer.count('unsubscribe', '/orders/')).toBe(0)
    submit(peer, 'b')
    expect(peer.count('subscribe', '/capacity/')).toBe(2 * SHELVES)
    peer.pass(20_000 + LISTEN_LINGER_MS)
    expect(peer.count('unsubscribe', '/capacity/')).toBe(2 * SHELVES)
    expect(peer.isAsleep).toBe(provider === undefined)
  })

  test('who only looks around listens for a while, and a second look is no second subscription', () => {
    const peer = new Driven()
    peer.step({ type: 'look', class: 'cpu' })
    peer.pass(LISTEN_LINGER_MS - 1)
    peer.step({ type: 'look', class: 'cpu' })
    peer.pass(LISTEN_LINGER_MS - 1)
    expect([peer.count('subscribe'), peer.count('unsubscribe')]).toEqual([SHELVES, 0])
    peer.pass(1)
    expect([peer.count('subscribe'), peer.count('unsubscribe')]).toEqual([SHELVES, SHELVES])
    expect(peer.isAsleep).toBe(true)
  })

  test('an order that is cancelled is sought for no longer', () => {
    const peer = new Driven()
    submit(peer, 'a')
    peer.pass(5_000)
    peer.step({ type: 'cancel', jobId: jobId('a'.repeat(32)) })
    peer.pass(LISTEN_LINGER_MS)
    expect(peer.count('unsubscribe')).toBe(SHELVES)
  })
})

describe('the audience of an order', () => {
  /** How many of `providers` answer. */
  const answers = (fits: number, known: number, providers: number, round: number): number =>
    (audienceFor(fits, known, providers, round) / AUDIENCE_ALL) * providers

  test('is everybody in a small network, whether it knows them or not', () => {
    expect([audienceFor(0, 0, 60, 0), audienceFor(3, 3, 3, 0)]).toEqual([AUDIENCE_ALL, AUDIENCE_ALL])
  })

  test('is no crowd in a large network, even of a renter that has heard of nobody', () => {
    expect(answers(0, 0, 100_000, 0)).toBeLessThan(200)
    expect(answers(8, 8, 100_000, 0)).toBeLessThan(80)
  })

  test('is smaller by those that are asked directly, but never without strangers', () => {
    const gossiped = (fits: number) => answers(fits, 2 * fits, 100_000, 0) / 100_000
    expect(gossiped(20)).toBeLessThan(gossiped(4) / 3)
    expect(answers(64, 64, 100_000, 0)).toBeGreaterThanOrEqual(5.9)
  })

  test('grows fourfold with each round that stays empty, up to everybody', () => {
    expect(answers(8, 8, 100_000, 1) / answers(8, 8, 100_000, 0)).toBeCloseTo(4, 3)
    expect(audienceFor(8, 8, 100_000, 9)).toBe(AUDIENCE_ALL)
  })

  test('is wider where few of those known fit', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), fc.nat(1_000_000), (fits, misfits, providers) => {
        const wide = audienceFor(fits, fits + misfits + 1, providers, 0)
        expect(wide).toBeGreaterThanOrEqual(audienceFor(fits, fits + misfits, providers, 0))
      }),
    )
  })
})

describe('the book of offers', () => {
  const capacity = (set: Partial<Capacity>): Capacity => ({
    ...someCapacity(),
    seq: 1,
    issuedAtMs: WALL_MS,
    expiresAtMs: WALL_MS + HOUR_MS,
    class: 'cpu',
    addresses: [],
    ...set,
  })
  const ids = [1, 2, 3].map((seed) => peerIdOf(new SimulatedSigner(seed).publicKey))

  test('believes a record until it expires, and none for longer than a day, whatever it says', () => {
    const book = new OfferBook()
    const [a, b] = ids as [(typeof ids)[0], (typeof ids)[0]]
    book.record(a, capacity({}), 'gossip', 0, WALL_MS)
    book.record(b, capacity({ expiresAtMs: WALL_MS + 1_000 * HOUR_MS }), 'gossip', 0, WALL_MS)
    expect(book.all(WALL_MS + HOUR_MS - 1).length).toBe(2)
    expect(book.all(WALL_MS + HOUR_MS).map(({ provider }) => provider)).toEqual([b])
    expect(book.all(WALL_MS + 24 * HOUR_MS)).toEqual([])
    expect(book.record(b, capacity({ expiresAtMs: WALL_MS + 1_000 * HOUR_MS }), 'dht', 0, WALL_MS + 24 * HOUR_MS)).toBe(false)
  })

  test('keeps those heard last when it is cut down', () => {
    const book = new OfferBook()
    for (const id of ids) book.record(id, capacity({}), 'gossip', 0, WALL_MS)
    book.record(ids[0] as (typeof ids)[0], capacity({}), 'gossip', 1, WALL_MS)
    book.keepNewest(2)
    expect(book.all(WALL_MS).map(({ provider }) => provider)).toEqual([ids[2], ids[0]])
  })
})
