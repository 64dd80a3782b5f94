import type { Received } from '@weft/protocols/wire'
import type { Checkers } from '../checkers/index.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { Meters } from '../metrics/meters.ts'
import type { Identities } from './identities.ts'
import type { HandleOpener } from './opener.ts'
import type { Tap } from './wiring.ts'

interface ObservationInit {
  kernel: Kernel
  meters: Meters
  checkers: Checkers
  identities: Identities
  opener: HandleOpener
}

/** What passes between hosts, told to meters and checkers. */
export class Observation implements Tap {
  readonly #kernel: Kernel
  readonly #meters: Meters
  readonly #checkers: Checkers
  readonly #identities: Identities
  readonly #opener: HandleOpener

  constructor({ kernel, meters, checkers, identities, opener }: ObservationInit) {
    this.#kernel = kernel
    this.#meters = meters
    this.#checkers = checkers
    this.#identities = identities
    this.#opener = opener
  }

  published(topic: string, message: number, bytes: Uint8Array): void {
    const isOrder = topic.includes('/orders/')
    this.#meters.messages.published(message, isOrder ? 'order' : 'capacity', bytes.length, this.#kernel.nowUs)
    if (!isOrder) return
    const order = this.#opener.openHandle(message, bytes)
    if (!(order instanceof Error)) this.#checkers.published(this.#kernel.nowUs / 1_000, order)
  }

  recipients(message: number, count: number): void {
    this.#meters.messages.recipients(message, count)
  }

  heard(message: number, times: number): void {
    this.#meters.heard(message, this.#kernel.nowUs, times)
  }

  retired(message: number, transmissions: number): void {
    this.#meters.messages.retired(message, transmissions)
  }

  sent(_from: number, to: number, bytes: Uint8Array, message: Received | Error): void {
    this.#meters.traffic.add(bytes)
    if (message instanceof Error) return
    const atMs = this.#kernel.nowUs / 1_000
    this.#checkers.sent(atMs, message, this.#identities.idOf(to))
    const answer = this.#agreed(message)
    // One that never left by itself, since the provider was away.
    if (answer?.from === message.from) this.#checkers.sent(atMs, answer, this.#identities.idOf(to))
  }

  delivered(_from: number, to: number, message: Received | Error): void {
    if (message instanceof Error) return
    const atMs = this.#kernel.nowUs / 1_000
    this.#checkers.delivered(atMs, message, this.#identities.idOf(to))
    const answer = this.#agreed(message)
    if (answer !== undefined) this.#checkers.delivered(atMs, answer, this.#identities.idOf(to))
  }

  /** Whoever is shown an agreement has its answer, as if it had come by itself. */
  #agreed(message: Received): Received | undefined {
    if (message.kind !== 'leaseState' || message.value.agreed === undefined) return undefined
    const answer = this.#opener.open(message.value.agreed.answer)
    return answer instanceof Error ? undefined : answer
  }

  lookedUp(beganUs: number, found: boolean): void {
    this.#meters.lookedUp(beganUs, found, this.#kernel.nowUs)
  }
}
