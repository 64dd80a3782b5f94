// Goal: a repair never destroys the only copy, keeps what can be proved, says what it drops, and invents no money.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { audit, salvage } from '@weft/protocols/core'
import { MemoryStore, SimulatedMesh, SimulatedSigner, someCapacity, someRequest } from '@weft/protocols/testing'
import { Envelopes } from '@weft/protocols/wire'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLevelStore } from '../../src/store/index.ts'
import { repairStore } from '../../src/store/repair.ts'

const signer = new SimulatedSigner(0)
const envelopes = new Envelopes('test', signer)

let root: string
let folder: string
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'weft-repair-'))
  folder = join(root, 'store')
  await fillWithAJob()
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** The store of a renter whose job has ended. */
async function fillWithAJob(): Promise<void> {
  const mesh = new SimulatedMesh()
  const memory = new MemoryStore()
  await mesh.add({ capacity: someCapacity() }, { runMs: 65_000 })
  const { host } = await mesh.add(undefined, {}, {}, memory)
  await mesh.time.run(5_000)
  await host.submit(someRequest())
  await mesh.time.run(mesh.time.nowMs + 120_000)
  const store = await openLevelStore(folder)
  for await (const [key, value] of memory.list('')) await store.batch([{ key, value }], { sync: true })
  await store.close()
}

const repair = () => repairStore(folder, { backup: join(root, 'backup'), judge: (entries) => salvage(entries, envelopes) })

/** What a peer over this store could show to be owed, and what jobs it has. */
async function shown(path: string): Promise<{ owed: bigint; receipts: number; jobs: number }> {
  const memory = new MemoryStore()
  const store = await openLevelStore(path)
  for await (const [key, value] of store.list('')) memory.batch([{ key, value }], { sync: true })
  await store.close()
  const { host } = await new SimulatedMesh().add(undefined, {}, {}, memory)
  const { amount, receipts } = audit(await host.exportBundle(), signer)
  return { owed: BigInt(amount), receipts, jobs: host.jobs().length }
}

const fileLike = (pattern: RegExp): string => {
  const name = readdirSync(folder).find((one) => pattern.test(one) && statSync(join(folder, one)).size > 0)
  if (name === undefined) throw new Error(`the store has no file like ${pattern}`)
  return join(folder, name)
}
const flip = (file: string, at: number): void => {
  const bytes = readFileSync(file)
  bytes[at] = (bytes[at] as number) ^ 0x20
  writeFileSync(file, bytes)
}
const filesIn = (path: string): Map<string, string> =>
  new Map(readdirSync(path).map((name) => [name, readFileSync(join(path, name)).toString('latin1')]))

describe('a repair', () => {
  it('keeps all of a sound store, and the old one beside it', async () => {
    const before = await shown(folder)
    const { dropped, backup } = await repair()
    expect(dropped).toEqual([])
    expect(before).toMatchObject({ receipts: 7, jobs: 1 })
    expect(await shown(folder)).toEqual(before)
    expect(await shown(backup)).toEqual(before)
    expect(readdirSync(root).sort()).toEqual(['backup', 'store'])
  })

  it.each<[string, () => void]>([
    ['CURRENT is missing', () => rmSync(join(folder, 'CURRENT'))],
    ['CURRENT is empty', () => writeFileSync(join(folder, 'CURRENT'), '')],
    ['the manifest is missing', () => rmSync(fileLike(/^MANIFEST/))],
    ['a bit of the manifest is flipped', () => flip(fileLike(/^MANIFEST/), 10)],
    ['a bit of the log is flipped', () => flip(fileLike(/\.log$/), 2_000)],
  ])('where %s: the store is refused, then opens with no more money than before', async (_what, damage) => {
    const before = await shown(folder)
    // What was read is in a table now; the log begins anew.
    const store = await openLevelStore(folder)
    for (let i = 0; i < 20; i++) await store.batch([{ key: `history/${i}`, value: new Uint8Array(500) }], { sync: true })
    await store.close()
    damage()
    await expect(openLevelStore(folder)).rejects.toMatchObject({ code: 'CORRUPT' })
    const damaged = filesIn(folder)
    const { backup } = await repair()
    expect(filesIn(backup)).toEqual(damaged)
    const after = await shown(folder)
    expect(after.owed).toBeLessThanOrEqual(before.owed)
    expect(after.receipts).toBeLessThanOrEqual(before.receipts)
  })

  it('names what it drops, and why', async () => {
    const store = await openLevelStore(folder)
    const keys: string[] = []
    for await (const [key] of store.list('')) keys.push(key)
    const [award = '', job = ''] = ['/award', 'job/'].map((part) => keys.find((key) => key.includes(part)))
    const cut = [award, job].map((key) => ({ key, value: Buffer.from('{"mono":1') }))
    await store.batch(cut, { sync: true })
    await store.close()
    const why = new Map((await repair()).dropped.map((one) => [one.key, one.why]))
    expect(why.get(award)).toMatch(/^malformed: /)
    expect(why.get(job)).toMatch(/^malformed: /)
    expect(why.get(keys.find((key) => key.startsWith('receipt/')) ?? '')).toBe('the award of its lease is lost')
    expect(await shown(folder)).toMatchObject({ owed: 0n, jobs: 0 })
  })

  it('drops a value that is not what was written, by its key where that can be read', async () => {
    // Two openings make a table of what was in the log.
    for (let i = 0; i < 2; i++) await (await openLevelStore(folder)).close()
    flip(fileLike(/\.ldb$/), 1_000)
    const { dropped } = await repair()
    expect(dropped[0]?.why).toBe('its bytes are not what was written')
    expect(await shown(folder)).toBeDefined()
  })

  it('opens what is left where any byte of a table is another', async () => {
    for (let i = 0; i < 2; i++) await (await openLevelStore(folder)).close()
    const before = await shown(folder)
    const sound = join(root, 'sound')
    cpSync(folder, sound, { recursive: true })
    // Of the footer some bytes mean nothing.
    const end = statSync(fileLike(/\.ldb$/)).size - 48
    for (let at = 3; at < end; at += Math.floor(end / 40)) {
      for (const path of [folder, join(root, 'backup')]) rmSync(path, { recursive: true, force: true })
      cpSync(sound, folder, { recursive: true })
      flip(fileLike(/\.ldb$/), at)
      await expect(openLevelStore(folder)).rejects.toThrow(/\.ldb is broken at byte/)
      await repair()
      expect((await shown(folder)).owed).toBeLessThanOrEqual(before.owed)
    }
  })

  it('touches nothing where its backup would have no place, or its judge cannot decide', async () => {
    const files = filesIn(folder)
    writeFileSync(join(root, 'backup'), '')
    await expect(repair()).rejects.toMatchObject({ code: 'STORE' })
    rmSync(join(root, 'backup'))
    const judge = () => {
      throw new Error('undecided')
    }
    await expect(repairStore(folder, { backup: join(root, 'backup'), judge })).rejects.toThrow('undecided')
    expect(filesIn(folder)).toEqual(files)
    expect(readdirSync(root)).toEqual(['store'])
  })
})
