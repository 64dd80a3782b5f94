import { setTimeout as delay } from 'node:timers/promises'
import { type PeerId, WeftError } from '@weft/protocols'
import type { Note } from '@weft/protocols/core'
import type { Host } from '@weft/protocols/host'
import type { ChallengeView } from '../api/views.ts'
import type { Speed } from '../meter/speed-protocol.ts'

type Measured = Extract<Note, { type: 'measured' }>

/** A provider that is not known is asked what it has, and given so long to say it. */
const OFFER_MS = 5_000
const POLL_MS = 100
/** All stages, each at its slowest, and checking the answers. */
const CHALLENGE_MS = 330_000

/** Challenges that somebody at this peer asked for: told by their notes. */
export class Measuring {
  readonly #speedTo: (provider: PeerId) => Promise<Speed>
  readonly #waiting = new Map<PeerId, ((note: Measured) => void)[]>()

  /** `speedTo` measures the path to a peer. */
  constructor(speedTo: (provider: PeerId) => Promise<Speed>) {
    this.#speedTo = speedTo
  }

  note(note: Note): void {
    if (note.type !== 'measured') return
    const waiting = this.#waiting.get(note.provider) ?? []
    this.#waiting.delete(note.provider)
    for (const resolve of waiting) resolve(note)
  }

  /** Challenges `provider` once, and waits for what comes of it. Rejects with UNREACHABLE where it does not say what it has, TIMEOUT. */
  async measure(host: Pick<Host, 'offers' | 'refreshOffers' | 'measure'>, provider: PeerId): Promise<ChallengeView> {
    const offerOf = () => host.offers().find(({ peerId }) => peerId === provider)
    host.refreshOffers('cpu')
    for (let waitedMs = 0; offerOf() === undefined && waitedMs < OFFER_MS; waitedMs += POLL_MS) await delay(POLL_MS)
    if (offerOf() === undefined) {
      throw new WeftError('UNREACHABLE', 'no such provider is heard of; weft offers lists those that are')
    }
    const answer = new Promise<Measured>((resolve) => {
      this.#waiting.set(provider, [...(this.#waiting.get(provider) ?? []), resolve])
    })
    host.measure([provider])
    const note = await Promise.race([answer, delay(CHALLENGE_MS, undefined, { ref: false })])
    if (note === undefined) throw new WeftError('TIMEOUT', 'the challenge came to no end; the daemon log says how far it got')
    const { verdict, why } = note
    const measured = verdict === 'measured' ? (offerOf()?.measured ?? null) : null
    return { provider, verdict, why, measured, path: await this.#speedTo(provider).catch(() => null) }
  }
}
