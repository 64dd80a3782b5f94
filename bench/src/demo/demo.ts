/** The demo's course, from an empty machine to an audited bill. What it shows and what it proves is one sequence. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { PROCESS_IMAGE } from '@weft/node/executor'
import type { OfferView } from '@weft/protocols/core'
import { type BenchEngine, CACHE } from '../mesh/engine.ts'
import { Mesh, type Peer } from '../mesh/mesh.ts'
import { Processes } from '../mesh/processes.ts'
import { type Audited, auditBooks, type Book, exportBooks } from './audit.ts'
import { type DemoImage, demoImage } from './image.ts'
import { type JobProgress, type TrainedJob, trainingJob } from './jobs.ts'
import { mnistFolder } from './mnist.ts'
import { billPerProvider, type DemoReport, money, shortPeer } from './report.ts'
import { LAST_RUN, PROVIDERS, TRAINING_RUNS, type TrainingRun } from './runs.ts'
import type { Screen } from './screen.ts'

export interface DemoInit {
  screen: Screen
  engine: BenchEngine
  /** An empty folder for everything. */
  folder: string
  signal: AbortSignal
}

export class Demo {
  readonly report: DemoReport
  readonly processes: Processes
  readonly network: string
  readonly #init: DemoInit
  readonly #mesh: Mesh
  readonly #jobs: TrainedJob[] = []
  image: DemoImage | undefined

