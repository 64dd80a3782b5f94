import type { Libp2p, PeerId } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { messageOf } from '@weft/protocols'
import type { Bans } from './bans.ts'
import type { Logger } from './init.ts'

const ROUND_MS_MIN = 500
const ROUND_MS_MAX = 30_000
const DIAL_TIMEOUT_MS = 5_000
const DISCOVER_TIMEOUT_MS = 5_000
const PARALLEL_DIALS = 4
/** A peer that did not answer is left alone for this long, doubled each time up to the longest. */
const BACKOFF_MS_MIN = 1_000
const BACKOFF_MS_MAX = 5 * 60_000
const BACKOFFS_MAX = 1024

export interface KeeperInit {
  /** Multiaddrs ending in `/p2p/<peer id>`. */
  bootstrap: readonly string[]
  /** Neighbours to keep up. */
  target: number
  /** Asks the mesh for more peers; what it learns ends up in the peer book. */
  discover(signal: AbortSignal): Promise<void>
  bans: Bans
  log: Logger
  /** Monotonic ms. */
  monoMs(): number
}

/**
 * Keeps enough connections open; libp2p itself only remembers addresses. Candidates are the bootstrap list and the peer
 * book, which survives restarts and is fed by the DHT, mDNS and whoever connected, so that no one source is needed.
 */
export class Keeper {
  readonly #libp2p: Libp2p
  readonly #init: KeeperInit
  readonly #bootstrap: PeerId[] = []
  readonly #backoffs = new Map<string, { untilMs: number; ms: number }>()
  readonly #stopping = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #roundMs = ROUND_MS_MIN
  #running: Promise<void> | undefined

  constructor(libp2p: Libp2p, init: KeeperInit) {
    this.#libp2p = libp2p
    this.#init = init
  }

  async start(): Promise<void> {
    for (const text of this.#init.bootstrap) {
      const address = multiaddr(text)
      const peer = peerIdFromString(peerIdIn(text))
      if (peer.equals(this.#libp2p.peerId)) continue
      this.#bootstrap.push(peer)
      await this.#libp2p.peerStore.merge(peer, { multiaddrs: [address] })
    }
    this.#libp2p.addEventListener('peer:discovery', this.#onNews)
    this.#libp2p.addEventListener('peer:identify', this.#onIdentify)
    this.#libp2p.addEventListener('peer:disconnect', this.#onLoss)
    this.#schedule(0)
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    clearTimeout(this.#timer)
    this.#libp2p.removeEventListener('peer:discovery', this.#onNews)
    this.#libp2p.removeEventListener('peer:identify', this.#onIdentify)
    this.#libp2p.removeEventListener('peer:disconnect', this.#onLoss)
    await this.#running
  }

  /** A dialled connection proves nothing: a peer that refuses us closes it after its side of the handshake. */
  readonly #onIdentify = (event: CustomEvent<{ peerId: PeerId }>): void => {
    this.#backoffs.delete(event.detail.peerId.toString())
  }

  readonly #onNews = (): void => this.#hurry()

  readonly #onLoss = (): void => this.#hurry()

  #hurry(): void {
    this.#roundMs = ROUND_MS_MIN
    if (this.#running === undefined) this.#schedule(ROUND_MS_MIN / 5)
  }

  #schedule(ms: number): void {
    clearTimeout(this.#timer)
    if (this.#stopping.signal.aborted) return
    this.#timer = setTimeout(() => {
      this.#running = this.#round().finally(() => {
        this.#running = undefined
        // Jittered, so that peers that lost the same neighbour do not come back in step.
        this.#schedule(this.#roundMs * (0.5 + Math.random()))
        this.#roundMs = Math.min(ROUND_MS_MAX, this.#roundMs * 2)
      })
    }, ms)
  }

  async #round(): Promise<void> {
    try {
      const missing = this.#init.target - this.#libp2p.getPeers().length
      if (missing <= 0) return
      const candidates = (await this.#candidates()).slice(0, Math.max(missing, PARALLEL_DIALS))
      for (let at = 0; at < candidates.length; at += PARALLEL_DIALS) {
        if (this.#stopping.signal.aborted || this.#libp2p.getPeers().length >= this.#init.target) return
        await Promise.all(candidates.slice(at, at + PARALLEL_DIALS).map((peer) => this.#dial(peer)))
      }
      // What was asked when this peer was among the first to join told it of nobody who came later.
      if (this.#libp2p.getPeers().length > 0) await this.#init.discover(this.#limit(DISCOVER_TIMEOUT_MS))
    } catch (error) {
      this.#init.log.debug({ error: messageOf(error) }, 'a round of dialling failed')
    }
  }

  /** Bootstrap peers first while nobody else is there, then the peer book in random order. */
  async #candidates(): Promise<PeerId[]> {
    const book = await this.#libp2p.peerStore.all({
      filters: [(peer) => peer.addresses.length > 0],
      signal: this.#stopping.signal,
    })
    const known = shuffled(book.map((peer) => peer.id))
    const unique = new Map([...this.#bootstrap, ...known].map((peer) => [peer.toString(), peer]))
    unique.delete(this.#libp2p.peerId.toString())
    const monoMs = this.#init.monoMs()
    return [...unique].flatMap(([text, peer]) => {
      const isResting = (this.#backoffs.get(text)?.untilMs ?? 0) > monoMs
      return isResting || this.#init.bans.has(text) || this.#libp2p.getConnections(peer).length > 0 ? [] : [peer]
    })
  }

  async #dial(peer: PeerId): Promise<void> {
    this.#rest(peer.toString())
    try {
      await this.#libp2p.dial(peer, { signal: this.#limit(DIAL_TIMEOUT_MS) })
    } catch (error) {
      this.#init.log.debug({ peer: peer.toString(), error: messageOf(error) }, 'a peer did not answer')
    }
  }

  #limit(ms: number): AbortSignal {
    return AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(ms)])
  }

  #rest(peer: string): void {
    const ms = Math.min(BACKOFF_MS_MAX, (this.#backoffs.get(peer)?.ms ?? BACKOFF_MS_MIN / 2) * 2)
    this.#backoffs.delete(peer)
    this.#backoffs.set(peer, { ms, untilMs: this.#init.monoMs() + ms })
    for (const oldest of this.#backoffs.keys()) {
      if (this.#backoffs.size <= BACKOFFS_MAX) break
      this.#backoffs.delete(oldest)
    }
  }
}

/** The peer id at the end of a multiaddr text; empty if there is none. */
export function peerIdIn(address: string): string {
  return /\/p2p\/([A-Za-z0-9]+)\/?$/.exec(address)?.[1] ?? ''
}

function shuffled<T>(items: readonly T[]): T[] {
  const result = [...items]
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1))
    const [a, b] = [result[i], result[j]]
    if (a !== undefined && b !== undefined) {
      result[i] = b
      result[j] = a
    }
  }
  return result
}
