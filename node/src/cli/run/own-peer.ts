import { setTimeout as delay } from 'node:timers/promises'
import { openHome } from '../../home/index.ts'
import { createLogger } from '../../logger.ts'
import { chooseEngine } from '../../peer/lending.ts'
import { createPeer, type Peer } from '../../peer.ts'
import { ApiClient } from '../client.ts'
import { CliError, EXIT } from '../exit.ts'
import { readSettings } from '../peer-flags.ts'
import { guardProcess } from '../up/guard.ts'
import { checkBootstrap } from '../up/preflight.ts'
import { type Context, say } from '../verb.ts'

const CONNECT_MS = 15_000
const CONNECT_POLL_MS = 50

/** Starts a peer for the length of `work`: a client, which listens nowhere and serves nobody. */
export async function withOwnPeer(
  context: Context,
  options: Record<string, unknown>,
  work: (context: Context) => Promise<number>,
): Promise<number> {
  const { settings, origins } = await readSettings(context, options)
  checkBootstrap(settings, origins)
  const home = await openHome(context.dataFolder, { create: true })
  const log = createLogger(context.env['WEFT_LOG'] === undefined ? 'error' : settings.log)
  const unguard = guardProcess(log, (error) => {
    throw error
  })
  const peer = await createPeer({
    home,
    network: settings.network,
    listen: [],
    bootstrap: settings.bootstrap,
    relay: settings.relay,
    mdns: settings.mdns,
    mode: 'client',
    terms: settings.terms,
    engine: await chooseEngine(options['unsafeProcessEngine'] === true ? 'process' : settings.engine),
    log,
  })
  try {
    say(context, 'no daemon runs here; this program is the peer for as long as the job takes')
    await connected(peer)
    return await work({ ...context, client: new ApiClient(peer.socket) })
  } finally {
    await peer.stop()
    unguard()
  }
}

async function connected(peer: Peer): Promise<void> {
  for (let waited = 0; peer.connections === 0; waited += CONNECT_POLL_MS) {
    if (waited >= CONNECT_MS) {
      throw new CliError(
        EXIT.noPeers,
        'NO_PEERS',
        'no peer could be reached; name one with --bootstrap ADDRESS, as weft status shows it there',
      )
    }
    await delay(CONNECT_POLL_MS)
  }
}
