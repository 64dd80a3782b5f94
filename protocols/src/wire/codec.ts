import protobuf from 'protobufjs/minimal.js'
import { WeftError, WireError } from '../errors.ts'
import { utf8 } from './bytes.ts'
import { refuseUnknownFields } from './fields.ts'
import { ByteWriter } from './writer.ts'

/** One kind of signed message: its payload type, its limit, and how it becomes bytes and back. */
export interface Codec<T> {
  /** Payload type of the envelope: `/weft/<name>/<version>`. */
  readonly type: string
  /** The same as bytes: not to be changed. */
  readonly typeBytes: Uint8Array
  readonly bytesMax: number
  encode(value: T): Uint8Array
  /** The same as a view of memory that the next call writes over, for whoever only copies it into something larger. */
  encodeBriefly(value: T): Uint8Array
  /** Throws WireError on anything but a well-formed message within the limits. */
  decode(payload: Uint8Array): T
}

interface Encodes<Properties> {
  encode(message: Properties, writer: protobuf.Writer): protobuf.Writer
}

interface Generated<Properties, Message> extends Encodes<Properties> {
  decode(reader: protobuf.Reader): Message
}

/** Builds a codec from protobufjs's generated class and two conversions between its properties and our checked type. */
export function codec<T, Properties, Message extends object>(
  type: string,
  bytesMax: number,
  generated: Generated<Properties, Message>,
  toWire: (value: T) => Properties,
  fromWire: (message: Message) => T,
): Codec<T> {
  const encodeBriefly = (value: T): Uint8Array => {
    const message = toWire(value)
    payloads.reset()
    generated.encode(message, payloads as unknown as protobuf.Writer)
    const payload = payloads.view()
    if (payload.length > bytesMax) throw new WireError('TOO_LONG', `${type} takes ${payload.length} bytes, more than ${bytesMax}`)
    return payload
  }
  return {
    type,
    typeBytes: utf8(type),
    bytesMax,
    encode: (value) => encodeBriefly(value).slice(),
    encodeBriefly,
    decode(payload) {
      if (payload.length > bytesMax) throw new WireError('TOO_LONG', `${type} of ${payload.length} bytes, more than ${bytesMax}`)
      try {
        return fromWire(decodeStrictly(generated, payload))
      } catch (cause) {
        if (cause instanceof WeftError) throw cause
        throw new WireError('MALFORMED', `${type} cannot be decoded`, { cause })
      }
    },
  }
}

const writer = new ByteWriter()
/** Of payloads, which are copied into envelopes that the other writes. */
const payloads = new ByteWriter()

/** The message as bytes of its own. */
export function encodeWith<Properties>(generated: Encodes<Properties>, message: Properties): Uint8Array {
  writer.reset()
  // Generated code calls nothing of its writer that ours does not have: the golden vectors and every codec's tests go through it.
  generated.encode(message, writer as unknown as protobuf.Writer)
  return writer.finish()
}

/** Decodes whole bytes, keeping unknown fields in sight so that they can be refused. */
export function decodeStrictly<Message extends object>(
  generated: { decode(reader: protobuf.Reader): Message },
  bytes: Uint8Array,
): Message {
  const reader = new StrictReader(bytes)
  const message = generated.decode(reader)
  if (reader.skipped) refuseUnknownFields(message)
  return message
}

/** Keeps unknown fields, and says whether there were any: hardly a message has one, and looking for them costs as much as decoding. */
class StrictReader extends protobuf.Reader {
  skipped = false

  constructor(bytes: Uint8Array) {
    super(bytes)
    this.discardUnknown = false
  }

  override skipType(wireType: number, depth?: number, field?: number): protobuf.Reader {
    this.skipped = true
    return super.skipType(wireType, depth, field)
  }
}
