import type { StatementView } from '@weft/protocols/core'
import { EXIT, usage } from '../exit.ts'
import { parseCount } from '../parse/values.ts'
import { print, type Verb } from '../verb.ts'
import { resolvePeer, statementsTable } from './settle.ts'

const NUMBER_MAX = 0xffffffff

/** `weft paid PEER NUMBER --reference TEXT`: who was owed says that it was paid. */
export const verb: Verb = {
  define: (command) => {
    command
      .argument('<peer>', 'who paid: its id, or the end of it')
      .argument('<number>', 'of the statement')
      .option('--reference <text>', "of the payment: a bank's, an invoice's, a transaction's; up to 128 characters")
      .option('--currency <name>', 'where there are statements in several')
  },
  async run(context, [peerText = '', numberText = ''], options) {
    const reference = options['reference']
    if (typeof reference !== 'string' || reference === '') throw usage('name the payment with --reference TEXT')
    const number = parseCount('the number of the statement', numberText, NUMBER_MAX)
    const peer = await resolvePeer(context, peerText)
    const { body: all } = await context.client.get<StatementView[]>(`/v1/statements?peer=${encodeURIComponent(peer)}`)
    const wanted = all.filter((one) => one.number === number && (options['currency'] ?? one.currency) === one.currency)
    const [statement] = wanted
    if (statement === undefined) throw usage(`there is no statement ${number} with ${peerText}; see weft settle`)
    if (wanted.length > 1) throw usage(`there are statements ${number} in several currencies; choose with --currency`)
    const payment = { peer, currency: statement.currency, number, reference }
    const { body } = await context.client.post<StatementView[]>('/v1/statements/paid', payment)
    print(context, body, () => statementsTable(body))
    return EXIT.done
  },
}
