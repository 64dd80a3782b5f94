import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as dagPb from '@ipld/dag-pb'
import fc from 'fast-check'
import { UnixFS } from 'ipfs-unixfs'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { identity } from 'multiformats/hashes/identity'
import { sha256 } from 'multiformats/hashes/sha2'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { nameFault } from '../../src/content/names.ts'
import { add, directory, HOLDER, type HostileScene, hostileScene, leaf, node } from './hostile-scene.ts'

let scene: HostileScene
beforeEach(async () => {
  scene = await hostileScene()
})
afterEach(() => scene.close())

async function expectNothingWritten(): Promise<void> {
  expect(await readdir(scene.folder)).toEqual(['blocks'])
}

test('a tree made by hand arrives, so that the refusals below are about what they say', async () => {
  await scene.fetch(
    directory([
      ['a', leaf('1')],
      ['sub', directory([['b', leaf('2')]])],
    ]),
  )
  expect(await readFile(join(scene.folder, 'out/sub/b'), 'utf8')).toBe('2')
})

describe('a tree is refused, and nothing of it written, if it', () => {
  const cases: { name: string; root: () => CID; code: string; options?: { bytesMax?: number; entriesMax?: number } }[] = [
    { name: 'climbs out with ..', root: () => directory([['..', directory([['evil', leaf('x')]])]]), code: 'BAD_NAME' },
    { name: 'climbs out with a path', root: () => directory([['../../evil', leaf('x')]]), code: 'BAD_NAME' },
    { name: 'names an absolute path', root: () => directory([['/tmp/evil', leaf('x')]]), code: 'BAD_NAME' },
    { name: 'climbs out as Windows would', root: () => directory([['..\\evil', leaf('x')]]), code: 'BAD_NAME' },
    { name: 'has an entry of itself', root: () => directory([['.', leaf('x')]]), code: 'BAD_NAME' },
    { name: 'has an entry without a name', root: () => directory([['', leaf('x')]]), code: 'BAD_NAME' },
    { name: 'has a zero byte in a name', root: () => directory([['a\0b', leaf('x')]]), code: 'BAD_NAME' },
    { name: 'has a name of 256 bytes', root: () => directory([['é'.repeat(128), leaf('x')]]), code: 'BAD_NAME' },
    {
      name: 'has one name twice',
      root: () =>
        directory([
          ['a', leaf('1')],
          ['a', leaf('2')],
        ]),
      code: 'BAD_NAME',
    },
    {
      name: 'has a file where a folder of that name is',
      root: () =>
        directory([
          ['a', directory([])],
          ['a', leaf('2')],
        ]),
      code: 'BAD_NAME',
    },
    {
      name: 'holds a symbolic link',
      root: () => directory([['l', node(new UnixFS({ type: 'symlink', data: new TextEncoder().encode('/etc') }), [])]]),
      code: 'BAD_CONTENT',
    },
    {
      name: 'holds what is no UnixFS',
      root: () => directory([['f', add(dagPb.encode(dagPb.prepare({ Data: Uint8Array.of(255, 255), Links: [] })), dagPb.code)]]),
      code: 'BAD_CONTENT',
    },
    {
      name: 'holds a node without data',
      root: () => directory([['f', add(dagPb.encode(dagPb.prepare({ Links: [] })), dagPb.code)]]),
      code: 'BAD_CONTENT',
    },
    {
      name: 'holds bytes that are no dag-pb',
      root: () => directory([['f', add(Uint8Array.of(255, 1, 2), dagPb.code)]]),
      code: 'BAD_CONTENT',
    },
    { name: 'is a file', root: () => leaf('x'), code: 'BAD_CONTENT' },
    {
      name: 'links with a codec that is no file',
      root: () => directory([['f', CID.createV1(0x71, leaf('x').multihash)]]),
      code: 'BAD_CID',
    },
    {
      name: 'lacks a block',
      root: () =>
        directory([
          [
            'f',
            CID.createV1(raw.code, {
              ...leaf('x').multihash,
              digest: new Uint8Array(32),
              bytes: new Uint8Array([0x12, 0x20, ...new Uint8Array(32)]),
            }),
          ],
        ]),
      code: 'MISSING',
    },
    {
      name: 'has more entries than allowed',
      root: () => directory(Array.from({ length: 6 }, (_, i) => [`${i}`, leaf('x')])),
      code: 'TOO_MANY',
      options: { entriesMax: 5 },
    },
    {
      name: 'is nested deeper than folders may be',
      root: () => Array.from({ length: 40 }).reduce<CID>((inner) => directory([['d', inner]]), leaf('x')),
      code: 'TOO_MANY',
    },
    {
      name: 'is nested deeper than any tree',
      root: () => Array.from({ length: 80 }).reduce<CID>((inner) => directory([['d', inner]]), leaf('x')),
      code: 'TOO_MANY',
    },
    {
      name: 'unfolds into a billion entries',
      root: () =>
        Array.from({ length: 30 }).reduce<CID>(
          (inner) =>
            directory([
              ['a', inner],
              ['b', inner],
            ]),
          leaf('x'),
        ),
      code: 'TOO_MANY',
      options: { entriesMax: 300 },
    },
    { name: 'unfolds into a billion bytes', root: () => directory([['f', bomb(30)]]), code: 'TOO_LARGE' },
    {
      name: 'repeats one file beyond the size allowed',
      root: () => directory(Array.from({ length: 5 }, (_, i) => [`${i}`, leaf('x'.repeat(300))])),
      code: 'TOO_LARGE',
      options: { bytesMax: 1000 },
    },
    {
      name: 'says it is larger than allowed',
      root: () => directory([['f', lying([leaf('abc')], [2n ** 62n])]]),
      code: 'TOO_LARGE',
    },
    { name: 'says it is larger than it is', root: () => directory([['f', lying([leaf('abc')], [4000n])]]), code: 'BAD_CONTENT' },
    {
      name: 'says it is smaller than it is',
      root: () => directory([['f', lying([leaf('abcdef'), leaf('gh')], [1n, 1n])]]),
      code: 'BAD_CONTENT',
    },
    {
      name: 'gives fewer sizes than links',
      root: () => directory([['f', lying([leaf('abc'), leaf('d')], [3n])]]),
      code: 'BAD_CONTENT',
    },
    {
      name: 'has a folder inside a file',
      root: () => directory([['f', lying([directory([['x', leaf('y')]])], [3n])]]),
      code: 'BAD_CONTENT',
    },
  ]
  test.each(cases)('$name', async ({ root, code, options }) => {
    await expect(scene.fetch(root(), options)).rejects.toMatchObject({ code })
    await expectNothingWritten()
  })

  /** A file node whose links and sizes need not agree. */
  function lying(links: CID[], sizes: bigint[]): CID {
    return node(
      new UnixFS({ type: 'file', blockSizes: sizes }),
      links.map((Hash) => ({ Name: '', Hash })),
    )
  }

  /** 2^levels times the same kilobyte. */
  function bomb(levels: number): CID {
    let inner = leaf('x'.repeat(1024))
    for (let level = 0, size = 1024n; level < levels; level++, size *= 2n) inner = lying([inner, inner], [size, size])
    return inner
  }
})

