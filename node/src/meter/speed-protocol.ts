import { randomBytes } from 'node:crypto'
import { MIB, type PeerId, WireError } from '@weft/protocols'
import type { ChannelHost } from '../network/index.ts'

/** Each way. */
const BYTES = 8 * MIB
const PIECE_BYTES = 64 * 1024
/** What one peer may have measured in an hour, and all of them. */
const TIMES_PER_PEER = 8
const TIMES_IN_ALL = 64
const HOUR_MS = 3_600_000
const TIMEOUT_MS = 60_000

export const speedProtocol = (network: string): string => `/weft/${network}/speed/1.0.0`

export interface SpeedServerInit {
  network: string
  channels: Pick<ChannelHost, 'handle'>
  /** Something is leased: its renter's traffic comes first. */
  isBusy(): boolean
  /** @default performance.now */
  monoMs?: () => number
}

/** Lets others measure the path to this peer: takes 8 MiB, then gives 8 MiB, over a direct connection. */
export function serveSpeed({ network, channels, isBusy, monoMs = () => performance.now() }: SpeedServerInit): void {
  const times = new Map<PeerId, number>()
  let sinceMono = Number.NEGATIVE_INFINITY
  channels.handle(speedProtocol(network), async (channel) => {
    if (monoMs() - sinceMono >= HOUR_MS) {
      sinceMono = monoMs()
      times.clear()
    }
    const all = [...times.values()].reduce((sum, count) => sum + count, 0)
    const own = times.get(channel.peer) ?? 0
    if (isBusy() || own >= TIMES_PER_PEER || all >= TIMES_IN_ALL) throw new WireError('OVERLOADED', 'not now')
    times.set(channel.peer, own + 1)
    const timer = setTimeout(() => channel.reset('it took too long'), TIMEOUT_MS)
    try {
      let taken = 0
      for await (const bytes of channel.source) {
        taken += bytes.length
        if (taken > BYTES) throw new WireError('TOO_LARGE', `more than ${BYTES} bytes to measure a path`)
      }
      await give(channel)
    } finally {
      clearTimeout(timer)
    }
  })
}

export interface Speed {
  toMiBs: number
  fromMiBs: number
}

/** What a path takes to `peer` and brings from there, MiB/s, its delay included. Rejects where only a relay leads there, or it is refused. */
export async function measureSpeed(network: string, channels: Pick<ChannelHost, 'open'>, peer: PeerId): Promise<Speed> {
  const channel = await channels.open(peer, speedProtocol(network))
  const timer = setTimeout(() => channel.reset('it took too long'), TIMEOUT_MS)
  try {
    const begunMs = performance.now()
    await give(channel)
    let arrivedMs: number | undefined
    let taken = 0
    for await (const bytes of channel.source) {
      // The other side gives once it has taken all.
      arrivedMs ??= performance.now()
      taken += bytes.length
    }
    if (arrivedMs === undefined || taken !== BYTES) throw new WireError('MALFORMED', `${taken} bytes came instead of ${BYTES}`)
    const perSecond = (ms: number): number => BYTES / MIB / (Math.max(1, ms) / 1000)
    return { toMiBs: perSecond(arrivedMs - begunMs), fromMiBs: perSecond(performance.now() - arrivedMs) }
  } finally {
    clearTimeout(timer)
    channel.reset('measured')
  }
}

async function give(channel: Awaited<ReturnType<ChannelHost['open']>>): Promise<void> {
  const piece = randomBytes(PIECE_BYTES)
  for (let given = 0; given < BYTES; given += piece.length) await channel.send(piece)
  await channel.end()
}
