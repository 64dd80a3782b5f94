import type { JobView } from '@weft/protocols/core'
import { EXIT } from '../exit.ts'
import { isOver, jobsTable } from '../render/job.ts'
import { print, type Verb } from '../verb.ts'

/** `weft ps [--all]`. */
export const verb: Verb = {
  define: (command) => {
    command.option('-a, --all', 'ended jobs too')
  },
  async run(context, _args, options) {
    const { body } = await context.client.get<JobView[]>('/v1/jobs')
    const jobs = options['all'] === true ? body : body.filter((job) => !isOver(job))
    print(context, jobs, () =>
      jobs.length === 0 && body.length > 0
        ? 'no jobs under way (weft ps --all shows ended ones)'
        : jobsTable(jobs, { nowMs: Date.now(), width: context.terminal.width }),
    )
    return EXIT.done
  },
}
