import type { LeaseView } from '@weft/protocols/core'
import type { StatusView } from '../../api/views.ts'
import { EXIT } from '../exit.ts'
import { formatMoney, parseCount } from '../parse/values.ts'
import { type Column, shortId, shortPeer, tableOf } from '../render/table.ts'
import { type Context, print, say, type Verb } from '../verb.ts'

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
    const why = body.length > 0 || context.flags.json ? '' : await whyNone(context)
    print(context, shown, () => (body.length === 0 ? why : tableOf(COLUMNS, shown, context.terminal.width)))
    return EXIT.done
  },
}

/** What matters most of it: `2× rtx-4090`, or `4 cores, 16 GiB`. */
const resourcesText = ({ resources: { gpuCount, gpuModel, cpus, memoryGiB } }: LeaseView): string =>
  gpuCount > 0 ? `${gpuCount}× ${gpuModel || 'GPU'}` : `${cpus} ${cpus === 1 ? 'core' : 'cores'}, ${memoryGiB} GiB`

const COLUMNS: readonly Column<LeaseView>[] = [
  { head: 'LEASE', cell: ({ leaseId }) => shortId(leaseId) },
  { head: 'RENTER', cell: ({ renter }) => shortPeer(renter) },
  { head: 'ACCEPTED (UTC)', cell: ({ acceptedAt }) => acceptedAt?.slice(0, 19).replace('T', ' ') ?? '-', spare: 1 },
  { head: 'HAS', cell: resourcesText, spare: 2 },
  { head: 'STATE', cell: ({ endReason, state, paused }) => endReason ?? (paused === null ? state : `paused (${paused})`) },
  { head: 'EARNED', cell: ({ amount, currency }) => `${formatMoney(amount)} ${currency}`, align: 'right' },
  {
    head: 'COUNTERSIGNED',
    cell: ({ receipts }) => `${receipts.countersigned} of ${receipts.count}`,
    align: 'right',
    spare: 3,
  },
]

async function whyNone({ client }: Context): Promise<string> {
  const { body } = await client.get<StatusView>('/v1/status')
  return body.lends === null
    ? 'no leases: this peer lends nothing; weft up --provide does'
    : 'no leases yet; weft offers --mine shows what others see of this machine'
}

const newestFirst = (a: LeaseView, b: LeaseView): number => (b.acceptedAt ?? '').localeCompare(a.acceptedAt ?? '')
