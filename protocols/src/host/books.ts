import type { BooksCall } from '../core/effect.ts'
import type { Outcome, Settled } from '../core/input.ts'
import { KEYS, PREFIXES } from '../core/keys.ts'
import { decodeRecord } from '../core/record.ts'
import { type AccountEntry, type AccountPlace, laterOf, placeOf } from '../core/settlement/account.ts'
import type { Pair } from '../core/settlement/pair.ts'
import type { BookLine, Unstated, UnstatedIn } from '../core/settlement/statement.ts'
import { WeftError } from '../errors.ts'
import type { Store } from '../ports/index.ts'
import { type LeaseId, type Micros, micros, type PeerId } from '../units.ts'
import type { Envelopes } from '../wire/envelope.ts'
import { STATEMENT_LINES_MAX } from '../wire/limits.ts'
import { decodeMessage, type MessageKind, type ReceivedOf } from '../wire/message.ts'

/** This peer's own books in its store: read by keys and in order, never whole. */
export interface Books {
  store: Store
  envelopes: Envelopes
}

/** Entries hold no readings of a clock, so that any moment serves to decode them. */
const ANY_TIME = { monoMs: 0, wallMs: 0, era: '' }
const decode = <T>(bytes: Uint8Array): T => decodeRecord<T>(bytes, ANY_TIME).value

/** Answers a step's question about the books. */
export async function readBooks(call: BooksCall, books: Books): Promise<Outcome> {
  const { peer } = call
  if (call.do === 'unsigned') return { ok: true, unsigned: await readUnsigned(books, peer, call) }
  if (call.do === 'unstated') {
    const unstated: UnstatedIn[] = []
    for (const { currency } of await counterparties(books, peer))
      unstated.push(await unstatedWith(books, peer, currency, STATEMENT_LINES_MAX))
    return { ok: true, unstated }
  }
  const { currency } = call
  if (call.do === 'settled') {
    const settled = await readSettled(books, peer, currency, call.number)
    return settled === undefined ? { ok: true } : { ok: true, settled }
  }
  const lines: BookLine[] = []
  for (const line of call.lines) lines.push(await lineOf(books, peer, currency, line))
  return { ok: true, lines }
}

async function readUnsigned(
  { store }: Books,
  renter: PeerId,
  { after, max }: { after: LeaseId | undefined; max: number },
): Promise<Uint8Array[]> {
  const records: Uint8Array[] = []
  for await (const [, bytes] of store.list(`${PREFIXES.unsigned}${renter}/`, after && KEYS.unsigned(renter, after))) {
    records.push(bytes)
    if (records.length === max) break
  }
  return records
}

/** Statement `number` with a peer, if both have agreed to it. */
export async function readSettled(
  { store, envelopes }: Books,
  peer: PeerId,
  currency: string,
  number: number,
): Promise<Settled | undefined> {
  const bytes = await store.get(KEYS.settled(peer, currency, number, 'statement'))
  const answer = await store.get(KEYS.settled(peer, currency, number, 'answer'))
  if (bytes === undefined || answer === undefined) return undefined
  const { id, value } = open(envelopes, 'statement', bytes)
  return { id, statement: value, bytes, answer, paid: await store.get(KEYS.settled(peer, currency, number, 'paid')) }
}

/** Everybody with whom this peer has an account, or one of them, in each currency. */
export async function counterparties({ store }: Books, one?: PeerId): Promise<Pick<AccountPlace, 'peer' | 'currency'>[]> {
  const all: Pick<AccountPlace, 'peer' | 'currency'>[] = []
  for await (const [key] of store.list(one === undefined ? PREFIXES.account : `${PREFIXES.account}${one}/`)) {
    const { peer, currency } = placeOf(key)
    const last = all.at(-1)
    if (last?.peer !== peer || last.currency !== currency) all.push({ peer, currency })
  }
  return all
}

/** What of the leases with a peer no statement has counted yet, up to `max` leases. */
export async function unstatedWith({ store }: Books, peer: PeerId, currency: string, max: number): Promise<UnstatedIn> {
  const pair = await store.get(KEYS.pair(peer, currency))
  const headId = pair === undefined ? '' : decode<Pair>(pair).headId
  const lines: Unstated[] = []
  for await (const { leaseId, entry } of standings(store, `${PREFIXES.account}${peer}/${currency}/`)) {
    const stated = await statedOf(store, peer, currency, leaseId)
    if (entry.amount <= stated) continue
    const { role, seq, receiptId, amount } = entry
    lines.push({ leaseId, role, seq, receiptId, amount, stated })
    if (lines.length === max) break
  }
  return { currency, headId, lines }
}

/** Where each lease under a prefix of accounts stands: its last entry. */
async function* standings(store: Store, prefix: string): AsyncGenerator<{ leaseId: LeaseId; entry: AccountEntry }> {
  let last: { leaseId: LeaseId; entry: AccountEntry } | undefined
  for await (const { leaseId, entry } of accountEntries(store, prefix)) {
    if (last !== undefined && last.leaseId !== leaseId) yield last
    last = { leaseId, entry: last?.leaseId === leaseId ? laterOf(last.entry, entry) : entry }
  }
  if (last !== undefined) yield last
}

/** Every entry, by peer, currency, lease and day. */
export async function* accountEntries(
  store: Store,
  prefix: string = PREFIXES.account,
): AsyncGenerator<AccountPlace & { entry: AccountEntry }> {
  for await (const [key, bytes] of store.list(prefix)) yield { ...placeOf(key), entry: decode<AccountEntry>(bytes) }
}

async function statedOf(store: Store, peer: PeerId, currency: string, leaseId: LeaseId): Promise<Micros> {
  const bytes = await store.get(KEYS.stated(peer, currency, leaseId))
  return bytes === undefined ? micros(0n) : decode<{ amount: Micros }>(bytes).amount
}

async function lineOf(
  books: Books,
  peer: PeerId,
  currency: string,
  { leaseId, seq }: { leaseId: LeaseId; seq: number },
): Promise<BookLine> {
  const { store } = books
  let last: AccountEntry | undefined
  for await (const { entry } of standings(store, `${PREFIXES.account}${peer}/${currency}/${leaseId}/`)) last = entry
  const stated = await statedOf(store, peer, currency, leaseId)
  if (last === undefined) return { leaseId, stated, role: undefined, agreed: undefined }
  // Most often it is the last, which the account names.
  const agreed = last.seq === seq ? last : await receiptAt(books, leaseId, seq)
  return { leaseId, stated, role: last.role, agreed: agreed && { receiptId: agreed.receiptId, amount: agreed.amount } }
}

/** The receipt with this number, if it is countersigned. */
async function receiptAt({ store, envelopes }: Books, leaseId: LeaseId, seq: number): Promise<BookLine['agreed']> {
  const receipt = await store.get(KEYS.receipt(leaseId, seq))
  const answer = await store.get(KEYS.countersignature(leaseId, seq))
  if (receipt === undefined || answer === undefined) return undefined
  if (!open(envelopes, 'countersignature', answer).value.accepted) return undefined
  const { id: receiptId, value } = open(envelopes, 'receipt', receipt)
  return { receiptId, amount: value.amount }
}

/** What this peer has stored it has verified. */
export function open<Kind extends MessageKind>(envelopes: Envelopes, kind: Kind, bytes: Uint8Array): ReceivedOf<Kind> {
  const message = decodeMessage(envelopes.openUnverified(bytes))
  if (message.kind !== kind) throw new WeftError('DAMAGED_STORE', `the store has a ${message.kind} where a ${kind} belongs`)
  return message as ReceivedOf<Kind>
}
