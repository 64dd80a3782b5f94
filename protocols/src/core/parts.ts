import type { Directory } from '../ports/directory.ts'
import type { JobId, PeerId } from '../units.ts'
import { audiencePart } from '../wire/commitments.ts'
import { decodeMessage } from '../wire/message.ts'
import { type ClockWatch, UNCOMPARED } from './clock-watch.ts'
import { explainView } from './explain-view.ts'
import type { Moment } from './input.ts'
import { isAnswerKey, PREFIXES } from './keys.ts'
import { Documents, type Replay } from './lease/replay.ts'
import type { Telling } from './lease/telling.ts'
import type { Standing } from './market/credit.ts'
import type { History } from './market/ranking.ts'
import { Challenging, type ChallengingInit } from './measure/challenging.ts'
import { measuredCardView } from './measure/measured-view.ts'
import { Offers, offerView } from './offers.ts'
import type { Rest } from './provider/announcer.ts'
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
import type { Sealing, Step } from './step.ts'
import type { AskingView, ClockView, ExplainView, JobView, LeaseView, MeasuredCardView, OfferView, WantsView } from './views.ts'

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
  /** Whom this peer challenges by itself, and how often. @default nobody: only on demand */
  challenges?: ChallengingInit | undefined
  /**
   * Whether a note is made of each order heard by gossip that this peer does not answer, with the reason. Every provider of a
   * class hears every order of it: without, most are set aside unseen. @default true
   */
  notesIgnoredOrders?: boolean
}

/**
 * What a peer's market consists of, how that comes back from the store, and what is shown of it. What a peer does not do it has no
 * objects for: they are made when first needed, so that a million idle peers fit in one process.
 */
export abstract class Parts {
  protected readonly init: CoreInit
  protected readonly sealing: Sealing
  protected readonly provider: Provider | undefined
  protected readonly screen: Screen
  protected market: Offers | undefined
  protected renter: Renter | undefined
  protected statements: Statements | undefined
  protected readonly autoSettling: AutoSettling | undefined
  /** Undefined: nobody has said yet what time it is. */
  protected clockWatch: ClockWatch | undefined
  protected telling: Telling | undefined
  protected challenging: Challenging | undefined

  /**
   * `screen`: whoever hears orders for this core may ask it first. @default one that only the core asks
   * `rest`: see `Core.rest`; the screen is as that core left it.
   */
  constructor(init: CoreInit, sealing: Sealing, screen: Screen = new Screen(), rest?: Rest) {
    this.init = init
    this.sealing = sealing
    this.screen = screen
    if (init.settle !== undefined) this.autoSettling = new AutoSettling(init.settle)
    if (init.provider === undefined) return
    if (rest === undefined) screen.standAt(audiencePart(init.peerId))
    this.provider = new Provider(init.provider, init, screen, rest)
  }

  /** Gives back one stored record; call for all of them, then `replay`, before the input `start`. */
  restore(key: string, bytes: Uint8Array, now: Moment): void {
    const anchor = { monoMs: now.monoMs, wallMs: now.wallMs, era: now.era }
    if (isAnswerKey(key)) {
      const jobId = key.slice(PREFIXES.job.length, key.lastIndexOf('/')) as JobId
      this.renterMade().restoreAnswer(jobId, decodeRecord<Answer>(bytes, anchor))
    } else if (key.startsWith(PREFIXES.job)) this.renterMade().restore(decodeRecord<Job>(bytes, anchor))
    else if (key.startsWith(PREFIXES.lease)) this.provider?.restore(decodeRecord<ProviderLease>(bytes, anchor))
    else if (key.startsWith(PREFIXES.pair)) this.statementsMade().restore(decodeRecord<Pair>(bytes, anchor))
    else if (key.startsWith(PREFIXES.history)) {
      this.renterMade().restoreHistory(key.slice(PREFIXES.history.length) as PeerId, decodeRecord<History>(bytes, anchor))
    } else if (key.startsWith(PREFIXES.credit)) {
      this.provider?.restoreStanding(key.slice(PREFIXES.credit.length) as PeerId, decodeRecord<Standing>(bytes, anchor))
    } else if (key.startsWith(PREFIXES.measurement)) {
      const message = decodeMessage(this.sealing.envelopes.open(bytes))
      if (message.kind === 'measurement') this.provider?.measuring.restore(message)
    } else if (key === 'announcement') this.provider?.announcer.restore(decodeRecord<{ seq: number }>(bytes, anchor).value.seq)
  }

