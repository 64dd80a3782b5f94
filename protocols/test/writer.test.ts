import fc from 'fast-check'
import protobuf from 'protobufjs/minimal.js'
import { expect, test } from 'vitest'
import { ByteWriter } from '../src/wire/writer.ts'

interface Writes {
  uint32(value: number): unknown
  int32(value: number): unknown
  sint32(value: number): unknown
  bool(value: boolean): unknown
  uint64(value: { low: number; high: number; unsigned: boolean }): unknown
  bytes(value: Uint8Array): unknown
  raw(value: Uint8Array): unknown
  string(value: string): unknown
  fork(): unknown
  ldelim(): unknown
}
type Part = (writer: Writes) => void

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
const long = fc.record({ low: int32, high: int32, unsigned: fc.constant(true) })
const message = fc.letrec<{ parts: Part[] }>((tie) => ({
  parts: fc.array(
    fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.integer({ min: 0, max: 2 ** 32 - 1 }).map(
        (value): Part =>
          (writer) =>
            writer.uint32(value),
      ),
      int32.map(
        (value): Part =>
          (writer) =>
            writer.int32(value),
      ),
      int32.map(
        (value): Part =>
          (writer) =>
            writer.sint32(value),
      ),
      fc.boolean().map(
        (value): Part =>
          (writer) =>
            writer.bool(value),
      ),
      long.map(
        (value): Part =>
          (writer) =>
            writer.uint64(value),
      ),
      fc.uint8Array({ maxLength: 3_000 }).map(
        (value): Part =>
          (writer) =>
            writer.bytes(value),
      ),
      fc.uint8Array({ maxLength: 40 }).map(
        (value): Part =>
          (writer) =>
            writer.raw(value),
      ),
      fc.string({ unit: 'grapheme', maxLength: 200 }).map(
        (value): Part =>
          (writer) =>
            writer.string(value),
      ),
      tie('parts').map(
        (parts): Part =>
          (writer) => {
            writer.fork()
            for (const part of parts) part(writer)
            writer.ldelim()
          },
      ),
    ),
    { maxLength: 8 },
  ),
})).parts

test('one writer, used again, writes the bytes that protobufjs writes, messages inside messages included', () => {
  const writer = new ByteWriter()
  fc.assert(
    fc.property(message, (parts) => {
      const theirs = protobuf.Writer.create()
      writer.reset()
      for (const part of parts) {
        part(writer)
        part(theirs as unknown as Writes)
      }
      expect(writer.finish()).toEqual(new Uint8Array(theirs.finish()))
    }),
    { numRuns: 300 },
  )
})

test('a message that could not be written to its end leaves nothing behind', () => {
  const writer = new ByteWriter()
  writer.fork()
  writer.uint32(7)
  expect(writer.reset().string('ä').finish()).toEqual(Uint8Array.of(2, 0xc3, 0xa4))
})

test('what was given away is not written over, however much is written after it', () => {
  const writer = new ByteWriter()
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 5_000 }), { maxLength: 20 }), (messages) => {
      const written = messages.map((message) => writer.reset().fork().raw(message).ldelim().finish())
      const expected = messages.map((message) => protobuf.Writer.create().bytes(message).finish())
      expect(written.map((bytes) => [...bytes])).toEqual(expected.map((bytes) => [...bytes]))
    }),
  )
})
