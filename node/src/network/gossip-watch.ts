import type { GossipSub } from '@libp2p/gossipsub'
import type { Libp2p, PeerId } from '@libp2p/interface'
import { messageOf } from '@weft/protocols'
import type { Logger } from './init.ts'

const CHECK_MS = 15_000
const DIAL_TIMEOUT_MS = 5_000
/** Repairs at a time, and rounds that a repaired peer is then left alone: one that refuses gossip costs no more than that. */
const REPAIRS_MAX = 4
const REST_ROUNDS = 20
const GOSSIP_PROTOCOL = '/meshsub/'

export interface GossipWatchInit {
  log: Logger
  /** Time between checks on average, in ms. @default 15 000 */
  checkMs?: number
}

/**
 * gossipsub opens one outbound stream to a neighbour, when it connects, and never again: where that stream dies and the
 * connection lives, the neighbour hears nothing more (js-libp2p pull request #3531). This finds such neighbours, hangs up
 * and dials them again.
 */
export class GossipWatch {
  readonly #libp2p: Libp2p<{ gossipsub: GossipSub }>
  readonly #init: GossipWatchInit
  readonly #stopping = new AbortController()
  /** Without a stream at the last check: a stream may just be opening. */
  #suspects = new Set<string>()
  readonly #resting = new Map<string, number>()
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined

  constructor(libp2p: Libp2p<{ gossipsub: GossipSub }>, init: GossipWatchInit) {
    this.#libp2p = libp2p
    this.#init = init
  }

  start(): void {
    this.#schedule()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    clearTimeout(this.#timer)
    await this.#running
  }

  /** Jittered, so that both ends of a broken pair do not hang up on each other's repair. */
  #schedule(): void {
    if (this.#stopping.signal.aborted) return
    const ms = (this.#init.checkMs ?? CHECK_MS) * (0.5 + Math.random())
    this.#timer = setTimeout(() => {
      this.#running = this.#check().finally(() => this.#schedule())
    }, ms)
    this.#timer.unref()
  }

  async #check(): Promise<void> {
    for (const [peer, rounds] of this.#resting) {
      if (rounds > 1) this.#resting.set(peer, rounds - 1)
      else this.#resting.delete(peer)
    }
    const deaf = this.#libp2p.services.gossipsub.getPeers().filter((peer) => this.#isDeaf(peer))
    const broken = deaf.filter((peer) => this.#suspects.has(peer.toString()) && !this.#resting.has(peer.toString()))
    this.#suspects = new Set(deaf.map(String))
    await Promise.all(broken.slice(0, REPAIRS_MAX).map((peer) => this.#repair(peer)))
  }

  /** Connected directly, and without a stream that carries our gossip. */
  #isDeaf(peer: PeerId): boolean {
    const open = this.#libp2p.getConnections(peer).filter((connection) => connection.status === 'open')
    if (!open.some((connection) => connection.limits === undefined)) return false
    return !open.some(({ streams }) =>
      streams.some(
        (stream) => stream.direction === 'outbound' && stream.status === 'open' && stream.protocol.startsWith(GOSSIP_PROTOCOL),
      ),
    )
  }

  async #repair(peer: PeerId): Promise<void> {
    const id = peer.toString()
    this.#suspects.delete(id)
    this.#resting.set(id, REST_ROUNDS)
    this.#init.log.info({ peer: id }, 'the gossip stream to a peer is gone: connecting anew')
    try {
      const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(DIAL_TIMEOUT_MS)])
      await this.#libp2p.hangUp(peer, { signal })
      await this.#libp2p.dial(peer, { signal })
    } catch (error) {
      // A peer that only dials comes back by itself.
      this.#init.log.debug({ peer: id, error: messageOf(error) }, 'a peer did not answer')
    }
  }
}
