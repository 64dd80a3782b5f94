import { type LeaseId, leaseId, type PeerId, WireError } from '@weft/protocols'
import { weft } from '@weft/protocols/wire'
import type { Channel, ChannelHost } from '../network/index.ts'
import type { OpenOutput } from './follower.ts'

const LEASE_ID_BYTES = 32
const REQUEST_BYTES_MAX = 64
/** Nobody opens a channel and then thinks about it. */
const REQUEST_MS_MAX = 5_000

export const outputProtocol = (network: string): string => `/weft/${network}/output/1.0.0`

export interface OutputServerInit {
  network: string
  channels: Pick<ChannelHost, 'handle'>
  /** Who rented the lease; undefined: no such lease here. */
  renterOf(leaseId: LeaseId): PeerId | undefined
  /** The lease's spool as it grows; it ends when the spool is closed. */
  read(leaseId: LeaseId, offset: number, signal: AbortSignal): Promise<AsyncIterable<Uint8Array> | undefined>
}

/** The provider's side: hands a lease's output to its renter and to nobody else. */
export function serveOutput({ network, channels, renterOf, read }: OutputServerInit): void {
  channels.handle(outputProtocol(network), async (channel) => {
    const { leaseId: lease, offset } = decodeRequest(await firstOf(channel))
    // One answer for both: whether a lease is here is its renter's business.
    if (renterOf(lease) !== channel.peer) throw new WireError('NO_SUCH_LEASE', 'you have no such lease here')
    const gone = new AbortController()
    void channel.closed.then(() => gone.abort())
    const spool = await read(lease, offset, gone.signal)
    if (spool === undefined) return
    for await (const bytes of spool) await channel.send(bytes, { signal: gone.signal })
    await channel.end()
  })
}

/** The renter's side. */
export function openOutput(network: string, channels: Pick<ChannelHost, 'open'>): OpenOutput {
  return async function* (from, lease, offset, signal) {
    const channel = await channels.open(from, outputProtocol(network), { signal })
    const stop = (): void => channel.reset('the renter stopped following')
    signal.addEventListener('abort', stop)
    try {
      await channel.send(encodeRequest(lease, offset), { signal })
      await channel.end()
      yield* channel.source
    } finally {
      signal.removeEventListener('abort', stop)
      channel.reset('the renter stopped following')
    }
  }
}

type Long = NonNullable<weft.OutputRequest.$Properties['offset']>
const TWO_32 = 2 ** 32

export const encodeRequest = (lease: LeaseId, offset: number): Uint8Array => {
  // protobufjs reads the two halves and needs no more of a Long.
  const halves = { low: (offset % TWO_32) | 0, high: Math.floor(offset / TWO_32), unsigned: true } as Long
  return weft.OutputRequest.encode({ leaseId: Buffer.from(lease, 'hex'), offset: halves }).finish()
}

/** Throws WireError on anything but a request for a lease from a possible offset. */
export function decodeRequest(bytes: Uint8Array): { leaseId: LeaseId; offset: number } {
  if (bytes.length > REQUEST_BYTES_MAX) throw new WireError('TOO_LARGE', 'an output request is too large')
  let request: weft.OutputRequest
  try {
    request = weft.OutputRequest.decode(bytes)
  } catch (cause) {
    throw new WireError('MALFORMED', 'this is no output request', { cause })
  }
  const offset = (request.offset.high >>> 0) * TWO_32 + (request.offset.low >>> 0)
  if (request.leaseId.length !== LEASE_ID_BYTES || !Number.isSafeInteger(offset) || offset < 0) {
    throw new WireError('MALFORMED', 'an output request names no lease or no offset')
  }
  return { leaseId: leaseId(Buffer.from(request.leaseId).toString('hex')), offset }
}

async function firstOf(channel: Channel): Promise<Uint8Array> {
  const timer = setTimeout(() => channel.reset('no request came'), REQUEST_MS_MAX)
  try {
    for await (const bytes of channel.source) return bytes
    throw new WireError('MALFORMED', 'an output channel without a request')
  } finally {
    clearTimeout(timer)
  }
}
