import type { Effect } from '../core/effect.ts'
import {
  Core,
  encodeBundle,
  type Input,
  type JobRequest,
  type JobView,
  KEYS,
  type LeaseView,
  type Moment,
  type Note,
  type OfferView,
  PREFIXES,
  type ProviderInit,
  type ReceiptView,
  type RenterInit,
} from '../core/index.ts'
import { WeftError } from '../errors.ts'
import type { Channels, Clock, Directory, Executor, PubSub, Random, Results, Signer, Store, StoreOp } from '../ports/index.ts'
import type { JobId, PeerId } from '../units.ts'
import type { Class } from '../wire/class.ts'
import { Envelopes } from '../wire/envelope.ts'
import { performCall } from './calls.ts'
import { Edge } from './edge.ts'
import { receiptViews } from './receipt-views.ts'

export interface Ports {
  pubsub: PubSub
  directory: Directory
  channels: Channels
  store: Store
  executor: Executor | undefined
  results: Results
  signer: Signer
  clock: Clock
  random: Random
}

export interface HostInit {
  network: string
  peerId: PeerId
  /** Name and version of the program. */
  agent: string
  /** Undefined: this peer sells nothing. */
  provider: ProviderInit | undefined
  renter?: RenterInit
  /** Multiaddrs at which this peer is reached now. */
  addresses(): readonly string[]
  ports: Ports
  onNote(note: Note): void
  /** A write failed or a step threw: the peer can promise nothing any more, and has stopped by the time this is called. */
  onFatal?(error: unknown): void
}

type Outward = Exclude<Effect, { type: 'persist' }>

interface Waiting {
  ops: StoreOp[]
  sync: boolean
  effects: Outward[]
}

/**
 * The one host of the core, in node and simulator: feeds it inputs, performs its effects. Order per step: persist, send,
 * execute, wake; a step's sends wait for its own commit, commits are grouped, effects leave in order, and a failed commit
 * stops the peer.
 */
export class Host {
  readonly #init: HostInit
  readonly #core: Core
  readonly #edge: Edge
  readonly #waiting: Waiting[] = []
  #committing: Promise<void> | undefined
  #cancelWake: () => void = () => {}
  #stopped = false
  #fatal: { error: unknown } | undefined

