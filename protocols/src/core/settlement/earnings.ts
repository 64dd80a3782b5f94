import type { JobId, LeaseId, PeerId } from '../../units.ts'
import type { EarningsRow, EarningsView } from '../views.ts'
import type { AccountEntry, AccountPlace } from './account.ts'

/** What a peer earned or spent, out of its accounts: a table by day, by counterparty or by job. */

export type EarningsBy = 'day' | 'peer' | 'job'

export interface EarningsQuery {
  role: AccountEntry['role']
  by: EarningsBy
  /** From this day on, UTC; undefined: from the beginning. */
  since: string | undefined
  currency: string | undefined
}

/** How much of a lease is in statements, and in statements that were paid. */
export interface LeaseStated {
  stated: bigint
  paid: bigint
}

/** What is signed by the provider and not yet by the renter. */
export interface OpenAmount extends Pick<AccountEntry, 'role' | 'jobId'> {
  leaseId: LeaseId
  peer: PeerId
  currency: string
  amount: bigint
}

type Sums = Pick<Record<keyof EarningsRow, bigint>, 'agreed' | 'open' | 'stated' | 'paid'>

/**
 * Adds up entries as they come, in the order of their keys: by peer, currency, lease and day. What a lease came to on a day is
 * what it rose by; what statements count of it are its first days.
 */
export class Earnings {
  readonly #query: EarningsQuery
  readonly #rows = new Map<string, EarningsRow & { leaseIds: Set<LeaseId> }>()
  #lease: LeaseId | '' = ''
  #reached = 0n

  constructor(query: EarningsQuery) {
    this.#query = query
  }

  /** All entries are to come here, those before `since` too: they say where a lease stood by then. */
  entry({ entry, ...place }: AccountPlace & { entry: AccountEntry }, { stated, paid }: LeaseStated): void {
    const { role, currency, since } = this.#query
    if (place.leaseId !== this.#lease) {
      this.#lease = place.leaseId
      this.#reached = 0n
    }
    const from = this.#reached
    // A clock that was set back books to an earlier day; an amount never falls.
    const to = entry.amount > from ? entry.amount : from
    this.#reached = to
    if (entry.role !== role || (currency !== undefined && currency !== place.currency)) return
    if (since !== undefined && place.day < since) return
    const within = (limit: bigint) => (limit <= from ? 0n : limit < to ? limit - from : to - from)
    this.#add(place, entry.jobId, { agreed: to - from, open: 0n, stated: within(stated), paid: within(paid) })
  }

  /** `day`: today. */
  open({ amount, role, jobId, ...place }: OpenAmount, day: string): void {
    const { currency } = this.#query
    if (role !== this.#query.role || (currency !== undefined && currency !== place.currency)) return
    this.#add({ ...place, day }, jobId, { agreed: 0n, open: amount, stated: 0n, paid: 0n })
  }

  view(): EarningsView {
    const rows = [...this.#rows.values()].map(({ leaseIds, ...row }) => ({ ...row, leases: leaseIds.size }))
    rows.sort((a, b) => (a.key === b.key ? (a.currency < b.currency ? -1 : 1) : a.key < b.key ? -1 : 1))
    const { role, by } = this.#query
    return { role, by, rows, totals: totalsOf(rows) }
  }

  #add(place: AccountPlace, jobId: JobId | '', sums: Sums): void {
    const key = this.#keyOf(place, jobId)
    const { currency } = place
    const row = this.#rows.get(`${key} ${currency}`) ?? { key, currency, ...NOTHING, leases: 0, leaseIds: new Set() }
    for (const name of SUMS) row[name] = (BigInt(row[name]) + sums[name]).toString()
    row.leaseIds.add(place.leaseId)
    this.#rows.set(`${key} ${currency}`, row)
  }

  /** A provider never hears of its renters' jobs: it knows the lease. */
  #keyOf({ day, peer, leaseId }: AccountPlace, jobId: JobId | ''): string {
    if (this.#query.by === 'day') return day
    return this.#query.by === 'peer' ? peer : jobId || leaseId
  }
}

const NOTHING = { agreed: '0', open: '0', stated: '0', paid: '0' }
const SUMS = ['agreed', 'open', 'stated', 'paid'] as const

/** By currency: amounts of different currencies are never added up. */
function totalsOf(rows: readonly EarningsRow[]): EarningsView['totals'] {
  const totals = new Map<string, EarningsView['totals'][number]>()
  for (const row of rows) {
    const total = totals.get(row.currency) ?? { currency: row.currency, ...NOTHING }
    for (const name of SUMS) total[name] = (BigInt(total[name]) + BigInt(row[name])).toString()
    totals.set(row.currency, total)
  }
  return [...totals.values()].sort((a, b) => (a.currency < b.currency ? -1 : 1))
}
