import type { Signer } from '../ports/signer.ts'
import type { PeerId } from '../units.ts'
import { concat } from '../wire/bytes.ts'
import type { Envelopes, Sealed } from '../wire/envelope.ts'
import { CODECS, type MessageKind, type Messages } from '../wire/message.ts'
import type { Call, Effect } from './effect.ts'
import type { Moment } from './input.ts'
import type { Note } from './note.ts'
import { encodeRecord } from './record.ts'

/** What sealing needs: pure and synchronous, so that a step can name the messages it sends. */
export interface Sealing {
  envelopes: Envelopes
  signer: Signer
}

/** One step of the core: the moment it happens in, and the effects it collects, in the order the host performs them. */
export class Step {
  readonly moment: Moment
  readonly #sealing: Sealing
  readonly #persists: Effect[] = []
  readonly #sends: Effect[] = []
  readonly #executes: Effect[] = []
  readonly #notes: Effect[] = []
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

  sha256(bytes: Uint8Array): Uint8Array {
    return this.#sealing.signer.sha256(bytes)
  }

  seal<Kind extends MessageKind>(kind: Kind, value: Messages[Kind]): Sealed {
    return this.#sealing.envelopes.seal(CODECS[kind], value, this.#sealing.signer)
  }

  /** Writes before anything of this step leaves. With `sync` it survives a power cut: for what another peer may rely on. */
  persist(key: string, value: object | Uint8Array | undefined, options: { sync: boolean }): void {
    const bytes = value === undefined || value instanceof Uint8Array ? value : encodeRecord(value, this.moment)
    this.#persists.push({ type: 'persist', ops: [{ key, value: bytes }], sync: options.sync })
  }

  /** Seals and sends; returns what was sealed, for keeping. */
  send<Kind extends MessageKind>(to: PeerId, kind: Kind, value: Messages[Kind], addresses: readonly string[] = []): Sealed {
    const sealed = this.seal(kind, value)
    this.sendBytes(to, sealed.bytes, addresses)
    return sealed
  }

  sendBytes(to: PeerId, bytes: Uint8Array, addresses: readonly string[] = []): void {
    this.#sends.push({ type: 'send', to, bytes, addresses })
  }

  network(effect: Extract<Effect, { type: 'publish' | 'subscribe' | 'put' | 'provide' | 'find' | 'get' }>): void {
    this.#sends.push(effect)
  }

  execute(token: string, call: Call): void {
    this.#executes.push({ type: 'execute', token, call })
  }

  note(note: Note): void {
    this.#notes.push({ type: 'note', note })
  }

  /** All effects, ordered; `wakeMono` is when the core next wants to be woken. */
  effects(wakeMono: number): Effect[] {
    const wake: Effect[] = Number.isFinite(wakeMono) ? [{ type: 'wake', atMono: wakeMono }] : []
    return [...this.#persists, ...this.#sends, ...this.#executes, ...wake, ...this.#notes]
  }
}