  private constructor(init: HostInit) {
    this.#init = init
    const { network, peerId, agent, addresses, provider, ports } = init
    const sealing = { envelopes: new Envelopes(network, ports.signer), signer: ports.signer }
    this.#core = new Core({ network, peerId, agent, sealing, addresses, provider, ...(init.renter && { renter: init.renter }) })
    this.#edge = new Edge({
      envelopes: sealing.envelopes,
      clock: ports.clock,
      input: (input) => this.#input(input),
      note: (note) => init.onNote(note),
      disconnect: (peer, reason) => ports.channels.disconnect(peer, reason),
    })
  }

  /** Reads the state of an earlier life out of the store. */
  static async open(init: HostInit): Promise<Host> {
    const host = new Host(init)
    const now = host.#moment()
    for (const prefix of [PREFIXES.job, PREFIXES.lease, PREFIXES.history, KEYS.announcement]) {
      for await (const [key, value] of init.ports.store.list(prefix)) host.#core.restore(key, value, now)
    }
    return host
  }

  async start(): Promise<void> {
    const { channels, executor, results } = this.#init.ports
    channels.listen({
      message: (from, bytes) => this.#edge.direct(from, bytes),
      connected: (peer) => this.#input({ type: 'connected', peer }),
      disconnected: (peer) => this.#input({ type: 'disconnected', peer }),
    })
    executor?.listen({
      progress: (leaseId, doneBytes, totalBytes) => this.#input({ type: 'delivery', leaseId, doneBytes, totalBytes }),
      exited: (leaseId, exit) => this.#input({ type: 'exited', leaseId, exit }),
    })
    results.listen({ firstOutput: (jobId) => this.#input({ type: 'first-output', jobId }) })
    this.#input({ type: 'start' })
    await this.#committed()
  }

  /** Takes no more inputs; resolves when what was begun is written. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#cancelWake()
    await this.#committed().catch(() => {})
  }

  /** Resolves once the job is on disk. */
  async submit(request: JobRequest): Promise<JobView> {
    this.#input({ type: 'submit', request })
    await this.#committed()
    const view = this.#core.job(request.jobId)
    if (view === undefined) throw new WeftError('STOPPED', 'this peer is stopping and takes no more jobs')
    return view
  }

  async cancel(jobId: JobId): Promise<void> {
    this.#input({ type: 'cancel', jobId })
    await this.#committed()
  }

  /** No new bids; leases run to their end: done when none of `leases()` is before `final`. */
  drain(): void {
    this.#input({ type: 'drain' })
  }

  /** As drain, and every lease ends now with `provider.drained`. */
  leave(): void {
    this.#input({ type: 'leave' })
  }

  /** Asks neighbours and the DHT for providers of a class and larger; `offers()` fills up meanwhile. */
  refreshOffers(minClass: Class): void {
    this.#input({ type: 'look', class: minClass })
  }

  jobs(): JobView[] {
    return this.#core.jobs()
  }

  job(jobId: JobId): JobView | undefined {
    return this.#core.job(jobId)
  }

  offers(): OfferView[] {
    const { clock } = this.#init.ports
    return this.#core.offers({ monoMs: clock.monoMs(), wallMs: clock.wallMs() })
  }

  leases(): LeaseView[] {
    return this.#core.leases()
  }

  receipts(): Promise<ReceiptView[]> {
    const { network, peerId, ports } = this.#init
    return receiptViews({ network, peerId, store: ports.store, signer: ports.signer })
  }

  /** Every award, acceptance, receipt and countersignature of this peer, for `audit`. */
  async exportBundle(): Promise<Uint8Array> {
    const envelopes: Uint8Array[] = []
    for (const prefix of [PREFIXES.document, PREFIXES.receipt]) {
      for await (const [, value] of this.#init.ports.store.list(prefix)) envelopes.push(value)
    }
    return encodeBundle({ network: this.#init.network, exportedBy: this.#init.peerId, envelopes })
  }

  #moment(): Moment {
    const { clock, random } = this.#init.ports
    return { monoMs: clock.monoMs(), wallMs: Math.floor(clock.wallMs()), seed: random.bytes(32) }
  }

  #input(input: Input): void {
    if (this.#stopped) return
    const effects = this.#step(input)
    const waiting: Waiting = { ops: [], sync: false, effects: [] }
    for (const effect of effects) {
      if (effect.type === 'persist') {
        waiting.ops.push(...effect.ops)
        waiting.sync ||= effect.sync
      } else waiting.effects.push(effect)
    }
    this.#waiting.push(waiting)
    this.#committing ??= this.#commit()
  }

  #step(input: Input): Effect[] {
    try {
      return this.#core.step(input, this.#moment())
    } catch (error) {
      // A caller can be told; anything else is a bug, and a peer in an unknown state must not go on signing.
      if (input.type === 'submit' || input.type === 'cancel') throw error
      this.#fail(error)
      return []
    }
  }

  #fail(error: unknown): void {
    this.#stopped = true
    this.#fatal ??= { error }
    this.#cancelWake()
    this.#waiting.length = 0
    this.#init.onFatal?.(error)
  }

  /** Commits everything that waits as one batch, performs its effects in order, and again until nothing waits. */
  async #commit(): Promise<void> {
    try {
      // Inputs that arrive in one turn of the event loop share a commit.
      await undefined
      for (;;) {
        const group = this.#waiting.splice(0)
        if (group.length === 0) return
        const ops = group.flatMap((waiting) => waiting.ops)
        if (ops.length > 0) await this.#init.ports.store.batch(ops, { sync: group.some((waiting) => waiting.sync) })
        for (const { effects } of group) for (const effect of effects) this.#perform(effect)
      }
    } catch (error) {
      this.#fail(error)
    } finally {
      this.#committing = undefined
    }
  }

  /** Rejects if what waited could not be written: nobody may be told that it was. */
  async #committed(): Promise<void> {
    while (this.#committing !== undefined) await this.#committing
    if (this.#fatal !== undefined) throw this.#fatal.error
  }

  #perform(effect: Outward): void {
    const { channels, pubsub, directory, clock } = this.#init.ports
    // Whoever must be heard is sent to again by the core; a failed send is no news.
    const unheard = () => {}
    switch (effect.type) {
      case 'send':
        channels.send(effect.to, effect.bytes, { addresses: effect.addresses }).catch(unheard)
        break
      case 'publish':
        pubsub.publish(effect.topic, effect.bytes).catch(unheard)
        break
      case 'subscribe':
        pubsub.subscribe(effect.topic, (author, bytes) => this.#edge.gossip(effect.topic, author, bytes))
        break
      case 'put':
        directory.put(effect.key, effect.record).catch(unheard)
        break
      case 'provide':
        directory.provide(effect.shelf).catch(unheard)
        break
      case 'find':
        directory
          .find(effect.shelf, { limit: effect.limit })
          .then((peers) => this.#input({ type: 'found', shelf: effect.shelf, peers }), unheard)
        break
      case 'get':
        directory.get(effect.key).then((bytes) => bytes && this.#edge.record(bytes), unheard)
        break
      case 'execute':
        performCall(effect.call, this.#init.ports).then((outcome) =>
          this.#input({ type: 'executed', token: effect.token, outcome }),
        )
        break
      case 'wake':
        this.#cancelWake()
        this.#cancelWake = clock.after(Math.max(0, effect.atMono - clock.monoMs()), () => this.#input({ type: 'wake' }))
        break
      case 'note':
        this.#init.onNote(effect.note)
        break
    }
  }
}
