/**
 * The image protocol: a provider asks the renter of its lease for the archive of the lease's image, and the renter, which
 * saves it only now, says every few seconds that it is still at it. The archive itself travels by the content protocol; so
 * this one is bulk too: where content has no path, saving would be for nothing.
 */

import { setTimeout as sleep } from 'node:timers/promises'
import { codeOf, type LeaseId, messageOf, type PeerId, UnreachableError, WeftError, WireError } from '@weft/protocols'
import { within } from '../content/deadline.ts'
import type { AskForImage, SavedImage } from '../executor/index.ts'
import type { Channel, ChannelHost, Logger } from '../network/index.ts'
import { decodeImageAnswer, decodeImageRequest, encodeImageAnswer, encodeImageRequest } from './image-wire.ts'

/** Nobody opens a channel and then thinks about it. */
const REQUEST_MS_MAX = 5_000
const KEEP_ALIVE_MS = 5_000
const SILENT_MS = 60_000
/** Tens of gigabytes are saved in less; whoever takes longer keeps a provider's machine from others, unpaid. */
export const SAVE_MS_MAX = 30 * 60_000
/** Attempts in a row that bring no word. */
const ATTEMPTS_MAX = 4
const RETRY_MS = 500
const PASSING = ['CHANNEL_RESET', 'CHANNEL_ENDED']

export const imageProtocol = (network: string): string => `/weft/${network}/image/1.0.0`

export interface ImageServerInit {
  network: string
  channels: Pick<ChannelHost, 'handle'>
  /**
   * Saves the image of a lease and shares it with the lease's provider. `onBytes`: saved so far. Rejects with NO_SUCH_LEASE
   * where `provider` has no such lease, and with anything else where the image cannot be saved.
   */
  give(lease: LeaseId, provider: PeerId, onBytes: (bytes: number) => void): Promise<SavedImage>
  log: Pick<Logger, 'warn'>
  /** @default 5 s */
  keepAliveMs?: number
}

/** The renter's side. */
export function serveImages({ network, channels, give, log, keepAliveMs = KEEP_ALIVE_MS }: ImageServerInit): void {
  channels.handle(imageProtocol(network), async (channel) => {
    const lease = decodeImageRequest(await requestOf(channel))
    let saved = 0
    const giving = give(lease, channel.peer, (bytes) => {
      saved = bytes
    }).catch((error: unknown) => {
      // Whether the lease is here is its provider's business; that the image cannot be had is news for it.
      if (codeOf(error) === 'NO_SUCH_LEASE') throw error
      log.warn({ leaseId: lease, code: codeOf(error) }, `a provider asks for an image that cannot be saved: ${messageOf(error)}`)
      return undefined
    })
    const image = await whileSaving(giving, channel, { keepAliveMs, saved: () => saved })
    await channel.send(image === undefined ? encodeImageAnswer('unavailable') : encodeImageAnswer('ready', image))
    await channel.end()
  })
}

/** Passes the result on, sending a word every `keepAliveMs` until then. A provider that went away ends that, not the saving. */
async function whileSaving<T>(
  giving: Promise<T>,
  channel: Channel,
  { keepAliveMs, saved }: { keepAliveMs: number; saved(): number },
): Promise<T> {
  const gone = new AbortController()
  void channel.closed.then(() => gone.abort(new WeftError('CHANNEL_ENDED', 'the provider no longer waits')))
  const given = giving.then((image) => ({ image }))
  given.catch(() => undefined)
  for (;;) {
    const timer = new AbortController()
    const tick = sleep(keepAliveMs, undefined, { signal: timer.signal }).catch(() => undefined)
    try {
      const result = await within(Promise.race([given, tick]), { signal: gone.signal })
      if (result !== undefined) return result.image
    } finally {
      timer.abort()
    }
    await channel.send(encodeImageAnswer('saving', { cid: new Uint8Array(0), bytes: saved() }), { signal: gone.signal })
  }
}

export interface ImageClientInit {
  network: string
  channels: Pick<ChannelHost, 'open'>
  /** How long the renter may say nothing. @default 60 s */
  silentMs?: number
  /** Before the second attempt; it doubles. @default 500 */
  retryMs?: number
}

/**
 * The provider's side: resolves when the renter has the archive. Rejects with NO_IMAGE where the renter cannot save it, STALLED
 * where it falls silent or takes longer than half an hour, UNREACHABLE, NO_PATH, CHANNEL_RESET.
 */
export function askForImage({ network, channels, silentMs = SILENT_MS, retryMs = RETRY_MS }: ImageClientInit): AskForImage {
  return async ({ leaseId: lease, renter, renterAddresses }, { signal }) => {
    const limit = AbortSignal.timeout(SAVE_MS_MAX)
    const until = AbortSignal.any([signal, limit])
    try {
      for (let failures = 0; ; ) {
        const words = { heard: 0 }
        try {
          const channel = await channels.open(renter, imageProtocol(network), { signal: until, addresses: renterAddresses })
          return await ask(channel, lease, { silentMs, signal: until, words })
        } catch (error) {
          failures = words.heard > 0 ? 1 : failures + 1
          if (!isPassing(error) || failures >= ATTEMPTS_MAX) throw error
          await sleep(retryMs * 2 ** (failures - 1), undefined, { signal: until })
        }
      }
    } catch (error) {
      signal.throwIfAborted()
      if (limit.aborted) throw new WeftError('STALLED', 'the renter has been saving the image for too long', { cause: error })
      throw error
    }
  }
}

async function ask(
  channel: Channel,
  lease: LeaseId,
  { silentMs, signal, words }: { silentMs: number; signal: AbortSignal; words: { heard: number } },
): Promise<SavedImage> {
  const answers = channel.source[Symbol.asyncIterator]()
  try {
    await channel.send(encodeImageRequest(lease), { signal })
    await channel.end()
    for (;;) {
      const { done, value } = await within(answers.next(), { ms: silentMs, signal })
      if (done === true) throw new WeftError('CHANNEL_ENDED', 'the renter ended without an answer')
      const { phase, image } = decodeImageAnswer(value)
      if (phase === 'ready') return image
      if (phase === 'unavailable') throw new WeftError('NO_IMAGE', 'the renter cannot save the image; its log says why')
      words.heard += 1
    }
  } finally {
    channel.reset('the provider has its answer')
  }
}

const isPassing = (error: unknown): boolean => error instanceof UnreachableError || PASSING.includes(codeOf(error))

async function requestOf(channel: Channel): Promise<Uint8Array> {
  const first = await within(channel.source[Symbol.asyncIterator]().next(), { ms: REQUEST_MS_MAX, signal: undefined })
  if (first.done === true) throw new WireError('MALFORMED', 'an image channel without a request')
  return first.value
}
