import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { homePaths } from '../../home/folder.ts'
import { CliError, EXIT } from '../exit.ts'
import { print, type Verb } from '../verb.ts'

const POLL_MS = 50
/** Draining, ending of what still runs, and the rest. */
const WAIT_MS = 60_000

/** `weft down`: the daemon ends; containers that run for others are drained first, then ended. */
export const verb: Verb = {
  define: () => undefined,
  async run(context) {
    const lock = homePaths(context.dataFolder).lock
    const holder = context.flags.host === undefined ? await holderOf(lock) : ''
    await context.client.post('/v1/shutdown')
    process.stderr.write('stopping; leases under way have 30 s to end, then they are ended\n')
    // The API goes first and the store last: only then may the next peer have the folder.
    const isUp = async () => (await context.client.answers()) || (holder !== '' && (await holderOf(lock)) === holder)
    for (let waited = 0; await isUp(); waited += POLL_MS) {
      if (waited > WAIT_MS)
        throw new CliError(EXIT.stillRunning, 'STILL_RUNNING', 'the daemon is still draining; run weft down again to see it end')
      await delay(POLL_MS)
    }
    print(context, { stopped: true }, () => 'stopped')
    return EXIT.done
  },
}

const holderOf = (lock: string): Promise<string> => readFile(lock, 'utf8').catch(() => '')
