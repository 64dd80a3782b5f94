import { SignatureError, WireError } from '../errors.ts'
import type { Signer } from '../ports/signer.ts'
import { type MessageId, messageId, type PeerId } from '../units.ts'
import { fromUtf8, lengthPrefixed, toHex, utf8 } from './bytes.ts'
import { type Codec, decodeStrictly, encodeWith } from './codec.ts'
import { weft } from './generated/messages.js'
import { CONTROL_BYTES_MAX } from './limits.ts'
import { keyFromProtobuf, keyProtobuf } from './peer-id.ts'
import { type PeerIds, RecentPeerIds } from './peer-ids.ts'
import { verifySignature } from './signature-rule.ts'

/** A message sealed for sending: the very bytes that were signed, and the id that names them. */
export interface Sealed {
  readonly id: MessageId
  readonly bytes: Uint8Array
}

/** A message whose signature holds; `payload` is not yet decoded. */
export interface Opened {
  readonly id: MessageId
  readonly from: PeerId
  readonly type: string
  readonly payload: Uint8Array
  /** The envelope as it came: what is stored and shown to auditors. */
  readonly bytes: Uint8Array
}

/** An id that is worked out when somebody asks for it: nobody ever does of most messages that are announced. */
class Named {
  readonly bytes: Uint8Array
  readonly #idOf: (bytes: Uint8Array) => MessageId
  #id: MessageId | undefined

  constructor(bytes: Uint8Array, idOf: (bytes: Uint8Array) => MessageId) {
    this.bytes = bytes
    this.#idOf = idOf
  }

  get id(): MessageId {
    this.#id ??= this.#idOf(this.bytes)
    return this.#id
  }
}

class OpenedEnvelope extends Named implements Opened {
  readonly from: PeerId
  readonly type: string
  readonly payload: Uint8Array

  constructor(bytes: Uint8Array, idOf: (bytes: Uint8Array) => MessageId, from: PeerId, type: string, payload: Uint8Array) {
    super(bytes, idOf)
    this.from = from
    this.type = type
    this.payload = payload
  }
}

/**
 * Seals and opens envelopes of one network. The signature covers libp2p's envelope layout with domain `weft/<network>`,
 * so nothing signed for one network or type counts in another. An id is SHA-256 over network, type, signer and payload.
 */
export class Envelopes {
  readonly #domain: Uint8Array
  readonly #signer: Pick<Signer, 'verify' | 'sha256'>
  readonly #ids: PeerIds
  readonly #idOf = (bytes: Uint8Array): MessageId => this.#id(bytes)

  /** `ids`: whom keys belong to. @default made of the key, and remembered for a while */
  constructor(network: string, signer: Pick<Signer, 'verify' | 'sha256'>, ids: PeerIds = new RecentPeerIds()) {
    this.#domain = lengthPrefixed(utf8(`weft/${network}`))
    this.#signer = signer
    this.#ids = ids
  }

  seal<T>(codec: Codec<T>, value: T, signer: Signer): Sealed {
    const payload = codec.encodeBriefly(value)
    const payloadType = codec.typeBytes
    const publicKey = keyProtobuf(signer.publicKey)
    const signed = this.#signed(payloadType, payload)
    const envelope = { publicKey, payloadType, payload, signature: signer.sign(signed) }
    return new Named(encodeWith(weft.Envelope, envelope), this.#idOf)
  }

  /** Throws WireError on bytes that are no envelope, SignatureError on one whose signature does not hold. */
  open(bytes: Uint8Array): Opened {
    const envelope = decodeEnvelope(bytes)
    const signed = this.#signed(envelope.payloadType, envelope.payload)
    const publicKey = keyFromProtobuf(envelope.publicKey)
    if (!verifySignature(this.#signer, publicKey, signed, envelope.signature)) {
      const type = fromUtf8(envelope.payloadType).slice(0, 40)
      throw new SignatureError('BAD_SIGNATURE', `the signature of a ${type} does not hold on this network`)
    }
    return this.#opened(bytes, envelope, publicKey)
  }

  /** What an envelope says, whoever wrote it: for an auditor that then verifies the few that count. Throws WireError. */
  openUnverified(bytes: Uint8Array): Opened {
    const envelope = decodeEnvelope(bytes)
    return this.#opened(bytes, envelope, keyFromProtobuf(envelope.publicKey))
  }

  /** Decodes an opened message as the type that `codec` stands for; throws WireError if it is another. */
  static decode<T>(opened: Opened, codec: Codec<T>): T {
    if (opened.type !== codec.type)
      throw new WireError('WRONG_TYPE', `a ${opened.type.slice(0, 40)} where a ${codec.type} belongs`)
    return codec.decode(opened.payload)
  }

  /** The bytes that are signed: a view of memory that the next call writes over, so a signer keeps hold of nothing. */
  #signed(type: Uint8Array, payload: Uint8Array): Uint8Array {
    const length = this.#writeSigned(type, payload, 0)
    return scratch.subarray(0, length)
  }

  /** The bytes that an id names: those that are signed and then the key. A view as above. */
  #named(type: Uint8Array, payload: Uint8Array, publicKey: Uint8Array): Uint8Array {
    const signedLength = this.#writeSigned(type, payload, publicKey.length + VARINT_BYTES_MAX)
    return scratch.subarray(0, writePrefixed(publicKey, signedLength))
  }

  /** Into `scratch`, with room for so much more; returns where they end. */
  #writeSigned(type: Uint8Array, payload: Uint8Array, room: number): number {
    const domain = this.#domain
    const lengthMax = domain.length + type.length + payload.length + 2 * VARINT_BYTES_MAX + room
    if (scratch.length < lengthMax) scratch = new Uint8Array(2 * lengthMax)
    scratch.set(domain)
    return writePrefixed(payload, writePrefixed(type, domain.length))
  }

  #opened(bytes: Uint8Array, { payloadType, payload }: weft.Envelope, publicKey: Uint8Array): Opened {
    return new OpenedEnvelope(bytes, this.#idOf, this.#ids.of(publicKey), fromUtf8(payloadType), payload)
  }

  #id(bytes: Uint8Array): MessageId {
    const { payloadType, payload, publicKey } = decodeEnvelope(bytes)
    return messageId(toHex(this.#signer.sha256(this.#named(payloadType, payload, publicKey))))
  }
}

const VARINT_BYTES_MAX = 5
/** At most twice what the longest envelope takes. */
let scratch = new Uint8Array(4_096)

/** Writes `part` at `from`, its length before it as an unsigned varint; returns where it ends. */
function writePrefixed(part: Uint8Array, from: number): number {
  let at = from
  let rest = part.length
  while (rest > 127) {
    scratch[at++] = (rest & 127) | 128
    rest >>>= 7
  }
  scratch[at++] = rest
  scratch.set(part, at)
  return at + part.length
}

function decodeEnvelope(bytes: Uint8Array): weft.Envelope {
  if (bytes.length > CONTROL_BYTES_MAX) throw new WireError('TOO_LONG', `an envelope of ${bytes.length} bytes`)
  try {
    return decodeStrictly(weft.Envelope, bytes)
  } catch (cause) {
    throw new WireError('MALFORMED', 'these bytes are no envelope', { cause })
  }
}
