import { SignatureError, WireError } from '@weft/protocols'
import type { Clock } from '@weft/protocols/ports'
import { CLOCK_SKEW_MS, capacityExpiryMs, capacityKey, decodeMessage, type Envelopes } from '@weft/protocols/wire'
import type { RecordStamp } from '../network/index.ts'

/** The check of every DHT record that this peer stores or believes: a capacity, signed by the peer that its key names, in date. */
export function recordCheck(envelopes: Envelopes, clock: Clock): (key: string, bytes: Uint8Array) => RecordStamp {
  return (key, bytes) => {
    const message = decodeMessage(envelopes.open(bytes))
    if (message.kind !== 'capacity') throw new WireError('BAD_RECORD', `a ${message.kind} has no place in the directory`)
    if (key !== capacityKey(message.from))
      throw new SignatureError('WRONG_SIGNER', 'a capacity stands under the key of another peer')
    const { seq, issuedAtMs } = message.value
    const expiresAtMs = capacityExpiryMs(message.value)
    const now = clock.wallMs()
    if (expiresAtMs < now - CLOCK_SKEW_MS) throw new WireError('EXPIRED', 'a capacity has expired')
    if (issuedAtMs > now + CLOCK_SKEW_MS) throw new WireError('FROM_THE_FUTURE', 'a capacity is dated in the future')
    return { seq, expiresAtMs }
  }
}
