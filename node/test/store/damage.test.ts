// Goal: a store whose files are damaged, whichever way, is refused by name of the file or the key, and nothing of it is changed.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SeededRandom } from '@weft/protocols/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openLevelStore } from '../../src/store/index.ts'

const VALUE_BYTES = 800
let root: string
let sound: string

/** A store with tables and a log of many blocks. */
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'weft-damage-'))
  sound = join(root, 'sound')
  const random = new SeededRandom(1)
  for (const shelf of ['first', 'second']) {
    const store = await openLevelStore(sound)
    for (let i = 0; i < 1_000; i++) {
      const key = `${shelf}/${String(i).padStart(4, '0')}`
      await store.batch([{ key, value: random.bytes(VALUE_BYTES) }], { sync: false })
    }
    await store.close()
  }
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const named = (folder: string, pattern: RegExp): string => {
  const name = readdirSync(folder).find((one) => pattern.test(one) && statSync(join(folder, one)).size > 0)
  if (name === undefined) throw new Error(`the store has no file like ${pattern}`)
  return name
}
const flip = (file: string, at: number): void => {
  const bytes = readFileSync(file)
  bytes[at] = (bytes[at] as number) ^ 0x20
  writeFileSync(file, bytes)
}
const contents = (folder: string) =>
  readdirSync(folder)
    .filter((name) => !/^LO(G|CK)/.test(name))
    .map((name) => [name, readFileSync(join(folder, name)).toString('latin1')])

/** Opens a damaged copy and reads all of it; resolves with what it said. */
async function readAll(folder: string): Promise<string> {
  try {
    const store = await openLevelStore(folder)
    try {
      for await (const _ of store.list(''));
    } finally {
      await store.close()
    }
    return 'no complaint'
  } catch (error) {
    expect(error).toMatchObject({ code: 'CORRUPT' })
    return String(error)
  }
}

const LOG = /^\d+\.log$/
const TABLE = /^\d+\.ldb$/
const MANIFEST = /^MANIFEST/

const REFUSED: [what: string, damage: (folder: string) => void, says: RegExp][] = [
  ['a truncated CURRENT', (folder) => truncateSync(join(folder, 'CURRENT'), 0), /CURRENT does not say/],
  ['a missing CURRENT', (folder) => rmSync(join(folder, 'CURRENT')), /CURRENT is missing/],
  ['a missing manifest', (folder) => rmSync(join(folder, named(folder, MANIFEST))), /MANIFEST-\d+ is missing/],
  ['a truncated manifest', (folder) => truncateSync(join(folder, named(folder, MANIFEST)), 20), /manifest|descriptor|nextfile/i],
  [
    'a bit flipped in the manifest',
    (folder) => flip(join(folder, named(folder, MANIFEST)), 30),
    /MANIFEST-\d+ is broken at byte 0/,
  ],
  ['a missing log', (folder) => rmSync(join(folder, named(folder, LOG))), /\d+\.log is missing/],
  ['a missing table', (folder) => rmSync(join(folder, named(folder, TABLE))), /\d+\.ldb/],
  [
    'a bit flipped in the middle of the log',
    (folder) => flip(join(folder, named(folder, LOG)), 50_000),
    /\d+\.log is broken at byte/,
  ],
  [
    'a bit flipped at the start of the log',
    (folder) => flip(join(folder, named(folder, LOG)), 20),
    /\d+\.log is broken at byte 0/,
  ],
]

