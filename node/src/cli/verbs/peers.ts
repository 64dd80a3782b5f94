import type { PeerConnectionView } from '../../api/views.ts'
import { EXIT } from '../exit.ts'
import { formatDuration } from '../parse/values.ts'
import { table } from '../render/table.ts'
import { print, type Verb } from '../verb.ts'

/** `weft peers`. */
export const verb: Verb = {
  define: () => undefined,
  async run(context) {
    const { body } = await context.client.get<PeerConnectionView[]>('/v1/peers')
    print(context, body, () => {
      if (body.length === 0) return 'no connections; give --bootstrap or see weft doctor'
      const rows = body.map((peer) => [
        peer.peerId,
        peer.direction,
        peer.relayed ? 'relayed' : 'direct',
        formatDuration(peer.openSeconds * 1000),
        peer.address,
      ])
      return table(['PEER', 'DIRECTION', 'PATH', 'FOR', 'ADDRESS'], rows)
    })
    return EXIT.done
  },
}
