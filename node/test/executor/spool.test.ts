import { appendFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeOutputFrame, gapBytes, OutputDecoder } from '@weft/protocols/ports'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Spool } from '../../src/executor/spool.ts'

let folder = ''
let path = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-spool-test-'))
  path = join(folder, 'output.spool')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const frame = (text: string | Uint8Array) => encodeOutputFrame('stdout', typeof text === 'string' ? Buffer.from(text) : text)
const texts = (bytes: Uint8Array) =>
  new OutputDecoder()
    .push(bytes)
    .map(({ stream, payload }) => (stream === 'gap' ? gapBytes(payload) : Buffer.from(payload).toString()))

async function all(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const seen: Uint8Array[] = []
  for await (const piece of pieces) seen.push(piece)
  return Buffer.concat(seen)
}

describe('an output spool', () => {
  test('holds the frames of the engine, however its stream is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 200 }), { maxLength: 20 }),
        fc.integer({ min: 1, max: 97 }),
        async (payloads, step) => {
          const spool = await Spool.open({ path })
          const stream = Buffer.concat(payloads.map(frame))
          for (let at = 0; at < stream.length; at += step) await spool.write(stream.subarray(at, at + step))
          expect(await spool.close()).toBe(stream.length)
          expect(await readFile(path)).toEqual(stream)
          await rm(path)
        },
      ),
      { numRuns: 30 },
    )
  })

  test('tells an engine that lost the output as a gap, and what a container says of itself as that', async () => {
    const spool = await Spool.open({ path })
    const failure = 'Error: read unixpacket @->/proc/self/fd/11/attach: read: connection reset by peer\n'
    const said = `my ${failure}`
    for (const text of ['out\n', failure, said]) await spool.write(frame(text))
    await spool.close()
    expect(texts(await readFile(path))).toEqual(['out\n', 0, said])
  })

  test('never grows over its limit, and counts what it dropped in one last gap', async () => {
    const spool = await Spool.open({ path, bytesMax: 100 })
    await spool.write(frame('a'.repeat(40)))
    await spool.write(frame('b'.repeat(40)))
    await spool.write(frame('c'))
    await spool.close()
    expect(texts(await readFile(path))).toEqual(['a'.repeat(40), 'b'.repeat(28), 13])
    expect((await stat(path)).size).toBeLessThanOrEqual(100)
  })

  test('gives readers what is there, then what comes, and ends when it is closed', async () => {
    const spool = await Spool.open({ path })
    await spool.write(frame('one'))
    const reader = spool.read(0)
    expect(texts((await reader.next()).value ?? new Uint8Array())).toEqual(['one'])
    const next = reader.next()
    await spool.write(frame('two'))
    expect(texts((await next).value ?? new Uint8Array())).toEqual(['two'])
    const last = reader.next()
    await spool.close()
    expect(await last).toEqual({ done: true, value: undefined })
  })

  test('lets readers start anywhere, also beyond what is there', async () => {
    const spool = await Spool.open({ path })
    const early = all(spool.read(11 + 2))
    await spool.write(frame('one'))
    await spool.write(frame('two'))
    await spool.close()
    expect((await early).toString()).toBe(
      frame('two')
        .subarray(2)
        .reduce((text, byte) => text + String.fromCharCode(byte), ''),
    )
    expect(await all(spool.read(1000))).toEqual(Buffer.alloc(0))
  })

  test('ends a waiting reader when its signal aborts', async () => {
    const spool = await Spool.open({ path })
    const abort = new AbortController()
    const waiting = spool.read(0, abort.signal).next()
    abort.abort()
    expect(await waiting).toEqual({ done: true, value: undefined })
    await spool.close()
  })

  test('takes a line of 100 MB without a newline in bounded pieces', async () => {
    const spool = await Spool.open({ path, bytesMax: 8 * 1024 * 1024 })
    const chunk = frame(Buffer.alloc(32 * 1024, 'x'))
    for (let sent = 0; sent < 100_000_000; sent += 32 * 1024) await spool.write(chunk)
    await spool.close()
    expect(spool.size).toBeLessThanOrEqual(8 * 1024 * 1024)
    expect(spool.droppedBytes).toBeGreaterThan(90_000_000)
    let longest = 0
    for await (const piece of spool.read(0)) longest = Math.max(longest, piece.length)
    expect(longest).toBeLessThanOrEqual(64 * 1024)
  })

  test('keeps control bytes as they are: cleaning is for whoever shows them', async () => {
    const spool = await Spool.open({ path })
    const ansi = '\x1b]0;title\x07\x1b[2J\x00\xff'
    await spool.write(frame(ansi))
    await spool.close()
    expect(texts(await readFile(path))).toEqual([ansi])
  })

  test('goes on after a crash, without the frame that was torn off', async () => {
    const first = await Spool.open({ path })
    await first.write(frame('whole'))
    await first.close()
    await appendFile(path, frame('torn').subarray(0, 9))
    const second = await Spool.open({ path })
    expect(second.size).toBe(frame('whole').length)
    await second.gap(0)
    await second.write(frame('more'))
    await second.close()
    expect(texts(await readFile(path))).toEqual(['whole', 0, 'more'])
  })

  test('refuses a stream that is none, and stays readable', async () => {
    const spool = await Spool.open({ path })
    await spool.write(frame('good'))
    expect(() => spool.write(Uint8Array.of(9, 9, 9, 9, 9, 9, 9, 9))).toThrow(RangeError)
    await spool.close()
    expect(texts(await readFile(path))).toEqual(['good'])
  })
})
