import { type LeaseId, leaseId, type MessageId, type PeerId } from '../../units.ts'
import { classOfOrder } from '../../wire/class.ts'
import { AUDIENCE_ALL, imageHash, manifestHash } from '../../wire/commitments.ts'
import { fitAddresses } from '../../wire/limits.ts'
import type { ReceivedOf } from '../../wire/message.ts'
import { orderCodec } from '../../wire/order.ts'
import { orderTopic } from '../../wire/topics.ts'
import type { Award, Order, Prices } from '../../wire/types.ts'
import { EMPTY_CHAIN } from '../lease/chain.ts'
import {
  type Auction,
  type AuctionRules,
  audienceFor,
  closing,
  nextClosingMono,
  roundDelayMs,
  takesAnswer,
} from '../market/auction.ts'
import type { OfferBook } from '../market/book.ts'
import { mismatch } from '../market/matching.ts'
import { hourlyPrice } from '../market/money.ts'
import type { History, ReceivedBid } from '../market/ranking.ts'
import { awardPrices, type MarketRule, type RuleContext, rankWith } from '../market/rules.ts'
import type { RankedBid } from '../note.ts'
import type { Step } from '../step.ts'
import { type Attempt, type Job, mark, newAttempt } from './job.ts'
import type { Jobs } from './jobs.ts'

interface AuctionsInit {
  network: string
  book: OfferBook
  /** When an auction closes. */
  rules: AuctionRules
  /** Who wins it, and at which prices. */
  rule: MarketRule
  addresses(): readonly string[]
  isConnected(peer: PeerId): boolean
  /** How many providers the network may have. */
  providersLikely(nowMono: number): number
  jobs: Jobs
  historyOf(provider: PeerId): History
  persist(step: Step, job: Job, options: { sync: boolean }): void
}

type Awarding = Extract<Job['state'], { name: 'awarding' }>

/** An order is believed so long after it was issued. */
const ORDER_LIFETIME_MS = 60_000
/** Known fits that get the order directly, besides gossip: as many answers as an order invites. */
const DIRECT_MAX = 24
const AWARD_TIMEOUT_MS = 5_000
const AWARD_RESEND_MS = 1_000
/** From acceptance to manifest: the manifest leaves at once, so this only covers a bad network. */
const DELIVER_BY_MS = 30_000

/** The search for a provider: waiting → bidding → awarding, round after round. What follows acceptance is `Attempts`. */
export class Auctions {
  readonly #init: AuctionsInit

  constructor(init: AuctionsInit) {
    this.#init = init
  }

