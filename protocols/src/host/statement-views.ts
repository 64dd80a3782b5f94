import type { Settled } from '../core/input.ts'
import { isoTime } from '../core/iso-time.ts'
import { KEYS, PREFIXES } from '../core/keys.ts'
import type { Pair } from '../core/settlement/pair.ts'
import type { StatementView } from '../core/views.ts'
import { WeftError } from '../errors.ts'
import type { PeerId } from '../units.ts'
import { isPaymentReference } from '../wire/statement.ts'
import type { Paid, Statement } from '../wire/types.ts'
import { type Books, open, readSettled } from './books.ts'

interface ViewInit {
  self: PeerId
  peer: PeerId | undefined
  pairs: readonly Pair[]
}

/** Agreed statements as they are in the store, then proposals that wait. */
export async function statementViews({ store, envelopes }: Books, { self, peer, pairs }: ViewInit): Promise<StatementView[]> {
  const views: StatementView[] = []
  const prefix = peer === undefined ? PREFIXES.settled : `${PREFIXES.settled}${peer}/`
  for await (const [key, bytes] of store.list(prefix)) {
    if (!key.endsWith('/0')) continue
    const { id, value } = open(envelopes, 'statement', bytes)
    const written = await store.get(KEYS.besides(key, 'paid'))
    const paid = written && open(envelopes, 'paid', written).value
    views.push(view(self, id, value, paid === undefined && value.net > 0n ? 'agreed' : 'paid', paid))
  }
  for (const { open: proposal, peer: other } of pairs) {
    if (proposal === undefined || (peer !== undefined && peer !== other)) continue
    views.push(view(self, proposal.id, proposal.statement, 'proposed', undefined))
  }
  return views
}

function view(
  self: PeerId,
  statementId: string,
  statement: Statement,
  state: StatementView['state'],
  paid: Paid | undefined,
): StatementView {
  const { low, high, currency, number, lowEarned, highEarned, lowGross, highGross, net, creditor, issuedAtMs } = statement
  const isLow = low === self
  return {
    peer: isLow ? high : low,
    currency,
    number,
    state,
    statementId,
    leases: lowEarned.length + highEarned.length,
    earned: (isLow ? lowGross : highGross).toString(),
    spent: (isLow ? highGross : lowGross).toString(),
    net: net.toString(),
    creditor: creditor === '' ? null : creditor,
    issuedAt: isoTime(issuedAtMs),
    reference: paid?.reference ?? null,
  }
}

interface Payment {
  self: PeerId
  peer: PeerId
  currency: string
  number: number
  reference: string
}

/** The statement that a payment closes. Throws WeftError with a sentence where there is none. */
export async function payable(books: Books, { self, peer, currency, number, reference }: Payment): Promise<Settled> {
  if (!isPaymentReference(reference))
    throw new WeftError('USAGE', 'the reference of a payment has 1 to 128 printable ASCII characters')
  const settled = await readSettled(books, peer, currency, number)
  const name = `statement ${number} in ${currency} with ${peer}`
  if (settled === undefined) throw new WeftError('USAGE', `there is no ${name} that both have agreed to; see weft settle`)
  if (settled.statement.creditor !== self)
    throw new WeftError('USAGE', `${name} gives this peer nothing; only who was owed can say that it was paid`)
  if (settled.paid !== undefined) throw new WeftError('USAGE', `${name} has been acknowledged already`)
  return settled
}
