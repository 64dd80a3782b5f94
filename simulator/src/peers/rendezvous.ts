import type { Stream } from '../kernel/draws.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { LinkModel } from '../network/links.ts'

export interface RendezvousInit {
  kernel: Kernel
  links: Pick<LinkModel, 'reachable'>
  peers: number
  /** The first so many peers are those that newcomers know by address. */
  bootstraps: number
  isOnline(peer: number): boolean
  /** A peer drawn from those online; undefined: nobody is. */
  anyOnline(draws: Stream, row: number): number | undefined
}

/** Peers that one remembers from its last session. libp2p's address books hold hundreds; a few answer the question. */
const REMEMBERED = 16
/** Whoever finds nobody tries again after this, µs. */
const RETRY_US = 60_000_000

/**
 * How a peer that comes online finds the network: a newcomer by a bootstrap peer, one that was there before also by peers that
 * it knew. Whoever finds nobody is alone and tries again each minute.
 */
export class Rendezvous {
  /** Comings for the first time and again, and how many of each found nobody at first. */
  newcomers = 0
  newcomersStranded = 0
  returns = 0
  returnsStranded = 0
  readonly #init: RendezvousInit
  readonly #draws: Stream
  readonly #remembered: Int32Array
  readonly #stranded = new Set<number>()
  readonly #wasThere: Uint8Array

  constructor(init: RendezvousInit) {
    this.#init = init
    this.#draws = init.kernel.draws.stream('rendezvous', init.peers)
    this.#remembered = new Int32Array(init.peers * REMEMBERED).fill(-1)
    this.#wasThere = new Uint8Array(init.peers)
  }

  /** Peers that are on and alone. */
  get strandedCount(): number {
    return this.#stranded.size
  }

  isStranded(peer: number): boolean {
    return this.#stranded.has(peer)
  }

  /** True: it found somebody. Else `again` is called when it may look once more, unless it has left by then. */
  comes(peer: number, again: () => void): boolean {
    const isFirstTry = !this.#stranded.has(peer)
    const isNewcomer = this.#wasThere[peer] === 0
    const found = this.#finds(peer)
    if (isFirstTry && isNewcomer) this.newcomers += 1
    else if (isFirstTry) this.returns += 1
    if (found) {
      this.#stranded.delete(peer)
      this.#wasThere[peer] = 1
      return true
    }
    if (isFirstTry && isNewcomer) this.newcomersStranded += 1
    else if (isFirstTry) this.returnsStranded += 1
    this.#stranded.add(peer)
    this.#init.kernel.after(peer, RETRY_US, () => {
      if (this.#stranded.has(peer)) again()
    })
    return false
  }

  leaves(peer: number): void {
    if (this.#stranded.delete(peer)) return
    for (let i = 0; i < REMEMBERED; i++) this.#remembered[peer * REMEMBERED + i] = this.#init.anyOnline(this.#draws, peer) ?? -1
  }

  #finds(peer: number): boolean {
    const { bootstraps } = this.#init
    if (peer < bootstraps) return true
    for (let other = 0; other < bootstraps; other++) if (this.#answers(peer, other)) return true
    for (let i = 0; i < REMEMBERED; i++) {
      const other = this.#remembered[peer * REMEMBERED + i] as number
      if (other >= 0 && other !== peer && this.#answers(peer, other)) return true
    }
    return false
  }

  #answers(peer: number, other: number): boolean {
    const { links, isOnline } = this.#init
    return isOnline(other) && !this.#stranded.has(other) && links.reachable(peer, other) && links.reachable(other, peer)
  }
}
