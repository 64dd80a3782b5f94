/**
 * The composition of one peer, from the data folder up: store, network, content, engine and executor, results, host, API.
 *
 * @example
 * const peer = await createPeer({ home, network: 'weft', listen, bootstrap, mdns: true, mode: 'peer', engine, log })
 * await peer.stop({ drainMs: 30_000 })
 */
import { setTimeout as delay } from 'node:timers/promises'
import { codeOf, type Micros, messageOf, type PeerId, WeftError } from '@weft/protocols'
import type { JobView, Note, SettlePolicy } from '@weft/protocols/core'
import { Host, type Ports } from '@weft/protocols/host'
import type { ApiComponents } from './api/components.ts'
import { JobFeed } from './api/feed.ts'
import { isEnded } from './api/follow.ts'
import { serveMetrics } from './api/metrics-server.ts'
import { buildApi, closeApi, listen } from './api/server.ts'
import type { DeviceLocks, Fault } from './capacity/index.ts'
import { systemClock, systemRandom } from './clock.ts'
import type { MetricsPlace, TermsSettings } from './config/settings.ts'
import type { Engine } from './executor/index.ts'
import { claimSocket, dropSocket, type Home } from './home/index.ts'
import { logNote } from './logger.ts'
import { MachineMeter } from './meter/machine-meter.ts'
import { measureSpeed, serveSpeed } from './meter/speed-protocol.ts'
import { type Deferred, deferred } from './network/deferred.ts'
import type { Logger } from './network/index.ts'
import { Cleanup } from './peer/cleanup.ts'
import { DiskRoom } from './peer/disk-room.ts'
import { removeEarlierContainers } from './peer/earlier-containers.ts'
import type { Failpoints } from './peer/failpoints.ts'
import { type Foundation, openFoundation, withNeighbours } from './peer/foundation.ts'
import { peerInfo } from './peer/info.ts'
import { type ChosenEngine, demandEngine, isUnderWay, type Lending, openLending } from './peer/lending.ts'
import { Life } from './peer/life.ts'
import { Measuring } from './peer/measuring.ts'
import type { Offered, Offering } from './peer/offering.ts'
import { openRenting, type Renting } from './peer/renting.ts'
import type { PriceBook } from './prices/book.ts'
import { VERSION } from './version.ts'

export interface PeerInit {
  /** Opened, not yet held. */
  home: Home
  network: string
  listen: readonly string[]
  bootstrap: readonly string[]
  /** Reserves a slot on each bootstrap peer, to be reached behind NAT. @default false */
  relay?: boolean
  mdns: boolean
  /** `client` only dials: for the length of one job. */
  mode: 'peer' | 'client'
  log: Logger
  /** What this machine lends, told by its engine. @default nothing is lent */
  provide?: (engine: Engine, locks: DeviceLocks) => Promise<Offering>
  /** How its bids are priced, and where that may be changed while it runs. @default what it announces, for good */
  prices?: PriceBook
  /** How often in a day a peer that provides challenges others. @default never by itself */
  challengesPerDay?: number
  /** What all renters that it does not know may owe it unsigned, together. @default see creditPolicy */
  strangersCredit?: Micros
  /** When statements are proposed without being asked for. @default never */
  settle?: SettlePolicy | undefined
  /** With less free on the disk nothing new is taken. @default 2 GiB, or a twentieth of the disk where that is more */
  diskReserveBytes?: number | undefined
  /** Found by chooseEngine. */
  engine: ChosenEngine
  /** What the orders of its jobs offer. */
  terms: TermsSettings
  /** Where this peer dies, for tests of what survives: see peer/failpoints.ts. @default nowhere */
  failpoint?: string
  /** Where metrics are served over HTTP, beside the API's socket. @default nowhere */
  metrics?: MetricsPlace
}

