import type { Directory } from '../ports/directory.ts'
import type { JobId, LeaseId, MessageId, PeerId } from '../units.ts'
import { audiencePart } from '../wire/commitments.ts'
import type { MessageKind, Received, ReceivedOf } from '../wire/message.ts'
import { ClockWatch, LATE_MS, UNCOMPARED } from './clock-watch.ts'
import type { Effect } from './effect.ts'
import { explainView } from './explain-view.ts'
import type { Input, Moment, Outcome } from './input.ts'
import { isAnswerKey, PREFIXES } from './keys.ts'
import { Documents, type Replay } from './lease/replay.ts'
import { Telling } from './lease/telling.ts'
import type { Standing } from './market/credit.ts'
import type { History } from './market/ranking.ts'
import { Offers, offerView } from './offers.ts'
import { leaseView, type ProviderLease } from './provider/lease.ts'
import { Provider, type ProviderInit } from './provider/provider.ts'
import { Screen } from './provider/screen.ts'
import { decodeRecord } from './record.ts'
import { type Answer, type Job, jobView } from './renter/job.ts'
import { Renter, type RenterInit } from './renter/renter.ts'
import { AutoSettling, type SettlePolicy } from './settlement/auto-settling.ts'
import type { OpenAmount } from './settlement/earnings.ts'
import { openOfJobs, openOfLeases } from './settlement/open-amounts.ts'
import type { Pair } from './settlement/pair.ts'
import { Statements } from './settlement/statements.ts'
import { NOTHING, type Sealing, Step } from './step.ts'
import type { ClockView, ExplainView, JobView, LeaseView, OfferView, WantsView } from './views.ts'

export interface CoreInit {
  network: string
  peerId: PeerId
  /** Name and version of the program, told to neighbours. */
  agent: string
  /** Multiaddrs at which this peer is reached now. */
  addresses(): readonly string[]
  /** What the core asks at once, without an effect. */
  readonly ports: { readonly directory: Pick<Directory, 'networkSize'> }
  /** Undefined: this peer sells nothing. */
  provider: ProviderInit | undefined
  renter?: RenterInit
  /** @default statements are proposed when somebody asks for them */
  settle?: SettlePolicy | undefined
  /**
   * Whether a note is made of each order heard by gossip that this peer does not answer, with the reason. Every provider of a
   * class hears every order of it: without, most are set aside unseen. @default true
   */
  notesIgnoredOrders?: boolean
}

type Route = Extract<Input, { type: 'message' }>['route']
/** One handler per kind of message, the same for every peer: a kind without one is a type error. */
type Handlers = {
  readonly [Kind in MessageKind]: (core: Core, step: Step, message: ReceivedOf<Kind>, route: Route) => void
}

/**
 * One peer's market as a state machine: `step(input, moment)` changes the state and returns what to do about it. No clock, no
 * randomness, no I/O: the node and the simulator run this very code. What a peer does not do it has no objects for: they are
 * made when first needed, so that a million idle peers fit in one process.
 */
export class Core {
  readonly #init: CoreInit
  readonly #sealing: Sealing
  readonly #provider: Provider | undefined
  readonly #screen: Screen
  #offers: Offers | undefined
  #renter: Renter | undefined
  #statements: Statements | undefined
  readonly #autoSettling: AutoSettling | undefined
  /** Undefined: nobody has said yet what time it is. */
  #clock: ClockWatch | undefined
  /** Used again for a while: many connect at once. */
  #hello: { bytes: Uint8Array; sealedMono: number } | undefined
  #telling: Telling | undefined
  /** When the host was last asked to wake this peer; infinity: not since it last did. */
  #wakeMono = Number.POSITIVE_INFINITY

