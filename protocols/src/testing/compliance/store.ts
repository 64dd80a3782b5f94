import type { Store, StoreOp } from '../../ports/store.ts'
import { ascii, type ComplianceCase, check, equal, rejects, using } from './case.ts'

/** A `reopen` closes the store and opens the same data again: a process that ended and came back. */
export interface StoreSubject {
  store: Store
  reopen(): Promise<Store>
}

const put = (key: string, value: string): StoreOp => ({ key, value: ascii(value) })
const del = (key: string): StoreOp => ({ key, value: undefined })
const NOSYNC = { sync: false }

async function entries(store: Store, prefix: string): Promise<[string, Uint8Array][]> {
  const all: [string, Uint8Array][] = []
  for await (const [key, value] of store.list(prefix)) all.push([key, value])
  return all
}

async function keys(store: Store, prefix: string): Promise<string[]> {
  return (await entries(store, prefix)).map(([key]) => key)
}

export const storeCompliance: readonly ComplianceCase<StoreSubject>[] = [
  {
    name: 'answers undefined for a key that was never written',
    run: (create) =>
      using(create, async ({ store }) => {
        equal(await store.get('a'), undefined, 'a missing key is undefined')
        equal(await entries(store, ''), [], 'an empty store lists nothing')
      }),
  },
  {
    name: 'gives back the bytes it was given, an empty value too',
    run: (create) =>
      using(create, async ({ store }) => {
        const every = Uint8Array.from({ length: 256 }, (_, byte) => byte)
        await store.batch([{ key: 'a', value: every }, put('b', '')], NOSYNC)
        equal(await store.get('a'), every, 'every byte value survives')
        equal(await store.get('b'), new Uint8Array(0), 'an empty value is a value')
      }),
  },
  {
    name: 'keeps its own copy of a value, so that neither side sees later changes of the other',
    run: (create) =>
      using(create, async ({ store }) => {
        const bytes = ascii('before')
        await store.batch([{ key: 'a', value: bytes }], NOSYNC)
        bytes[0] = 0
        const first = await store.get('a')
        equal(first, ascii('before'), 'a change to the bytes written does not reach the store')
        if (first !== undefined) first[0] = 0
        equal(await store.get('a'), ascii('before'), 'a change to the bytes read does not reach the store')
      }),
  },
  {
    name: 'replaces and deletes; deleting what is not there is no error',
    run: (create) =>
      using(create, async ({ store }) => {
        await store.batch([put('a', '1'), put('b', '1')], NOSYNC)
        await store.batch([put('a', '2'), del('b'), del('never')], NOSYNC)
        equal(await store.get('a'), ascii('2'), 'the newer value stands')
        equal(await store.get('b'), undefined, 'the deleted key is gone')
        equal(await keys(store, ''), ['a'], 'and is listed no more')
      }),
  },
  {
    name: 'applies the writes of one batch in their order',
    run: (create) =>
      using(create, async ({ store }) => {
        await store.batch([put('a', '1'), del('a'), put('a', '2'), put('b', '1'), del('b')], NOSYNC)
        equal(await store.get('a'), ascii('2'), 'the last write of a key wins')
        equal(await store.get('b'), undefined, 'the last write of a key wins, a deletion too')
      }),
  },
  {
    name: 'lists exactly the keys with a prefix, in ascending order',
    run: (create) =>
      using(create, async ({ store }) => {
        await store.batch(
          ['lease/2', 'lease/10', 'lease', 'leasf', 'lease/', 'lease/~', 'leasd/z', 'Lease/1', 'lease/1'].map((key) =>
            put(key, key),
          ),
          NOSYNC,
        )
        equal(await keys(store, 'lease/'), ['lease/', 'lease/1', 'lease/10', 'lease/2', 'lease/~'], 'keys of the prefix, ordered')
        equal((await keys(store, '')).length, 9, 'an empty prefix lists everything')
        equal(await keys(store, 'nothing/'), [], 'an unused prefix lists nothing')
        equal((await entries(store, 'lease/1'))[1]?.[1], ascii('lease/10'), 'each key comes with its value')
      }),
  },
  {
    name: 'goes on with a list after a key, whether that is there or not',
    run: (create) =>
      using(create, async ({ store }) => {
        await store.batch([put('a', '1'), put('k/1', '1'), put('k/2', '2'), put('k/3', '3'), put('l', '1')], NOSYNC)
        const after = async (key: string): Promise<string[]> => {
          const rest: string[] = []
          for await (const [found] of store.list('k/', key)) rest.push(found)
          return rest
        }
        equal(await after('k/1'), ['k/2', 'k/3'], 'what comes after the key')
        equal(await after('k/10'), ['k/2', 'k/3'], 'what comes after where the key would be')
        equal(await after('k/3'), [], 'nothing comes after the last')
      }),
  },
  {
    name: 'lets a reader stop in the middle of a list',
    run: (create) =>
      using(create, async ({ store }) => {
        await store.batch(
          Array.from({ length: 50 }, (_, i) => put(`k/${i}`, 'x')),
          NOSYNC,
        )
        let seen = 0
        for await (const _ of store.list('k/')) if (++seen === 3) break
        equal(seen, 3, 'the reader stopped')
        equal((await keys(store, 'k/')).length, 50, 'and the next list is whole')
      }),
  },
  {
    name: 'writes all of a batch or none of it',
    run: (create) =>
      using(create, async ({ store }) => {
        await store.batch([put('a', '1')], NOSYNC)
        await rejects(() => store.batch([put('a', '2'), put('', 'x')], NOSYNC), 'an empty key is refused')
        await rejects(() => store.batch([del('a'), put('k'.repeat(257), 'x')], NOSYNC), 'a key of 257 characters is refused')
        equal(await store.get('a'), ascii('1'), 'nothing of a refused batch is written')
        await store.batch([put('k'.repeat(256), 'x')], NOSYNC)
        equal(await store.get('k'.repeat(256)), ascii('x'), 'a key of 256 characters is fine')
      }),
  },
  {
    name: 'takes an empty batch, with and without sync',
    run: (create) =>
      using(create, async ({ store }) => {
        await store.batch([], NOSYNC)
        await store.batch([], { sync: true })
        equal(await keys(store, ''), [], 'nothing was written')
      }),
  },
  {
    name: 'finishes batches under way together, each whole',
    run: (create) =>
      using(create, async ({ store }) => {
        const numbers = Array.from({ length: 40 }, (_, i) => i)
        await Promise.all(numbers.map((i) => store.batch([put(`a/${i}`, `${i}`), put(`b/${i}`, `${i}`)], { sync: i % 2 === 0 })))
        equal((await keys(store, 'a/')).length, 40, 'every batch landed')
        equal((await keys(store, 'b/')).length, 40, 'with all of its writes')
      }),
  },
  {
    name: 'shows a write as soon as its batch has resolved',
    run: (create) =>
      using(create, async ({ store }) => {
        for (let i = 0; i < 20; i++) {
          await store.batch([put('n', `${i}`)], { sync: i % 5 === 0 })
          equal(await store.get('n'), ascii(`${i}`), 'get sees the write')
        }
      }),
  },
  {
    name: 'still has what was written when it is opened again',
    run: (create) =>
      using(create, async ({ store, reopen }) => {
        await store.batch([put('a', '1'), put('b', '1')], { sync: true })
        await store.batch([put('c', '1'), del('b')], NOSYNC)
        const again = await reopen()
        equal(await keys(again, ''), ['a', 'c'], 'the same keys are there')
        check((await again.get('a'))?.length === 1, 'with their values')
      }),
  },
]