test('a file that unfolds into nothing a billion times over is refused', async () => {
  let inner = leaf('')
  for (let level = 0; level < 30; level++) {
    inner = node(
      new UnixFS({ type: 'file', blockSizes: [0n, 0n], ...(level === 29 ? { data: new TextEncoder().encode('z') } : {}) }),
      [
        { Name: '', Hash: inner },
        { Name: '', Hash: inner },
      ],
    )
  }
  await expect(scene.fetch(directory([['f', inner]]))).rejects.toMatchObject({ code: 'BAD_CONTENT' })
  await expectNothingWritten()
})

describe('content ids', () => {
  test('that hold their data, use another hash or another version are refused before anything is asked', async () => {
    const bytes = new TextEncoder().encode('inline')
    const inline = CID.createV1(raw.code, identity.digest(bytes))
    const v0 = CID.createV0(await sha256.digest(bytes))
    for (const cid of [inline.bytes, v0.bytes, new Uint8Array(0), new Uint8Array(36), new Uint8Array(1000)]) {
      await expect(scene.fetcher.fetchTree(HOLDER, [], cid, join(scene.folder, 'out'), { bytesMax: 1 })).rejects.toMatchObject({
        code: 'BAD_CID',
      })
    }
    expect(scene.mesh.opened).toBe(0)
    expect(scene.fetcher.list()).toEqual([])
  })

  test('of the identity kind are refused inside a tree too', async () => {
    const inline = CID.createV1(raw.code, identity.digest(new TextEncoder().encode('inline')))
    await expect(scene.fetch(directory([['f', inline]]))).rejects.toMatchObject({ code: 'BAD_CID' })
  })
})

describe('names', () => {
  test.each(['a', '…', 'a b', '.hidden', '..a', 'x'.repeat(255), 'ab\n', 'ÿ'])('%j is fine', (name) => {
    expect(nameFault(name, 'linux')).toBeUndefined()
  })
  test.each(['con', 'NUL.txt', 'com1', 'a:b', 'what?', 'dot.', 'blank ', 'a\nb', 'aux.tar.gz'])(
    '%j is none on Windows',
    (name) => {
      expect(nameFault(name, 'linux')).toBeUndefined()
      expect(nameFault(name, 'win32')).toBeDefined()
    },
  )
  test('that pass stay inside their folder', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
        if (nameFault(name) !== undefined) return
        expect(join('/base', name)).toBe(`/base/${name}`)
        expect(join('/base', name, '..')).toBe('/base')
      }),
    )
  })
})
