import { Core } from '../core/core.ts'
import type { Effect } from '../core/effect.ts'
import type { Input, Moment } from '../core/input.ts'
import type { Note } from '../core/note.ts'
import type { Rest } from '../core/provider/announcer.ts'
import type { Sealing } from '../core/step.ts'
import type { Alarm, Clock, SendOptions, Signer, StoreOp } from '../ports/index.ts'
import type { PeerId } from '../units.ts'
import type { Envelopes } from '../wire/envelope.ts'
import type { MessageOpener } from '../wire/opener.ts'
import { performCall } from './calls.ts'
import { Edge } from './edge.ts'
import type { HostInit } from './host.ts'

type Outward = Exclude<Effect, { type: 'persist' }>

/** The moment of one step. Its seed is drawn when somebody asks: most steps never do. */
export class Now implements Moment {
  readonly monoMs: number
  readonly wallMs: number
  readonly #init: Pick<HostInit, 'ports'>
  #seed: Uint8Array | undefined

  constructor(clock: Clock, init: Pick<HostInit, 'ports'>) {
    this.monoMs = clock.monoMs()
    this.wallMs = Math.floor(clock.wallMs())
    this.#init = init
  }

  get era(): string {
    return this.#init.ports.clock.era
  }

  get seed(): Uint8Array {
    this.#seed ??= this.#init.ports.random.bytes(32)
    return this.#seed
  }
}

/**
 * Steps the core with each input and performs its effects. Order per step: persist, send, execute, wake; a step's sends wait
 * for its own commit, and effects leave in order. Inputs that come while a commit is under way, or while effects are being
 * performed, step at once; their effects queue, and what queued shares the next commit. Where the store is done when its call
 * returns, and where there is nothing to persist, all of it happens before `input` returns: no promise, no turn of the event
 * loop.
 */
export class Loop extends Edge implements Alarm, Sealing {
  readonly #init: HostInit
  /** Steps through `input` only; views of its state are anybody's. */
  readonly core: Core
  /** Effects of later steps, in order; undefined: none. */
  #waiting: Effect[] | undefined
  #isBusy = false
  #isStopped = false
  #committing: Promise<void> | undefined
  /** Of the clock, which wakes this loop itself: see `Alarm`. */
  handle: unknown
  #fatal: { error: unknown } | undefined

  /** `rest`: see `Core.rest`. */
  constructor(init: HostInit, opener: MessageOpener, rest?: Rest) {
    super(opener, init.ports.clock, init.screen)
    this.#init = init
    this.core = new Core(init, this, this, rest)
  }

  /** See `Core.rest`; undefined also while effects are under way. */
  rest(): Rest | undefined {
    return this.#isBusy || this.#isStopped ? undefined : this.core.rest()
  }

  get envelopes(): Envelopes {
    return this.opener.envelopes
  }

  get signer(): Signer {
    return this.#init.ports.signer
  }

