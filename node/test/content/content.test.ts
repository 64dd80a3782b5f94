import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { peerId } from '@weft/protocols'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Content, createContent } from '../../src/content/index.ts'
import { TestMesh } from './channel-pair.ts'

const HOLDER = peerId('holder')
const FETCHER = peerId('fetcher')
const MIB = 1024 * 1024

let folder: string
let mesh: TestMesh
let holder: Content
let fetcher: Content

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-content-'))
  mesh = new TestMesh()
  holder = await open('holder')
  fetcher = await open('fetcher')
  holder.serve()
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const open = (name: string, bytesMax?: number) =>
  createContent({
    folder: join(folder, `${name}-blocks`),
    network: 'test',
    channels: mesh.host(name),
    ...(bytesMax === undefined ? {} : { bytesMax }),
  })

/** Bytes that do not compress or repeat, the same each time. */
function noise(length: number, seed: string): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let at = 0, i = 0; at < length; at += 32, i++) {
    bytes.set(
      createHash('sha256')
        .update(`${seed}${i}`)
        .digest()
        .subarray(0, length - at),
      at,
    )
  }
  return bytes
}

async function write(files: Record<string, Uint8Array | string>, root = 'tree'): Promise<string> {
  const base = join(folder, root)
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(base, name, '..'), { recursive: true })
    await writeFile(join(base, name), content)
  }
  return base
}

async function contents(root: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    const name = path.slice(root.length + 1)
    found[name] = entry.isDirectory()
      ? 'folder'
      : createHash('sha256')
          .update(await readFile(path))
          .digest('hex')
  }
  return found
}

const TREE = {
  'a.txt': 'hello',
  empty: '',
  'sub/deep/b.bin': noise(3 * MIB + 17, 'b'),
  'sub/one-chunk': noise(MIB, 'c'),
  'ünïcode/Ω.txt': 'x',
}