  constructor(init: DemoInit) {
    this.#init = init
    const { engine, folder, signal } = init
    this.network = `demo-${randomBytes(6).toString('hex')}`
    this.processes = new Processes(folder, engine.env)
    this.#mesh = new Mesh({
      processes: this.processes,
      folder,
      network: this.network,
      unsafeProcessEngine: engine.engine === undefined,
      signal,
    })
    this.report = {
      executor: engine.engine?.name ?? 'process',
      peers: [],
      jobs: [],
      accuracy: null,
      bootstrapKilled: false,
      audit: { leases: 0, receipts: 0, countersigned: 0, problems: [] },
      leftovers: [],
    }
  }

  async run(): Promise<void> {
    const data = await this.#prepare()
    const { bootstrap, providers, renter } = await this.#gather()
    await this.#train(data, renter)
    const fresh = await this.#loseBootstrap(bootstrap, providers)
    await this.#trainOnceMore(data, fresh)
    await this.#settle([...this.#mesh.peers])
  }

  /** What jobs need: the images of digits, and a container image. */
  async #prepare(): Promise<string> {
    const { screen, signal, engine } = this.#init
    screen.section('What the jobs need')
    const data = await mnistFolder({ cache: CACHE, signal, log: (line) => screen.line(line) })
    screen.line('data    MNIST, 60,000 training and 10,000 test images of handwritten digits')
    if (engine.engine !== undefined) {
      this.image = await demoImage(engine.engine, `weft-demo:${this.network}`, signal)
      screen.line(`image   ${this.image.origin}`)
    }
    return data
  }

  /** One bootstrap, four providers, one renter: each a process of its own. */
  async #gather(): Promise<{ bootstrap: Peer; providers: Peer[]; renter: Peer }> {
    const { screen } = this.#init
    screen.section('The mesh')
    const bootstrap = await this.#mesh.bootstrap()
    const through = bootstrap.addresses
    const [renter, ...providers] = await Promise.all([
      this.#mesh.renter('renter', through),
      ...PROVIDERS.map((spec) => this.#mesh.provider(spec, through)),
    ])
    this.#notePeers()
    const offers = await this.#mesh.offers(renter, PROVIDERS.length)
    const rows = [bootstrap, ...providers, renter].map((peer) => peerRow(peer, offers))
    screen.table([['name', 'role', 'peer', 'process', 'lends', 'price per hour'], ...rows])
    return { bootstrap, providers, renter }
  }

  /** All runs at once; the market places them. */
  async #train(data: string, renter: Peer): Promise<void> {
    const { screen } = this.#init
    screen.section(`${TRAINING_RUNS.length} training runs, at once, from ${renter.name}`)
    screen.beginLive(TRAINING_RUNS.map((run) => `${run.name}: ordering`))
    const runs = TRAINING_RUNS.map((run, index) => this.#job(run, index, data, renter, `out-${index + 1}`))
    // All of them end, or are ended, before a failure is reported.
    const settled = await Promise.allSettled(runs)
    screen.endLive()
    this.#take(settled.map((each) => (each.status === 'fulfilled' ? each.value : raise(each.reason))))
    const best = Math.max(...this.#jobs.map(({ accuracy }) => accuracy ?? 0))
    if (best > 0) {
      this.report.accuracy = best
      screen.line(screen.paint('green', `best: ${(best * 100).toFixed(2)} % of the 10,000 test digits told right`))
    }
  }

  /** The mesh needs nobody in particular: the bootstrap dies, a provider comes back by itself, a stranger joins through a peer. */
  async #loseBootstrap(bootstrap: Peer, providers: readonly Peer[]): Promise<Peer> {
    const { screen } = this.#init
    const [first, ...others] = providers
    const spec = PROVIDERS[0]
    if (first === undefined || spec === undefined) throw new Error('the demo needs a provider')
    screen.section('Without the bootstrap')
    await this.#mesh.kill(bootstrap)
    this.report.bootstrapKilled = bootstrap.child.signalCode === 'SIGKILL'
    screen.line(`killed the bootstrap (process ${bootstrap.pid})`)
    const back = await this.#mesh.restart(first, spec)
    const connections = await this.#mesh.connected(back)
    screen.line(`restarted ${back.name} (now process ${back.pid}): ${connections} connections, from its own peer book`)
    const door = others.at(-1) ?? back
    const fresh = await this.#mesh.renter('newcomer', door.addresses)
    const offers = await this.#mesh.offers(fresh, PROVIDERS.length)
    screen.line(`a new renter joined through ${door.name} and found ${offers.length} providers`)
    this.#notePeers()
    return fresh
  }

  async #trainOnceMore(data: string, renter: Peer): Promise<void> {
    const { screen } = this.#init
    screen.beginLive([`${LAST_RUN.name}: ordering`])
    const job = await this.#job(LAST_RUN, 0, data, renter, 'out-last')
    screen.endLive()
    this.#take([job])
  }

  /** Exports every book, ends every peer, then checks the books: an audit needs nobody. */
  async #settle(peers: readonly Peer[]): Promise<void> {
    const { screen, signal } = this.#init
    screen.section('The bill')
    const books = await exportBooks(this.processes, peers, signal)
    await this.processes.endAll()
    const audited = await auditBooks(this.processes, books, signal)
    const { amounts, ...audit } = audited
    this.report.audit = audit
    this.#showBill(books, amounts)
    screen.line(
      `audited offline: ${audit.leases} leases, ${audit.receipts} receipts, ${audit.countersigned} countersigned, ${audit.problems.length} problems`,
    )
    for (const { code, text } of audit.problems) screen.warn(`${code}: ${text}`)
  }

  #showBill(books: readonly Book[], amounts: Audited['amounts']): void {
    const { screen } = this.#init
    const names = new Map(books.map(({ peer }) => [peer.peerId, peer.name]))
    const bill = billPerProvider(this.report.jobs)
    const rows = bill.map(({ provider, jobs, amount }) => [
      names.get(provider) ?? 'unknown',
      shortPeer(provider),
      `${jobs}`,
      money(amount),
      amounts.get(provider) === amount ? 'yes' : 'NO',
    ])
    const total = bill.reduce((sum, { amount }) => sum + amount, 0n)
    screen.table([
      ['provider', 'peer', 'jobs', 'bill', 'both books agree'],
      ...rows,
      ['in all', '', `${this.report.jobs.length}`, money(total), ''],
    ])
  }

  #job(run: TrainingRun, line: number, data: string, renter: Peer, out: string): Promise<TrainedJob> {
    const { screen, signal, folder } = this.#init
    const image = this.image?.reference ?? PROCESS_IMAGE
    const onProgress = ({ news, detail }: JobProgress) => screen.update(line, this.#named(news), detail)
    return trainingJob({
      processes: this.processes,
      renter: renter.home,
      image,
      data,
      out: join(folder, out),
      run,
      signal,
      onProgress,
    })
  }

  #take(jobs: readonly TrainedJob[]): void {
    this.#jobs.push(...jobs)
    this.report.jobs.push(...jobs.map(({ job }) => job))
    for (const { complaint } of jobs) if (complaint !== '') this.#init.screen.warn(complaint)
  }

  /** The text with peers' names in the place of their ids. */
  #named(text: string): string {
    return this.#mesh.peers.reduce((named, { name, peerId }) => named.replaceAll(shortPeer(peerId), name), text)
  }

  #notePeers(): void {
    this.report.peers = this.#mesh.peers.map(({ role, peerId, pid }) => ({ role, peerId, pid }))
  }
}

function peerRow(peer: Peer, offers: readonly OfferView[]): string[] {
  const offer = offers.find(({ peerId }) => peerId === peer.peerId)
  const lends = offer === undefined ? '' : `${offer.cpus} core, ${offer.memoryGiB} GiB`
  return [
    peer.name,
    peer.role,
    shortPeer(peer.peerId),
    `${peer.pid}`,
    lends,
    offer === undefined ? '' : `${money(BigInt(offer.pricePerHour))} ${offer.currency}`,
  ]
}

function raise(reason: unknown): never {
  throw reason
}
