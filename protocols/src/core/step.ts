import type { Permit } from '../ports/executor.ts'
import type { Signer } from '../ports/signer.ts'
import type { LeaseId, PeerId } from '../units.ts'
import { concat } from '../wire/bytes.ts'
import type { Envelopes, Sealed } from '../wire/envelope.ts'
import { CODECS, decodeMessage, type MessageKind, type Messages, type ReceivedOf } from '../wire/message.ts'
import type { Call, Effect } from './effect.ts'
import type { Moment } from './input.ts'
import type { Note } from './note.ts'
import { encodeRecord } from './record.ts'

/** What sealing needs: pure and synchronous, so that a step can name the messages it sends. */
export interface Sealing {
  envelopes: Envelopes
  signer: Signer
}

/** A step that asks nothing of the world. */
export const NOTHING: readonly Effect[] = Object.freeze([])

/**
 * One step of the core: the moment it happens in, and the effects it collects, in the order the host performs them. Most
 * steps of most peers hear an order that is not for them, so a step that does nothing makes nothing.
 */
export class Step {
  readonly moment: Moment
  readonly #sealing: Sealing
  #persists: Effect[] | undefined
  #sends: Effect[] | undefined
  #executes: Effect[] | undefined
  #wake: Effect | undefined
  #notes: Effect[] | undefined
  #draws = 0

  constructor(moment: Moment, sealing: Sealing) {
    this.moment = moment
    this.#sealing = sealing
  }

  get nowMono(): number {
    return this.moment.monoMs
  }

  get nowWall(): number {
    return this.moment.wallMs
  }

  /** Up to 32 bytes that the step's seed determines; each call draws others. */
  random(length: number): Uint8Array {
    return this.#sealing.signer.sha256(concat(this.moment.seed, Uint8Array.of(this.#draws++))).slice(0, length)
  }

  /**
   * From 0 to 65,535: for a delay, which is no secret. It is two bytes of the seed itself, since hashing would be most of what an
   * announcement's delay costs; the thirty that nobody sees keep what `random` draws unguessable. The same in each call of a step.
   */
  roll(): number {
    const [high = 0, low = 0] = this.moment.seed
    return high * 256 + low
  }

  sha256(bytes: Uint8Array): Uint8Array {
    return this.#sealing.signer.sha256(bytes)
  }

  seal<Kind extends MessageKind>(kind: Kind, value: Messages[Kind]): Sealed {
    return this.#sealing.envelopes.seal(CODECS[kind], value, this.#sealing.signer)
  }

  /** A message of this kind out of an envelope that was handed on inside another; undefined: it is none. */
  open<Kind extends MessageKind>(kind: Kind, bytes: Uint8Array): ReceivedOf<Kind> | undefined {
    try {
      const message = decodeMessage(this.#sealing.envelopes.open(bytes))
      return message.kind === kind ? (message as ReceivedOf<Kind>) : undefined
    } catch {
      return undefined
    }
  }

  /** Writes before anything of this step leaves. With `sync` it survives a power cut: for what another peer may rely on. */
  persist(key: string, value: object | Uint8Array | undefined, options: { sync: boolean }): void {
    const bytes = value === undefined || value instanceof Uint8Array ? value : encodeRecord(value, this.moment)
    this.#persists ??= []
    this.#persists.push({ type: 'persist', ops: [{ key, value: bytes }], sync: options.sync })
  }

  /** Seals and sends; returns what was sealed, for keeping. After `untilMono` it is not worth dialling for. @default untilMono ever */
  send<Kind extends MessageKind>(
    to: PeerId,
    kind: Kind,
    value: Messages[Kind],
    addresses: readonly string[] = [],
    untilMono?: number,
  ): Sealed {
    const sealed = this.seal(kind, value)
    this.sendBytes(to, sealed.bytes, addresses, untilMono)
    return sealed
  }

  sendBytes(to: PeerId, bytes: Uint8Array, addresses: readonly string[] = [], untilMono?: number): void {
    this.#sends ??= []
    this.#sends.push({ type: 'send', to, bytes, addresses, untilMono })
  }

  network(effect: Extract<Effect, { type: 'publish' | 'subscribe' | 'unsubscribe' | 'put' | 'provide' | 'find' | 'get' }>): void {
    this.#sends ??= []
    this.#sends.push(effect)
  }

  execute(token: string, call: Call): void {
    this.#executes ??= []
    this.#executes.push({ type: 'execute', token, call })
  }

  /** Lets a lease's container run on, once what that rests on is written. */
  permit(leaseId: LeaseId, permit: Permit): void {
    this.#executes ??= []
    this.#executes.push({ type: 'permit', leaseId, permit })
  }

  note(note: Note): void {
    this.#notes ??= []
    this.#notes.push({ type: 'note', note })
  }

  /** Asks the host to wake the core at `atMono`, instead of whenever it was asked before. */
  wake(atMono: number): void {
    this.#wake = { type: 'wake', atMono }
  }

  /** All effects, ordered. */
  effects(): readonly Effect[] {
    const persists = this.#persists
    const sends = this.#sends
    const executes = this.#executes
    if (persists === undefined && sends === undefined && executes === undefined && this.#wake === undefined) {
      return this.#notes ?? NOTHING
    }
    const all = persists ?? []
    if (sends !== undefined) all.push(...sends)
    if (executes !== undefined) all.push(...executes)
    if (this.#wake !== undefined) all.push(this.#wake)
    if (this.#notes !== undefined) all.push(...this.#notes)
    return all
  }
}
