import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { JobView } from '@weft/protocols/core'
import type { StatusView } from '../../api/views.ts'
import { homePaths } from '../../home/folder.ts'
import { CliError, EXIT } from '../exit.ts'
import { isOver } from '../render/job.ts'
import { print, say, type Verb } from '../verb.ts'

const POLL_MS = 50
/** Draining, ending of what still runs, and the rest. */
const WAIT_MS = 60_000

/** `weft down`: the daemon ends; containers that run for others are drained first, then ended. */
export const verb: Verb = {
  define: () => undefined,
  async run(context) {
    const lock = homePaths(context.dataFolder).lock
    const holder = context.flags.host === undefined ? await holderOf(lock) : ''
    const { body: status } = await context.client.get<StatusView>('/v1/status')
    const { body: jobs } = await context.client.get<JobView[]>('/v1/jobs')
    await context.client.post('/v1/shutdown')
    say(context, stoppingText(status.leases, jobs))
    // The API goes first and the store last: only then may the next peer have the folder.
    const isUp = async () => (await context.client.answers()) || (holder !== '' && (await holderOf(lock)) === holder)
    for (let waited = 0; await isUp(); waited += POLL_MS) {
      if (waited > WAIT_MS)
        throw new CliError(
          EXIT.stillRunning,
          'STILL_RUNNING',
          'the daemon has not ended yet; weft down again ends at once what it waits for',
        )
      await delay(POLL_MS)
    }
    print(context, { stopped: true }, () => 'stopped')
    return EXIT.done
  },
}

/** What ending means for what is under way. `leases`: what runs here for others. `jobs`: all of this peer. */
export function stoppingText(leases: number, jobs: readonly Pick<JobView, 'state'>[]): string {
  const open = jobs.filter((job) => !isOver(job))
  const seeking = open.filter(({ state }) => state === 'seeking').length
  const running = open.length - seeking
  const lines = [
    leases === 0
      ? 'stopping'
      : `stopping; ${leases === 1 ? '1 lease that is under way has' : `${leases} leases that are under way have`} 30 s to end, then what is left is ended here (weft down again: at once)`,
  ]
  if (seeking > 0)
    lines.push(
      `${seeking} ${seeking === 1 ? 'job of yours seeks a provider and waits' : 'jobs of yours seek a provider and wait'} for weft up`,
    )
  if (running > 0) {
    const whose =
      running === 1
        ? '1 job of yours is under way: its provider stops it'
        : `${running} jobs of yours are under way: their providers stop them`
    lines.push(
      `${whose} when the time is over that was promised ahead, about a minute without --away; weft up -d before then goes on with ${running === 1 ? 'it' : 'them'}`,
    )
  }
  return lines.join('\n')
}

const holderOf = (lock: string): Promise<string> => readFile(lock, 'utf8').catch(() => '')
