import type { PeerConnectionView } from '../../api/views.ts'
import { EXIT } from '../exit.ts'
import { formatDuration } from '../parse/values.ts'
import { type Column, tableOf } from '../render/table.ts'
import { print, type Verb } from '../verb.ts'

const COLUMNS: readonly Column<PeerConnectionView>[] = [
  { head: 'PEER', cell: ({ peerId }) => peerId },
  { head: 'DIRECTION', cell: ({ direction }) => direction },
  { head: 'PATH', cell: ({ relayed }) => (relayed ? 'relayed' : 'direct'), spare: 1 },
  { head: 'FOR', cell: ({ openSeconds }) => formatDuration(openSeconds * 1000), align: 'right', spare: 2 },
  { head: 'ADDRESS', cell: ({ address }) => address, spare: 3 },
]

/** `weft peers`. */
export const verb: Verb = {
  define: () => undefined,
  async run(context) {
    const { body } = await context.client.get<PeerConnectionView[]>('/v1/peers')
    print(context, body, () =>
      body.length === 0 ? 'no connections; give --bootstrap or see weft doctor' : tableOf(COLUMNS, body, context.terminal.width),
    )
    return EXIT.done
  },
}
