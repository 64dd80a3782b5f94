import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'
import { afterEach, describe, expect, test } from 'vitest'
import { BroughtImages } from '../../src/executor/brought-images.ts'
import type { Engine, ImageInfo } from '../../src/executor/engine.ts'
import { Images } from '../../src/executor/images.ts'
import { engines } from './engines.ts'
import { aWork, FakeContent } from './fixture.ts'

// An order says how large its image is; what a registry or an archive brings is held against that.

const MIB = 1024 ** 2
const IMAGE_ID = `sha256:${'c'.repeat(64)}`
const folders: string[] = []
afterEach(() => Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true, maxRetries: 10 }))))

/** An engine whose registry has one image: `fetched` bytes come, and it is `bytes` large then. */
async function registry({ fetched, bytes }: { fetched: number; bytes: number }) {
  const folder = await mkdtemp(join(tmpdir(), 'weft-image-size-'))
  folders.push(folder)
  const removed: string[] = []
  let isHere = false
  const engine: Partial<Engine> = {
    describeImage: async () => (isHere ? ({ imageId: IMAGE_ID, bytes } as ImageInfo) : undefined),
    async pullImage(_reference, { onBytes, signal } = {}) {
      onBytes?.(fetched)
      signal?.throwIfAborted()
      isHere = true
    },
    removeImage: async (id) => void removed.push(id),
  }
  const log = { info: () => undefined, warn: () => undefined }
  const brought = new BroughtImages({ file: join(folder, 'brought.json'), drop: async () => true, log })
  const content = new FakeContent()
  const images = new Images({ engine: engine as Engine, content, ask: content.askForImage, brought })
  const ensure = (imageBytes: number) =>
    images.ensure({
      work: aWork(IMAGE_ID, [], { imagePull: `registry.example.org/a@sha256:${'d'.repeat(64)}`, imageBytes }),
      archivePath: join(folder, 'archive'),
      onBytes: () => undefined,
      signal: new AbortController().signal,
    })
  return { ensure, removed }
}

test('an image is pulled while no more comes than was declared, and kept while it is not ten times larger', async () => {
  const { ensure, removed } = await registry({ fetched: 300 * MIB, bytes: 900 * MIB })
  expect(await ensure(300 * MIB)).toMatchObject({ imageId: IMAGE_ID })
  expect(removed).toEqual([])
})

test('a pull is given up when more comes than was declared', async () => {
  const { ensure } = await registry({ fetched: 300 * MIB, bytes: 900 * MIB })
  await expect(ensure(100 * MIB)).rejects.toThrow(/its layers have more than the \d+ bytes that were agreed/)
})

test('an image that turns out far larger than declared goes again', async () => {
  const { ensure, removed } = await registry({ fetched: 10 * MIB, bytes: 5_000 * MIB })
  await expect(ensure(10 * MIB)).rejects.toMatchObject({ code: 'BAD_IMAGE' })
  expect(removed).toEqual([IMAGE_ID])
})

/** What `docker save` makes of an image with one layer that unpacks to so much. */
async function bomb(bytes: number): Promise<Readable> {
  const tar = pack()
  const layer = pack()
  layer.entry({ name: 'zeros' }, Buffer.alloc(bytes))
  layer.finalize()
  const pieces: Buffer[] = []
  for await (const piece of layer as AsyncIterable<Buffer>) pieces.push(piece)
  tar.entry({ name: 'manifest.json' }, JSON.stringify([{ Config: 'config.json', RepoTags: null, Layers: ['layer.tar'] }]))
  tar.entry({ name: 'config.json' }, JSON.stringify({ architecture: 'amd64', os: 'linux', config: {} }))
  tar.entry({ name: 'layer.tar' }, gzipSync(Buffer.concat(pieces)))
  tar.finalize()
  return Readable.from(tar)
}

for (const engine of engines) {
  describe(`over ${engine.name}`, () => {
    test('an archive that unpacks to more than was declared is refused, and nothing of it stays', async () => {
      const loading = engine.loadImage(await bomb(80 * MIB), IMAGE_ID, { unpackedMax: 8 * MIB })
      await expect(loading).rejects.toMatchObject({ code: 'BAD_IMAGE', message: expect.stringContaining('unpacks to more than') })
      expect(await engine.describeImage(IMAGE_ID)).toBeUndefined()
    })
  })
}
