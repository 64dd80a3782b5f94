import type { JobView } from '@weft/protocols/core'
import { EXIT } from '../exit.ts'
import { jobText } from '../render/job.ts'
import { print, type Verb } from '../verb.ts'

/** `weft show JOB`. */
export const verb: Verb = {
  define: (command) => {
    command.argument('<job>', 'id, beginning of an id, or name')
  },
  async run(context, [ref = '']) {
    const { body } = await context.client.get<JobView>(`/v1/jobs/${encodeURIComponent(ref)}`)
    print(context, body, () => jobText(body))
    return EXIT.done
  },
}
