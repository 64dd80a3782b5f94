import type { StatementView } from '@weft/protocols/core'
import { EXIT, usage } from '../exit.ts'
import { formatMoney } from '../parse/values.ts'
import { shortPeer, table } from '../render/table.ts'
import { type Context, print, type Verb } from '../verb.ts'

/** `weft settle`, `weft settle PEER`, `weft settle --all`. */
export const verb: Verb = {
  define: (command) => {
    command
      .argument('[peer]', 'propose a statement to this peer: its id, or the end of it; without: list statements')
      .option('-a, --all', 'propose to every peer with something new')
  },
  async run(context, [peer], options) {
    if (peer !== undefined && options['all'] === true) throw usage('name a peer or --all, not both')
    const isAsked = peer !== undefined || options['all'] === true
    const { body } = isAsked ? await propose(context, peer) : await context.client.get<StatementView[]>('/v1/statements')
    print(context, body, () => statementsTable(body))
    return EXIT.done
  },
}

async function propose(context: Context, peer: string | undefined) {
  const body = peer === undefined ? {} : { peer: await resolvePeer(context, peer) }
  return context.client.post<StatementView[]>('/v1/statements', body)
}

/** A peer id, or the only one that ends so among those whom this peer has accounts with. */
export async function resolvePeer(context: Context, text: string): Promise<string> {
  const { body } = await context.client.get<string[]>('/v1/accounts')
  const ending = text.replace(/^…/, '')
  const found = body.filter((id) => id.endsWith(ending))
  const [only] = found
  if (only === undefined)
    throw usage(`there is no account with a peer ${text}; see weft earnings --by peer and weft spend --by peer`)
  if (found.length > 1) throw usage(`${found.length} peers end with ${text}; give more of the id`)
  return only
}

export function statementsTable(statements: readonly StatementView[]): string {
  if (statements.length === 0) return 'no statements (weft settle PEER proposes one)'
  const rows = statements.map(({ peer, number, state, leases, earned, spent, net, creditor, currency, reference }) => [
    shortPeer(peer),
    String(number),
    state,
    String(leases),
    formatMoney(earned),
    formatMoney(spent),
    creditor === null ? 'nothing' : `${formatMoney(net)} ${currency} to ${creditor === peer ? 'them' : 'us'}`,
    reference ?? '',
  ])
  return table(['WITH', 'NO', 'STATE', 'LEASES', 'EARNED', 'SPENT', 'OWED', 'PAID BY'], rows)
}
