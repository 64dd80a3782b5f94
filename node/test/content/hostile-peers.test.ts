import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { peerId, UnreachableError } from '@weft/protocols'
import fc from 'fast-check'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Content, type ContentChannel, createContent } from '../../src/content/index.ts'
import { encodeRequest, encodeResponse, messages } from '../../src/content/wire.ts'
import { channelPair } from './channel-pair.ts'
import { answerFrom, blocks, directory, HOLDER, type HostileScene, hostileScene, leaf, MIB, serve } from './hostile-scene.ts'

let scene: HostileScene
beforeEach(async () => {
  scene = await hostileScene()
})
afterEach(() => scene.close())

async function expectNothingWritten(): Promise<void> {
  expect(await readdir(scene.folder)).toEqual(['blocks'])
}

describe('a holder that', () => {
  test('sends other bytes than were asked for is found out before they are kept', async () => {
    const root = directory([['f', leaf('honest')]])
    const honest = answerFrom(blocks)
    serve(scene.mesh, (cid, id) =>
      CID.decode(cid).code === raw.code ? encodeResponse({ id, cid, data: Uint8Array.of(1) }) : honest(cid, id),
    )
    await expect(scene.fetch(root)).rejects.toMatchObject({ code: 'BAD_CONTENT' })
    expect(await keptFiles()).toBe(1)
    expect(scene.mesh.disconnected).toEqual([expect.stringMatching(/^fetcher from holder: BAD_CONTENT: ./)])
    await expectNothingWritten()
  })

  test('answers about another block is cut off', async () => {
    const root = directory([['f', leaf('x')]])
    serve(scene.mesh, (_cid, id) => encodeResponse({ id, cid: leaf('other').bytes, data: new TextEncoder().encode('other') }))
    await expect(scene.fetch(root)).rejects.toMatchObject({ code: 'BAD_BLOCK_MESSAGE' })
    expect(await keptFiles()).toBe(0)
    expect(scene.mesh.channels[0]?.resetReason).toBe('the fetch failed')
  })

  test.each([
    { name: 'promises an endless message', bytes: Buffer.from([255, 255, 255, 255, 1, 2, 3]) },
    { name: 'sends nonsense', bytes: Buffer.from([0, 0, 0, 3, 255, 255, 255]) },
    { name: 'ends inside a message', bytes: Buffer.from([0, 0, 1, 0, 1, 2]), end: true },
  ])('$name is cut off', async ({ bytes, end }) => {
    scene.mesh.host('holder').handle('', async (channel) => {
      await channel.send(bytes)
      if (end) await channel.end()
    })
    await expect(scene.fetch(directory([]))).rejects.toMatchObject({ code: 'BAD_BLOCK_MESSAGE' })
    expect(scene.mesh.opened).toBe(1)
    expect(scene.mesh.disconnected).toEqual([expect.stringMatching(/^fetcher from holder: BAD_BLOCK_MESSAGE: ./)])
  })

  test('sends without end is cut off at the agreed size', async () => {
    // Each folder holds the next: there is always one more block to ask for, and each is honest.
    let inner = leaf('x')
    for (let i = 0; i < 60; i++)
      inner = directory([
        ['n', inner],
        ['pad', leaf(`${i}${'p'.repeat(1_000_000)}`)],
      ])
    await expect(scene.fetch(inner, { bytesMax: 4 * MIB, entriesMax: 10 })).rejects.toMatchObject({ code: 'TOO_LARGE' })
    expect(scene.fetcher.bytes).toBeLessThan(6 * MIB)
  })

  test('is silent can be given up at once by the signal', async () => {
    const abort = new AbortController()
    serve(scene.mesh, () => new Promise(() => abort.abort(new Error('enough'))))
    await expect(scene.fetch(directory([]), { signal: abort.signal })).rejects.toThrow('enough')
    expect(scene.mesh.channels[0]?.resetReason).toBe('the fetch failed')
    await expectNothingWritten()
  })

  test('cannot be reached is tried a few times and then given up', async () => {
    const nobody = peerId('nobody')
    await expect(
      scene.fetcher.fetchTree(nobody, [], directory([]).bytes, join(scene.folder, 'out'), { bytesMax: 1 }),
    ).rejects.toMatchObject({
      code: 'UNREACHABLE',
    })
  })

  test('starts anew, which takes a busy machine half a minute, is waited for', async () => {
    let waitedMs = 0
    const host = scene.mesh.host('patient')
    const patient = await createContent({
      folder: join(scene.folder, 'patient'),
      network: 'test',
      channels: {
        ...host,
        open: (...call) => (waitedMs < 30_000 ? Promise.reject(new UnreachableError(HOLDER)) : host.open(...call)),
      },
      sleep: async (ms) => {
        waitedMs += ms
      },
    })
    const root = directory([['f', leaf('x')]])
    await patient.fetchTree(HOLDER, [], root.bytes, join(scene.folder, 'out'), { bytesMax: 9 })
    expect(await readFile(join(scene.folder, 'out', 'f'), 'utf8')).toBe('x')
  })

  async function keptFiles(): Promise<number> {
    const entries = await readdir(join(scene.folder, 'blocks/blocks'), { recursive: true, withFileTypes: true })
    return entries.filter((entry) => entry.isFile()).length
  }
})

