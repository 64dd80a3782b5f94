/** From store format 3 to 4: every value has its checksum. */
import { withChecksum } from './checked-value.ts'
import type { MigrationOp } from './migrations.ts'

export async function toFormat4(entries: AsyncIterable<[key: string, value: Uint8Array]>): Promise<MigrationOp[]> {
  const ops: MigrationOp[] = []
  for await (const [key, value] of entries) ops.push({ key, value: withChecksum(key, value) })
  return ops
}
