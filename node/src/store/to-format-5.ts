/** From store format 4 to 5: what each lease came to is booked, out of its countersigned receipts, where earnings and statements look. */
import { type LeaseId, leaseId } from '@weft/protocols'
import { type AccountEntry, dayOf, encodeRecord, KEYS } from '@weft/protocols/core'
import { type Award, CODECS, peerIdOf, weft } from '@weft/protocols/wire'
import { checkedValue, withChecksum } from './checked-value.ts'
import type { MigrationOp } from './migrations.ts'

interface Parties {
  award: Award
  renter: string
  provider: string
}

/** Entries hold no readings of a clock. */
const ANY_TIME = { monoMs: 0, wallMs: 0, era: '' }
const KEY_PROTOBUF_PREFIX = 4

/** Keys come in order: documents, jobs and leases stand before the receipts that are booked by them. */
export async function toFormat5(entries: AsyncIterable<[key: string, value: Uint8Array]>): Promise<MigrationOp[]> {
  const leases = new Map<LeaseId, Parties>()
  const jobs = new Map<LeaseId, string>()
  const provided = new Set<LeaseId>()
  const booked = new Map<string, AccountEntry>()
  let open: Uint8Array | undefined
  let isOnlyProvider: boolean | undefined
  for await (const [key, stored] of entries) {
    const [kind = '', id = '', , document] = key.split('/')
    const value = checkedValue(key, stored)
    if (kind === 'document' && key.endsWith('/award')) readable(() => leases.set(leaseId(id), partiesOf(value)))
    else if (kind === 'job' && !key.endsWith('/answer')) for (const lease of leasesOf(value)) jobs.set(lease, id)
    else if (kind === 'lease') provided.add(leaseId(id))
    else if (kind === 'receipt' && document === '0') open = value
    else if (kind === 'receipt' && open !== undefined) {
      const lease = leaseId(id)
      const parties = leases.get(lease)
      isOnlyProvider ??= hasOne('provider', leases)
      const isProvider = provided.has(lease) || (!jobs.has(lease) && isOnlyProvider)
      const [receipt, about] = [open, { lease, isProvider, jobId: jobs.get(lease) ?? '' }]
      if (parties !== undefined) readable(() => bookInto(booked, parties, about, receipt, value))
    }
  }
  return [...booked].map(([key, entry]) => ({ key, value: withChecksum(key, encodeRecord(entry, ANY_TIME)) }))
}

/** What cannot be read is booked by nobody: `weft audit` says what is wrong with it. */
function readable(act: () => void): void {
  try {
    act()
  } catch {
    return
  }
}

function bookInto(
  booked: Map<string, AccountEntry>,
  { award, renter, provider }: Parties,
  { lease, isProvider, jobId }: { lease: LeaseId; isProvider: boolean; jobId: string },
  receiptBytes: Uint8Array,
  answerBytes: Uint8Array,
): void {
  const answer = CODECS.countersignature.decode(weft.Envelope.decode(answerBytes).payload)
  const receipt = CODECS.receipt.decode(weft.Envelope.decode(receiptBytes).payload)
  if (!answer.accepted || answer.seq !== receipt.seq || receipt.amount === 0n) return
  const peer = (isProvider ? renter : provider) as Award['provider']
  const place = { peer, currency: award.prices.currency, leaseId: lease, day: dayOf(receipt.sentAtMs) }
  const { seq, runMs, amount } = receipt
  const role = isProvider ? 'provider' : 'renter'
  booked.set(KEYS.account(place), {
    role,
    jobId: (isProvider ? '' : jobId) as AccountEntry['jobId'],
    seq,
    receiptId: answer.receiptId,
    runMs,
    amount,
  })
}

function partiesOf(bytes: Uint8Array): Parties {
  const { publicKey, payload } = weft.Envelope.decode(bytes)
  const award = CODECS.award.decode(payload)
  return { award, provider: award.provider, renter: peerIdOf(publicKey.subarray(KEY_PROTOBUF_PREFIX)) }
}

/** Leases of which neither side's record is kept any more: this peer is the one whom all awards name in that role. */
function hasOne(role: 'provider' | 'renter', leases: ReadonlyMap<LeaseId, Parties>): boolean {
  return new Set([...leases.values()].map((parties) => parties[role])).size === 1
}

interface JobShape {
  value?: { state?: { attempt?: { leaseId?: LeaseId } }; attempts?: { leaseId?: LeaseId }[] }
}

function leasesOf(record: Uint8Array): LeaseId[] {
  const { value } = JSON.parse(Buffer.from(record).toString('utf8')) as JobShape
  return [value?.state?.attempt, ...(value?.attempts ?? [])].flatMap((attempt) => attempt?.leaseId ?? [])
}
