import { type Micros, micros, type PeerId } from '@weft/protocols'
import { mismatch, OfferBook } from '@weft/protocols/core'
import { SimulatedSigner, someCapacity, someGpu, somePrices, someRequest, someResources } from '@weft/protocols/testing'
import { type Capacity, peerIdOf } from '@weft/protocols/wire'
import fc from 'fast-check'
import { expect, test } from 'vitest'

// Goal: a search that is kept up says what looking through the whole book would say, whatever came and went meanwhile.

const WALL_MS = 1_800_000_000_000
const PROVIDERS: readonly PeerId[] = Array.from({ length: 6 }, (_, seed) => peerIdOf(new SimulatedSigner(seed).publicKey))
const SOUGHT = [
  someRequest({ resources: someResources({ gpuCount: 1, gpuVramMib: 16_384 }), maxPricePerHour: micros(1_000_000n) }),
  someRequest({ resources: someResources({ gpuCount: 0, gpuVramMib: 0, memoryMib: 4_096 }), regions: ['eu'] }),
]

const capacities: fc.Arbitrary<Capacity> = fc
  .record({
    vramMib: fc.constantFrom(8_192, 24_576),
    gpus: fc.nat({ max: 2 }),
    memoryMib: fc.constantFrom(1_024, 65_536),
    region: fc.constantFrom('eu', 'us'),
    gpuHour: fc.constantFrom<Micros[]>(micros(1n), micros(10_000_000n)),
    seq: fc.integer({ min: 1, max: 4 }),
    lifeMs: fc.integer({ min: 1, max: 200_000 }),
  })
  .map(({ vramMib, gpus, memoryMib, region, gpuHour, seq, lifeMs }) => ({
    ...someCapacity({
      gpus: gpus === 0 ? [] : [someGpu({ vramMib, count: gpus })],
      memoryMib,
      region,
      prices: somePrices({ gpuHour }),
    }),
    seq,
    issuedAtMs: WALL_MS,
    expiresAtMs: WALL_MS + lifeMs,
    class: 'cpu',
    addresses: [],
  }))

const events = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.record({ do: fc.constant('hear' as const), provider: fc.nat({ max: 5 }), capacity: capacities }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat({ max: 90_000 }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('cut' as const), count: fc.nat({ max: 4 }) }) },
  ),
  { maxLength: 40 },
)

test('what fits and what is ruled out is what looking through the whole book would give', () => {
  fc.assert(
    fc.property(events, (happens) => {
      const book = new OfferBook()
      let nowMs = 0
      for (const event of happens) {
        if (event.do === 'hear')
          book.record(PROVIDERS[event.provider] as PeerId, event.capacity, 'gossip', nowMs, WALL_MS + nowMs)
        else if (event.do === 'wait') nowMs += event.ms
        else book.keepNewest(event.count)
        expectSearchesToHold(book, nowMs)
      }
    }),
    { numRuns: 300 },
  )
})

test('a book that is seldom looked at says then what one would that takes in at once what is heard', () => {
  const seldom = fc.array(fc.tuple(events, fc.boolean()), { maxLength: 6 })
  fc.assert(
    fc.property(seldom, (looks) => {
      const [book, prompt] = [new OfferBook(), new OfferBook()]
      let nowMs = 0
      const offers = (of: OfferBook) =>
        of.all(WALL_MS + nowMs).map(({ provider, capacity, heardMono, via }) => ({ provider, capacity, heardMono, via }))
      for (const [happens, isSought] of looks) {
        for (const event of happens) {
          if (event.do === 'hear') {
            const provider = PROVIDERS[event.provider] as PeerId
            book.hear(provider, event.capacity, nowMs, WALL_MS + nowMs)
            prompt.record(provider, event.capacity, 'gossip', nowMs, WALL_MS + nowMs)
          } else if (event.do === 'wait') nowMs += event.ms
          else for (const each of [book, prompt]) each.keepNewest(event.count)
        }
        if (isSought) for (const each of [book, prompt]) expectSearchesToHold(each, nowMs)
        expect([0, 1, 3, 6].map((count) => book.hasAtLeast(count))).toEqual([0, 1, 3, 6].map((count) => prompt.size >= count))
        expect(book.size).toBe(prompt.size)
        expect(offers(book)).toEqual(offers(prompt))
      }
    }),
    { numRuns: 300 },
  )
})

/** Fits and what rules out the others are what the whole book says. */
function expectSearchesToHold(book: OfferBook, nowMs: number): void {
  for (const sought of SOUGHT) {
    const { resources, regions, arch, currency, maxPricePerHour } = sought
    const wanted = { resources, regions, arch, currency, priceCeiling: undefined }
    const fits = book.fitting(sought, nowMs, WALL_MS + nowMs)
    const ruledOut = book.ruledOut(sought, nowMs, WALL_MS + nowMs)
    const all = book.all(WALL_MS + nowMs)
    expect(fits).toEqual(all.filter(({ capacity }) => mismatch(wanted, capacity) === undefined))
    const reasons = all.map(({ capacity }) => mismatch({ ...wanted, priceCeiling: maxPricePerHour }, capacity))
    const counts = Object.fromEntries(
      reasons.flatMap((reason) => (reason === undefined ? [] : [[reason, reasons.filter((other) => other === reason).length]])),
    )
    expect(ruledOut).toEqual(counts)
  }
}