describe('a store with', () => {
  test.each(REFUSED)('%s is refused before anything of it is changed', async (what, damage, says) => {
    const folder = join(root, what.replaceAll(' ', '-'))
    cpSync(sound, folder, { recursive: true })
    damage(folder)
    const before = contents(folder)
    const said = await readAll(folder)
    expect(said).toMatch(says)
    expect(said).toMatch(/restore the folder from a backup, or stop the peer and run: weft doctor --repair/)
    expect(contents(folder)).toEqual(before)
  })

  test('a bit flipped anywhere in a table is refused by the name of the file', async () => {
    const folder = join(root, 'flipped')
    cpSync(sound, folder, { recursive: true })
    const table = join(folder, named(folder, TABLE))
    const bytes = readFileSync(table)
    for (let at = 1; at < bytes.length; at += Math.floor(bytes.length / 60)) {
      flip(table, at)
      expect(await readAll(folder)).toMatch(/\d+\.ldb is broken at byte/)
      writeFileSync(table, bytes)
    }
    expect(await readAll(folder)).toBe('no complaint')
  })

  test('a table that somebody died over opens without it', async () => {
    const folder = join(root, 'unfinished')
    cpSync(sound, folder, { recursive: true })
    writeFileSync(join(folder, '000999.ldb'), readFileSync(join(folder, named(folder, TABLE))).subarray(0, 50_000))
    expect(await readAll(folder)).toBe('no complaint')
  })

  test('a truncated table is refused by the name of the file', async () => {
    const folder = join(root, 'short')
    cpSync(sound, folder, { recursive: true })
    truncateSync(join(folder, named(folder, TABLE)), 1_000)
    expect(await readAll(folder)).toMatch(/\d+\.ldb/)
  })

  test('an end that was cut off, as by a power failure, opens without it', async () => {
    const folder = join(root, 'cut')
    cpSync(sound, folder, { recursive: true })
    const store = await openLevelStore(folder)
    await store.batch([{ key: 'third', value: new Uint8Array(VALUE_BYTES) }], { sync: true })
    const copy = join(root, 'power-cut')
    cpSync(folder, copy, { recursive: true })
    await store.close()
    const log = join(copy, named(copy, LOG))
    truncateSync(log, statSync(log).size - 50)
    expect(await readAll(copy)).toBe('no complaint')
  })

  // A whole record and a part of one: of a store that was closed neither end is a power cut's.
  test.each([50, VALUE_BYTES + 200, 40_000])(
    'an end of %i bytes that got lost after it was closed is refused before anything is changed',
    async (bytes) => {
      const folder = join(root, `lost-${bytes}`)
      cpSync(sound, folder, { recursive: true })
      const log = join(folder, named(folder, LOG))
      truncateSync(log, statSync(log).size - bytes)
      const before = contents(folder)
      expect(await readAll(folder)).toMatch(/\d+\.log has lost its end since the peer stopped: \d+ of \d+ bytes are left/)
      expect(contents(folder)).toEqual(before)
    },
  )

  test('an end that was cut off from the manifest after it was closed is refused', async () => {
    const folder = join(root, 'short-manifest')
    cpSync(sound, folder, { recursive: true })
    const manifest = join(folder, named(folder, MANIFEST))
    truncateSync(manifest, statSync(manifest).size - 10)
    expect(await readAll(folder)).toMatch(/MANIFEST-\d+ /)
  })

  test('a bit flipped in its last record after it was closed is refused', async () => {
    const folder = join(root, 'flipped-end')
    cpSync(sound, folder, { recursive: true })
    const log = join(folder, named(folder, LOG))
    flip(log, statSync(log).size - 20)
    expect(await readAll(folder)).toMatch(/\d+\.log is not as it was when the peer stopped/)
  })

  test('the note of an earlier closing says nothing of what a peer that was killed left', async () => {
    const folder = join(root, 'killed')
    cpSync(sound, folder, { recursive: true })
    const store = await openLevelStore(folder)
    await store.batch([{ key: 'third', value: new Uint8Array(VALUE_BYTES) }], { sync: true })
    const copy = join(root, 'killed-copy')
    cpSync(folder, copy, { recursive: true })
    expect(readdirSync(copy)).toContain('CLOSED')
    await store.close()
    expect(await readAll(copy)).toBe('no complaint')
  })
})

test('a sound store opens, and opens again', async () => {
  const folder = join(root, 'again')
  cpSync(sound, folder, { recursive: true })
  expect([await readAll(folder), await readAll(folder)]).toEqual(['no complaint', 'no complaint'])
})
