import type { OutputsView } from '../../api/views.ts'
import { EXIT } from '../exit.ts'
import { formatBytes } from '../parse/values.ts'
import { table } from '../render/table.ts'
import { print, type Verb } from '../verb.ts'

/** `weft outputs JOB`. */
export const verb: Verb = {
  define: (command) => {
    command.argument('<job>', 'id, beginning of an id, or name')
  },
  async run(context, [ref = '']) {
    const { body } = await context.client.get<OutputsView>(`/v1/jobs/${encodeURIComponent(ref)}/outputs`)
    print(context, body, () => {
      const warnings = body.warnings.map((sentence) => `\n${sentence}`).join('')
      if (body.places.length === 0) return `the job asked for no outputs${warnings}`
      const rows = body.places.map(({ container, host, placed }) => [
        container,
        placed ?? host,
        placed === null ? 'not here' : 'here',
      ])
      const total = body.outputs === null ? '' : `\n${formatBytes(body.outputs.bytes)}, ${body.outputs.cid}`
      return `${table(['IN THE CONTAINER', 'ON THIS MACHINE', ''], rows)}${total}${warnings}`
    })
    return EXIT.done
  },
}