  /** waiting → bidding: the order goes out by gossip, and directly to providers known to fit. */
  publish(step: Step, job: Job, round: number): void {
    const { network, book, isConnected } = this.#init
    const order = this.#order(step, job, round)
    const fits = book.fitting(job.request, step.nowMono, step.nowWall).filter(({ provider }) => this.#deals(job, provider))
    order.audience = audienceFor(fits.length, book.size, this.#init.providersLikely(step.nowMono), round)
    const sealed = step.seal('order', order)
    // What providers' decoders would refuse must be refused here, where somebody can be told.
    if (round === 0) orderCodec.decode(orderCodec.encode(order))
    step.network({ type: 'publish', topic: orderTopic(network, order.class), bytes: sealed.bytes })
    const near = fits.filter(({ provider }) => isConnected(provider))
    const far = fits.filter(({ provider }) => !isConnected(provider))
    const asked = [...near, ...far].slice(0, DIRECT_MAX)
    for (const { provider, capacity } of asked) step.sendBytes(provider, sealed.bytes, capacity.addresses)
    const auction: Auction = {
      orderId: sealed.id,
      orderBytes: sealed.bytes,
      round,
      openedMono: step.nowMono,
      asked: asked.map(({ provider }) => provider),
      expected: near.slice(0, DIRECT_MAX).map(({ provider }) => provider),
      bids: [],
      refusals: [],
    }
    job.state = { name: 'bidding', auction }
    mark(job, 'orderedMs', step.nowMono)
    this.#init.persist(step, job, { sync: round === 0 })
    step.note({
      type: 'ordered',
      jobId: job.request.jobId,
      orderId: sealed.id,
      round,
      class: order.class,
      askedDirectly: asked.length,
    })
  }

  /** A provider was met, or met again, while orders are out: those that it fits are told to it now, not a round later. */
  met(step: Step, provider: PeerId): void {
    const offer = this.#init.book.get(provider)
    if (offer === undefined) return
    for (const job of this.#init.jobs.bidding()) {
      const { state, request } = job
      if (state.name !== 'bidding' || !this.#deals(job, provider)) continue
      const { auction } = state
      if (auction.asked.includes(provider) || auction.asked.length >= DIRECT_MAX) continue
      const { resources, regions, arch, currency } = request
      if (mismatch({ resources, regions, arch, currency, priceCeiling: undefined }, offer.capacity) !== undefined) continue
      auction.asked.push(provider)
      if (this.#init.isConnected(provider)) auction.expected.push(provider)
      step.sendBytes(provider, auction.orderBytes, offer.capacity.addresses)
    }
  }

  bid(step: Step, { id, from, value }: ReceivedOf<'bid'>): void {
    const job = this.#bidding(value.orderId)
    if (job?.state.name !== 'bidding') return
    const { auction } = job.state
    const { jobId, resources, maxPricePerHour, currency } = job.request
    if (!takesAnswer(auction, from) || value.prices.currency !== currency || !this.#deals(job, from)) return
    const pricePerHour = hourlyPrice(value.prices, resources)
    job.bids += 1
    mark(job, 'firstBidMs', step.nowMono)
    const { startInMs, firm } = value
    step.note({ type: 'bid', jobId, provider: from, pricePerHour, currency, startInMs, firm })
    // A bid that cannot win is an answer; it must not take the room of one that can.
    if (pricePerHour > maxPricePerHour) this.#refused(step, job, auction, from, 'price')
    else {
      const verified = this.#init.book.get(from) !== undefined
      auction.bids.push({ provider: from, bidId: id, bid: value, receivedMono: step.nowMono, verified })
    }
    this.considerClosing(step, job, auction)
  }

  refusal(step: Step, { from, value }: ReceivedOf<'refusal'>): void {
    const job = this.#bidding(value.orderId)
    if (job?.state.name !== 'bidding') return
    const { auction } = job.state
    if (!takesAnswer(auction, from)) return
    this.#refused(step, job, auction, from, value.reason)
    this.considerClosing(step, job, auction)
  }

  /** bidding → awarding, when waiting cannot help any more. */
  considerClosing(step: Step, job: Job, auction: Auction): void {
    const { rules, rule } = this.#init
    const context = this.#context(job)
    const decided = () => (rule.closes?.(auction.bids, context) ? 'enough' : undefined)
    const why = closing(auction, step.nowMono, rules) ?? decided()
    if (why === undefined) return
    const ranked = rankWith(rule, auction.bids, context)
    step.note({ type: 'auction-closed', jobId: job.request.jobId, why, ranked })
    this.#award(step, job, auction, ranked)
  }

  /** The award that this acceptance answers, if it does. */
  accepted(lease: LeaseId, from: PeerId): { job: Job; attempt: Attempt; auction: Auction } | undefined {
    const job = this.#init.jobs.withLease(lease)
    if (job?.state.name !== 'awarding') return undefined
    const { attempt, auction } = job.state
    return attempt.leaseId === lease && attempt.provider === from ? { job, attempt, auction } : undefined
  }

  /** awarding → awarding the next best; false if no award of ours was refused. */
  awardRefused(step: Step, { from, value }: ReceivedOf<'awardRefusal'>): boolean {
    const job = this.accepted(value.leaseId, from)?.job
    if (job?.state.name !== 'awarding') return false
    step.note({ type: 'award-refused', jobId: job.request.jobId, leaseId: value.leaseId, provider: from, reason: value.reason })
    this.#count(step, job, from, value.reason)
    this.#award(step, job, job.state.auction, job.state.rest)
    return true
  }

  /** Losers may forget their bids. */
  release(step: Step, auction: Auction, winner: PeerId | undefined): void {
    for (const { provider } of auction.bids) {
      if (provider !== winner) step.send(provider, 'release', { orderId: auction.orderId }, this.reach(provider))
    }
  }

  awardTick(step: Step, job: Job, state: Awarding): void {
    const { provider, leaseId: lease, awardBytes } = state.attempt
    if (step.nowMono >= state.untilMono) {
      // Without a manifest the lease, if it was accepted after all, is void and unbilled.
      step.send(provider, 'stop', { leaseId: lease }, this.reach(provider))
      this.#count(step, job, provider, 'no-answer')
      this.#award(step, job, state.auction, state.rest)
    } else if (step.nowMono >= state.resendMono) {
      state.resendMono = step.nowMono + AWARD_RESEND_MS
      step.sendBytes(provider, awardBytes, this.reach(provider))
    }
  }

  dueMono(auction: Auction, nowMono: number): number {
    return nextClosingMono(auction, nowMono, this.#init.rules)
  }

  reach(provider: PeerId): readonly string[] {
    return this.#init.book.get(provider)?.capacity.addresses ?? []
  }

  /** Awards to the best bid that still holds, or waits for another round. */
  #award(step: Step, job: Job, auction: Auction, ranked: readonly RankedBid[]): void {
    const { nowMono } = step
    const holds = (bidId: MessageId) =>
      auction.bids.find((bid) => bid.bidId === bidId && bid.receivedMono + bid.bid.validMs > nowMono)
    const [best, ...rest] = ranked.filter(({ bidId }) => holds(bidId) !== undefined)
    const bid = best && holds(best.bidId)
    if (best === undefined || bid === undefined) {
      this.#unfilled(step, job, auction.round)
      return
    }
    const prices = awardPrices(this.#init.rule, bid, [best, ...rest], this.#context(job))
    const award = awardFor(step, job, auction, bid, prices)
    const sealed = step.send(best.provider, 'award', award, this.reach(best.provider))
    const attempt = newAttempt(leaseId(sealed.id), award, sealed.bytes, EMPTY_CHAIN)
    job.state = {
      name: 'awarding',
      auction,
      rest,
      attempt,
      untilMono: nowMono + AWARD_TIMEOUT_MS,
      resendMono: nowMono + AWARD_RESEND_MS,
    }
    this.#init.persist(step, job, { sync: true })
    const { provider } = best
    const { jobId, currency, resources } = job.request
    const pricePerHour = hourlyPrice(prices, resources)
    step.note({ type: 'awarded', jobId, leaseId: attempt.leaseId, provider, pricePerHour, currency })
  }

  /** Whether a provider may have this job: it has not failed it, and has not been found to contradict itself or to lack what it announces. */
  #deals({ excluded }: Job, provider: PeerId): boolean {
    const { equivocated, failedChallenge } = this.#init.historyOf(provider)
    return !excluded.includes(provider) && equivocated === undefined && failedChallenge === undefined
  }

  #context({ request }: Job): RuleContext {
    const { resources, maxPricePerHour } = request
    return { resources, maxPricePerHour, historyOf: this.#init.historyOf }
  }

  /** Nobody took the order: wait for the next round, and say whom each constraint ruled out. */
  #unfilled(step: Step, job: Job, round: number): void {
    const nextInMs = roundDelayMs(round)
    const { book } = this.#init
    job.ruledOut = book.ruledOut(job.request, step.nowMono, step.nowWall)
    job.state = { name: 'waiting', untilMono: step.nowMono + nextInMs, round: round + 1 }
    this.#init.persist(step, job, { sync: false })
    step.note({ type: 'unfilled', jobId: job.request.jobId, round, known: book.size, ruledOut: job.ruledOut, nextInMs })
  }

  #refused(step: Step, job: Job, auction: Auction, provider: PeerId, reason: Auction['refusals'][number]['reason']): void {
    auction.refusals.push({ provider, reason })
    this.#count(step, job, provider, reason)
  }

  #count(step: Step, job: Job, provider: PeerId, reason: string): void {
    job.refusals[reason] = (job.refusals[reason] ?? 0) + 1
    step.note({ type: 'refusal', jobId: job.request.jobId, provider, reason })
  }

  #bidding(orderId: MessageId): Job | undefined {
    const job = this.#init.jobs.withOrder(orderId)
    return job?.state.name === 'bidding' && job.state.auction.orderId === orderId ? job : undefined
  }

  #order(step: Step, job: Job, round: number): Order {
    const { request } = job
    const { spec, resources } = request
    return {
      nonce: job.nonce,
      issuedAtMs: step.nowWall,
      expiresAtMs: step.nowWall + ORDER_LIFETIME_MS,
      round,
      audience: AUDIENCE_ALL,
      class: classOfOrder(resources.gpuCount, resources.gpuVramMib),
      resources,
      regions: request.regions,
      arch: request.arch,
      maxRunMs: request.maxRunMs,
      imageBytes: spec.imageBytes,
      inputBytes: spec.inputs.reduce((sum, input) => sum + input.bytes, 0),
      outputBytesMax: request.outputBytesMax,
      addresses: fitAddresses(this.#init.addresses(), 'order'),
      manifestHash: manifestHash(step, job.salt, job.spec),
      imageHash: imageHash(step, job.nonce, spec.imageId),
      terms: request.terms,
      currency: request.currency,
      priceCeiling: undefined,
      bidWindowMs: this.#init.rules.windowMs,
    }
  }
}

function awardFor(step: Step, { request }: Job, auction: Auction, { provider, bidId }: ReceivedBid, prices: Prices): Award {
  const { resources, terms, maxTotal, maxRunMs, outputBytesMax } = request
  const nonce = step.random(16)
  const { orderId } = auction
  return {
    orderId,
    bidId,
    provider,
    resources,
    prices,
    terms,
    maxTotal,
    maxRunMs,
    deliverByMs: DELIVER_BY_MS,
    outputBytesMax,
    nonce,
  }
}
