import type { LeaseView } from '@weft/protocols/core'
import { EXIT } from '../exit.ts'
import { formatMoney } from '../parse/values.ts'
import { shortId, shortPeer, table } from '../render/table.ts'
import { print, type Verb } from '../verb.ts'

/** `weft leases`. */
export const verb: Verb = {
  define: () => undefined,
  async run(context) {
    const { body } = await context.client.get<LeaseView[]>('/v1/leases')
    print(context, body, () => {
      if (body.length === 0) return 'no leases'
      const rows = body.map((lease) => [
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
