import type { JobId, LeaseId, PeerId } from '../units.ts'
import type { MessageKind, Received, ReceivedOf } from '../wire/message.ts'
import type { Effect } from './effect.ts'
import type { Input, Moment, Outcome } from './input.ts'
import { PREFIXES } from './keys.ts'
import type { History } from './market/ranking.ts'
import { Offers, offerView } from './offers.ts'
import { leaseView, type ProviderLease } from './provider/lease.ts'
import { Provider, type ProviderInit } from './provider/provider.ts'
import { decodeRecord } from './record.ts'
import { type Job, jobView } from './renter/job.ts'
import { Renter, type RenterInit } from './renter/renter.ts'
import { type Sealing, Step } from './step.ts'
import type { JobView, LeaseView, OfferView } from './views.ts'

export interface CoreInit {
  network: string
  peerId: PeerId
  /** Name and version of the program, told to neighbours. */
  agent: string
  sealing: Sealing
  /** Multiaddrs at which this peer is reached now. */
  addresses(): readonly string[]
  /** Undefined: this peer sells nothing. */
  provider: ProviderInit | undefined
  renter?: RenterInit
}

type Route = Extract<Input, { type: 'message' }>['route']
/** One handler per kind of message: a kind without one is a type error. */
type Handlers = { readonly [Kind in MessageKind]: (step: Step, message: ReceivedOf<Kind>, route: Route) => void }

/**
 * One peer's market as a state machine: `step(input, moment)` changes the state and returns what to do about it. No clock, no
 * randomness, no I/O: the node and the simulator run this very code.
 */
export class Core {
  readonly #init: CoreInit
  readonly #offers: Offers
  readonly #provider: Provider | undefined
  readonly #renter: Renter
  readonly #handlers: Handlers = {
    capacity: (step, message, route) => {
      if (this.#offers.capacity(step, message, route)) this.#renter.auctions.met(step, message.from)
    },
    hello: (step, message) => this.#offers.hello(step, message),
    ask: (step, message) => this.#provider?.announcer.answer(step, message.from),
    order: (step, message, route) => this.#provider?.order(step, message, route),
    award: (step, message) => this.#provider?.award(step, message),
    release: (step, message) => this.#provider?.release(step, message),
    manifest: (step, message) => this.#provider?.leases.manifest(step, message),
    stop: (step, message) => this.#provider?.leases.stop(step, message),
    collected: (step, message) => this.#provider?.leases.collected(step, message),
    countersignature: (step, message) => this.#provider?.countersignature(step, message),
    bid: (step, message) => this.#renter.auctions.bid(step, message),
    refusal: (step, message) => this.#renter.auctions.refusal(step, message),
    acceptance: (step, message) => this.#renter.acceptance(step, message),
    awardRefusal: (step, message) => this.#renter.awardRefusal(step, message),
    progress: (step, message) => this.#renter.attempts.progress(step, message),
    receipt: (step, message) => this.#renter.attempts.receipt(step, message),
  }

  constructor(init: CoreInit) {
    this.#init = init
    const { network, peerId, addresses } = init
    this.#offers = new Offers(network)
    const { book } = this.#offers
    const connectedPeers = () => this.#offers.connectedPeers
    this.#renter = new Renter(init.renter ?? {}, { network, book, addresses, connectedPeers })
    if (init.provider !== undefined)
      this.#provider = new Provider(init.provider, { network, peerId, addresses, known: () => book.size })
  }

  /** Gives back one stored record; call for all of them before the input `start`. */
  restore(key: string, bytes: Uint8Array, now: Moment): void {
    const anchor = { monoMs: now.monoMs, wallMs: now.wallMs }
    if (key.startsWith(PREFIXES.job)) this.#renter.restore(decodeRecord<Job>(bytes, anchor))
    else if (key.startsWith(PREFIXES.lease)) this.#provider?.leases.restore(decodeRecord<ProviderLease>(bytes, anchor))
    else if (key.startsWith(PREFIXES.history)) {
      this.#renter.restoreHistory(key.slice(PREFIXES.history.length) as PeerId, decodeRecord<History>(bytes, anchor))
    } else if (key === 'announcement') this.#provider?.announcer.restore(decodeRecord<{ seq: number }>(bytes, anchor).seq)
  }

