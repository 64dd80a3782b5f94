import type { PeerId } from '@weft/protocols'
import type { ChannelEvents, Channels, Signer } from '@weft/protocols/ports'
import { CODECS, type MessageKind, type MessageOpener, type Messages, type Received } from '@weft/protocols/wire'

/** What a liar does to the direct messages of its host. The host itself is honest and knows nothing of it. */
export interface Lie {
  /** What is sent in place of a message; nothing: it is not sent. */
  outgoing(message: Received, to: PeerId): readonly Letter[]
  /** What the host is told in place of a message. */
  incoming(message: Received): Uint8Array | undefined
}

export interface Letter {
  to: PeerId
  bytes: Uint8Array
}

/** Seals messages in the name of any peer: in the simulator everybody could forge, and only liars do. */
export class Forger {
  readonly #opener: MessageOpener
  readonly #signerOf: (peer: PeerId) => Signer | undefined

  constructor(opener: MessageOpener, signerOf: (peer: PeerId) => Signer | undefined) {
    this.#opener = opener
    this.#signerOf = signerOf
  }

  seal<Kind extends MessageKind>(kind: Kind, value: Messages[Kind], as: PeerId): { id: string; bytes: Uint8Array } {
    const signer = this.#signerOf(as)
    if (signer === undefined) throw new RangeError(`nobody signs for ${as}, who is no peer of this world`)
    return this.#opener.envelopes.seal(CODECS[kind], value, signer)
  }
}

/** The channels of a host whose direct messages pass through a lie. */
export function lyingChannels(inner: Channels, opener: MessageOpener, lie: Lie): Channels {
  return {
    listen: (events) => inner.listen(lyingEvents(events, opener, lie)),
    send: async (to, bytes, options) => {
      const message = opener.open(bytes)
      const letters = message instanceof Error ? [{ to, bytes }] : lie.outgoing(message, to)
      for (const letter of letters) await inner.send(letter.to, letter.bytes, options)
    },
    disconnect: (peer, reason) => inner.disconnect(peer, reason),
  }
}

function lyingEvents(events: ChannelEvents, opener: MessageOpener, lie: Lie): ChannelEvents {
  return {
    message: (from, bytes) => {
      const message = opener.open(bytes)
      const told = message instanceof Error ? bytes : lie.incoming(message)
      if (told !== undefined) events.message(from, told)
    },
    connected: (peer) => events.connected(peer),
    disconnected: (peer) => events.disconnected(peer),
  }
}
