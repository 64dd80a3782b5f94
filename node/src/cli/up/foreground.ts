import { flushCompileCache } from 'node:module'
import { MIB, messageOf } from '@weft/protocols'
import type { CapacityInit } from '@weft/protocols/core'
import type { Origins, Settings } from '../../config/index.ts'
import { type Home, openHome } from '../../home/index.ts'
import { createLogger } from '../../logger.ts'
import type { ChosenEngine } from '../../peer/lending.ts'
import { Offering } from '../../peer/offering.ts'
import { createPeer, type Peer, type PeerInit } from '../../peer.ts'
import { PriceBook, type Unpriced } from '../../prices/book.ts'
import { EXIT } from '../exit.ts'
import { Interrupts } from '../run/interrupts.ts'
import { type Context, print, say } from '../verb.ts'
import { describePeer } from './describe.ts'
import { guardProcess } from './guard.ts'
import { preflight } from './preflight.ts'

const DRAIN_MS = 30_000

/** Runs a peer in this process until a signal or the API ends it. */
export async function runInForeground(
  context: Context,
  config: { settings: Settings; origins: Origins; engine: string },
): Promise<number> {
  const { settings, origins } = config
  const engine = await preflight({ ...config, folder: context.dataFolder })
  const home = await openHome(context.dataFolder, { create: true })
  // On a terminal the few lines for people are enough, unless somebody asked for more.
  const level = origins.log.from === 'default' && !context.flags.json ? 'warn' : settings.log
  const log = createLogger(level, { peer: home.identity.peerId })
  const interrupts = new Interrupts()
  const end = { code: EXIT.done as number }
  let peer: Peer | undefined
  const unguard = guardProcess(log, (error) => {
    log.error({ stack: error instanceof Error ? error.stack : undefined }, `a bug, so this peer stops: ${messageOf(error)}`)
    end.code = EXIT.bug
    if (peer === undefined) process.exit(EXIT.bug)
    void peer.stop()
  })
  try {
    const prices = new PriceBook({ ...settings, origins, file: home.paths.config })
    peer = await createPeer(peerInit(context, { settings, prices, engine, home, log }))
    const { peerId, addresses, socket, metricsUrl } = peer
    const document = { ready: true, peerId, addresses, socket, pid: process.pid, metrics: metricsUrl ?? null }
    const text = describePeer(peer, home.folder)
    print(context, document, () => text)
    // A daemon may be killed one day and never write what the next start could use.
    flushCompileCache()
    await untilStopped(context, peer, interrupts)
    return end.code
  } finally {
    interrupts.stop()
    unguard()
  }
}

function peerInit(
  context: Context,
  parts: { settings: Settings; prices: PriceBook; engine: ChosenEngine; home: Home; log: PeerInit['log'] },
): PeerInit {
  const { settings, prices, engine, home, log } = parts
  const onWarning = (sentence: string): void => say(context, `weft: ${sentence}`)
  const failpoint = context.env['WEFT_FAILPOINT']
  const priced = (capacity: Unpriced): CapacityInit => prices.priced(capacity)
  const provide: PeerInit['provide'] = (found, locks) =>
    Offering.open({ folder: home.folder, settings, priced, engine: found, onWarning, locks })
  return {
    home,
    network: settings.network,
    listen: settings.listen,
    bootstrap: settings.bootstrap,
    relay: settings.relay,
    mdns: settings.mdns,
    mode: 'peer',
    terms: settings.terms,
    settle: settings.settle,
    prices,
    challengesPerDay: settings.challenges,
    diskReserveBytes: settings.diskReserveMib === undefined ? undefined : settings.diskReserveMib * MIB,
    engine,
    log,
    ...(failpoint === undefined ? {} : { failpoint }),
    ...(settings.provide ? { provide } : {}),
    ...(settings.strangersCredit === undefined ? {} : { strangersCredit: settings.strangersCredit }),
    ...(settings.metrics === 'off' ? {} : { metrics: settings.metrics }),
  }
}

/** The first signal drains, the second stops at once; somebody may also ask over the API. */
async function untilStopped(context: Context, peer: Peer, interrupts: Interrupts): Promise<void> {
  const first = await Promise.race([peer.stopped.then(() => 'stopped'), interrupts.after(0).then(() => 'signal')])
  if (first === 'stopped') return
  if (!context.flags.json) say(context, 'stopping; once more to stop at once')
  void interrupts.after(1).then(() => peer.stop())
  await peer.stop({ drainMs: DRAIN_MS })
}