  /** Brings what was restored up to the documents written after it: yields keys of the store, takes what is under each. */
  *replay(now: Moment): Replay {
    const documents = new Documents(this.sealing, now)
    if (this.provider !== undefined) yield* this.provider.replay(documents)
    if (this.renter !== undefined) yield* this.renter.replay(documents)
  }

  /** What others make of this peer's clock. */
  clock(): ClockView {
    return this.clockWatch?.view() ?? UNCOMPARED
  }

  /** Whether a job of this peer's has not ended, without a view of each. */
  get hasOpenJobs(): boolean {
    return (this.renter?.openJobs ?? 0) > 0
  }

  /** Whether something of others' jobs may run here, or be about to. */
  get isWorking(): boolean {
    return this.provider?.isWorking ?? false
  }

  jobs(): JobView[] {
    return this.renter?.jobs().map(jobView) ?? []
  }

  job(jobId: JobId): JobView | undefined {
    const job = this.renter?.job(jobId)
    return job && jobView(job)
  }

  offers(now: Pick<Moment, 'monoMs' | 'wallMs'>): OfferView[] {
    const others = this.market?.views(now.monoMs, now.wallMs) ?? []
    if (this.provider === undefined) return others
    const offer = {
      provider: this.init.peerId,
      capacity: this.provider.announcer.own(now.wallMs),
      via: new Set(['direct' as const]),
      heardMono: now.monoMs,
      measured: this.provider.measuring.all(),
    }
    return [offerView(offer, now.monoMs, now.wallMs), ...others]
  }

  /** What others measured of a card of this peer's, by its hash in hex, or of its processor (''). Null: nobody did, or it sells nothing. */
  measured(card: string, nowWall: number): MeasuredCardView | null {
    return measuredCardView(this.provider?.measuring.all() ?? [], card, nowWall)
  }

  /** Why an order for this would find nobody among the providers that this peer has heard of. */
  explain(wants: WantsView, nowWall: number): ExplainView {
    return explainView(wants, this.market?.book.all(nowWall) ?? [])
  }

  /** What this peer's bids ask now; undefined: it sells nothing. */
  asking({ monoMs: nowMono, wallMs: nowWall }: Pick<Moment, 'monoMs' | 'wallMs'>): AskingView | undefined {
    return this.provider?.asking({ nowMono, nowWall })
  }

  /** What is signed by the provider and not by the renter. */
  openAmounts(): OpenAmount[] {
    const jobs = this.renter?.jobs() ?? []
    return [...openOfLeases(this.provider?.leases() ?? []), ...openOfJobs(jobs, this.sealing.envelopes)]
  }

  /** Where statements with each counterparty stand. */
  pairs(): readonly Pair[] {
    return this.statements?.all() ?? []
  }

  leases(): LeaseView[] {
    return this.provider?.leases().map(leaseView) ?? []
  }

  /** Statements with this peer's counterparties. */
  protected statementsMade(): Statements {
    this.statements ??= new Statements(this.init.peerId)
    return this.statements
  }

  /** What this peer asks of others' cards. */
  protected challengingMade(): Challenging {
    if (this.challenging === undefined) {
      const { peerId: self, challenges = { roundsPerDay: 0 } } = this.init
      const avoid = (step: Step, provider: PeerId) => this.renterMade().avoid(step, provider)
      this.challenging = new Challenging(challenges, { self, offers: this.marketMade(), avoid })
    }
    return this.challenging
  }

  /** What this peer knows of the market. */
  protected marketMade(): Offers {
    this.market ??= new Offers(this.init.network)
    return this.market
  }

  protected get offersKnown(): number {
    return this.market?.known ?? 0
  }

  protected renterMade(): Renter {
    if (this.renter === undefined) {
      const { network, peerId, renter } = this.init
      const offers = this.marketMade()
      this.renter = new Renter(renter ?? {}, {
        network,
        peerId,
        addresses: () => this.init.addresses(),
        book: offers.book,
        connectedPeers: () => offers.connectedPeers,
        isConnected: (peer) => offers.isConnected(peer),
        providersLikely: (nowMono) => offers.providersLikely(this.init.ports.directory.networkSize(), nowMono),
      })
    }
    return this.renter
  }
}