describe('a transfer that breaks off', () => {
  const content = Buffer.alloc(6 * MIB, 0).map((_, at) => (at * 31 + (at >> 8) * 7 + (at >> 16)) & 255)
  const setUp = async () => {
    const holder = await createContent({
      folder: join(scene.folder, 'holder'),
      network: 'test',
      channels: scene.mesh.host('holder'),
    })
    holder.serve()
    await writeFile(join(scene.folder, 'source'), content)
    const { cid } = await holder.packFile(join(scene.folder, 'source'), { bytesMax: 9 * MIB })
    await holder.share(cid, peerId('fetcher'))
    return cid
  }
  const fetchFile = (cid: Uint8Array, by: Content, signal?: AbortSignal) =>
    by.fetchFile(HOLDER, [], cid, join(scene.folder, 'out'), { bytesMax: 9 * MIB, ...(signal === undefined ? {} : { signal }) })

  test('goes on by itself over a new channel, and asks for no block twice', async () => {
    const cid = await setUp()
    let sent = 0
    scene.mesh.onSend = (channel, bytes) => {
      sent += bytes.length
      if (scene.mesh.opened <= 3 && sent > scene.mesh.opened * 2 * MIB) channel.reset('pulled the plug')
    }
    await fetchFile(cid, scene.fetcher)
    expect(Buffer.compare(await readFile(join(scene.folder, 'out')), content)).toBe(0)
    expect(scene.mesh.opened).toBe(4)
    // Each break may cost the blocks that were on their way.
    expect(sent).toBeLessThan(content.length + 4 * 2 * MIB)
  })

  test('goes on after the process died in the middle, with what was on disk by then', async () => {
    const cid = await setUp()
    const abort = new AbortController()
    let sent = 0
    scene.mesh.onSend = (_channel, bytes) => {
      sent += bytes.length
      if (sent > 3 * MIB) abort.abort(new Error('killed'))
    }
    await expect(fetchFile(cid, scene.fetcher, abort.signal)).rejects.toThrow('killed')
    scene.mesh.onSend = (_channel, bytes) => {
      sent += bytes.length
    }
    sent = 0
    const again = await createContent({
      folder: join(scene.folder, 'blocks'),
      network: 'test',
      channels: scene.mesh.host('fetcher'),
    })
    expect(again.bytes).toBeGreaterThan(MIB)
    await fetchFile(cid, again)
    expect(Buffer.compare(await readFile(join(scene.folder, 'out')), content)).toBe(0)
    expect(sent).toBeLessThan(5.5 * MIB)
  })

  test('is not sent twice when two fetches of it run at once', async () => {
    const cid = await setUp()
    let sent = 0
    scene.mesh.onSend = (_channel, bytes) => {
      sent += bytes.length
    }
    await Promise.all(
      ['one', 'two', 'three'].map((name) =>
        scene.fetcher.fetchFile(HOLDER, [], cid, join(scene.folder, name), { bytesMax: 9 * MIB, owner: name }),
      ),
    )
    expect(sent).toBeLessThan(6.1 * MIB)
    for (const owner of ['one', 'two', 'three']) await scene.fetcher.release(cid, owner)
    expect(scene.fetcher.bytes).toBe(0)
  })

  test('leaves nothing when its tree was released meanwhile', async () => {
    const cid = await setUp()
    let released: Promise<void> | undefined
    scene.mesh.onSend = async () => {
      released ??= scene.fetcher.release(cid)
      await released
    }
    await fetchFile(cid, scene.fetcher).catch(() => {})
    expect(scene.fetcher.bytes).toBe(0)
    expect(scene.fetcher.list()).toEqual([])
  })
})

