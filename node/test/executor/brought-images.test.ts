import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { BroughtImages } from '../../src/executor/brought-images.ts'

const folders: string[] = []
afterEach(() => Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true }))))

const image = (n: number): string => `sha256:${String(n).padStart(64, '0')}`

async function machine({ list, inUse = [], keptMax = 2 }: { list?: string; inUse?: string[]; keptMax?: number } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'weft-images-'))
  folders.push(folder)
  const file = join(folder, 'brought-images.json')
  if (list !== undefined) await writeFile(file, list)
  const dropped: string[] = []
  const warnings: string[] = []
  const drop = async (imageId: string): Promise<boolean> => {
    if (inUse.includes(imageId)) return false
    dropped.push(imageId)
    return true
  }
  const log = { info: () => undefined, warn: (_: object, text: string) => void warnings.push(text) }
  const open = () => new BroughtImages({ file, drop, log, keptMax })
  const listed = async (): Promise<unknown> => JSON.parse(await readFile(file, 'utf8'))
  return { images: open(), open, dropped, warnings, listed }
}

function bring(images: BroughtImages, imageId: string, isNew = true): void {
  images.hold(imageId, { isNew })
  images.letGo(imageId)
}

test('of more images than are kept those used longest ago go, and when the disk is short all', async () => {
  const { images, dropped, listed } = await machine()
  bring(images, image(1))
  bring(images, image(2))
  bring(images, image(1), false)
  bring(images, image(3))
  await expect.poll(listed).toEqual([image(1), image(3)])
  expect(dropped).toEqual([image(2)])
  await images.makeRoom()
  expect(dropped).toEqual([image(2), image(1), image(3)])
  expect(await listed()).toEqual([])
})

test('an image that a container is about to be made of stays, and so does one of which there is a container', async () => {
  const { images, dropped } = await machine({ inUse: [image(2)] })
  images.hold(image(1), { isNew: true })
  images.hold(image(1), { isNew: false })
  bring(images, image(2))
  images.letGo(image(1))
  await images.makeRoom()
  expect(dropped).toEqual([])
  images.letGo(image(1))
  await images.makeRoom()
  expect(dropped).toEqual([image(1)])
})

test('what the owner had before is never removed', async () => {
  const { images, dropped } = await machine()
  bring(images, image(1), false)
  await images.makeRoom()
  expect(dropped).toEqual([])
})

test('a peer that was started again knows which images jobs brought', async () => {
  const { images, open, dropped, listed } = await machine()
  bring(images, image(1))
  await expect.poll(listed).toEqual([image(1)])
  await open().makeRoom()
  expect(dropped).toEqual([image(1)])
})

test.each(['', '{"no": "list"}', '["../../etc", 7, null]', '[[['])('a list that says %j removes nothing', async (list) => {
  const { images, dropped, warnings } = await machine({ list })
  await images.makeRoom()
  expect([dropped, warnings]).toEqual([[], []])
})
