import type { StatusView } from '../../api/views.ts'
import { EXIT } from '../exit.ts'
import { print, type Verb } from '../verb.ts'

/** `weft drain`: no new leases; those under way go on. */
export const verb: Verb = {
  define: () => undefined,
  async run(context) {
    const { body } = await context.client.post<StatusView>('/v1/drain')
    print(context, body, () => `takes no new leases; ${body.leases} under way. weft down ends the daemon`)
    return EXIT.done
  },
}
