import { isoTime } from '../core/iso-time.ts'
import { PREFIXES } from '../core/keys.ts'
import type { ReceiptView } from '../core/views.ts'
import type { Signer, Store } from '../ports/index.ts'
import { type LeaseId, leaseId, type PeerId } from '../units.ts'
import { Envelopes } from '../wire/envelope.ts'
import { decodeMessage, type ReceivedOf } from '../wire/message.ts'

interface Init {
  network: string
  peerId: PeerId
  store: Store
  signer: Signer
}

/** Every receipt that this peer has signed or countersigned, by lease and number, read out of the store. */
export async function receiptViews({ network, peerId, store, signer }: Init): Promise<ReceiptView[]> {
  const envelopes = new Envelopes(network, signer)
  const awards = new Map<LeaseId, ReceivedOf<'award'>>()
  for await (const [, bytes] of store.list(PREFIXES.document)) {
    const message = decodeMessage(envelopes.open(bytes))
    if (message.kind === 'award') awards.set(leaseId(message.id), message)
  }
  const views: ReceiptView[] = []
  for await (const [, bytes] of store.list(PREFIXES.receipt)) {
    const message = decodeMessage(envelopes.open(bytes))
    const last = views.at(-1)
    if (message.kind === 'countersignature' && last !== undefined) last.countersigned = message.value.accepted
    if (message.kind === 'receipt') views.push(view(message, awards.get(message.value.leaseId), peerId))
  }
  return views
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
