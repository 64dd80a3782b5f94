import { isoTime } from '../core/iso-time.ts'
import { KEYS, PREFIXES } from '../core/keys.ts'
import type { ReceiptView } from '../core/views.ts'
import { leaseId, type PeerId } from '../units.ts'
import { decodeMessage, type ReceivedOf } from '../wire/message.ts'
import { type Books, open } from './books.ts'

interface Listing {
  self: PeerId
  /** How the ids of leases begin. @default all */
  lease?: string
  /** @default 1_000 */
  limit?: number
}

/** Receipts that this peer has signed or countersigned, by lease and number, read out of the store until there are enough. */
export async function receiptViews(books: Books, { self, lease = '', limit = 1_000 }: Listing): Promise<ReceiptView[]> {
  const { store, envelopes } = books
  const views: ReceiptView[] = []
  let award: ReceivedOf<'award'> | undefined
  for await (const [, bytes] of store.list(`${PREFIXES.receipt}${lease}`)) {
    const message = decodeMessage(envelopes.openUnverified(bytes))
    const last = views.at(-1)
    if (message.kind === 'countersignature' && last !== undefined) last.countersigned = message.value.accepted
    if (message.kind !== 'receipt') continue
    if (views.length === limit) break
    if (award === undefined || leaseId(award.id) !== message.value.leaseId) award = await awardOf(books, message.value.leaseId)
    views.push(view(message, award, self))
  }
  return views
}

async function awardOf({ store, envelopes }: Books, id: ReturnType<typeof leaseId>): Promise<ReceivedOf<'award'> | undefined> {
  const bytes = await store.get(KEYS.document(id, 'award'))
  return bytes && open(envelopes, 'award', bytes)
}

function view({ from, value }: ReceivedOf<'receipt'>, award: ReceivedOf<'award'> | undefined, self: PeerId): ReceiptView {
  const role = from === self ? 'provider' : 'renter'
  return {
    leaseId: value.leaseId,
    seq: value.seq,
    kind: value.kind,
    role,
    counterparty: role === 'renter' ? from : (award?.from ?? ''),
    runMs: value.runMs,
    pausedMs: value.pausedMs,
    amount: value.amount.toString(),
    currency: award?.value.prices.currency ?? '',
    countersigned: false,
    sentAt: isoTime(value.sentAtMs),
  }
}