export interface Peer {
  readonly peerId: PeerId
  readonly addresses: readonly string[]
  readonly socket: string
  /** Undefined where they are served on the socket only. */
  readonly metricsUrl: string | undefined
  readonly engine: { name: string; version: string } | undefined
  /** What is lent now; undefined: this peer lends nothing. */
  readonly offered: (Offered & { faults: readonly Fault[] }) | undefined
  readonly connections: number
  jobs(): JobView[]
  /**
   * Ends everything in order. `drainMs`: how long leases may go on first, before they are ended here. @default 0. Calling it
   * again ends that wait, and once more the wait for containers to stop.
   */
  stop(options?: { drainMs?: number }): Promise<void>
  /** Resolves when the peer has stopped, whoever asked; rejects with what made it stop by itself. */
  readonly stopped: Promise<void>
}

const SHUTDOWN_DRAIN_MS = 30_000
/** What taking down a peer may take whose state can no longer be written. */
const FATAL_CLEANUP_MS = 10_000

/**
 * Starts a peer. On failure everything that was started is stopped again. Rejects with NO_ENGINE where it should lend and no
 * engine answers, PORT_IN_USE, LOCKED, CORRUPT, STORE_VERSION.
 */
export async function createPeer(init: PeerInit): Promise<Peer> {
  const cleanup = new Cleanup(init.log)
  try {
    return await start(init, cleanup)
  } catch (error) {
    await cleanup.run()
    throw error
  }
}

async function start(init: PeerInit, cleanup: Cleanup): Promise<Peer> {
  let host: Host | undefined
  const leases = () => host?.leases() ?? []
  const activeLeases = (): number => leases().filter(isUnderWay).length
  const gauges = {
    leases: activeLeases,
    offers: () => host?.offers().length ?? 0,
    jobs: () => (host?.jobs() ?? []).filter((job) => !isEnded(job)).length,
  }
  const failpoints = init.failpoint === undefined ? undefined : await loadFailpoints(init.failpoint)
  const chosen = withFailpoints(init.engine, failpoints)
  if (init.provide !== undefined) demandEngine(chosen)
  const foundation = await openFoundation(init, gauges, cleanup)
  const lending = await openLending(init, { foundation, engine: chosen.engine, leases, cleanup })
  const { engine } = chosen
  if (init.provide === undefined && engine !== undefined) {
    const { network, log } = init
    void removeEarlierContainers({ engine, peerId: foundation.network.peerId, network, log, cleanup })
  }
  const renting = openRenting(init, {
    foundation,
    engine: chosen.engine,
    cleanup,
    jobs: () => host?.jobs() ?? [],
    job: (jobId) => host?.job(jobId),
    submit(request) {
      if (host === undefined) throw new WeftError('STARTING', 'this peer is still starting; try again in a moment')
      return host.submit(request)
    },
  })
  const feed = new JobFeed(systemClock.monoMs)
  const { channels } = foundation.network
  serveSpeed({ network: init.network, channels, isBusy: () => activeLeases() > 0 })
  const measuring = new Measuring((provider) => measureSpeed(init.network, channels, provider))
  const ending = deferred()
  ending.promise.catch(() => undefined)
  host = await openHost(init, { foundation, lending, renting, feed, measuring, ending, failpoints, cleanup })
  init.prices?.attach(host)
  await renting.sweep()
  await foundation.network.start()
  cleanup.push('host', () => host.stop())
  await host.start()
  lending?.follow((capacity) => host.setCapacity(capacity))
  const disk = lending === undefined ? undefined : await watchDisk(init, host, lending, cleanup)

  const life = new Life({ host, clock: systemClock, cleanup, ending })
  const peer = peerInfo(init, {
    foundation,
    chosen,
    lending,
    disk: () => disk?.view,
    clock: () => host.clock(),
    measured: (card) => host.measured(card),
    activeLeases,
    isDraining: () => life.isDraining,
    drain: () => life.drain(),
    shutdown: () => void life.stop({ drainMs: SHUTDOWN_DRAIN_MS }),
  })
  const socket = await serveApi(
    init.home,
    { market: host, peer, feed, measuring, clock: systemClock, prices: init.prices, ...renting },
    cleanup,
  )
  const { network, metrics } = foundation
  const metricsServer = init.metrics === undefined ? undefined : await serveMetrics(init.metrics, metrics.text)
  cleanup.push('metrics', async () => metricsServer?.stop())
  return {
    peerId: network.peerId,
    get addresses() {
      return network.addresses()
    },
    get connections() {
      return network.connectionCount
    },
    socket,
    metricsUrl: metricsServer?.url,
    engine: engine === undefined ? undefined : { name: engine.name, version: engine.version },
    get offered() {
      return lending && { ...lending.offering.now, faults: lending.offering.machine.faults }
    },
    jobs: () => host.jobs(),
    stop: (options) => life.stop(options),
    stopped: ending.promise,
  }
}

