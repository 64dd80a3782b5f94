import { leaseId, type PeerId, WeftError, WireError } from '@weft/protocols'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { SavedImage } from '../../src/executor/content-fetcher.ts'
import { deferred } from '../../src/network/deferred.ts'
import type { Channel } from '../../src/network/index.ts'
import { askForImage, type ImageServerInit, imageProtocol, serveImages } from '../../src/peer/image-protocol.ts'
import { decodeImageAnswer, decodeImageRequest, encodeImageAnswer, encodeImageRequest } from '../../src/peer/image-wire.ts'
import { idOf, TestMesh, type TestPeer } from '../network/mesh.ts'

const LEASE = leaseId('b'.repeat(64))
const IMAGE: SavedImage = { cid: Uint8Array.of(1, 2, 3), bytes: 5 * 2 ** 33 + 7 }
const NEVER_MS = 600_000

let mesh: TestMesh
let renter: TestPeer
let provider: TestPeer
let warned: string[]
beforeEach(async () => {
  warned = []
  mesh = new TestMesh()
  const [first, second] = await mesh.connected(2)
  if (first === undefined || second === undefined) throw new Error('no peers')
  renter = first
  provider = second
})
afterEach(() => mesh.close())

const serve = (give: ImageServerInit['give'], keepAliveMs = NEVER_MS): void =>
  serveImages({
    network: 'test',
    channels: renter.network.channels,
    give,
    log: { warn: (_fields, text) => void warned.push(text) },
    keepAliveMs,
  })

/** A renter that does as it likes with each channel. */
const behave = (handler: (channel: Channel) => Promise<void>): void =>
  renter.network.channels.handle(imageProtocol('test'), handler)

const ask = (options: { silentMs?: number; signal?: AbortSignal } = {}): Promise<SavedImage> =>
  askForImage({ network: 'test', channels: provider.network.channels, retryMs: 1, silentMs: options.silentMs ?? NEVER_MS })(
    { leaseId: LEASE, renter: idOf(renter), renterAddresses: [] },
    { signal: options.signal ?? new AbortController().signal },
  )

const saving = (bytes: number) => encodeImageAnswer('saving', { cid: new Uint8Array(0), bytes })

describe('a provider that asks for an image', () => {
  test('hears where it is, once the renter has it', async () => {
    const asked: unknown[] = []
    serve(async (lease, peer) => {
      asked.push([lease, peer])
      return IMAGE
    })
    expect(await ask()).toEqual(IMAGE)
    expect(asked).toEqual([[LEASE, idOf(provider)]])
  })

  test('hears again and again that the renter is still saving, and how much is saved', async () => {
    const saved = deferred<SavedImage>()
    serve((_lease, _peer, onBytes) => {
      onBytes(42)
      return saved.promise
    }, 5)
    const channel = await provider.network.channels.open(idOf(renter), imageProtocol('test'))
    await channel.send(encodeImageRequest(LEASE))
    const answers = []
    for await (const bytes of channel.source) {
      answers.push(decodeImageAnswer(bytes))
      if (answers.length === 3) saved.resolve(IMAGE)
    }
    expect(answers.slice(0, 3).map(({ phase, image }) => [phase, image.bytes])).toEqual(Array(3).fill(['saving', 42]))
    expect(answers.at(-1)).toEqual({ phase: 'ready', image: IMAGE })
  })

  test('waits longer than it would for a silent renter while there is word', async () => {
    // The words together take longer than the silence allowed, each far less: time is the subject here, so it passes.
    const words = 70
    behave(async (channel) => {
      for (let word = 0; word < words; word++) {
        await channel.send(saving(word))
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      await channel.send(encodeImageAnswer('ready', IMAGE))
    })
    expect(await ask({ silentMs: 1_000 })).toEqual(IMAGE)
  })

  test('gives up a renter that falls silent', async () => {
    const hung = deferred<void>()
    behave(async (channel) => {
      await channel.send(saving(1))
      await hung.promise
    })
    await expect(ask({ silentMs: 50 })).rejects.toMatchObject({ code: 'STALLED' })
    hung.resolve()
  })

  test('is refused where it has no such lease', async () => {
    serve(() => Promise.reject(new WeftError('NO_SUCH_LEASE', 'you have none')))
    await expect(ask()).rejects.toMatchObject({ code: 'CHANNEL_RESET', message: expect.stringContaining('NO_SUCH_LEASE') })
    expect(warned).toEqual([])
  })

  test('is told that the image cannot be saved, and the renter reads why', async () => {
    serve(() => Promise.reject(new Error('the engine is on fire')))
    await expect(ask()).rejects.toMatchObject({ code: 'NO_IMAGE' })
    expect(warned).toEqual([expect.stringContaining('the engine is on fire')])
  })

  test('asks again where the channel broke', async () => {
    let channels = 0
    behave(async (channel) => {
      channels += 1
      await channel.send(saving(1))
      if (channels < 8) channel.reset('a bad day')
      else await channel.send(encodeImageAnswer('ready', IMAGE))
    })
    expect(await ask()).toEqual(IMAGE)
    expect(channels).toBe(8)
  })

  test('stops when its lease does', async () => {
    const lease = new AbortController()
    behave(async (channel) => {
      await channel.send(saving(1))
      lease.abort(new WeftError('FETCH_FAILED', 'the lease was stopped'))
      await channel.closed
    })
    await expect(ask({ signal: lease.signal })).rejects.toMatchObject({ code: 'FETCH_FAILED' })
  })

  test('goes away without ending what is being saved for it', async () => {
    const saved = deferred<SavedImage>()
    const gone = deferred<PeerId>()
    serve((_lease, peer) => saved.promise.finally(() => gone.resolve(peer)), 5)
    const channel = await provider.network.channels.open(idOf(renter), imageProtocol('test'))
    await channel.send(encodeImageRequest(LEASE))
    for await (const _ of channel.source) break
    channel.reset('gone')
    saved.resolve(IMAGE)
    expect(await gone.promise).toBe(idOf(provider))
    expect(await ask()).toEqual(IMAGE)
  })
})

describe('messages about an image', () => {
  test('come back as they went', () => {
    expect(decodeImageRequest(encodeImageRequest(LEASE))).toBe(LEASE)
    expect(decodeImageAnswer(saving(9)).phase).toBe('saving')
    expect(decodeImageAnswer(encodeImageAnswer('ready', IMAGE))).toEqual({ phase: 'ready', image: IMAGE })
  })

  test('are refused where they name no lease, no phase or no CID', () => {
    expect(() => decodeImageRequest(encodeImageRequest(leaseId('bb')))).toThrow(WireError)
    expect(() => decodeImageAnswer(new Uint8Array(0))).toThrow(WireError)
    expect(() => decodeImageAnswer(encodeImageAnswer('ready'))).toThrow(WireError)
    expect(() => decodeImageAnswer(encodeImageAnswer('ready', { cid: new Uint8Array(65), bytes: 1 }))).toThrow(WireError)
  })

  test('read as something or fail with a WireError, whatever the bytes', () => {
    const reads = (decode: (bytes: Uint8Array) => unknown, bytes: Uint8Array): boolean => {
      try {
        return decode(bytes) !== undefined
      } catch (error) {
        return error instanceof WireError
      }
    }
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => reads(decodeImageRequest, bytes)))
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => reads(decodeImageAnswer, bytes)))
  })
})
