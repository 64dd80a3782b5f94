import type { JobId, LeaseId, MessageId, PeerId } from '../units.ts'
import { NETWORK_SIZE_MAX } from '../wire/limits.ts'
import type { MessageKind, Received, ReceivedOf } from '../wire/message.ts'
import { ClockWatch, LATE_MS } from './clock-watch.ts'
import type { Effect } from './effect.ts'
import type { Input, Moment, Outcome } from './input.ts'
import { Telling } from './lease/telling.ts'
import { type CoreInit, Parts } from './parts.ts'
import type { Rest } from './provider/announcer.ts'
import type { Screen } from './provider/screen.ts'
import { NOTHING, type Sealing, Step } from './step.ts'

type Route = Extract<Input, { type: 'message' }>['route']
/** One handler per kind of message, the same for every peer: a kind without one is a type error. */
type Handlers = {
  readonly [Kind in MessageKind]: (core: Core, step: Step, message: ReceivedOf<Kind>, route: Route) => void
}

/**
 * One peer's market as a state machine: `step(input, moment)` changes the state and returns what to do about it. No clock, no
 * randomness, no I/O: the node and the simulator run this very code.
 */
export class Core extends Parts {
  /** Used again for a while: many connect at once. */
  #hello: { bytes: Uint8Array; sealedMono: number } | undefined
  /** When the host was last asked to wake this peer; undefined: not since it last did. */
  #wakeMono: number | undefined

