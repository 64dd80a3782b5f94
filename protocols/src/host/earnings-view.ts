import { KEYS, PREFIXES } from '../core/keys.ts'
import { dayOf } from '../core/settlement/account.ts'
import { Earnings, type EarningsQuery, type LeaseStated, type OpenAmount } from '../core/settlement/earnings.ts'
import type { EarningsView } from '../core/views.ts'
import type { LeaseId } from '../units.ts'
import { accountEntries, type Books, open } from './books.ts'

const UNSTATED: LeaseStated = { stated: 0n, paid: 0n }

/** What this peer earned or spent, out of its accounts: an entry for each lease and day, never a receipt. */
export async function earningsView(
  books: Books,
  query: EarningsQuery,
  now: { wallMs: number; open: readonly OpenAmount[] },
): Promise<EarningsView> {
  const stated = await statedByLease(books)
  const earnings = new Earnings(query)
  for await (const entry of accountEntries(books.store)) earnings.entry(entry, stated.get(entry.leaseId) ?? UNSTATED)
  for (const amount of now.open) earnings.open(amount, dayOf(now.wallMs))
  return earnings.view()
}

/** A statement over which nothing is owed needs no payment. */
async function statedByLease({ store, envelopes }: Books): Promise<Map<LeaseId, LeaseStated>> {
  const all = new Map<LeaseId, LeaseStated>()
  for await (const [key, bytes] of store.list(PREFIXES.settled)) {
    if (!key.endsWith('/0')) continue
    const { value } = open(envelopes, 'statement', bytes)
    const isPaid = value.net === 0n || (await store.get(KEYS.besides(key, 'paid'))) !== undefined
    for (const { leaseId, amount, stated } of [...value.lowEarned, ...value.highEarned]) {
      const before = all.get(leaseId) ?? UNSTATED
      all.set(leaseId, { stated: amount, paid: before.paid + (isPaid ? amount - stated : 0n) })
    }
  }
  return all
}
