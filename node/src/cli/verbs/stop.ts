import type { JobView } from '@weft/protocols/core'
import { EXIT, watching } from '../exit.ts'
import { stateOf } from '../render/job.ts'
import { print, say, type Verb } from '../verb.ts'

/** How long a container may take to end before `stop` stops waiting for it. */
const WAIT_MS = 30_000

/** Of a provider that is not heard of. */
const STILL = '; it stops when its provider hears of it, or when what was permitted is over'

/** `weft stop JOB…`: with --json always a list. */
export const verb: Verb = {
  define: (command) => {
    command.argument('<job...>', 'ids, beginnings of ids, or names')
  },
  async run(context, refs) {
    const jobs: JobView[] = []
    let exitCode: number = EXIT.done
    for (const ref of refs) {
      const { body } = await context.client.post<JobView>(`/v1/jobs/${encodeURIComponent(ref)}/stop`)
      const path = `/v1/jobs/${body.jobId}/wait?timeoutMs=${WAIT_MS}`
      const ended = await watching(`weft wait ${ref}`, () => context.client.get<JobView>(path))
      const runsOn = ended.exitCode === EXIT.stillRunning
      if (runsOn) exitCode = EXIT.stillRunning
      jobs.push(ended.body)
      say(context, `${ended.body.name}: ${stateOf(ended.body)}${runsOn ? STILL : ''}`)
    }
    print(context, jobs, () => '')
    return exitCode
  },
}
