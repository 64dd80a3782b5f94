import { once } from 'node:events'
import { PassThrough, type Transform } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { WeftError } from '@weft/protocols'
import { extract, type Header } from 'tar-stream'
import { executorError } from './engine-errors.ts'

/** Of a tar header: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html, "ustar Interchange Format". */
const HEADER_BYTES = 512
const CHECKSUM = { from: 148, to: 156 }

/** What an entry is by how it begins: gzip and zstd (RFC 1952, RFC 8878), and bzip2 and xz, which engines read and none writes. */
const BEGINNINGS: readonly [kind: 'gzip' | 'zstd' | 'other', bytes: readonly number[]][] = [
  ['gzip', [0x1f, 0x8b]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['other', [0x42, 0x5a, 0x68]],
  ['other', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
]

/**
 * What the layers of an archive unpack to, looked at while it passes: one of a few megabytes may unpack to all of a disk. What is in them counts,
 * compressed or not; files with holes, which engines write out as zeros, are refused.
 */
export class UnpackedSize {
  readonly #bytesMax: number
  #bytes = 0

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  /**
   * The pieces of one file of the archive, as they are. Throws BAD_IMAGE where there is more in all than may be, before the last of them
   * is handed on: no engine gets such a file whole.
   */
  async *through(entry: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let start: Uint8Array | undefined = new Uint8Array(0)
    let layer: Layer | undefined
    let last: Uint8Array | undefined
    try {
      for await (const piece of entry) {
        if (start === undefined) await layer?.write(piece)
        else {
          start = Buffer.concat([start, piece])
          if (start.length >= HEADER_BYTES) {
            layer = this.#layer(start)
            await layer?.write(start)
            start = undefined
          }
        }
        if (last !== undefined) yield last
        last = piece
      }
      // A whole compressed layer may be shorter than one header.
      if (start !== undefined) {
        layer = this.#layer(start)
        await layer?.write(start)
      }
      await layer?.end()
      if (last !== undefined) yield last
    } finally {
      layer?.close()
    }
  }

  /** Undefined for what no engine unpacks. */
  #layer(start: Uint8Array): Layer | undefined {
    const [kind] = BEGINNINGS.find(([, bytes]) => bytes.every((byte, at) => start[at] === byte)) ?? []
    if (kind === 'other')
      throw executorError('BAD_IMAGE', 'a layer of the image archive is compressed as no engine does it; use gzip or zstd')
    if (kind === undefined && !isTar(start)) return undefined
    const unpacking = kind === undefined ? new PassThrough() : kind === 'gzip' ? createGunzip() : createZstdDecompress()
    return new Layer(unpacking, (bytes) => this.#count(bytes))
  }

  #count(bytes: number): void {
    this.#bytes += bytes
    if (this.#bytes > this.#bytesMax)
      throw executorError('BAD_IMAGE', `the image unpacks to more than the ${this.#bytesMax} bytes that what was declared allows`)
  }
}

/** One layer, on its way through what unpacks it. */
class Layer {
  readonly #unpacking: Transform
  readonly #looked: Promise<void>

  constructor(unpacking: Transform, count: (bytes: number) => void) {
    this.#unpacking = unpacking
    this.#looked = lookThrough(unpacking, count).catch((error: unknown) => {
      unpacking.destroy()
      throw error instanceof WeftError ? error : executorError('BAD_IMAGE', 'a layer of the image archive is damaged', error)
    })
    this.#looked.catch(() => undefined)
  }

  async write(piece: Uint8Array): Promise<void> {
    if (this.#unpacking.destroyed) return this.#looked
    if (!this.#unpacking.write(piece))
      await Promise.race([once(this.#unpacking, 'drain').catch(() => this.#looked), this.#looked])
  }

  end(): Promise<void> {
    this.#unpacking.end()
    return this.#looked
  }

  close(): void {
    this.#unpacking.destroy()
  }
}

async function lookThrough(unpacked: AsyncIterable<Uint8Array>, count: (bytes: number) => void): Promise<void> {
  const tar = extract()
  const holes = refuseHoles(tar)
  holes.catch(() => tar.destroy())
  try {
    for await (const piece of unpacked) {
      count(piece.length)
      if (!tar.write(piece)) await Promise.race([once(tar, 'drain').catch(() => holes), holes])
    }
    tar.end(undefined)
    await holes
  } finally {
    tar.destroy()
  }
}

async function refuseHoles(tar: AsyncIterable<AsyncIterable<unknown> & { header: Header }>): Promise<void> {
  for await (const entry of tar) {
    const { type, pax } = entry.header
    const isKnown = type !== null && type !== undefined
    if (!isKnown || Object.keys(pax ?? {}).some((name) => name.startsWith('GNU.sparse')))
      throw executorError('BAD_IMAGE', 'a layer of the image archive has a file with holes; pack it without --sparse')
    for await (const _ of entry);
  }
}

/** A header says the sum of its own bytes, its place taken for spaces; signed ones in some old ones. */
function isTar(start: Uint8Array): boolean {
  if (start.length < HEADER_BYTES) return false
  const said = Number.parseInt(
    Buffer.from(start.subarray(CHECKSUM.from, CHECKSUM.to)).toString('latin1').replaceAll('\0', ' ').trim(),
    8,
  )
  let [unsigned, signed] = [0, 0]
  for (let at = 0; at < HEADER_BYTES; at++) {
    const byte = at >= CHECKSUM.from && at < CHECKSUM.to ? 0x20 : (start[at] ?? 0)
    unsigned += byte
    signed += byte < 128 ? byte : byte - 256
  }
  return said === unsigned || said === signed
}
