/** The format of what Weft keeps in its store, and the way from older formats to it. */
import { WeftError } from '@weft/protocols'
import type { Level } from 'level'
import { toFormat3 } from './to-format-3.ts'
import { toFormat4 } from './to-format-4.ts'
import { toFormat5 } from './to-format-5.ts'
import { toFormat6 } from './to-format-6.ts'
import { toFormat7 } from './to-format-7.ts'

/** Raise it together with a step in MIGRATIONS whenever what is stored changes its meaning. */
export const STORE_VERSION = 7
export const VERSION_KEY = '!version'

/** One write of a step; `undefined` deletes. */
export interface MigrationOp {
  key: string
  value: Uint8Array | undefined
}

/** Leads from format `from` to `from + 1`: all of its writes and the new number land together, or none. */
export interface Migration {
  from: number
  run(entries: AsyncIterable<[key: string, value: Uint8Array]>): Promise<MigrationOp[]>
}

export const MIGRATIONS: readonly Migration[] = [
  // From 2 on a job or lease may be older than its receipts, which a reader of 1 would not look at; `sent/` holds when
  // the last was sent, and records name the era of their clock. What 1 wrote reads as it is: as of another boot, without a permit.
  { from: 1, run: async () => [] },
  { from: 2, run: toFormat3 },
  { from: 3, run: toFormat4 },
  { from: 4, run: toFormat5 },
  { from: 5, run: toFormat6 },
  { from: 6, run: toFormat7 },
]

/** A number and nothing else; longer is damage. */
const VERSION_BYTES_MAX = 10

/** Writes the number into an empty store; takes an older one forward step by step, each step atomic and on disk. */
export async function migrate(
  db: Level<string, Uint8Array>,
  { folder, steps, version }: { folder: string; steps: readonly Migration[]; version: number },
): Promise<void> {
  const stored = await db.get(VERSION_KEY)
  if (stored === undefined) {
    const isEmpty = (await db.keys({ limit: 1 }).all()).length === 0
    if (!isEmpty)
      throw new WeftError(
        'CORRUPT',
        `the store in ${folder} has no version number: it is not Weft's, or damaged; restore or move it`,
      )
    await db.put(VERSION_KEY, encode(version), { sync: true })
    return
  }
  const text = Buffer.from(stored.subarray(0, VERSION_BYTES_MAX)).toString('latin1')
  if (!/^[1-9]\d*$/.test(text))
    throw new WeftError('CORRUPT', `the store in ${folder} has no readable version number; restore it from a backup`)
  let at = Number(text)
  if (at > version) {
    throw new WeftError(
      'STORE_VERSION',
      `the store in ${folder} has format ${at} and this weft knows up to ${version}; use the newer weft that wrote it`,
    )
  }
  while (at < version) {
    const step = steps.find(({ from }) => from === at)
    if (step === undefined)
      throw new WeftError(
        'STORE_VERSION',
        `there is no way from store format ${at} to ${version}; update through an older weft first`,
      )
    const ops = await step.run(db.iterator({ gt: VERSION_KEY }))
    at += 1
    await db.batch([...ops.map(toLevel), { type: 'put' as const, key: VERSION_KEY, value: encode(at) }], { sync: true })
  }
}

const encode = (version: number): Uint8Array => new Uint8Array(Buffer.from(String(version), 'latin1'))

const toLevel = ({ key, value }: MigrationOp) =>
  value === undefined ? { type: 'del' as const, key } : { type: 'put' as const, key, value }
