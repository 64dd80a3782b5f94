import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeRecord, KEYS } from '@weft/protocols/core'
import { CODECS, Envelopes } from '@weft/protocols/wire'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DoctorView } from '../../src/api/views.ts'
import { type Home, holdHome, initHome, openHome } from '../../src/home/index.ts'
import { openLevelStore } from '../../src/store/index.ts'
import { weft } from './capture.ts'

const RECORD = encodeRecord({ seq: 7 }, { monoMs: 0, wallMs: 0, era: '' })

let folder: string
let home: Home
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weft-repair-'))
  await initHome(folder)
  home = await openHome(folder, { create: false })
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function write(key: string, value: Uint8Array): Promise<void> {
  const store = await openLevelStore(home.paths.store)
  await store.batch([{ key, value }], { sync: true })
  await store.close()
}

const doctor = (...words: string[]) => weft('doctor', '--data', folder, '--engine', 'unix:///nowhere/e.sock', ...words)
const stores = () => readdirSync(folder).filter((name) => name.startsWith('store'))

describe('weft doctor --repair', () => {
  it('mends what the doctor finds, and says what became of it', async () => {
    await write(KEYS.announcement, RECORD)
    await write('lease/1', RECORD)
    rmSync(join(home.paths.store, 'CURRENT'))
    const before = await doctor()
    expect(before).toMatchObject({
      code: 1,
      out: expect.stringMatching(/BAD {2}store .*CURRENT is missing\n.*weft doctor --repair/),
    })
    await expect(holdHome(home)).rejects.toMatchObject({ code: 'CORRUPT' })
    const { code, out } = await doctor('--repair')
    expect(code).toBe(0)
    expect(out).toMatch(/ok {3}store +1 entries/)
    expect(out).toMatch(/rebuilt the store with 1 entries; the damaged one is kept as .*store\.damaged-/)
    expect(out).toMatch(/dropped lease\/1: it was under way/)
    await (await holdHome(home)).release()
    expect(stores().length).toBe(2)
  })

  it('says the same as JSON', async () => {
    await write(KEYS.announcement, RECORD)
    const report = JSON.parse((await doctor('--repair', '--json')).out) as DoctorView
    expect(report).toMatchObject({
      ok: true,
      repair: { kept: 1, dropped: [], backup: expect.stringContaining('store.damaged-') },
    })
  })

  it('leaves a folder alone that a peer uses', async () => {
    const held = await holdHome(home)
    try {
      expect(await doctor('--repair')).toMatchObject({ err: expect.stringContaining('a peer already runs') })
    } finally {
      await held.release()
    }
    expect(stores()).toEqual(['store'])
  })

  it('drops nothing for the sake of a wrong network', async () => {
    const { signer } = home.identity
    const award = new Envelopes('other', signer).seal(CODECS.collected, { leaseId: '0'.repeat(64) as never }, signer)
    await write(KEYS.document('0'.repeat(64) as never, 'award'), award.bytes)
    expect(await doctor('--repair')).toMatchObject({
      code: 64,
      err: expect.stringMatching(/network weft; name the peer's own with --network/),
    })
    expect(stores()).toEqual(['store'])
  })
})