describe('a tree of files', () => {
  test('arrives on another peer as it was packed', async () => {
    const root = await write(TREE)
    await mkdir(join(root, 'nothing/inside'), { recursive: true })
    await chmod(join(root, 'a.txt'), 0o755)
    await chmod(join(root, 'sub/one-chunk'), 0o600)
    const packed = await holder.packTree(
      [
        { name: '0', path: root },
        { name: 'single', path: join(root, 'a.txt') },
      ],
      { bytesMax: 100 * MIB },
    )
    expect(packed.bytes).toBe(5 + 3 * MIB + 17 + MIB + 1 + 5)
    expect(packed.skipped.count).toBe(0)
    await holder.share(packed.cid, FETCHER)

    const seen: number[] = []
    const into = join(folder, 'out')
    const result = await fetcher.fetchTree(HOLDER, [], packed.cid, into, {
      bytesMax: packed.bytes,
      onBytes: (bytes) => seen.push(bytes),
    })
    expect(result).toEqual({ bytes: packed.bytes, files: 6 })
    expect(await contents(join(into, '0'))).toEqual(await contents(root))
    expect(await readFile(join(into, 'single'), 'utf8')).toBe('hello')
    expect((await stat(join(into, '0/a.txt'))).mode & 0o777).toBe(0o755)
    expect((await stat(join(into, '0/sub/one-chunk'))).mode & 0o777).toBe(0o644)
    expect((await stat(join(into, '0/sub'))).mode & 0o777).toBe(0o755)
    expect(seen.at(-1)).toBeGreaterThan(packed.bytes - 6)
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
    expect((await readdir(folder)).filter((name) => name.includes('partial'))).toEqual([])
  })

  test('has the same id wherever and whenever it is packed', async () => {
    const first = await write(TREE, 'first')
    const second = await write(Object.fromEntries(Object.entries(TREE).reverse()), 'second')
    await utimes(join(second, 'a.txt'), 1000, 1000)
    await chmod(join(second, 'a.txt'), 0o600)
    const one = await holder.packTree([{ name: '0', path: first }], { bytesMax: 100 * MIB })
    const two = await fetcher.packTree([{ name: '0', path: second }], { bytesMax: 100 * MIB })
    expect(two.cid).toEqual(one.cid)
    expect(one.cid.length).toBe(36)
    await writeFile(join(second, 'a.txt'), 'hellp')
    expect((await fetcher.packTree([{ name: '0', path: second }], { bytesMax: 100 * MIB })).cid).not.toEqual(one.cid)
  })

  test('of no entries is an empty folder', async () => {
    const packed = await holder.packTree([], { bytesMax: 0 })
    await holder.share(packed.cid, FETCHER)
    expect(await fetcher.fetchTree(HOLDER, [], packed.cid, join(folder, 'out'), { bytesMax: 0 })).toEqual({ bytes: 0, files: 0 })
    expect(await readdir(join(folder, 'out'))).toEqual([])
  })

  test('of so many files in one folder that it takes several blocks travels whole', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 1500 }, (_, i) => [`many/${'long-name-'.repeat(20)}${i}.json`, `{"n":${i}}`]),
    )
    const root = await write(files)
    const packed = await holder.packTree([{ name: '0', path: root }], { bytesMax: MIB })
    await holder.share(packed.cid, FETCHER)
    const result = await fetcher.fetchTree(HOLDER, [], packed.cid, join(folder, 'out'), { bytesMax: MIB })
    expect(result.files).toBe(1500)
    expect(await contents(join(folder, 'out/0'))).toEqual(await contents(root))
  })

  test('keeps links, pipes and names with backslashes at home, and counts them', async () => {
    const root = await write({ 'real.txt': 'real', 'sub/bad\\name': 'x' })
    await symlink('/etc/passwd', join(root, 'passwd'))
    await symlink('.', join(root, 'loop'))
    const packed = await holder.packTree([{ name: '0', path: root }], { bytesMax: MIB })
    expect(packed.skipped.count).toBe(3)
    expect(packed.skipped.examples.join('\n')).toContain('passwd: a symbolic link')
    await holder.share(packed.cid, FETCHER)
    await fetcher.fetchTree(HOLDER, [], packed.cid, join(folder, 'out'), { bytesMax: MIB })
    expect(Object.keys(await contents(join(folder, 'out/0'))).sort()).toEqual(['real.txt', 'sub'])
  })

  test('follows a link that was itself named as an input', async () => {
    const root = await write({ f: 'x' })
    await symlink(root, join(folder, 'alias'))
    const direct = await holder.packTree([{ name: '0', path: root }], { bytesMax: MIB })
    const viaLink = await holder.packTree([{ name: '0', path: join(folder, 'alias') }], { bytesMax: MIB })
    expect(viaLink.cid).toEqual(direct.cid)
  })

  test('of what is in a folder keeps links, pipes and odd names at home at every depth', async () => {
    const root = await write({ 'real.txt': 'real', 'sub/deep.txt': 'deep', 'bad\\name': 'x', 'run.sh': '#!' })
    await writeFile(join(folder, 'private'), 'a secret')
    await symlink(join(folder, 'private'), join(root, 'shortcut'))
    await symlink(folder, join(root, 'everything'))
    await symlink(join(folder, 'private'), join(root, 'sub/shortcut'))
    execFileSync('mkfifo', [join(root, 'pipe')])
    await symlink(root, join(folder, 'alias'))
    const packed = await holder.packFolder(join(folder, 'alias'), { bytesMax: MIB })
    expect(packed.skipped.count).toBe(5)
    expect(packed.skipped.examples.join()).toMatch(/everything: a symbolic link.*pipe: neither a file nor a folder/)
    await holder.share(packed.cid, FETCHER)
    await fetcher.fetchTree(HOLDER, [], packed.cid, join(folder, 'out'), { bytesMax: MIB })
    expect(await contents(join(folder, 'out'))).toEqual(
      await contents(await write({ 'real.txt': 'real', 'sub/deep.txt': 'deep', 'run.sh': '#!' }, 'plain')),
    )
  })

  test('of what is in a folder has the id of a tree of the same entries', async () => {
    const root = await write({ a: 'x', 'b/c': 'y' })
    const entries = ['a', 'b'].map((name) => ({ name, path: join(root, name) }))
    const packed = await holder.packFolder(root, { bytesMax: MIB })
    expect(packed.cid).toEqual((await holder.packTree(entries, { bytesMax: MIB })).cid)
    await expect(holder.packFolder(join(root, 'a'), { bytesMax: MIB })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('whose packing is given up leaves no block behind', async () => {
    const root = await write({ a: 'x'.repeat(5 * MIB) })
    const gone = new AbortController()
    const packing = holder.packFolder(root, { bytesMax: 10 * MIB, signal: gone.signal, onBytes: () => gone.abort() })
    await expect(packing).rejects.toThrow()
    expect(holder.bytes).toBe(0)
  })

  test.each([
    { name: 'a missing folder', entries: [{ name: '0', path: 'nowhere' }], code: 'NOT_FOUND' },
    { name: 'a device', entries: [{ name: '0', path: '/dev/null' }], code: 'NOT_FOUND' },
    { name: 'a name with a slash', entries: [{ name: 'a/b', path: 'tree' }], code: 'BAD_NAME' },
    { name: 'a name that climbs', entries: [{ name: '..', path: 'tree' }], code: 'BAD_NAME' },
    {
      name: 'one name twice',
      entries: [
        { name: '0', path: 'tree' },
        { name: '0', path: 'tree' },
      ],
      code: 'EXISTS',
    },
    { name: 'more bytes than allowed', entries: [{ name: '0', path: 'tree' }], bytesMax: 9, code: 'TOO_LARGE' },
    { name: 'more entries than allowed', entries: [{ name: '0', path: 'tree' }], entriesMax: 2, code: 'TOO_MANY' },
  ])('is not packed from $name, and leaves no block behind', async ({ entries, code, bytesMax = MIB, entriesMax = 100 }) => {
    await write({ a: '01234', b: '56789' })
    const paths = entries.map(({ name, path }) => ({ name, path: join(path.startsWith('/') ? '' : folder, path) }))
    await expect(holder.packTree(paths, { bytesMax, entriesMax })).rejects.toMatchObject({ code })
    expect(holder.bytes).toBe(0)
  })

  test('nested deeper than 32 folders is not packed', async () => {
    const root = await write({ [`${'d/'.repeat(33)}f`]: 'x' })
    await expect(holder.packTree([{ name: '0', path: root }], { bytesMax: MIB })).rejects.toMatchObject({ code: 'TOO_MANY' })
  })

  test('is not written over what is there already', async () => {
    const root = await write({ f: 'new' })
    const packed = await holder.packTree([{ name: '0', path: root }], { bytesMax: MIB })
    await holder.share(packed.cid, FETCHER)
    const into = await write({ '0/f': 'old' }, 'out')
    await expect(fetcher.fetchTree(HOLDER, [], packed.cid, into, { bytesMax: MIB })).rejects.toMatchObject({ code: 'EXISTS' })
    expect(await readFile(join(into, '0/f'), 'utf8')).toBe('old')
    expect(mesh.opened).toBe(0)
  })
})

describe('one file', () => {
  test.each([0, 1, MIB - 1, MIB, MIB + 1, 20 * MIB])('of %s bytes travels from a path and from a stream', async (length) => {
    const content = noise(length, 'file')
    await writeFile(join(folder, 'source'), content)
    const fromPath = await holder.packFile(join(folder, 'source'), { bytesMax: length })
    const stream = async function* () {
      for (let at = 0; at < length; at += 300_000) yield content.subarray(at, at + 300_000)
    }
    const fromStream = await holder.packFile(stream(), { bytesMax: length })
    expect(fromStream.cid).toEqual(fromPath.cid)
    expect(fromStream.bytes).toBe(length)
    await holder.share(fromPath.cid, FETCHER)
    await fetcher.fetchFile(HOLDER, [], fromPath.cid, join(folder, 'target'), { bytesMax: length })
    expect(Buffer.compare(await readFile(join(folder, 'target')), content)).toBe(0)
  })

  test('is refused as a folder, and a folder as a file', async () => {
    const root = await write({ f: 'x' })
    await expect(holder.packFile(root, { bytesMax: MIB })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const tree = await holder.packTree([{ name: '0', path: root }], { bytesMax: MIB })
    const file = await holder.packFile(join(root, 'f'), { bytesMax: MIB })
    await holder.share(tree.cid, FETCHER)
    await holder.share(file.cid, FETCHER)
    await expect(fetcher.fetchFile(HOLDER, [], tree.cid, join(folder, 'a'), { bytesMax: MIB })).rejects.toMatchObject({
      code: 'BAD_CONTENT',
    })
    await expect(fetcher.fetchTree(HOLDER, [], file.cid, join(folder, 'b'), { bytesMax: MIB })).rejects.toMatchObject({
      code: 'BAD_CONTENT',
    })
    expect((await readdir(folder)).filter((name) => name.includes('partial'))).toEqual([])
  })

  test('from an endless stream stops at the limit and leaves nothing', async () => {
    const endless = async function* () {
      for (;;) yield new Uint8Array(MIB)
    }
    await expect(holder.packFile(endless(), { bytesMax: 5 * MIB })).rejects.toMatchObject({ code: 'TOO_LARGE' })
    expect(holder.bytes).toBe(0)
  })
})

describe('sharing', () => {
  const fetchInto = (cid: Uint8Array, name: string) =>
    fetcher.fetchTree(HOLDER, [], cid, join(folder, name), { bytesMax: 100 * MIB })

  test('is with named peers only, and ends with unshare', async () => {
    const packed = await holder.packTree([{ name: '0', path: await write(TREE) }], { bytesMax: 100 * MIB })
    await expect(fetchInto(packed.cid, 'a')).rejects.toMatchObject({ code: 'MISSING' })
    await holder.share(packed.cid, peerId('someone else'))
    await expect(fetchInto(packed.cid, 'b')).rejects.toMatchObject({ code: 'MISSING' })
    await holder.share(packed.cid, FETCHER, 'job 1')
    await holder.share(packed.cid, FETCHER, 'job 2')
    await holder.unshare(packed.cid, FETCHER, 'job 1')
    await fetchInto(packed.cid, 'c')
    await holder.unshare(packed.cid, FETCHER, 'job 2')
    await fetcher.release(packed.cid)
    await expect(fetchInto(packed.cid, 'd')).rejects.toMatchObject({ code: 'MISSING' })
  })

  test('of one tree opens no block of another', async () => {
    const open = await holder.packTree([{ name: '0', path: await write({ f: 'public' }, 'open') }], { bytesMax: MIB })
    const secret = await holder.packTree([{ name: '0', path: await write({ f: 'secret' }, 'secret') }], { bytesMax: MIB })
    await holder.share(open.cid, FETCHER)
    await holder.share(secret.cid, peerId('owner'))
    await expect(fetchInto(secret.cid, 'b')).rejects.toMatchObject({ code: 'MISSING' })
    // Naming the open tree and then asking for the secret one's blocks.
    const { encodeRequest, messages, decodeResponse } = await import('../../src/content/wire.ts')
    const channel = await mesh.host('fetcher').open(HOLDER, '')
    await channel.send(encodeRequest({ id: 1, cids: [open.cid] }))
    await channel.send(encodeRequest({ id: 2, cids: [secret.cid, open.cid] }))
    await channel.end()
    const answers = []
    for await (const bytes of messages(channel.source, 4 * MIB)) answers.push(decodeResponse(bytes).data !== undefined)
    expect(answers).toEqual([true, false, true])
  })

  test('what is not here is refused', async () => {
    const packed = await holder.packTree([{ name: '0', path: await write({ f: 'x' }) }], { bytesMax: MIB })
    await expect(fetcher.share(packed.cid, HOLDER)).rejects.toMatchObject({ code: 'MISSING' })
  })

  test('outlives a restart, and so does what it shares', async () => {
    const packed = await holder.packTree([{ name: '0', path: await write(TREE) }], { bytesMax: 100 * MIB, owner: 'job' })
    await holder.share(packed.cid, FETCHER, 'job')
    const again = await open('holder')
    again.serve()
    expect(again.list()).toEqual([packed.cid])
    expect(again.bytes).toBe(holder.bytes)
    await fetchInto(packed.cid, 'out')
    expect(await contents(join(folder, 'out/0'))).toEqual(await contents(join(folder, 'tree')))
  })
})

describe('release', () => {
  test('deletes what nobody else needs, block by block', async () => {
    const shared = noise(MIB, 'shared')
    const one = await holder.packTree([{ name: '0', path: await write({ s: shared, x: noise(MIB, 'x') }, 'one') }], {
      bytesMax: 9 * MIB,
    })
    const two = await holder.packTree([{ name: '0', path: await write({ s: shared, y: noise(MIB, 'y') }, 'two') }], {
      bytesMax: 9 * MIB,
    })
    expect(holder.bytes).toBeLessThan(3 * MIB + 4096)
    await holder.release(one.cid)
    expect(holder.bytes).toBeGreaterThan(2 * MIB)
    expect(holder.bytes).toBeLessThan(2 * MIB + 4096)
    await holder.share(two.cid, FETCHER)
    await fetcher.fetchTree(HOLDER, [], two.cid, join(folder, 'out'), { bytesMax: 9 * MIB })
    await holder.release(two.cid)
    await holder.release(two.cid)
    expect(holder.bytes).toBe(0)
    expect(holder.list()).toEqual([])
    expect((await open('holder')).bytes).toBe(0)
  })

  test('by one owner leaves the tree to the other', async () => {
    const root = await write({ f: 'x' })
    const { cid } = await holder.packTree([{ name: '0', path: root }], { bytesMax: MIB, owner: 'a' })
    await holder.packTree([{ name: '0', path: root }], { bytesMax: MIB, owner: 'b' })
    await holder.share(cid, FETCHER, 'a')
    await holder.release(cid, 'a')
    await expect(fetcher.fetchTree(HOLDER, [], cid, join(folder, 'x'), { bytesMax: MIB })).rejects.toMatchObject({
      code: 'MISSING',
    })
    await holder.share(cid, FETCHER, 'b')
    await fetcher.fetchTree(HOLDER, [], cid, join(folder, 'y'), { bytesMax: MIB })
    await holder.release(cid, 'b')
    expect(holder.bytes).toBe(0)
  })

  test('while the same files are packed again loses none of them', async () => {
    const root = await write({ a: noise(3 * MIB, 'a'), b: noise(2 * MIB, 'b') })
    for (let round = 0; round < 10; round++) {
      const { cid } = await holder.packTree([{ name: '0', path: root }], { bytesMax: 9 * MIB, owner: `${round}` })
      const [again] = await Promise.all([
        holder.packTree([{ name: '0', path: root }], { bytesMax: 9 * MIB, owner: `${round} again` }),
        holder.release(cid, `${round}`),
      ])
      await holder.share(again.cid, FETCHER, `${round} again`)
      await fetcher.fetchTree(HOLDER, [], again.cid, join(folder, `out-${round}`), { bytesMax: 9 * MIB })
      await fetcher.release(again.cid)
      await holder.release(again.cid, `${round} again`)
      expect(holder.bytes).toBe(0)
    }
  })
})

describe('the disk', () => {
  test('holds no more than was allowed, and a refused tree leaves nothing', async () => {
    const small = await open('small', 2 * MIB)
    const root = await write({ f: noise(3 * MIB, 'f') })
    await expect(small.packTree([{ name: '0', path: root }], { bytesMax: 9 * MIB })).rejects.toMatchObject({ code: 'NO_SPACE' })
    expect(small.bytes).toBe(0)
    const packed = await holder.packTree([{ name: '0', path: root }], { bytesMax: 9 * MIB })
    await holder.share(packed.cid, peerId('small'))
    await expect(small.fetchTree(HOLDER, [], packed.cid, join(folder, 'out'), { bytesMax: 9 * MIB })).rejects.toMatchObject({
      code: 'NO_SPACE',
    })
    await small.release(packed.cid)
    expect(small.bytes).toBe(0)
  })

  test('that lost or damaged blocks makes the holder say missing, and the fetcher ask again', async () => {
    const packed = await holder.packTree([{ name: '0', path: await write({ f: noise(4 * MIB, 'f') }) }], { bytesMax: 9 * MIB })
    await holder.share(packed.cid, FETCHER)
    await fetcher.fetchTree(HOLDER, [], packed.cid, join(folder, 'a'), { bytesMax: 9 * MIB })
    await damage('fetcher')
    const again = await open('fetcher')
    await again.fetchTree(HOLDER, [], packed.cid, join(folder, 'b'), { bytesMax: 9 * MIB })
    expect(await contents(join(folder, 'b'))).toEqual(await contents(join(folder, 'a')))
    expect(mesh.opened).toBe(2)
    await damage('holder')
    await again.release(packed.cid)
    await expect(again.fetchTree(HOLDER, [], packed.cid, join(folder, 'c'), { bytesMax: 9 * MIB })).rejects.toMatchObject({
      code: 'MISSING',
    })
  })

  test('is cleared at the next start of what a crash left', async () => {
    await holder.packTree([{ name: '0', path: await write({ f: 'kept' }) }], { bytesMax: MIB })
    const blocks = join(folder, 'holder-blocks/blocks')
    const before = holder.bytes
    await mkdir(join(blocks, 'ab'), { recursive: true })
    await writeFile(join(blocks, 'ab', `${'ab'.repeat(32)}.data`), 'orphan')
    await writeFile(join(blocks, 'ab', `.${'ab'.repeat(32)}.data.tmp`), 'half')
    await writeFile(join(folder, 'holder-blocks/roots', 'nonsense'), '{}')
    const again = await open('holder')
    expect(again.bytes).toBe(before)
    expect(await readdir(join(blocks, 'ab'))).toEqual([])
    expect(again.list().length).toBe(1)
  })
})

async function damage(name: string): Promise<void> {
  const blocks = join(folder, `${name}-blocks/blocks`)
  for (const entry of await readdir(blocks, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile() && (await stat(path)).size === MIB) await writeFile(path, 'zeros after a power cut')
  }
}
