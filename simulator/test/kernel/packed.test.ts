import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Packing } from '../../src/kernel/packed.ts'

const alike = fc.tuple(
  fc.uint8Array({ maxLength: 700 }),
  fc.array(fc.tuple(fc.nat(699), fc.uint8Array({ minLength: 1, maxLength: 300 })), { maxLength: 6 }),
)

/** `bytes` with each patch laid over them, as far as they go. */
function patched(bytes: Uint8Array, patches: readonly [number, Uint8Array][]): Uint8Array {
  const out = bytes.slice()
  for (const [at, patch] of patches)
    for (let i = 0; i < patch.length && at + i < out.length; i++) out[at + i] = patch[i] as number
  return out
}

test('what was packed is unpacked as it was, whatever came before', () => {
  const packing = new Packing()
  fc.assert(
    fc.property(alike, ([bytes, patches]) => {
      const other = patched(bytes, patches)
      const texts = [packing.pack(bytes), packing.pack(other)]
      expect(texts.map((text) => packing.unpack(text))).toEqual([bytes, other])
    }),
    { numRuns: 1_000 },
  )
})

test('what is like the first of its length takes little', () => {
  const packing = new Packing()
  const bytes = Uint8Array.from({ length: 600 }, (_, i) => i)
  packing.pack(bytes)
  expect(packing.pack(bytes).length).toBeLessThan(8)
  expect(packing.pack(patched(bytes, [[300, Uint8Array.of(1, 2, 3)]])).length).toBeLessThan(12)
})

test('a packing of many lengths keeps the later ones whole', () => {
  const packing = new Packing()
  for (let length = 0; length < 600; length++) {
    const bytes = new Uint8Array(length).fill(length)
    expect(packing.unpack(packing.pack(bytes))).toEqual(bytes)
  }
})
