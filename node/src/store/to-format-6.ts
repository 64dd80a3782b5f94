/** From store format 5 to 6: what a renter has paid says in which currency. */
import { placeOf } from '@weft/protocols/core'
import { checkedValue, withChecksum } from './checked-value.ts'
import type { MigrationOp } from './migrations.ts'

const text = new TextDecoder()
const bytes = new TextEncoder()

/** Keys come in order: accounts stand before credit. Who paid in several currencies has a sum of them that says nothing: in none. */
export async function toFormat6(entries: AsyncIterable<[key: string, value: Uint8Array]>): Promise<MigrationOp[]> {
  const currencies = new Map<string, Set<string>>()
  const ops: MigrationOp[] = []
  for await (const [key, stored] of entries) {
    const [shelf, renter = ''] = key.split('/')
    if (shelf === 'account') {
      const { value } = JSON.parse(text.decode(checkedValue(key, stored))) as { value: { role: string } }
      const { peer, currency } = placeOf(key)
      if (value.role === 'provider') currencies.set(peer, (currencies.get(peer) ?? new Set()).add(currency))
    } else if (shelf === 'credit') {
      const record = JSON.parse(text.decode(checkedValue(key, stored))) as { value: object }
      const [currency = '', ...others] = currencies.get(renter) ?? []
      const value = { ...record.value, currency: others.length === 0 ? currency : '' }
      ops.push({ key, value: withChecksum(key, bytes.encode(JSON.stringify({ ...record, value }))) })
    }
  }
  return ops
}
