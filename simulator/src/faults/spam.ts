import type { PeerId } from '@weft/protocols'
import { AUDIENCE_ALL, classOfOrder, type Order, orderTopic } from '@weft/protocols/wire'
import type { Stream } from '../kernel/draws.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { WORLD } from '../kernel/queue.ts'
import type { Attack } from '../scenario.ts'
import type { Forger } from './lying-channels.ts'

export interface Sender {
  idOf(peer: number): PeerId
  isOnline(peer: number): boolean
  publish(peer: number, topic: string, bytes: Uint8Array): void
}

interface SpamInit {
  attack: Extract<Attack, { kind: 'spam' }>
  kernel: Kernel
  peers: number
  network: string
  currency: string
  /** Devices that an order asks for: what most providers could serve. */
  gpus: number
  untilSeconds: number
  forger: Forger
  sender: Sender
}

const ORDER_LIFETIME_MS = 60_000
const RECEIPT_MS = 10_000

/** Orders that nobody means: valid, signed, each with a bid to be made for it and no award to come. */
export class Spam {
  sent = 0
  readonly spammers: readonly number[]
  readonly #init: SpamInit
  readonly #draws: Stream
  readonly #class: number

  constructor(init: SpamInit) {
    this.#init = init
    const { kernel, peers, attack } = init
    this.#draws = kernel.draws.stream('spam', peers)
    this.#class = kernel.on('spam', (peer) => this.#send(peer))
    const stride = peers / Math.max(1, attack.spammers)
    this.spammers = Array.from({ length: Math.min(peers, attack.spammers) }, (_, i) => Math.floor(i * stride))
  }

  start(): void {
    const { kernel, attack } = this.#init
    if (attack.perSecond <= 0) return
    for (const peer of this.spammers)
      kernel.at(Math.round(attack.fromSeconds * 1e6) + this.#gapUs(peer), this.#class, WORLD, peer, 0, 0)
  }

  #send(peer: number): void {
    const { kernel, sender, forger, network, untilSeconds } = this.#init
    if (kernel.nowUs >= untilSeconds * 1e6) return
    kernel.at(kernel.nowUs + this.#gapUs(peer), this.#class, WORLD, peer, 0, 0)
    if (!sender.isOnline(peer)) return
    const order = this.#order(peer)
    this.sent += 1
    sender.publish(peer, orderTopic(network, order.class), forger.seal('order', order, sender.idOf(peer)).bytes)
  }

  /** Half to one and a half times the mean. */
  #gapUs(peer: number): number {
    return Math.max(1, Math.round((1e6 / this.#init.attack.perSecond) * (0.5 + this.#draws.fraction(peer))))
  }

  #order(peer: number): Order {
    const { kernel, gpus, currency } = this.#init
    const issuedAtMs = kernel.clock(peer).wallMs()
    const bytes = (length: number) => Uint8Array.from({ length }, () => this.#draws.below(peer, 256))
    return {
      nonce: bytes(16),
      issuedAtMs,
      expiresAtMs: issuedAtMs + ORDER_LIFETIME_MS,
      round: 0,
      audience: AUDIENCE_ALL,
      class: classOfOrder(gpus, 0),
      resources: {
        gpuCount: gpus,
        gpuVramMib: 0,
        gpuVendor: '',
        gpuModels: [],
        gpuComputeCapability: '',
        cpuMilli: 1_000,
        memoryMib: 512,
        diskMib: 0,
      },
      regions: [],
      arch: 'amd64',
      maxRunMs: 3_600_000,
      imageBytes: 0,
      inputBytes: 0,
      outputBytesMax: 0,
      addresses: [],
      manifestHash: bytes(32),
      imageHash: bytes(32),
      terms: {
        intervalMs: RECEIPT_MS,
        creditMs: 4 * RECEIPT_MS,
        stopAfterMs: 4 * RECEIPT_MS,
        stopGraceMs: RECEIPT_MS,
        prepayMs: 0,
      },
      currency,
      priceCeiling: undefined,
      bidWindowMs: 0,
    }
  }
}
