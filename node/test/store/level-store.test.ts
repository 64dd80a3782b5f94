import { mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storeCompliance } from '@weft/protocols/testing'
import { Level } from 'level'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDatastore, openLevelStore, STORE_VERSION } from '../../src/store/index.ts'
import { toFormat4 } from '../../src/store/to-format-4.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-store-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const bytes = (text: string) => new Uint8Array(Buffer.from(text))

/** A store as a weft of the first three formats left it: values without checksums. */
async function oldStore(version: number, ops: { key: string; value: Uint8Array }[]): Promise<void> {
  const db = new Level<string, Uint8Array>(folder, { valueEncoding: 'view' })
  for (const { key, value } of [...ops, { key: '!version', value: bytes(String(version)) }]) await db.put(key, value)
  await db.close()
}

describe('the Level store complies with the port: it', () => {
  for (const compliance of storeCompliance) {
    test(compliance.name, () =>
      compliance.run(async () => {
        let store = await openLevelStore(folder)
        return {
          subject: {
            store,
            reopen: async () => {
              await store.close()
              store = await openLevelStore(folder)
              return store
            },
          },
          close: () => store.close(),
        }
      }),
    )
  }
})

describe('the Level store', () => {
  test('refuses a second opener and says to stop the first', async () => {
    const store = await openLevelStore(folder)
    try {
      await expect(openLevelStore(folder)).rejects.toMatchObject({
        code: 'LOCKED',
        message: expect.stringContaining('stop that one first'),
      })
      await store.batch([{ key: 'a', value: bytes('1') }], { sync: true })
      expect(await store.get('a')).toEqual(bytes('1'))
    } finally {
      await store.close()
    }
  })

  test('says that its files are damaged and leaves them as they are', async () => {
    const store = await openLevelStore(folder)
    await store.batch([{ key: 'a', value: bytes('1') }], { sync: true })
    await store.close()
    const manifest = (await readdir(folder)).find((name) => name.startsWith('MANIFEST'))
    await truncate(join(folder, manifest ?? ''), 0)
    await expect(openLevelStore(folder)).rejects.toMatchObject({
      code: 'CORRUPT',
      message: expect.stringContaining('weft doctor --repair'),
    })
    expect(await readdir(folder)).toContain(manifest)
  })

  test('says that its files are damaged when CURRENT names nothing', async () => {
    await (await openLevelStore(folder)).close()
    await writeFile(join(folder, 'CURRENT'), 'nonsense')
    await expect(openLevelStore(folder)).rejects.toMatchObject({ code: 'CORRUPT' })
  })

  test('refuses a store of a newer format and one that is not ours', async () => {
    await (await openLevelStore(folder, { version: STORE_VERSION + 1, migrations: [] })).close()
    await expect(openLevelStore(folder)).rejects.toMatchObject({
      code: 'STORE_VERSION',
      message: expect.stringContaining(`format ${STORE_VERSION + 1}`),
    })
    const foreign = join(folder, 'foreign')
    const db = new Level<string, Uint8Array>(foreign, { valueEncoding: 'view' })
    await db.put('key', bytes('value'))
    await db.close()
    await expect(openLevelStore(foreign)).rejects.toMatchObject({ code: 'CORRUPT' })
  })

  test('reads what the first format wrote as it is, and lets no older weft write there again', async () => {
    await oldStore(1, [{ key: 'sent/1', value: bytes('whole') }])
    const store = await openLevelStore(folder)
    expect(await store.get('sent/1')).toEqual(bytes('whole'))
    await store.close()
    await expect(openLevelStore(folder, { version: 1 })).rejects.toMatchObject({ code: 'STORE_VERSION' })
  })

  test('brings leases and attempts of the second format their last exchange and award', async () => {
    const record = (value: object) => bytes(JSON.stringify({ mono: 1, wall: 2, era: 'boot', value }))
    const answered = { receiptId: 'r', bytes: { $b: '0a' } }
    const award = { terms: { creditMs: 5, prepay: { $n: '0' } } }
    const attempt = { leaseId: 'l', award, chain: { seq: 7 }, answered }
    const ops = [
      { key: 'document/l/award', value: Uint8Array.of(1, 2) },
      { key: 'job/j', value: record({ state: { name: 'leased', attempt }, attempts: [{ leaseId: 'm', chain: { seq: 0 } }] }) },
      { key: 'job/j/answer', value: bytes('stays') },
      { key: 'lease/l', value: record({ leaseId: 'l', state: { stage: 'running' } }) },
      { key: 'receipt/l/0000000006/0', value: Uint8Array.of(6) },
      { key: 'receipt/l/0000000007/0', value: Uint8Array.of(7) },
    ]
    await oldStore(2, [...ops, { key: 'lease/m', value: record({ leaseId: 'm', state: { stage: 'settled' } }) }])
    const store = await openLevelStore(folder)
    const read = async (key: string) => JSON.parse(Buffer.from((await store.get(key)) ?? []).toString())
    expect((await read('job/j')).value).toEqual({
      state: {
        name: 'leased',
        attempt: {
          leaseId: 'l',
          award: { terms: { creditMs: 5, prepayMs: 0 } },
          chain: { seq: 7 },
          heardMono: 0,
          detail: '',
          exchanges: { agreed: { seq: 7, receiptId: 'r', receipt: { $b: '07' }, answer: { $b: '0a' } } },
        },
      },
      attempts: [{ leaseId: 'm', chain: { seq: 0 }, exchanges: {}, heardMono: 0, detail: '' }],
    })
    expect((await read('lease/l')).value).toMatchObject({
      awardBytes: { $b: '0102' },
      exchanges: {},
      pausedMs: 0,
      shavedMs: 0,
      isStranger: true,
      objections: 0,
      state: { stage: 'running' },
    })
    expect((await read('lease/m')).value.state).toEqual({ stage: 'settled', askMono: { $inf: true }, asked: 0 })
    expect(await store.get('job/j/answer')).toEqual(bytes('stays'))
    await store.close()
  })

  test('walks an older store forward step by step, and says so where a step is missing', async () => {
    await oldStore(1, [{ key: 'n', value: bytes('1') }])
    const double = (from: number) => ({
      from,
      run: async (entries: AsyncIterable<[string, Uint8Array]>) => {
        const ops = []
        for await (const [key, value] of entries) ops.push({ key, value: bytes(String(Number(Buffer.from(value)) * 2)) })
        return ops
      },
    })
    const seal = { from: 3, run: toFormat4 }
    await expect(openLevelStore(folder, { version: 4, migrations: [double(2), seal] })).rejects.toMatchObject({
      code: 'STORE_VERSION',
    })
    const store = await openLevelStore(folder, { version: 4, migrations: [double(2), seal, double(1)] })
    expect(await store.get('n')).toEqual(bytes('4'))
    await store.close()
    const again = await openLevelStore(folder, { version: 4, migrations: [double(2), seal, double(1)] })
    expect(await again.get('n')).toEqual(bytes('4'))
    await again.close()
  })

  test('hides its own keys and refuses keys that could reach them', async () => {
    const store = await openLevelStore(folder)
    try {
      for await (const entry of store.list('')) expect.fail(`listed ${entry[0]}`)
      for (const key of ['!version', 'ü', 'a\n', '']) {
        await expect(store.batch([{ key, value: bytes('9') }], { sync: false })).rejects.toMatchObject({ code: 'INVARIANT' })
        await expect(store.get(key)).rejects.toMatchObject({ code: 'INVARIANT' })
      }
    } finally {
      await store.close()
    }
  })

  test('may be closed twice, and refuses work afterwards', async () => {
    const store = await openLevelStore(folder)
    await store.close()
    await store.close()
    await expect(store.get('a')).rejects.toThrow()
  })
})

test("libp2p's datastore opens once and refuses a second opener", async () => {
  const datastore = await openDatastore(join(folder, 'datastore'))
  try {
    await expect(openDatastore(join(folder, 'datastore'))).rejects.toMatchObject({ code: 'LOCKED' })
  } finally {
    await datastore.close()
  }
})
