import { WeftError } from '../../errors.ts'
import { decodeMessage, type MessageKind, type ReceivedOf } from '../../wire/message.ts'
import type { Moment } from '../input.ts'
import type { Anchor } from '../record.ts'
import type { Sealing } from '../step.ts'

/**
 * Reads, after a restart, the signed documents that came after a record: each key that it yields is to be looked up in the
 * store, and `next` called with what is there.
 */
export type Replay = Generator<string, void, Uint8Array | undefined>

/** Opens what a peer has stored, as seen from the moment of a restart. */
export class Documents {
  readonly now: Anchor
  readonly #envelopes: Sealing['envelopes']

  constructor({ envelopes }: Pick<Sealing, 'envelopes'>, { monoMs, wallMs, era }: Moment) {
    this.now = { monoMs, wallMs, era }
    this.#envelopes = envelopes
  }

  /** Throws WireError, SignatureError or WeftError on bytes that are no such document: the store is damaged. */
  read<Kind extends MessageKind>(kind: Kind, bytes: Uint8Array): ReceivedOf<Kind> {
    const message = decodeMessage(this.#envelopes.open(bytes))
    if (message.kind !== kind) throw new WeftError('DAMAGED_STORE', `the store has a ${message.kind} where a ${kind} belongs`)
    return message as ReceivedOf<Kind>
  }
}