  static readonly #handlers: Handlers = {
    capacity: (core, step, message, route) => {
      if (route === 'direct') core.#timeHeard(step, message.from, message.value.issuedAtMs)
      if (core.marketMade().capacity(step, message, route)) core.renter?.auctions.met(step, message.from)
    },
    hello: (core, step, message) => {
      const { from, value } = message
      if (value.sentAtMs > 0) core.#timeHeard(step, from, value.sentAtMs)
      core.marketMade().hello(step, message)
    },
    ask: (core, step, message) => core.provider?.ask(step, message.from),
    order: (core, step, message, route) => {
      if (route === 'direct') core.#timeHeard(step, message.from, message.value.issuedAtMs)
      core.provider?.order(step, message, route)
    },
    award: (core, step, message) => core.provider?.award(step, message),
    release: (core, _step, message) => core.provider?.release(message),
    manifest: (core, step, message) => core.provider?.manifest(step, message),
    stop: (core, step, message) => core.provider?.stop(step, message),
    collected: (core, step, message) => core.provider?.collected(step, message),
    leaseState: (core, step, message) => {
      const { leaseId } = message.value
      if (core.provider?.lease(leaseId) !== undefined) core.provider.leaseState(step, message)
      else if (core.renter?.knows(leaseId) === true) core.renter.leaseState(step, message)
      // This peer's store is older than the lease: nobody will want or sign what comes of it, so that it need not wait for a permit.
      else step.send(message.from, 'stop', { leaseId })
    },
    countersignature: (core, step, message) => {
      core.provider?.countersignature(step, message)
      core.autoSettling?.met(step, message.from)
    },
    bid: (core, step, message) => core.renter?.bid(step, message),
    refusal: (core, step, message) => core.renter?.refusal(step, message),
    acceptance: (core, step, message) => core.renter?.acceptance(step, message),
    awardRefusal: (core, step, message) => core.renter?.awardRefusal(step, message),
    progress: (core, step, message) => core.renter?.progress(step, message),
    receipt: (core, step, message) => {
      core.renter?.receipt(step, message)
      core.autoSettling?.met(step, message.from)
    },
    statement: (core, step, message) => core.statementsMade().statement(step, message),
    statementAnswer: (core, step, message) => core.statements?.answer(step, message),
    statementState: (core, step, message) => core.statementsMade().state(step, message),
    paid: (core, step, message) => core.statements?.paid(step, message),
    paidReceived: (core, step, message) => core.statements?.paidReceived(step, message),
    challenge: (core, step, message) => core.provider?.measuring.challenge(step, message),
    challengeAnswer: (core, step, message) => core.challenging?.answer(step, message),
    measurement: (core, step, message) => core.provider?.measuring.measurement(step, message),
    measurements: (core, step, message) => core.market?.measurements(step, message),
  }

  constructor(init: CoreInit, sealing: Sealing, screen?: Screen, rest?: Rest) {
    super(init, sealing, screen, rest)
    if (rest !== undefined) this.#wakeMono = this.provider?.dueMono()
  }

  /**
   * All that this core has in mind, where that is only what it announces next: a core made with it, over the same screen, does what
   * this one would, so that this one can be let go until something comes for it. Undefined: there is more.
   */
  rest(): Rest | undefined {
    const more = this.market ?? this.renter ?? this.statements ?? this.autoSettling ?? this.clockWatch ?? this.telling
    if (more !== undefined || this.challenging !== undefined || this.#hello !== undefined) return undefined
    return this.#wakeMono === this.provider?.dueMono() ? this.provider?.rest() : undefined
  }

  /** The effects, ordered: not to be changed. */
  step(input: Input, moment: Moment): readonly Effect[] {
    if (input.type === 'message' && this.#isSetAside(input.message, input.route, moment)) return NOTHING
    const step = new Step(moment, this.sealing)
    const wasClockOff = this.#isClockOff
    if (this.clockWatch?.look(step) === true) this.market?.askNeighbours(step)
    if (input.type === 'message') this.#message(step, input.message, input.route)
    else this.#handle(step, input)
    if (this.#movesDeadlines(input, wasClockOff)) this.#askToWake(step)
    return step.effects()
  }

  #handle(step: Step, input: Exclude<Input, { type: 'message' }>): void {
    switch (input.type) {
      case 'start':
        this.renter?.resume(step)
        this.provider?.start(step)
        if (this.init.challenges !== undefined) this.challengingMade().start(step)
        break
      case 'wake':
        this.#wakeMono = undefined
        this.provider?.tick(step, this.offersKnown)
        this.renter?.tick(step)
        this.statements?.tick(step)
        this.telling?.tick(step)
        this.autoSettling?.tick(step)
        this.challenging?.tick(step)
        break
      case 'connected':
        this.#connected(step, input.peer)
        break
      case 'disconnected':
        this.market?.disconnected(input.peer)
        this.clockWatch?.gone(step, input.peer)
        this.telling?.parted(input.peer)
        this.autoSettling?.parted(input.peer)
        break
      case 'found':
        this.marketMade().found(
          step,
          input.peers.filter((peer) => peer !== this.init.peerId),
        )
        break
      case 'executed':
        this.#executed(step, input.token, input.outcome)
        break
      case 'delivery':
        this.provider?.delivery(step, input.leaseId, input.doneBytes, input.totalBytes)
        break
      case 'exited':
        this.provider?.exited(step, input.leaseId, input.exit)
        break
      case 'first-output':
        this.renter?.firstOutput(step, input.jobId)
        break
      case 'submit':
        this.clockWatch?.insist()
        this.renterMade().submit(step, input.request)
        break
      case 'cancel':
        this.renter?.cancel(step, input.jobId)
        break
      case 'disk':
        this.provider?.disk(step, input.isShort)
        break
      case 'capacity':
        this.provider?.lend(step, input.capacity)
        break
      case 'pricing':
        this.provider?.price(input.pricing)
        break
      case 'drain':
        this.provider?.drain()
        break
      case 'leave':
        this.provider?.leave(step)
        break
      case 'look':
        this.marketMade().look(step, input.class)
        break
      case 'measure':
        this.challengingMade().measure(step, input.providers)
        break
      case 'settle':
        this.statementsMade().settle(step, input.peer, input.unstated)
        break
      case 'payment':
        this.statementsMade().payment(step, input.settled, input.reference)
        break
    }
  }

  #connected(step: Step, peer: PeerId): void {
    const offers = this.marketMade()
    offers.connected(step, peer)
    step.sendBytes(peer, this.#helloBytes(step))
    const untold = [...(this.provider?.untold(peer) ?? []), ...(this.renter?.untold(peer) ?? [])]
    const hasMore = this.provider?.hasForgotten ?? false
    if (untold.length > 0 || hasMore) {
      this.telling ??= new Telling()
      this.telling.begin(step, peer, untold, hasMore)
    }
    this.renter?.meet(step, peer)
    this.provider?.meet(step, peer)
    if (offers.connectedPeers === 1) this.provider?.announcer.neighbour(step)
    this.statements?.connected(step, peer)
    this.autoSettling?.met(step, peer)
  }

  /** What the store has of leases with a renter that this peer has out of its memory. */
  #unsigned(step: Step, renter: PeerId, outcome: Outcome): void {
    const records = outcome.ok ? (outcome.unsigned ?? []) : []
    this.telling?.read(step, renter, this.provider?.recall(step, records) ?? [])
  }

  #autoSettle(step: Step, peer: PeerId, outcome: Outcome): void {
    const unstated = outcome.ok ? (outcome.unstated ?? []) : []
    for (const one of this.autoSettling?.worthwhile(unstated) ?? []) this.statementsMade().settle(step, peer, one)
  }

  /** A neighbour says what time it is. */
  #timeHeard(step: Step, peer: PeerId, atMs: number): void {
    this.clockWatch ??= new ClockWatch(step, this.provider)
    this.clockWatch.heard(step, peer, atMs)
  }

  #helloBytes(step: Step): Uint8Array {
    const { nowMono, nowWall: sentAtMs } = step
    if (this.#hello === undefined || nowMono - this.#hello.sealedMono >= LATE_MS) {
      const { agent, ports } = this.init
      // Its own guess, never what neighbours said: a number that is handed on would outlive the network that it was true of.
      const networkSize = Math.min(NETWORK_SIZE_MAX, Math.round(ports.directory.networkSize()))
      const hello = { features: [], agent, provider: this.provider !== undefined, sentAtMs, networkSize }
      this.#hello = { bytes: step.seal('hello', hello).bytes, sealedMono: nowMono }
    }
    return this.#hello.bytes
  }

  /** Asks for one wake at the earliest deadline of anything alive, if that changed. */
  #askToWake(step: Step): void {
    const provider = this.provider?.dueMono() ?? Number.POSITIVE_INFINITY
    const renter = this.renter?.dueMono(step.nowMono) ?? Number.POSITIVE_INFINITY
    this.market?.attend(step, this.renter?.isSeeking ?? false)
    const offers = this.market?.dueMono() ?? Number.POSITIVE_INFINITY
    const statements = this.statements?.dueMono() ?? Number.POSITIVE_INFINITY
    const clock = this.clockWatch?.dueMono() ?? Number.POSITIVE_INFINITY
    const telling = this.telling?.dueMono() ?? Number.POSITIVE_INFINITY
    const autoSettling = this.autoSettling?.dueMono() ?? Number.POSITIVE_INFINITY
    const challenging = this.challenging?.dueMono() ?? Number.POSITIVE_INFINITY
    const dueMono = Math.min(provider, renter, offers, statements, clock, telling, autoSettling, challenging)
    if (dueMono === this.#wakeMono || dueMono === Number.POSITIVE_INFINITY) return
    this.#wakeMono = dueMono
    step.wake(dueMono)
  }

  get #isClockOff(): boolean {
    return this.clockWatch?.isOff === true
  }

  /** False: all is due when it was before. Nothing else need be looked at to know that. */
  #movesDeadlines(input: Input, wasClockOff: boolean): boolean {
    // A bid lapses when it is next looked at.
    if (input.type === 'message' && input.message.kind === 'order') return false
    const isOfNeighbour = input.type === 'disconnected' || (input.type === 'message' && input.message.kind === 'hello')
    // Whoever is heard, or heard no more, says something of the clock.
    return !isOfNeighbour || wasClockOff || this.#isClockOff
  }

  /** Most of what most peers ever hear comes by gossip and asks nothing of them: this is looked at before anything else is. */
  #isSetAside(message: Received, route: Route, moment: Moment): boolean {
    if (route === 'direct') return false
    if (message.kind === 'order') return !this.screen.isAsked(message.demand)
    return message.kind === 'capacity' && route === 'gossip' && this.#isOnlyHeard(message, moment)
  }

  /** A capacity that nobody acts on now: whoever seeks a provider hears hundreds between two orders. */
  #isOnlyHeard(message: ReceivedOf<'capacity'>, moment: Moment): boolean {
    if (message.from === this.init.peerId || this.renter?.isBidding === true) return false
    return this.clockWatch?.isSteady(moment) !== false && this.market?.hear(message, moment) === true
  }

  #message(step: Step, message: Received, route: Route): void {
    // An echo of our own words, or somebody who runs a copy of this peer's key.
    if (message.from === this.init.peerId) return
    const handle = Core.#handlers[message.kind] as (core: Core, step: Step, message: Received, route: Route) => void
    handle(this, step, message, route)
  }

  /** A token is `<call>/<lease or job id>`. */
  #executed(step: Step, token: string, outcome: Outcome): void {
    const slash = token.indexOf('/')
    const what = slash < 0 ? token : token.slice(0, slash)
    const id = token.slice(slash + 1)
    if (what === 'meter') this.provider?.measuring.metered(step, id, outcome)
    else if (what === 'check') this.challenging?.executed(step, id, outcome)
    else if (what === 'list') this.provider?.listed(step, outcome, this.offersKnown)
    else if (what === 'unsigned') this.#unsigned(step, id as PeerId, outcome)
    else if (what === 'unstated') this.#autoSettle(step, id as PeerId, outcome)
    else if (what === 'books') this.statements?.read(step, id as MessageId, outcome)
    else if (what === 'finish' || what === 'follow' || what === 'drop') this.renter?.executed(step, what, id as JobId, outcome)
    else this.provider?.executed(step, what, id as LeaseId, outcome, this.offersKnown)
  }
}