async function watchDisk(init: PeerInit, host: Host, lending: Lending, cleanup: Cleanup): Promise<DiskRoom> {
  const { home, diskReserveBytes: reserveBytes } = init
  const onChange = (isShort: boolean): void => {
    host.setDisk(isShort)
    if (isShort) void lending.makeRoom()
  }
  const room = new DiskRoom({ path: home.folder, reserveBytes, onChange })
  cleanup.push('disk', async () => room.stop())
  await room.start()
  return room
}

/** Not even read in a peer that was not told to die. */
async function loadFailpoints(text: string): Promise<Failpoints> {
  const { Failpoints } = await import('./peer/failpoints.ts')
  return new Failpoints(text)
}

const withFailpoints = ({ engine, why }: ChosenEngine, failpoints: Failpoints | undefined): ChosenEngine => ({
  engine: engine && (failpoints?.engine(engine) ?? engine),
  why,
})

interface HostParts {
  foundation: Foundation
  lending: Lending | undefined
  renting: Renting
  feed: JobFeed
  measuring: Measuring
  ending: Deferred<void>
  failpoints: Failpoints | undefined
  cleanup: Cleanup
}

function openHost(init: PeerInit, parts: HostParts): Promise<Host> {
  const { foundation, lending, renting, feed, measuring, ending, failpoints, cleanup } = parts
  const coresLent = (): number => (lending?.offering.now.capacity.cpuMilli ?? 0) / 1000
  const meter = new MachineMeter(lending?.offering.devices ?? [], { cores: coresLent })
  cleanup.push('meter', async () => meter.release())
  const { network, store, signer, metrics } = foundation
  const { log, strangersCredit } = init
  const credit = strangersCredit === undefined ? {} : { strangers: strangersCredit }
  const onNote = (note: Note): void => {
    feed.push(note)
    measuring.note(note)
    metrics.note(note)
    logNote(log, note)
    renting.note(note).catch((error: unknown) => log.warn({ note: note.type, code: codeOf(error) }, messageOf(error)))
  }
  const ports: Ports = {
    pubsub: network.pubsub,
    directory: network.directory,
    channels: withNeighbours(network),
    store,
    executor: lending?.executor,
    results: renting.results,
    meter,
    signer,
    clock: systemClock,
    random: systemRandom,
  }
  return Host.open({
    network: init.network,
    peerId: network.peerId,
    agent: `weft/${VERSION}`,
    settle: init.settle,
    provider:
      lending === undefined
        ? undefined
        : { capacity: lending.offering.now.capacity, credit, challenges: {}, ...init.prices?.pricing },
    ...(lending === undefined ? {} : { challenges: { roundsPerDay: init.challengesPerDay ?? 0 } }),
    addresses: () => network.addresses(),
    ports: failpoints?.ports(init.network, ports) ?? ports,
    onNote,
    onFatal(error) {
      const stack = error instanceof Error ? error.stack : undefined
      log.error({ code: codeOf(error), stack }, `this peer can promise nothing any more, so it stops: ${messageOf(error)}`)
      // A part that hangs, on a full disk perhaps, must not keep a peer that is of no use.
      void Promise.race([cleanup.run(), delay(FATAL_CLEANUP_MS, undefined, { ref: false })]).finally(() => ending.reject(error))
    },
  })
}

/** Resolves with the socket's path. */
async function serveApi({ folder }: Home, components: ApiComponents, cleanup: Cleanup): Promise<string> {
  const app = await buildApi(components)
  cleanup.push('api', async () => {
    await closeApi(app)
    await dropSocket(folder)
  })
  const socket = await claimSocket(folder)
  await listen(app, socket)
  return socket
}