  now(): Moment {
    return new Now(this.clock, this.#init)
  }

  listen(): void {
    const { channels, executor, results } = this.#init.ports
    channels.listen(this)
    executor?.listen(this)
    results.listen(this)
  }

  input(input: Input): void {
    if (this.#isStopped) return
    const effects = this.#step(input, this.now())
    if (effects.length === 0) return
    if (!this.#isBusy) this.#run(effects)
    else if (this.#waiting === undefined) this.#waiting = [...effects]
    else this.#waiting.push(...effects)
  }

  note(note: Note): void {
    this.#init.onNote(note)
  }

  disconnect(peer: PeerId, reason: string): void {
    this.#init.ports.channels.disconnect(peer, reason)
  }

  /** Takes no more inputs. */
  stop(): void {
    this.#isStopped = true
    this.clock.set(this, Number.POSITIVE_INFINITY)
  }

  ring(): void {
    this.input({ type: 'wake' })
  }

  /** Resolves when everything so far is written; rejects if it could not be: nobody may be told that it was. */
  async settled(): Promise<void> {
    while (this.#committing !== undefined) await this.#committing
    if (this.#fatal !== undefined) throw this.#fatal.error
  }

  #step(input: Input, now: Moment): readonly Effect[] {
    try {
      return this.core.step(input, now)
    } catch (error) {
      // A caller can be told; anything else is a bug, and a peer in an unknown state must not go on signing.
      if (input.type === 'submit' || input.type === 'cancel' || input.type === 'payment') throw error
      this.#fail(error)
      return []
    }
  }

  /** Commits and performs `effects`, then whatever queued meanwhile, until nothing waits or a commit takes its time. */
  #run(effects: readonly Effect[]): void {
    this.#isBusy = true
    try {
      for (let group = effects; group.length > 0; group = this.#takeWaiting()) {
        const written = this.#commit(group)
        if (written !== undefined) {
          this.#committing = this.#whenWritten(written, group)
          return
        }
        this.#perform(group)
      }
      this.#isBusy = false
    } catch (error) {
      this.#fail(error)
    }
  }

  async #whenWritten(written: Promise<void>, group: readonly Effect[]): Promise<void> {
    try {
      await written
      this.#perform(group)
    } catch (error) {
      this.#fail(error)
    }
    this.#committing = undefined
    this.#run(this.#takeWaiting())
  }

  #takeWaiting(): readonly Effect[] {
    const waiting = this.#waiting ?? []
    this.#waiting = undefined
    return waiting
  }

  /** Everything that a group of steps persists, as one batch; a promise if it is not written yet. */
  #commit(group: readonly Effect[]): Promise<void> | undefined {
    // A step's writes stand first: most groups are one step with none.
    if (group.length === 1 && group[0]?.type !== 'persist') return undefined
    const ops: StoreOp[] = []
    let sync = false
    for (const effect of group) {
      if (effect.type !== 'persist') continue
      ops.push(...effect.ops)
      sync ||= effect.sync
    }
    return ops.length === 0 ? undefined : (this.#init.ports.store.batch(ops, { sync }) ?? undefined)
  }

  #fail(error: unknown): void {
    this.stop()
    this.#fatal ??= { error }
    this.#waiting = undefined
    this.#init.onFatal?.(error)
  }

  #perform(group: readonly Effect[]): void {
    for (const effect of group) if (effect.type !== 'persist') this.#performOne(effect)
  }

  #performOne(effect: Outward): void {
    const { ports } = this.#init
    switch (effect.type) {
      case 'note':
        this.#init.onNote(effect.note)
        break
      case 'send':
        ports.channels.send(effect.to, effect.bytes, this.#sendOptions(effect)).catch(unheard)
        break
      case 'publish':
        ports.pubsub.publish(effect.topic, effect.bytes).catch(unheard)
        break
      case 'subscribe':
        ports.pubsub.subscribe(effect.topic, this)
        break
      case 'unsubscribe':
        ports.pubsub.unsubscribe(effect.topic)
        break
      case 'put':
        ports.directory.put(effect.key, effect.record).catch(unheard)
        break
      case 'provide':
        ports.directory.provide(effect.shelf).catch(unheard)
        break
      case 'find':
        ports.directory
          .find(effect.shelf, { limit: effect.limit })
          .then((peers) => this.input({ type: 'found', shelf: effect.shelf, peers }), unheard)
        break
      case 'get':
        ports.directory.get(effect.key).then((bytes) => bytes && this.record(bytes), unheard)
        break
      case 'execute':
        performCall(effect.call, ports, this.opener.envelopes).then((outcome) =>
          this.input({ type: 'executed', token: effect.token, outcome }),
        )
        break
      case 'permit':
        void ports.executor?.permit(effect.leaseId, effect.permit)
        break
      case 'wake':
        if (!this.#isStopped) this.clock.set(this, Math.max(0, effect.atMono - this.clock.monoMs()))
        break
    }
  }

  /** A commit may have taken some of the time that there is. */
  #sendOptions({ addresses, untilMono }: Extract<Effect, { type: 'send' }>): SendOptions {
    return { addresses, withinMs: untilMono === undefined ? undefined : Math.max(0, untilMono - this.clock.monoMs()) }
  }
}

/** Whoever must be heard is sent to again by the core; a failed send is no news. */
const unheard = (): void => {}
