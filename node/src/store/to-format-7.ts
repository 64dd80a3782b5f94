/** From store format 6 to 7: what a job or a lease asks of devices names the least compute capability; so far nobody asked for one. */
import { checkedValue, withChecksum } from './checked-value.ts'
import type { MigrationOp } from './migrations.ts'

const text = new TextDecoder()
const bytes = new TextEncoder()
const SHELVES = new Set(['job', 'lease'])

/** Resources stand in requests, in awards and in awards of attempts: wherever models are named. */
export async function toFormat7(entries: AsyncIterable<[key: string, value: Uint8Array]>): Promise<MigrationOp[]> {
  const ops: MigrationOp[] = []
  for await (const [key, stored] of entries) {
    const [shelf = '', , what] = key.split('/')
    if (!SHELVES.has(shelf) || what !== undefined) continue
    const before = text.decode(checkedValue(key, stored))
    const after = JSON.stringify(JSON.parse(before, (_name, value: unknown) => (isResources(value) ? asked(value) : value)))
    if (after !== before) ops.push({ key, value: withChecksum(key, bytes.encode(after)) })
  }
  return ops
}

const isResources = (value: unknown): value is object => typeof value === 'object' && value !== null && 'gpuModels' in value

const asked = (resources: object): object => ({ gpuComputeCapability: '', ...resources })
