import type { JobView } from '@weft/protocols/core'
import { watching } from '../exit.ts'
import { parseDuration } from '../parse/values.ts'
import { billText, stateOf } from '../render/job.ts'
import { print, type Verb } from '../verb.ts'

/** `weft wait JOB [--timeout]`: exits with the job's code, with 101 when the time is up or the daemon ends. */
export const verb: Verb = {
  define: (command) => {
    command.argument('<job>', 'id, beginning of an id, or name').option('--timeout <time>', 'give up after 90s, 10m or 2h')
  },
  async run(context, [ref = ''], options) {
    const timeout = typeof options['timeout'] === 'string' ? `?timeoutMs=${parseDuration('--timeout', options['timeout'])}` : ''
    const path = `/v1/jobs/${encodeURIComponent(ref)}/wait${timeout}`
    const { body, exitCode } = await watching(`weft wait ${ref}`, () => context.client.get<JobView>(path))
    print(context, body, () => `${stateOf(body)}, bill ${billText(body)}`)
    return exitCode
  },
}
