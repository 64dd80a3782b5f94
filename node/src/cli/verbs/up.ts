import { usage } from '../exit.ts'
import { definePeerFlags, readSettings } from '../peer-flags.ts'
import type { Verb } from '../verb.ts'

/** `weft up [-d] [--provide]`: the daemon. Makes the data folder on first use. */
export const verb: Verb = {
  define: (command) => {
    command.option('--provide', 'lend this machine').option('-d, --detach', 'in the background; returns when it is ready')
    definePeerFlags(command)
  },
  async run(context, _args, options) {
    if (context.flags.host !== undefined)
      throw usage('--host names a daemon that runs already; weft up starts one, on the folder of --data')
    const config = await readSettings(context, options)
    const engine = options['unsafeProcessEngine'] === true ? 'process' : config.settings.engine
    if (options['detach'] === true) {
      const { startInBackground } = await import('../up/background.ts')
      return startInBackground(context, { ...config, engine })
    }
    const { runInForeground } = await import('../up/foreground.ts')
    return runInForeground(context, { ...config, engine })
  },
}
