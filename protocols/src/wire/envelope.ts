import { SignatureError, WireError } from '../errors.ts'
import type { Signer } from '../ports/signer.ts'
import { type MessageId, messageId, type PeerId } from '../units.ts'
import { equalBytes, fromUtf8, lengthPrefixed, toHex, utf8 } from './bytes.ts'
import { type Codec, decodeStrictly, encodeWith } from './codec.ts'
import { weft } from './generated/messages.js'
import { CONTROL_BYTES_MAX } from './limits.ts'
import { keyFromProtobuf, keyProtobuf, peerIdOf } from './peer-id.ts'
import { verifySignature } from './signature-rule.ts'

/** A message sealed for sending: the very bytes that were signed, and the id that names them. */
export interface Sealed {
  id: MessageId
  bytes: Uint8Array
}

/** A message whose signature holds; `payload` is not yet decoded. */
export interface Opened {
  id: MessageId
  from: PeerId
  type: string
  payload: Uint8Array
  /** The envelope as it came: what is stored and shown to auditors. */
  bytes: Uint8Array
}

/**
 * Seals and opens envelopes of one network. The signature covers libp2p's envelope layout with domain `weft/<network>`,
 * so nothing signed for one network or type counts in another. An id is SHA-256 over network, type, signer and payload.
 */
export class Envelopes {
  readonly #domain: Uint8Array
  readonly #signer: Pick<Signer, 'verify' | 'sha256'>
  /** Whom keys belong to, by their first bits: most messages are from somebody who was heard before. */
  readonly #ids: { key: Uint8Array; id: PeerId }[] = []

  constructor(network: string, signer: Pick<Signer, 'verify' | 'sha256'>) {
    this.#domain = lengthPrefixed(utf8(`weft/${network}`))
    this.#signer = signer
  }

  seal<T>(codec: Codec<T>, value: T, signer: Signer): Sealed {
    const payload = codec.encode(value)
    const payloadType = codec.typeBytes
    const publicKey = keyProtobuf(signer.publicKey)
    const { named, signed } = this.#hashed(payloadType, payload, publicKey)
    const envelope = { publicKey, payloadType, payload, signature: signer.sign(signed) }
    return { id: this.#id(named), bytes: encodeWith(weft.Envelope, envelope) }
  }

  /** Throws WireError on bytes that are no envelope, SignatureError on one whose signature does not hold. */
  open(bytes: Uint8Array): Opened {
    if (bytes.length > CONTROL_BYTES_MAX) throw new WireError('TOO_LONG', `an envelope of ${bytes.length} bytes`)
    const envelope = decodeEnvelope(bytes)
    const publicKey = keyFromProtobuf(envelope.publicKey)
    const type = fromUtf8(envelope.payloadType)
    const { named, signed } = this.#hashed(envelope.payloadType, envelope.payload, envelope.publicKey)
    if (!verifySignature(this.#signer, publicKey, signed, envelope.signature)) {
      throw new SignatureError('BAD_SIGNATURE', `the signature of a ${type.slice(0, 40)} does not hold on this network`)
    }
    return {
      id: this.#id(named),
      from: this.#peerId(publicKey),
      type,
      payload: envelope.payload,
      bytes,
    }
  }

  /** Decodes an opened message as the type that `codec` stands for; throws WireError if it is another. */
  static decode<T>(opened: Opened, codec: Codec<T>): T {
    if (opened.type !== codec.type)
      throw new WireError('WRONG_TYPE', `a ${opened.type.slice(0, 40)} where a ${codec.type} belongs`)
    return codec.decode(opened.payload)
  }

  /**
   * The bytes that an id names, and those of them that are signed: all but the key, which stands last. Both are views of memory
   * that the next call writes over: a signer keeps hold of nothing.
   */
  #hashed(type: Uint8Array, payload: Uint8Array, publicKey: Uint8Array): { named: Uint8Array; signed: Uint8Array } {
    const domain = this.#domain
    const lengthMax = domain.length + type.length + payload.length + publicKey.length + 3 * VARINT_BYTES_MAX
    if (scratch.length < lengthMax) scratch = new Uint8Array(2 * lengthMax)
    scratch.set(domain)
    const signedLength = writePrefixed(payload, writePrefixed(type, domain.length))
    const length = writePrefixed(publicKey, signedLength)
    return { named: scratch.subarray(0, length), signed: scratch.subarray(0, signedLength) }
  }

  #peerId(publicKey: Uint8Array): PeerId {
    const at = (((publicKey[0] as number) << 8) | (publicKey[1] as number)) & (IDS_MAX - 1)
    const known = this.#ids[at]
    if (known !== undefined && equalBytes(known.key, publicKey)) return known.id
    const id = peerIdOf(publicKey)
    this.#ids[at] = { key: new Uint8Array(publicKey), id }
    return id
  }

  #id(named: Uint8Array): MessageId {
    return messageId(toHex(this.#signer.sha256(named)))
  }
}

/** Peer ids remembered; a power of two. */
const IDS_MAX = 4_096
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
  try {
    return decodeStrictly(weft.Envelope, bytes)
  } catch (cause) {
    throw new WireError('MALFORMED', 'these bytes are no envelope', { cause })
  }
}
