import {
  type AskingView,
  type BidPricesInit,
  type CapacityInit,
  type ClockView,
  type CoreInit,
  type EarningsQuery,
  type EarningsView,
  type ExplainView,
  type JobRequest,
  type JobView,
  KEYS,
  type LeaseView,
  type MeasuredCardView,
  type Note,
  type OfferView,
  PREFIXES,
  type ReceiptView,
  type Rest,
  type StatementView,
  type WantsView,
} from '../core/index.ts'
import { WeftError } from '../errors.ts'
import type {
  Alarm,
  Channels,
  Clock,
  Directory,
  Executor,
  Meter,
  PubSub,
  Random,
  Results,
  Signer,
  Store,
} from '../ports/index.ts'
import type { JobId, PeerId } from '../units.ts'
import { concat } from '../wire/bytes.ts'
import type { Class } from '../wire/class.ts'
import { STATEMENT_LINES_MAX } from '../wire/limits.ts'
import { MessageOpener } from '../wire/opener.ts'
import { type Books, counterparties, unstatedWith } from './books.ts'
import { type BundleSelection, bundleStream } from './bundle-stream.ts'
import { earningsView } from './earnings-view.ts'
import type { Edge, ScreenRow } from './edge.ts'
import { Loop } from './loop.ts'
import { receiptViews } from './receipt-views.ts'
import { payable, statementViews } from './statement-views.ts'

export interface Ports {
  pubsub: PubSub
  directory: Directory
  channels: Channels
  store: Store
  executor: Executor | undefined
  results: Results
  /** Undefined: this peer measures nothing. */
  meter?: Meter | undefined
  signer: Signer
  clock: Clock
  random: Random
}

export interface HostInit extends CoreInit {
  ports: Ports
  /** Peers of one process and network may share one, so that each message is verified once. @default one of its own */
  opener?: MessageOpener
  /** Peers of one process may keep their screens side by side, so that who delivers orders to all asks there. @default one of its own */
  screen?: ScreenRow
  onNote(note: Note): void
  /** A write failed or a step threw: the peer can promise nothing any more, and has stopped by the time this is called. */
  onFatal?(error: unknown): void
}

/**
 * The one host of the core, in node and simulator: commands and views for people, the `Loop` that performs the core's effects.
 * Order per step: persist, send, execute, wake; a step's sends wait for its own commit, commits are grouped, effects leave in
 * order, and a failed commit stops the peer.
 */
export class Host {
  readonly #init: HostInit
  readonly #loop: Loop

  private constructor(init: HostInit, rest?: Rest) {
    const { network, ports } = init
    this.#init = init
    this.#loop = new Loop(init, init.opener ?? new MessageOpener(network, ports.signer), rest)
  }

  /** Reads the state of an earlier life out of the store. */
  static async open(init: HostInit): Promise<Host> {
    const host = new Host(init)
    const now = host.#loop.now()
    const prefixes = [
      PREFIXES.job,
      PREFIXES.lease,
      PREFIXES.history,
      PREFIXES.credit,
      PREFIXES.pair,
      PREFIXES.measurement,
      KEYS.announcement,
    ]
    for (const prefix of prefixes) {
      for await (const [key, value] of init.ports.store.list(prefix)) host.#loop.core.restore(key, value, now)
    }
    const replay = host.#loop.core.replay(now)
    for (let want = replay.next(); want.done !== true; ) want = replay.next(await init.ports.store.get(want.value))
    return host
  }

  /**
   * All that this host has in mind, where that is only what it announces next; undefined: there is more, or something is under way. It
   * may then be forgotten for as long as nothing comes for it and it need not wake: a process of very many peers keeps this instead.
   */
  rest(): Rest | undefined {
    return this.#loop.rest()
  }

  /** The host that rested so, with what it was opened with. Its `edge` is yet to be put where the other's was, among its ports. */
  static wake(init: HostInit, rest: Rest): Host {
    return new Host(init, rest)
  }

  /** What this host gave to its ports to be called by, its clock's alarm included. */
  get edge(): Edge & Alarm {
    return this.#loop
  }

  async start(): Promise<void> {
    this.#loop.listen()
    this.#loop.input({ type: 'start' })
    await this.#loop.settled()
  }

  /** Takes no more inputs; resolves when what was begun is written. */
  async stop(): Promise<void> {
    this.#loop.stop()
    await this.#loop.settled().catch(() => {})
  }

  /** Resolves once the job is on disk. */
  async submit(request: JobRequest): Promise<JobView> {
    this.#loop.input({ type: 'submit', request })
    await this.#loop.settled()
    const view = this.#loop.core.job(request.jobId)
    if (view === undefined) throw new WeftError('STOPPED', 'this peer is stopping and takes no more jobs')
    return view
  }

  async cancel(jobId: JobId): Promise<void> {
    this.#loop.input({ type: 'cancel', jobId })
    await this.#loop.settled()
  }

  /** No new bids; leases run to their end: done when none of `leases()` is before `final`. */
  drain(): void {
    this.#loop.input({ type: 'drain' })
  }

  /** Whether the disk has less than its reserve: then this peer bids for nothing and accepts nothing. */
  setDisk(isShort: boolean): void {
    this.#loop.input({ type: 'disk', isShort })
  }

