import protobuf from 'protobufjs/minimal.js'
import { WeftError, WireError } from '../errors.ts'
import { refuseUnknownFields } from './fields.ts'

/** One kind of signed message: its payload type, its limit, and how it becomes bytes and back. */
export interface Codec<T> {
  /** Payload type of the envelope: `/weft/<name>/<version>`. */
  readonly type: string
  readonly bytesMax: number
  encode(value: T): Uint8Array
  /** Throws WireError on anything but a well-formed message within the limits. */
  decode(payload: Uint8Array): T
}

interface Generated<Properties, Message> {
  encode(message: Properties): protobuf.Writer
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
  return {
    type,
    bytesMax,
    encode(value) {
      // A plain copy: protobufjs writes into a pooled Buffer on Node.
      const payload = new Uint8Array(generated.encode(toWire(value)).finish())
      if (payload.length > bytesMax)
        throw new WireError('TOO_LONG', `${type} takes ${payload.length} bytes, more than ${bytesMax}`)
      return payload
    },
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

/** Decodes whole bytes, keeping unknown fields in sight so that they can be refused. */
export function decodeStrictly<Message extends object>(
  generated: { decode(reader: protobuf.Reader): Message },
  bytes: Uint8Array,
): Message {
  const reader = protobuf.Reader.create(bytes)
  reader.discardUnknown = false
  const message = generated.decode(reader)
  refuseUnknownFields(message)
  return message
}
