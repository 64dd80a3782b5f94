import { execFileSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rename, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { measureTree, removeTree } from '../../src/executor/tree.ts'

const LIMITS = { bytesMax: 1e6, entriesMax: 1e4 }

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'weft-tree-test-'))
})
afterEach(async () => {
  await chmod(join(root, 'closed'), 0o700).catch(() => undefined)
  await removeTree(root)
})

/** Nests folders deeper than a path can name, from the inside out. */
async function nest(depth: number, name: string): Promise<void> {
  const [inner, outer] = [join(root, 'inner'), join(root, 'outer')]
  await mkdir(inner)
  await writeFile(join(inner, 'file'), 'x')
  for (let level = 0; level < depth; level += 1) {
    await mkdir(outer)
    await rename(inner, join(outer, name))
    await rename(outer, inner)
  }
}

it.each([
  { what: 'nested too deep', depth: 70, name: 'a' },
  { what: 'whose paths are too long', depth: 20, name: 'n'.repeat(250) },
])('says that folders $what are hidden, and removes them', async ({ depth, name }) => {
  await nest(depth, name)
  expect((await measureTree(root, LIMITS)).over).toBe('hidden')
  await removeTree(root)
  await expect(stat(root)).rejects.toThrow('ENOENT')
})

it('removes folders nested thousands deep', async () => {
  await nest(3000, 'abc')
  await removeTree(root)
  await expect(stat(root)).rejects.toThrow('ENOENT')
})

it.skipIf(process.getuid?.() === 0)('says that a closed folder is hidden', async () => {
  await mkdir(join(root, 'closed'), { mode: 0o000 })
  expect((await measureTree(root, LIMITS)).over).toBe('hidden')
})

it.skipIf(process.getuid?.() !== 0)('says that a folder closed to this user is hidden', async () => {
  await chmod(root, 0o755)
  await mkdir(join(root, 'closed'), { mode: 0o000 })
  const module = new URL('../../src/executor/tree.ts', import.meta.url).href
  const script = `process.setuid(65534); const { measureTree } = await import(${JSON.stringify(module)});
    console.log((await measureTree(${JSON.stringify(root)}, ${JSON.stringify(LIMITS)})).over)`
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  expect(said).toBe('hidden\n')
})

it('tells the length of a sparse file from what it takes of the disk', async () => {
  await writeFile(join(root, 'full'), Buffer.alloc(100_000, 1))
  execFileSync('truncate', ['-s', '500000', join(root, 'sparse')])
  const { bytes, diskBytes, entries } = await measureTree(root, LIMITS)
  expect({ bytes, entries }).toEqual({ bytes: 600_000, entries: 2 })
  expect(diskBytes).toBeLessThan(200_000)
})

it('measures a root that is a file, and one that is not there', async () => {
  await writeFile(join(root, 'file'), 'four')
  expect(await measureTree(join(root, 'file'), LIMITS)).toMatchObject({ bytes: 4, entries: 1, over: undefined })
  expect(await measureTree(join(root, 'none'), LIMITS)).toMatchObject({ bytes: 0, entries: 0, over: undefined })
})

it('tells what each takes of the disk as it finds it, so that a walk which ends early has counted all that it saw', async () => {
  for (const name of ['a', 'b', 'c']) await writeFile(join(root, name), Buffer.alloc(10_000, 1))
  const found: number[] = []
  const size = await measureTree(root, { ...LIMITS, entriesMax: 2 }, (bytes) => found.push(bytes))
  expect(size).toMatchObject({ over: 'entries', entries: 3 })
  expect(found.length).toBe(3)
  expect(found.reduce((sum, bytes) => sum + bytes, 0)).toBe(size.diskBytes)
})