  /**
   * What this peer lends from now on, in the currency of before. Leases stay, even of what is gone; nothing more of that is sold. Announced
   * if it is a change. Nothing happens where this peer sells nothing.
   */
  setCapacity(capacity: CapacityInit): void {
    this.#loop.input({ type: 'capacity', capacity })
  }

  /** How bids are priced from now on, and for whom at another price; bids that are out hold. Prices themselves are in the capacity. */
  setPricing(pricing: BidPricesInit): void {
    this.#loop.input({ type: 'pricing', pricing })
  }

  /** As drain, and every lease ends now with `provider.drained`. */
  leave(): void {
    this.#loop.input({ type: 'leave' })
  }

  /** Asks neighbours and the DHT for providers of a class and larger; `offers()` fills up meanwhile. */
  refreshOffers(minClass: Class): void {
    this.#loop.input({ type: 'look', class: minClass })
  }

  /** Challenges these providers in one moment, if their capacities are known; notes and `offers()` tell what came of it. */
  measure(providers: readonly PeerId[]): void {
    this.#loop.input({ type: 'measure', providers })
  }

  /** Whether a job of this peer's has not ended. */
  get hasOpenJobs(): boolean {
    return this.#loop.core.hasOpenJobs
  }

  /** Whether a lease is before `final`: something of it may run here, or be about to. */
  get isWorking(): boolean {
    return this.#loop.core.isWorking
  }

  jobs(): JobView[] {
    return this.#loop.core.jobs()
  }

  job(jobId: JobId): JobView | undefined {
    return this.#loop.core.job(jobId)
  }

  offers(): OfferView[] {
    const { clock } = this.#init.ports
    return this.#loop.core.offers({ monoMs: clock.monoMs(), wallMs: clock.wallMs() })
  }

  /** What others measured of a card of this peer's, by its hash in hex, or of its processor (''). Null: nobody did, or it sells nothing. */
  measured(card: string): MeasuredCardView | null {
    return this.#loop.core.measured(card, this.#init.ports.clock.wallMs())
  }

  /** What this peer's bids ask now; undefined: it sells nothing. */
  asking(): AskingView | undefined {
    const { clock } = this.#init.ports
    return this.#loop.core.asking({ monoMs: clock.monoMs(), wallMs: clock.wallMs() })
  }

  /** Why a job that wants this would find nobody, or could find more. */
  explain(wants: WantsView): ExplainView {
    return this.#loop.core.explain(wants, this.#init.ports.clock.wallMs())
  }

  /** What connected peers say about this one's wall clock. */
  clock(): ClockView {
    return this.#loop.core.clock()
  }

  leases(): LeaseView[] {
    return this.#loop.core.leases()
  }

  /** Receipts of leases whose ids begin so, by lease and number; at most `limit`. */
  receipts(listing: { lease?: string; limit?: number } = {}): Promise<ReceiptView[]> {
    return receiptViews(this.#books, { self: this.#init.peerId, ...listing })
  }

  /** Proposes to a peer, or to every peer, a statement of what no statement has counted yet; resolves once it is on disk. */
  async settle(peer?: PeerId): Promise<StatementView[]> {
    for (const { peer: other, currency } of await counterparties(this.#books, peer)) {
      const unstated = await unstatedWith(this.#books, other, currency, STATEMENT_LINES_MAX)
      this.#loop.input({ type: 'settle', peer: other, unstated })
    }
    await this.#loop.settled()
    return this.statements(peer)
  }

  /** The creditor's word that a statement was paid: `reference` names the payment. Throws WeftError where there is nothing to pay. */
  async acknowledge(peer: PeerId, currency: string, number: number, reference: string): Promise<StatementView> {
    const settled = await payable(this.#books, { self: this.#init.peerId, peer, currency, number, reference })
    this.#loop.input({ type: 'payment', settled, reference })
    await this.#loop.settled()
    const [view] = (await this.statements(peer)).filter((other) => other.currency === currency && other.number === number)
    if (view === undefined) throw new WeftError('STOPPED', 'this peer is stopping')
    return view
  }

  /** What this peer earned as a provider or spent as a renter. */
  earnings(query: EarningsQuery): Promise<EarningsView> {
    const { core } = this.#loop
    return earningsView(this.#books, query, { wallMs: this.#init.ports.clock.wallMs(), open: core.openAmounts() })
  }

  /** Whom this peer has accounts with. */
  async accounts(): Promise<PeerId[]> {
    return [...new Set((await counterparties(this.#books)).map(({ peer }) => peer))]
  }

  /** Statements with a peer, or with all, oldest first. */
  statements(peer?: PeerId): Promise<StatementView[]> {
    return statementViews(this.#books, { self: this.#init.peerId, peer, pairs: this.#loop.core.pairs() })
  }

  get #books(): Books {
    return { store: this.#init.ports.store, envelopes: this.#loop.opener.envelopes }
  }

  /** The signed documents of this peer, for `audit`, piece by piece. */
  streamBundle(selection: BundleSelection = {}): AsyncGenerator<Uint8Array> {
    const { network, peerId, ports } = this.#init
    return bundleStream({ network, peerId, store: ports.store, signer: ports.signer }, selection)
  }

  /** The same in one piece, where it is small. */
  async exportBundle(): Promise<Uint8Array> {
    const pieces: Uint8Array[] = []
    for await (const piece of this.streamBundle()) pieces.push(piece)
    return concat(...pieces)
  }
}
