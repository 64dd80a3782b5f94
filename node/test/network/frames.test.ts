import { expect, test } from 'vitest'
import { decodeFrames, encodeFrames, FRAME, FRAME_PAYLOAD_BYTES_MAX, type Frame, frame } from '../../src/network/frames.ts'

async function* from<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items
}

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = []
  for await (const item of source) items.push(item)
  return items
}

const FRAMES: Frame[] = [
  frame(1, FRAME.FRAME_OPEN, new TextEncoder().encode('/weft/test/x/1.0.0'), 1_048_576),
  frame(1, FRAME.FRAME_DATA, new Uint8Array(FRAME_PAYLOAD_BYTES_MAX).fill(3)),
  frame(4_000_000_000, FRAME.FRAME_CREDIT, undefined, 300),
  frame(2, FRAME.FRAME_DATA, Uint8Array.of(9)),
  frame(1, FRAME.FRAME_END),
]

for (const size of [1, 7, 1000, 1_000_000]) {
  test(`frames survive being cut into pieces of ${size} bytes`, async () => {
    const bytes = Buffer.concat(await all(encodeFrames(from([FRAMES.slice(0, 2), FRAMES.slice(2)]))))
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
      bytes.subarray(index * size, (index + 1) * size),
    )
    const decoded = await all(decodeFrames(from(pieces)))
    expect(decoded.map((one) => ({ ...one, payload: Buffer.from(one.payload) }))).toEqual(
      FRAMES.map((one) => ({ ...one, payload: Buffer.from(one.payload) })),
    )
  })
}

test('a stream that ends in the middle of a frame ends quietly', async () => {
  const bytes = Buffer.concat(await all(encodeFrames(from([FRAMES.slice(0, 1)]))))
  expect(await all(decodeFrames(from([bytes.subarray(0, 5)])))).toEqual([])
})