  static readonly #handlers: Handlers = {
    capacity: (core, step, message, route) => {
      if (route === 'direct') core.#timeHeard(step, message.from, message.value.issuedAtMs)
      if (core.#market().capacity(step, message, route)) core.#renter?.auctions.met(step, message.from)
    },
    hello: (core, step, message) => {
      const { from, value } = message
      if (value.sentAtMs > 0) core.#timeHeard(step, from, value.sentAtMs)
      core.#market().hello(step, message)
    },
    ask: (core, step, message) => core.#provider?.ask(step, message.from),
    order: (core, step, message, route) => {
      if (route === 'direct') core.#timeHeard(step, message.from, message.value.issuedAtMs)
      core.#provider?.order(step, message, route)
    },
    award: (core, step, message) => core.#provider?.award(step, message),
    release: (core, _step, message) => core.#provider?.release(message),
    manifest: (core, step, message) => core.#provider?.manifest(step, message),
    stop: (core, step, message) => core.#provider?.stop(step, message),
    collected: (core, step, message) => core.#provider?.collected(step, message),
    leaseState: (core, step, message) => {
      const { leaseId } = message.value
      if (core.#provider?.lease(leaseId) !== undefined) core.#provider.leaseState(step, message)
      else if (core.#renter?.knows(leaseId) === true) core.#renter.leaseState(step, message)
      // This peer's store is older than the lease: nobody will want or sign what comes of it, so that it need not wait for a permit.
      else step.send(message.from, 'stop', { leaseId })
    },
    countersignature: (core, step, message) => {
      core.#provider?.countersignature(step, message)
      core.#autoSettling?.met(step, message.from)
    },
    bid: (core, step, message) => core.#renter?.bid(step, message),
    refusal: (core, step, message) => core.#renter?.refusal(step, message),
    acceptance: (core, step, message) => core.#renter?.acceptance(step, message),
    awardRefusal: (core, step, message) => core.#renter?.awardRefusal(step, message),
    progress: (core, step, message) => core.#renter?.progress(step, message),
    receipt: (core, step, message) => {
      core.#renter?.receipt(step, message)
      core.#autoSettling?.met(step, message.from)
    },
    statement: (core, step, message) => core.#settling().statement(step, message),
    statementAnswer: (core, step, message) => core.#statements?.answer(step, message),
    statementState: (core, step, message) => core.#settling().state(step, message),
    paid: (core, step, message) => core.#statements?.paid(step, message),
    paidReceived: (core, step, message) => core.#statements?.paidReceived(step, message),
  }

  /** `screen`: whoever hears orders for this core may ask it first. @default one that only the core asks */
  constructor(init: CoreInit, sealing: Sealing, screen: Screen = new Screen()) {
    this.#init = init
    this.#sealing = sealing
    this.#screen = screen
    if (init.settle !== undefined) this.#autoSettling = new AutoSettling(init.settle)
    if (init.provider === undefined) return
    screen.standAt(audiencePart(init.peerId))
    this.#provider = new Provider(init.provider, init, screen)
  }

  /** Gives back one stored record; call for all of them, then `replay`, before the input `start`. */
  restore(key: string, bytes: Uint8Array, now: Moment): void {
    const anchor = { monoMs: now.monoMs, wallMs: now.wallMs, era: now.era }
    if (isAnswerKey(key)) {
      const jobId = key.slice(PREFIXES.job.length, key.lastIndexOf('/')) as JobId
      this.#renting().restoreAnswer(jobId, decodeRecord<Answer>(bytes, anchor))
    } else if (key.startsWith(PREFIXES.job)) this.#renting().restore(decodeRecord<Job>(bytes, anchor))
    else if (key.startsWith(PREFIXES.lease)) this.#provider?.restore(decodeRecord<ProviderLease>(bytes, anchor))
    else if (key.startsWith(PREFIXES.pair)) this.#settling().restore(decodeRecord<Pair>(bytes, anchor))
    else if (key.startsWith(PREFIXES.history)) {
      this.#renting().restoreHistory(key.slice(PREFIXES.history.length) as PeerId, decodeRecord<History>(bytes, anchor))
    } else if (key.startsWith(PREFIXES.credit)) {
      this.#provider?.restoreStanding(key.slice(PREFIXES.credit.length) as PeerId, decodeRecord<Standing>(bytes, anchor))
    } else if (key === 'announcement') this.#provider?.announcer.restore(decodeRecord<{ seq: number }>(bytes, anchor).value.seq)
  }

  /** Brings what was restored up to the documents written after it: yields keys of the store, takes what is under each. */
  *replay(now: Moment): Replay {
    const documents = new Documents(this.#sealing, now)
    if (this.#provider !== undefined) yield* this.#provider.replay(documents)
    if (this.#renter !== undefined) yield* this.#renter.replay(documents)
  }

  /** The effects, ordered: not to be changed. */
  step(input: Input, moment: Moment): readonly Effect[] {
    if (input.type === 'message' && this.#isForOthers(input.message, input.route)) return NOTHING
    const step = new Step(moment, this.#sealing)
    if (this.#clock !== undefined) this.#lookAtClock(step, this.#clock)
    if (input.type === 'message') this.#message(step, input.message, input.route)
    else this.#handle(step, input)
    // An order moves no deadline: a bid lapses when it is next looked at. And orders are most of what a provider hears.
    if (input.type !== 'message' || input.message.kind !== 'order') this.#askToWake(step)
    return step.effects()
  }

  /** What others make of this peer's clock. */
  clock(): ClockView {
    return this.#clock?.view() ?? UNCOMPARED
  }

  /** Whether a job of this peer's has not ended, without a view of each. */
  get hasOpenJobs(): boolean {
    return (this.#renter?.openJobs ?? 0) > 0
  }

  /** Whether something of others' jobs may run here, or be about to. */
  get isWorking(): boolean {
    return this.#provider?.isWorking ?? false
  }

  jobs(): JobView[] {
    return this.#renter?.jobs().map(jobView) ?? []
  }

  job(jobId: JobId): JobView | undefined {
    const job = this.#renter?.job(jobId)
    return job && jobView(job)
  }

  offers(now: Pick<Moment, 'monoMs' | 'wallMs'>): OfferView[] {
    const others = this.#offers?.views(now.monoMs, now.wallMs) ?? []
    if (this.#provider === undefined) return others
    const offer = {
      provider: this.#init.peerId,
      capacity: this.#provider.announcer.own(now.wallMs),
      via: new Set(['direct' as const]),
      heardMono: now.monoMs,
    }
    return [offerView(offer, now.monoMs), ...others]
  }

  /** Why an order for this would find nobody among the providers that this peer has heard of. */
  explain(wants: WantsView, nowWall: number): ExplainView {
    return explainView(wants, this.#offers?.book.all(nowWall) ?? [])
  }

  /** What is signed by the provider and not by the renter. */
  openAmounts(): OpenAmount[] {
    const jobs = this.#renter?.jobs() ?? []
    return [...openOfLeases(this.#provider?.leases() ?? []), ...openOfJobs(jobs, this.#sealing.envelopes)]
  }

  /** Where statements with each counterparty stand. */
  pairs(): readonly Pair[] {
    return this.#statements?.all() ?? []
  }

  leases(): LeaseView[] {
    return this.#provider?.leases().map(leaseView) ?? []
  }

  #handle(step: Step, input: Exclude<Input, { type: 'message' }>): void {
    switch (input.type) {
      case 'start':
        this.#renter?.resume(step)
        this.#provider?.start(step)
        break
      case 'wake':
        this.#wakeMono = Number.POSITIVE_INFINITY
        this.#provider?.tick(step, this.#offersKnown)
        this.#renter?.tick(step)
        this.#statements?.tick(step)
        this.#telling?.tick(step)
        this.#autoSettling?.tick(step)
        break
      case 'connected':
        this.#connected(step, input.peer)
        break
      case 'disconnected':
        this.#offers?.disconnected(input.peer)
        this.#clock?.gone(step, input.peer)
        this.#telling?.parted(input.peer)
        this.#autoSettling?.parted(input.peer)
        break
      case 'found':
        this.#market().found(
          step,
          input.peers.filter((peer) => peer !== this.#init.peerId),
        )
        break
      case 'executed':
        this.#executed(step, input.token, input.outcome)
        break
      case 'delivery':
        this.#provider?.delivery(step, input.leaseId, input.doneBytes, input.totalBytes)
        break
      case 'exited':
        this.#provider?.exited(step, input.leaseId, input.exit)
        break
      case 'first-output':
        this.#renter?.firstOutput(step, input.jobId)
        break
      case 'submit':
        this.#clock?.insist()
        this.#renting().submit(step, input.request)
        break
      case 'cancel':
        this.#renter?.cancel(step, input.jobId)
        break
      case 'disk':
        this.#provider?.disk(step, input.isShort)
        break
      case 'capacity':
        this.#provider?.lend(step, input.capacity)
        break
      case 'drain':
        this.#provider?.drain()
        break
      case 'leave':
        this.#provider?.leave(step)
        break
      case 'look':
        this.#market().look(step, input.class)
        break
      case 'settle':
        this.#settling().settle(step, input.peer, input.currency, input.lines)
        break
      case 'payment':
        this.#settling().payment(step, input.settled, input.reference)
        break
    }
  }

  /** Statements with this peer's counterparties. */
  #settling(): Statements {
    this.#statements ??= new Statements(this.#init.peerId)
    return this.#statements
  }

  /** What this peer knows of the market. */
  #market(): Offers {
    this.#offers ??= new Offers(this.#init.network)
    return this.#offers
  }

  get #offersKnown(): number {
    return this.#offers?.known ?? 0
  }

  #renting(): Renter {
    if (this.#renter === undefined) {
      const { network, peerId, addresses, renter } = this.#init
      const offers = this.#market()
      this.#renter = new Renter(renter ?? {}, {
        network,
        peerId,
        addresses,
        book: offers.book,
        connectedPeers: () => offers.connectedPeers,
        providersLikely: () => offers.providersLikely(this.#init.ports.directory.networkSize()),
      })
    }
    return this.#renter
  }

  #connected(step: Step, peer: PeerId): void {
    const offers = this.#market()
    offers.connected(peer)
    step.sendBytes(peer, this.#helloBytes(step))
    const untold = [...(this.#provider?.untold(peer) ?? []), ...(this.#renter?.untold(peer) ?? [])]
    const hasMore = this.#provider?.hasForgotten ?? false
    if (untold.length > 0 || hasMore) {
      this.#telling ??= new Telling()
      this.#telling.begin(step, peer, untold, hasMore)
    }
    this.#renter?.meet(step, peer)
    if (offers.connectedPeers === 1) this.#provider?.announcer.neighbour(step)
    this.#statements?.connected(step, peer)
    this.#autoSettling?.met(step, peer)
  }

  /** What the store has of leases with a renter that this peer has out of its memory. */
  #unsigned(step: Step, renter: PeerId, outcome: Outcome): void {
    const records = outcome.ok ? (outcome.unsigned ?? []) : []
    this.#telling?.read(step, renter, this.#provider?.recall(step, records) ?? [])
  }

  #autoSettle(step: Step, peer: PeerId, outcome: Outcome): void {
    const unstated = outcome.ok ? (outcome.unstated ?? []) : []
    for (const { currency, lines } of this.#autoSettling?.worthwhile(unstated) ?? [])
      this.#settling().settle(step, peer, currency, lines)
  }

  #lookAtClock(step: Step, clock: ClockWatch): void {
    if (clock.look(step)) this.#offers?.askNeighbours(step)
    this.#provider?.clock(clock.isOff)
  }

  /** A neighbour says what time it is. */
  #timeHeard(step: Step, peer: PeerId, atMs: number): void {
    this.#clock ??= new ClockWatch(step)
    this.#clock.heard(step, peer, atMs)
    this.#provider?.clock(this.#clock.isOff)
  }

  #helloBytes(step: Step): Uint8Array {
    const { nowMono, nowWall: sentAtMs } = step
    if (this.#hello === undefined || nowMono - this.#hello.sealedMono >= LATE_MS) {
      const hello = { features: [], agent: this.#init.agent, provider: this.#provider !== undefined, sentAtMs }
      this.#hello = { bytes: step.seal('hello', hello).bytes, sealedMono: nowMono }
    }
    return this.#hello.bytes
  }

  /** Asks for one wake at the earliest deadline of anything alive, if that changed. */
  #askToWake(step: Step): void {
    const provider = this.#provider?.dueMono() ?? Number.POSITIVE_INFINITY
    const renter = this.#renter?.dueMono(step.nowMono) ?? Number.POSITIVE_INFINITY
    this.#offers?.attend(step, this.#renter?.isSeeking ?? false)
    const offers = this.#offers?.dueMono() ?? Number.POSITIVE_INFINITY
    const statements = this.#statements?.dueMono() ?? Number.POSITIVE_INFINITY
    const clock = this.#clock?.dueMono() ?? Number.POSITIVE_INFINITY
    const telling = this.#telling?.dueMono() ?? Number.POSITIVE_INFINITY
    const autoSettling = this.#autoSettling?.dueMono() ?? Number.POSITIVE_INFINITY
    const dueMono = Math.min(provider, renter, offers, statements, clock, telling, autoSettling)
    if (dueMono === this.#wakeMono || dueMono === Number.POSITIVE_INFINITY) return
    this.#wakeMono = dueMono
    step.wake(dueMono)
  }

  /**
   * An order by gossip in whose audience this peer is not: most of what most peers ever hear. Every provider of a class hears
   * every order of it, so this is looked at before anything else is.
   */
  #isForOthers(message: Received, route: Route): boolean {
    return message.kind === 'order' && route !== 'direct' && !this.#screen.isAsked(message.demand)
  }

  #message(step: Step, message: Received, route: Route): void {
    // An echo of our own words, or somebody who runs a copy of this peer's key.
    if (message.from === this.#init.peerId) return
    const handle = Core.#handlers[message.kind] as (core: Core, step: Step, message: Received, route: Route) => void
    handle(this, step, message, route)
  }

  /** A token is `<call>/<lease or job id>`. */
  #executed(step: Step, token: string, outcome: Outcome): void {
    const slash = token.indexOf('/')
    const what = slash < 0 ? token : token.slice(0, slash)
    const id = token.slice(slash + 1)
    if (what === 'list') this.#provider?.listed(step, outcome, this.#offersKnown)
    else if (what === 'unsigned') this.#unsigned(step, id as PeerId, outcome)
    else if (what === 'unstated') this.#autoSettle(step, id as PeerId, outcome)
    else if (what === 'books') this.#statements?.read(step, id as MessageId, outcome)
    else if (what === 'finish' || what === 'follow' || what === 'drop') this.#renter?.executed(step, what, id as JobId, outcome)
    else this.#provider?.executed(step, what, id as LeaseId, outcome, this.#offersKnown)
  }
}
