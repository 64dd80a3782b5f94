import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { peerId } from '@weft/protocols'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Content, createContent } from '../../src/content/index.ts'
import { Packing } from '../../src/peer/packing.ts'
import { TestMesh } from '../content/channel-pair.ts'

let folder: string
let mesh: TestMesh
let content: Content
let packing: Packing
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-packing-'))
  mesh = new TestMesh()
  content = await open('renter')
  content.serve()
  packing = new Packing(content)
  await mkdir(join(folder, 'data'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const open = (name: string): Promise<Content> =>
  createContent({ folder: join(folder, `${name}-blocks`), network: 'test', channels: mesh.host(name) })

describe('packing an input', () => {
  it('sends nothing of this machine that a link in the folder points at', async () => {
    await writeFile(join(folder, 'private'), 'a secret')
    await writeFile(join(folder, 'data', 'a'), 'x')
    await symlink(join(folder, 'private'), join(folder, 'data', 'link'))
    const { cid, skipped } = await packing.pack(join(folder, 'data'), 'job')
    expect(skipped).toMatchObject({ count: 1, examples: [expect.stringMatching(/link: a symbolic link$/)] })
    await packing.share(packing.cidText(cid), peerId('provider'), 'job')
    await (await open('provider')).fetchTree(peerId('renter'), [], cid, join(folder, 'out'), { bytesMax: 100 })
    expect(await readdir(join(folder, 'out'))).toEqual(['a'])
  })

  it('is limited, and can be given up', async () => {
    await writeFile(join(folder, 'data', 'a'), 'four')
    await expect(packing.pack(join(folder, 'data'), 'job', { bytesMax: 3 })).rejects.toMatchObject({ code: 'TOO_LARGE' })
    await expect(packing.pack(join(folder, 'data'), 'job', { signal: AbortSignal.abort() })).rejects.toThrow()
    expect(content.bytes).toBe(0)
  })

  it.skipIf(process.getuid?.() === 0)('names a file that may not be read', async () => {
    await writeFile(join(folder, 'data', 'key'), 'x')
    await chmod(join(folder, 'data', 'key'), 0)
    await expect(packing.pack(join(folder, 'data'), 'job')).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(/cannot be copied in:.*key/),
    })
  })

  it('says that there is no such folder', async () => {
    await expect(packing.pack(join(folder, 'nowhere'), 'job')).rejects.toMatchObject({ code: 'USAGE' })
    await expect(packing.pack('/dev/null', 'job')).rejects.toMatchObject({ code: 'USAGE' })
  })
})
