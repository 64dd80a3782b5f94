import { type Engine, type Tap, Wiring, type WiringInit } from '@weft/simulator/hosts'

/** The simulator's wiring without what a flood of orders does not need: announcements of capacity and the DHT. */
export class QuietWiring extends Wiring {
  readonly #peers: number

  constructor(init: WiringInit) {
    super(init)
    this.#peers = init.peers
  }

  publishOrder(peer: number, topic: string, bytes: Uint8Array): number {
    return super.publish(peer, topic, bytes)
  }

  /** Hosts announce their capacity, to which only renters subscribe: nobody here. */
  override publish(): number {
    return 0
  }

  override put(): Promise<void> {
    return DONE
  }

  override provide(): Promise<void> {
    return DONE
  }

  override networkSize(): number {
    return this.#peers
  }
}

const DONE = Promise.resolve()
const nothing = (): void => {}

export const NO_TAP: Tap = {
  published: nothing,
  recipients: nothing,
  heard: nothing,
  retired: nothing,
  sent: nothing,
  delivered: nothing,
  lookedUp: nothing,
}

/** No job is ever won here, so no container starts. */
export const NO_ENGINE: Engine = {
  nowUs: 0,
  after: () => nothing,
  pull: () => nothing,
  settle: nothing,
  programOf: () => {
    throw new Error('no container runs in this bench')
  },
  started: nothing,
  paused: nothing,
  resumed: nothing,
  ended: nothing,
}
