import { gzipSync, zstdCompressSync } from 'node:zlib'
import { type Header, pack } from 'tar-stream'
import { describe, expect, it } from 'vitest'
import { UnpackedSize } from '../../src/executor/unpacked-size.ts'

const MIB = 1024 ** 2

/** A layer with one file of zeros; `header`: more of it. */
async function layer(bytes: number, header: Partial<Header> = {}): Promise<Buffer> {
  const tar = pack()
  tar.entry({ name: 'file', ...header }, Buffer.alloc(bytes))
  tar.finalize()
  return Buffer.concat(await all(tar as AsyncIterable<Uint8Array>))
}

async function all(pieces: AsyncIterable<Uint8Array>): Promise<Buffer[]> {
  const found: Buffer[] = []
  for await (const piece of pieces) found.push(Buffer.from(piece))
  return found
}

async function* inPieces(bytes: Buffer, length: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length)
}

const passed = async (size: UnpackedSize, bytes: Buffer, length = 65_536): Promise<Buffer> =>
  Buffer.concat(await all(size.through(inPieces(bytes, length))))

const FORMS: [string, (tar: Buffer) => Buffer][] = [
  ['as it is', (tar) => tar],
  ['with gzip', (tar) => gzipSync(tar)],
  ['with zstd', (tar) => zstdCompressSync(tar)],
]

describe.each(FORMS)('a layer that is packed %s', (_name, packed) => {
  it.each([1, 511, 512, 65_536])('passes unchanged in pieces of %d bytes while it is small enough', async (length) => {
    const bytes = packed(await layer(20_000))
    expect(await passed(new UnpackedSize(40_000), bytes, length)).toEqual(bytes)
  })

  it('is refused as soon as it has more than may be', async () => {
    const bytes = packed(await layer(8 * MIB))
    await expect(passed(new UnpackedSize(4 * MIB), bytes)).rejects.toMatchObject({
      code: 'BAD_IMAGE',
      message: expect.stringContaining('unpacks to more than'),
    })
  })

  it('counts with the others of its archive', async () => {
    const size = new UnpackedSize(3 * MIB)
    const bytes = packed(await layer(MIB))
    await passed(size, bytes)
    await passed(size, bytes)
    await expect(passed(size, bytes)).rejects.toMatchObject({ code: 'BAD_IMAGE' })
  })

  it('is refused where a file of its has holes', async () => {
    const sparse = await layer(100, { pax: { 'GNU.sparse.major': '1', 'GNU.sparse.realsize': '1000000000000' } })
    await expect(passed(new UnpackedSize(MIB), packed(sparse))).rejects.toThrow(/holes/)
    const old = await layer(100)
    // An old GNU sparse file is of type S, and says so with another sum.
    old.write('S', 156)
    old.write('ustar  \0', 257, 'latin1')
    old.write('        ', 148)
    const sum = old.subarray(0, 512).reduce((total, byte) => total + byte, 0)
    old.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
    await expect(passed(new UnpackedSize(MIB), packed(old))).rejects.toThrow(/holes/)
  })
})

it('a bomb of a few kilobytes never gets through whole', async () => {
  const bytes = gzipSync(await layer(64 * MIB))
  expect(bytes.length).toBeLessThan(100_000)
  let got = 0
  const reading = async () => {
    for await (const piece of new UnpackedSize(MIB).through(inPieces(bytes, 4_096))) got += piece.length
  }
  await expect(reading()).rejects.toMatchObject({ code: 'BAD_IMAGE' })
  expect(got).toBeLessThan(bytes.length)
})

it('what is no layer passes, and what no engine packs is refused', async () => {
  const config = Buffer.from(JSON.stringify({ config: {}, padding: 'x'.repeat(1_000) }))
  expect(await passed(new UnpackedSize(0), config)).toEqual(config)
  expect(await passed(new UnpackedSize(0), Buffer.from('1.0'))).toEqual(Buffer.from('1.0'))
  for (const start of ['BZh91AY', '\xfd7zXZ\0']) {
    await expect(passed(new UnpackedSize(MIB), Buffer.from(start.padEnd(1_000), 'latin1'))).rejects.toThrow(/use gzip or zstd/)
  }
})

it('a layer that is cut off or no gzip after all is refused', async () => {
  const bytes = gzipSync(await layer(MIB))
  await expect(passed(new UnpackedSize(4 * MIB), bytes.subarray(0, 700))).rejects.toMatchObject({ code: 'BAD_IMAGE' })
  await expect(passed(new UnpackedSize(4 * MIB), Buffer.from('\x1f\x8bnonsense'.padEnd(2_000), 'latin1'))).rejects.toMatchObject({
    code: 'BAD_IMAGE',
  })
})
