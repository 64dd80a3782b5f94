import type { LeaseView } from '@weft/protocols/core'
import { EXIT } from '../exit.ts'
import { formatMoney, parseCount } from '../parse/values.ts'
import { shortId, shortPeer, table } from '../render/table.ts'
import { print, say, type Verb } from '../verb.ts'

const LIMIT_MAX = 100_000

/** `weft leases [--all | --limit N]`: the newest first. */
export const verb: Verb = {
  define: (command) => {
    command.option('--limit <n>', 'at most so many', '50').option('-a, --all', 'however many')
  },
  async run(context, _args, options) {
    const limit = options['all'] === true ? undefined : parseCount('--limit', String(options['limit']), LIMIT_MAX)
    const { body } = await context.client.get<LeaseView[]>('/v1/leases')
    const shown = body.toSorted(newestFirst).slice(0, limit)
    if (shown.length < body.length) say(context, `${body.length - shown.length} older leases are not shown; --all shows them`)
    print(context, shown, () => {
      if (body.length === 0) return 'no leases'
      const rows = shown.map((lease) => [
        shortId(lease.leaseId),
        shortPeer(lease.renter),
        lease.endReason ?? (lease.paused === null ? lease.state : `paused (${lease.paused})`),
        `${formatMoney(lease.amount)} ${lease.currency}`,
        `${lease.receipts.countersigned} of ${lease.receipts.count}`,
      ])
      return table(['LEASE', 'RENTER', 'STATE', 'EARNED', 'COUNTERSIGNED'], rows)
    })
    return EXIT.done
  },
}

const newestFirst = (a: LeaseView, b: LeaseView): number => (b.acceptedAt ?? '').localeCompare(a.acceptedAt ?? '')