describe('a fetcher that', () => {
  let holder: Content
  beforeEach(async () => {
    holder = await createContent({ folder: join(scene.folder, 'holder'), network: 'test', channels: scene.mesh.host('holder') })
    holder.serve()
  })
  const open = () => scene.mesh.host('stranger').open(HOLDER, '')

  test.each([
    { name: 'sends nonsense', bytes: Buffer.from([0, 0, 0, 3, 255, 255, 255]) },
    { name: 'sends a request that is too long', bytes: Buffer.from([0, 1, 0, 0]) },
    { name: 'asks for nothing', bytes: encodeRequest({ id: 1, cids: [] }) },
    { name: 'asks for what is no content id', bytes: encodeRequest({ id: 1, cids: [Uint8Array.of(1, 2)] }) },
    { name: 'names several roots', bytes: encodeRequest({ id: 1, cids: [new Uint8Array(36), new Uint8Array(36)] }) },
  ])('$name is cut off as breaking the protocol', async ({ bytes }) => {
    const channel = await open()
    await channel.send(bytes)
    await expect(drain(channel)).rejects.toMatchObject({ code: 'CHANNEL_RESET' })
    expect(scene.mesh.errors).toMatchObject([{ code: 'BAD_BLOCK_MESSAGE' }])
    expect(scene.mesh.disconnected).toEqual([expect.stringMatching(/^holder from stranger: BAD_BLOCK_MESSAGE: ./)])
  })

  test('opens channel after channel is held to eight, and served again when it lets go', async () => {
    const channels = await Promise.all(Array.from({ length: 12 }, open))
    const isReset = (channel: ContentChannel) => (channel as unknown as { resetReason?: string }).resetReason !== undefined
    const accepted = scene.mesh.channels.filter((_, at) => at % 2 === 1)
    expect(accepted.filter(isReset).length).toBe(4)
    for (const channel of channels) await channel.end()
    await Promise.all(channels.map((channel) => drain(channel).catch(() => {})))
    await open()
    expect(scene.mesh.channels.at(-1)?.resetReason).toBeUndefined()
  })

  async function drain(channel: ContentChannel): Promise<void> {
    for await (const _ of channel.source);
  }
})

test('messages survive any cutting of the stream', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 10 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      async (bodies, cuts) => {
        const all = Buffer.concat(bodies.map((body) => Buffer.concat([Buffer.from([0, 0, 0, body.length]), body])))
        const source = async function* () {
          for (let at = 0, i = 0; at < all.length; i++) {
            const size = cuts[i % cuts.length] ?? 1
            yield all.subarray(at, at + size)
            at += size
          }
        }
        const got = []
        for await (const message of messages(source(), 50)) got.push(Buffer.from(message))
        expect(got).toEqual(bodies.map((body) => Buffer.from(body)))
      },
    ),
  )
})

test('the pair of channels that these tests use holds a fast sender back', async () => {
  const [a, b] = channelPair('a', 'b', 1000)
  let sent = false
  const sending = a.send(new Uint8Array(200_000)).then(() => {
    sent = true
  })
  const iterator = b.source[Symbol.asyncIterator]()
  await iterator.next()
  expect(sent).toBe(false)
  await a.end().then(() => {})
  a.reset('done')
  await expect(sending).rejects.toThrow()
})
