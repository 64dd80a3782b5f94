import { readFileSync } from 'node:fs'
import { micros, WireError } from '@weft/protocols'
import { someGpu } from '@weft/protocols/testing'
import {
  CODECS,
  type Codec,
  capacitySeq,
  decodeMessage,
  Envelopes,
  fromHex,
  type Messages,
  specCodec,
  toHex,
  weft,
} from '@weft/protocols/wire'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { alice } from './ed25519.ts'
import { KINDS, SAMPLES } from './samples.ts'

const envelopes = new Envelopes('golden', alice)
const codecOf = (kind: keyof Messages) => CODECS[kind] as Codec<unknown>

interface Golden {
  kind: keyof Messages
  id: string
  envelope: string
}
const VECTORS = JSON.parse(readFileSync(new URL('vectors/envelopes.json', import.meta.url), 'utf8')) as {
  secret: string
  network: string
  messages: Golden[]
}

test('what later versions of the first messages say, each when it is there, comes back as it went', () => {
  const { capacity, order, hello, challengeAnswer, measurement } = SAMPLES
  const gpus = capacity.gpus.map((gpu) => ({ ...gpu, gpuHour: micros(300_000n), detected: false as const }))
  expect(CODECS.capacity.decode(CODECS.capacity.encode({ ...capacity, gpus })).gpus).toEqual(gpus)
  const resources = { ...order.resources, gpuComputeCapability: '8.9' }
  expect(CODECS.order.decode(CODECS.order.encode({ ...order, resources })).resources).toEqual(resources)
  expect(CODECS.order.decode(CODECS.order.encode({ ...order, bidWindowMs: 300_000 })).bidWindowMs).toBe(300_000)
  expect(CODECS.hello.decode(CODECS.hello.encode({ ...hello, networkSize: 12_000 })).networkSize).toBe(12_000)
  const answer = { ...challengeAnswer, stage: 'bf16' as const }
  expect(CODECS.challengeAnswer.decode(CODECS.challengeAnswer.encode(answer))).toEqual(answer)
  const cards = measurement.cards.map((card) => ({ ...card, bf16Ms: 390 }))
  expect(CODECS.measurement.decode(CODECS.measurement.encode({ ...measurement, cards })).cards).toEqual(cards)
})

test('the number of a capacity is read without the rest', () => {
  for (const seq of [0, 1, 1_800_000_000_000]) expect(capacitySeq(CODECS.capacity.encode({ ...SAMPLES.capacity, seq }))).toBe(seq)
})

test('an auction that takes longer than times are counted from receipt is refused', () => {
  const bytes = CODECS.order.encode({ ...SAMPLES.order, bidWindowMs: 300_001 })
  expect(() => CODECS.order.decode(bytes)).toThrow(/bidWindowMs/)
})

test('a kind of device with more hashes than devices is refused: it would be measured as more than it is', () => {
  const uuidHashes = [1, 2].map((byte) => new Uint8Array(32).fill(byte))
  const bytes = CODECS.capacity.encode({ ...SAMPLES.capacity, gpus: [someGpu({ count: 1, uuidHashes })] })
  expect(() => CODECS.capacity.decode(bytes)).toThrow(WireError)
})

test('the largest capacity that a provider may announce fits into its message', () => {
  const name = (length: number) => 'x'.repeat(length)
  const gpus = Array.from({ length: 16 }, () => ({
    ...{
      vendor: name(10),
      model: name(64),
      computeCapability: name(32),
      vramMib: 2 ** 32 - 1,
      count: 4,
      detected: false as const,
    },
    uuidHashes: Array.from({ length: 4 }, () => new Uint8Array(32).fill(255)),
    gpuHour: micros(10n ** 18n),
  }))
  const addresses = Array.from({ length: 8 }, () => name(256))
  const texts = { region: name(64), engineName: name(64), engineVersion: name(64) }
  const capacity = { ...SAMPLES.capacity, ...texts, gpus, addresses }
  expect(CODECS.capacity.decode(CODECS.capacity.encode(capacity))).toEqual(capacity)
})

describe.each(KINDS)('%s', (kind) => {
  const codec = codecOf(kind)
  const payload = codec.encode(SAMPLES[kind])

  test('comes back as it went', () => {
    expect(codec.decode(payload)).toEqual(SAMPLES[kind])
  })

  test('seals to the golden vector, and the vector opens to it', () => {
    const golden = VECTORS.messages.find((vector) => vector.kind === kind)
    const sealed = envelopes.seal(codec, SAMPLES[kind], alice)
    expect({ id: sealed.id, envelope: toHex(sealed.bytes) }).toEqual({ id: golden?.id, envelope: golden?.envelope })
    const opened = decodeMessage(envelopes.open(fromHex(golden?.envelope ?? '')))
    expect(opened).toMatchObject({ kind, id: golden?.id, value: SAMPLES[kind] })
  })

  test('cut short anywhere it is refused with a WireError or reads as another well-formed message', () => {
    for (let length = 0; length < payload.length; length++) {
      try {
        codec.decode(payload.subarray(0, length))
      } catch (error) {
        expect(error).toBeInstanceOf(WireError)
      }
    }
  })

  test('a field of a newer version is refused below 1000 and ignored from there', () => {
    expect(() => codec.decode(withField(payload, 999))).toThrow(expect.objectContaining({ code: 'UNKNOWN_FIELD' }))
    expect(codec.decode(withField(payload, 2047))).toEqual(SAMPLES[kind])
  })

  test('is refused one byte over its limit', () => {
    expect(() => codec.decode(new Uint8Array(codec.bytesMax + 1))).toThrow(expect.objectContaining({ code: 'TOO_LONG' }))
  })

  test('arbitrary bytes never raise anything but a WireError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          codec.decode(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(WireError)
        }
      }),
      { numRuns: 200 },
    )
  })
})

test('an unknown field inside a nested message is refused too', () => {
  const resources = withField(weft.Resources.encode({ cpuMilli: 5 }).finish(), 900)
  // Field 7 of Order, wire type 2.
  const payload = Uint8Array.from([...CODECS.order.encode(SAMPLES.order), (7 << 3) | 2, resources.length, ...resources])
  expect(() => CODECS.order.decode(payload)).toThrow(expect.objectContaining({ code: 'UNKNOWN_FIELD' }))
})

test('text with an escape sequence is refused: it would reach a terminal', () => {
  const hello = { ...SAMPLES.hello, agent: '\u001b[31mred' }
  expect(() => CODECS.hello.decode(CODECS.hello.encode(hello))).toThrow(/control character/)
})

test.each(['/../etc', 'data', '/', '/a//b', '/a/./b', '/a/\0', ''])('the container path %j is refused', (path) => {
  const bytes = weft.Spec.encode({ inputs: [{ path }] }).finish()
  expect(() => specCodec.decode(Uint8Array.from(bytes))).toThrow(WireError)
})

/** The payload with one more varint field. */
function withField(payload: Uint8Array, field: number): Uint8Array {
  const tag = (field << 3) >>> 0
  return Uint8Array.from([...payload, (tag & 127) | 128, tag >>> 7, 1])
}
