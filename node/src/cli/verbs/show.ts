import type { JobView } from '@weft/protocols/core'
import type { ExplainedView } from '../../api/views.ts'
import { EXIT } from '../exit.ts'
import { relaxationLines } from '../render/explain.ts'
import { foundNobody, jobText } from '../render/job.ts'
import { refusedLine } from '../render/reasons.ts'
import { type Context, print, type Verb } from '../verb.ts'

/** The latest of them. */
const REFUSED_SHOWN = 5

/** `weft show JOB`. */
export const verb: Verb = {
  define: (command) => {
    command.argument('<job>', 'id, beginning of an id, or name')
  },
  async run(context, [ref = '']) {
    const { body } = await context.client.get<JobView>(`/v1/jobs/${encodeURIComponent(ref)}`)
    const seeking = context.flags.json ? undefined : await whyNobodyYet(context, body)
    print(context, body, () => jobText(body, seeking))
    return EXIT.done
  },
}

/** Who would not take a job that seeks a provider, or found none, and the changes that would find one. */
async function whyNobodyYet({ client }: Context, { jobId, state, endReason }: JobView) {
  if (state !== 'seeking' && !foundNobody(endReason)) return undefined
  const { body } = await client.get<ExplainedView>(`/v1/jobs/${jobId}/explain`)
  const refused = body.refused.slice(-REFUSED_SHOWN).map((one) => refusedLine(one, body.wants))
  return { refused, help: relaxationLines(body) }
}
