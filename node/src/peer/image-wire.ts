/** Messages of the image protocol: one a channel item, since they are far below what the channel layer would cut. */
import { type LeaseId, leaseId, WireError } from '@weft/protocols'
import { weft } from '@weft/protocols/wire'
import type { SavedImage } from '../executor/index.ts'

const LEASE_ID_BYTES = 32
const CID_BYTES_MAX = 64
const MESSAGE_BYTES_MAX = 128

export type ImagePhase = 'saving' | 'ready' | 'unavailable'
const PHASES: Record<ImagePhase, weft.ImagePhase> = {
  saving: weft.ImagePhase.IMAGE_SAVING,
  ready: weft.ImagePhase.IMAGE_READY,
  unavailable: weft.ImagePhase.IMAGE_UNAVAILABLE,
}
type Long = NonNullable<weft.ImageAnswer.$Properties['bytes']>
const TWO_32 = 2 ** 32

export const encodeImageRequest = (lease: LeaseId): Uint8Array =>
  weft.ImageRequest.encode({ leaseId: Buffer.from(lease, 'hex') }).finish()

/** Throws WireError on anything but a request that names a lease. */
export function decodeImageRequest(bytes: Uint8Array): LeaseId {
  const { leaseId: lease } = decoding(bytes, () => weft.ImageRequest.decode(bytes))
  if (lease.length !== LEASE_ID_BYTES) throw new WireError('MALFORMED', 'an image request names no lease')
  return leaseId(Buffer.from(lease).toString('hex'))
}

const NO_IMAGE: SavedImage = { cid: new Uint8Array(0), bytes: 0 }

export function encodeImageAnswer(phase: ImagePhase, { cid, bytes }: SavedImage = NO_IMAGE): Uint8Array {
  // protobufjs reads the two halves and needs no more of a Long.
  const halves = { low: (bytes % TWO_32) | 0, high: Math.floor(bytes / TWO_32), unsigned: true } as Long
  return weft.ImageAnswer.encode({ phase: PHASES[phase], cid, bytes: halves }).finish()
}

/** Throws WireError on anything but a phase, with a CID where it is `ready`. */
export function decodeImageAnswer(bytes: Uint8Array): { phase: ImagePhase; image: SavedImage } {
  const answer = decoding(bytes, () => weft.ImageAnswer.decode(bytes))
  const phase = (['saving', 'ready', 'unavailable'] as const).find((name) => PHASES[name] === answer.phase)
  const length = (answer.bytes.high >>> 0) * TWO_32 + (answer.bytes.low >>> 0)
  const named = phase !== 'ready' || (answer.cid.length > 0 && answer.cid.length <= CID_BYTES_MAX)
  if (phase === undefined || !named || !Number.isSafeInteger(length)) {
    throw new WireError('MALFORMED', 'an answer about an image says nothing that is known here')
  }
  return { phase, image: { cid: Uint8Array.from(answer.cid), bytes: length } }
}

function decoding<T>(bytes: Uint8Array, decode: () => T): T {
  if (bytes.length > MESSAGE_BYTES_MAX) throw new WireError('TOO_LARGE', 'a message about an image is too large')
  try {
    return decode()
  } catch (cause) {
    throw new WireError('MALFORMED', 'this is no message about an image', { cause })
  }
}
