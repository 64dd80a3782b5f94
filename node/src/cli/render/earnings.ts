import type { EarningsView } from '@weft/protocols/core'
import type { Command } from 'commander'
import { EXIT, usage } from '../exit.ts'
import { formatMoney, parseDuration } from '../parse/values.ts'
import { type Context, print } from '../verb.ts'
import { type Column, shortId, shortPeer, tableOf } from './table.ts'

/** What each side groups by, and the API's word for it: a provider has no jobs. */
const BY = {
  provider: { day: 'day', peer: 'peer', lease: 'job' },
  renter: { day: 'day', peer: 'peer', job: 'job' },
} as const
const DAY = /^\d{4}-\d\d-\d\d$/

/** Options that `weft earnings` and `weft spend` share. */
export const defineEarnings = (role: keyof typeof BY) => (command: Command) => {
  command
    .option('--by <what>', `one of ${Object.keys(BY[role]).join(', ')}`, 'day')
    .option('--since <day>', 'from this day on (2026-11-01, UTC), or for so long (7d is 168h)')
    .option('--currency <name>', 'only this one')
    .addHelpText('after', MEANING)
}

export async function showEarnings(context: Context, role: keyof typeof BY, options: Record<string, unknown>): Promise<number> {
  const by = Object.entries(BY[role]).find(([known]) => known === options['by'])?.[1]
  if (by === undefined) throw usage(`--by takes one of ${Object.keys(BY[role]).join(', ')}`)
  const query = new URLSearchParams({ role, by })
  if (typeof options['since'] === 'string') query.set('since', parseDay('--since', options['since'], Date.now()))
  if (typeof options['currency'] === 'string') query.set('currency', options['currency'])
  const { body } = await context.client.get<EarningsView>(`/v1/earnings?${query}`)
  print(context, body, () => earningsTable(body))
  return EXIT.done
}

/** A day as it is written, or the day that was so long ago: UTC. */
export function parseDay(flag: string, text: string, nowMs: number): string {
  if (DAY.test(text)) return text
  const days = /^(\d{1,5})d$/.exec(text)?.[1]
  const ms = days === undefined ? parseDuration(flag, text) : Number(days) * 86_400_000
  return new Date(nowMs - ms).toISOString().slice(0, 10)
}

const MEANING = `
Columns: agreed, signed by both sides; open, signed by the provider only, not yet by the renter; stated, what of the agreed
stands in statements (weft settle); paid, what of that the creditor acknowledged (weft paid). Days are UTC.`

const NOTHING = {
  provider: 'nothing earned yet; weft up --provide lends this machine, weft leases shows what runs',
  renter: 'nothing spent yet; weft run IMAGE COMMAND hires a provider',
}

type Sums = EarningsView['totals'][number] & { key: string; leases: string }

function earningsTable({ role, by, rows, totals }: EarningsView): string {
  if (rows.length === 0) return NOTHING[role]
  const key = { day: (text: string) => text, peer: shortPeer, job: shortId }[by]
  const lines: Sums[] = [
    ...rows.map((row) => ({ ...row, key: key(row.key), leases: String(row.leases) })),
    ...totals.map((total) => ({ ...total, key: 'in all', leases: '' })),
  ]
  const amount = (head: string, of: 'agreed' | 'open' | 'stated' | 'paid'): Column<Sums> => ({
    head,
    cell: (sums) => formatMoney(sums[of]),
    align: 'right',
  })
  const name = by === 'job' && role === 'provider' ? 'LEASE' : by.toUpperCase()
  return tableOf(
    [
      { head: name, cell: (sums) => sums.key },
      { head: 'LEASES', cell: ({ leases }) => leases, align: 'right' },
      amount('AGREED', 'agreed'),
      amount('OPEN', 'open'),
      amount('STATED', 'stated'),
      amount('PAID', 'paid'),
      { head: 'CURRENCY', cell: ({ currency }) => currency },
    ],
    lines,
  )
}