  step(input: Input, moment: Moment): Effect[] {
    const step = new Step(moment, this.#init.sealing)
    this.#handle(step, input)
    if (input.type === 'wake') {
      this.#provider?.tick(step)
      this.#renter.tick(step)
    }
    return step.effects(Math.min(this.#provider?.dueMono() ?? Number.POSITIVE_INFINITY, this.#renter.dueMono(moment.monoMs)))
  }

  jobs(): JobView[] {
    return this.#renter.jobs().map(jobView)
  }

  job(jobId: JobId): JobView | undefined {
    const job = this.#renter.job(jobId)
    return job && jobView(job)
  }

  offers(now: Pick<Moment, 'monoMs' | 'wallMs'>): OfferView[] {
    const own = this.#provider?.announcer.own()
    const others = this.#offers.views(now.monoMs, now.wallMs)
    if (own === undefined) return others
    const offer = {
      provider: this.#init.peerId,
      capacity: own.capacity,
      via: new Set(['direct' as const]),
      heardMono: own.issuedMono,
      connected: true,
    }
    return [offerView(offer, now.monoMs), ...others]
  }

  leases(): LeaseView[] {
    return this.#provider?.leases.all().map(leaseView) ?? []
  }

  #handle(step: Step, input: Input): void {
    switch (input.type) {
      case 'start':
        this.#renter.resume(step)
        if (this.#provider === undefined) this.#offers.listen(step)
        else this.#provider.start(step)
        break
      case 'wake':
        break
      case 'message':
        this.#message(step, input.message, input.route)
        break
      case 'connected':
        this.#offers.connected(input.peer)
        step.send(input.peer, 'hello', { features: [], agent: this.#init.agent, provider: this.#provider !== undefined })
        if (this.#offers.connectedPeers === 1) this.#provider?.announcer.neighbour(step)
        break
      case 'disconnected':
        this.#offers.disconnected(input.peer)
        break
      case 'found':
        this.#offers.found(
          step,
          input.peers.filter((peer) => peer !== this.#init.peerId),
        )
        break
      case 'executed':
        this.#executed(step, input.token, input.outcome)
        break
      case 'delivery':
        this.#provider?.leases.delivery(step, input.leaseId, input.doneBytes, input.totalBytes)
        break
      case 'exited':
        this.#provider?.leases.exited(step, input.leaseId, input.exit)
        break
      case 'first-output': {
        const job = this.#renter.job(input.jobId)
        if (job !== undefined) this.#renter.attempts.firstOutput(step, job)
        break
      }
      case 'submit':
        this.#offers.listen(step)
        this.#renter.submit(step, input.request)
        break
      case 'cancel':
        this.#renter.cancel(step, input.jobId)
        break
      case 'drain':
        this.#provider?.drain()
        break
      case 'leave':
        this.#provider?.drain()
        this.#provider?.leases.endAll(step)
        break
      case 'look':
        this.#offers.look(step, input.class)
        break
    }
  }

  #message(step: Step, message: Received, route: Route): void {
    // An echo of our own words, or somebody who runs a copy of this peer's key.
    if (message.from === this.#init.peerId) return
    const handle = this.#handlers[message.kind] as (step: Step, message: Received, route: Route) => void
    handle(step, message, route)
  }

  /** A token is `<call>/<lease or job id>`. */
  #executed(step: Step, token: string, outcome: Outcome): void {
    const slash = token.indexOf('/')
    const what = slash < 0 ? token : token.slice(0, slash)
    const id = token.slice(slash + 1)
    if (what === 'list') this.#removeOrphans(step, outcome)
    else if (what === 'finish' || what === 'follow' || what === 'drop') this.#renter.executed(step, what, id as JobId, outcome)
    else this.#provider?.leases.executed(step, what, id as LeaseId, outcome)
  }

  /** Containers and files of leases that are over, or that nobody remembers. */
  #removeOrphans(step: Step, outcome: Outcome): void {
    if (!outcome.ok) return
    for (const leaseId of outcome.leases ?? []) {
      const lease = this.#provider?.leases.get(leaseId)
      if (lease === undefined || lease.state.stage === 'closed')
        step.execute(`remove/${leaseId}`, { on: 'executor', do: 'remove', leaseId })
    }
  }
}
