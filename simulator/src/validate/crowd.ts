import type { Kernel, PeerIndex } from '../kernel/kernel.ts'
import { Population } from '../peers/population.ts'
import { CHURN } from '../presets/churn.ts'
import { defaultScenario, MARKET, NAT, NO_NAT } from '../presets/defaults.ts'
import type { Churn, Nat } from '../scenario.ts'

/** Under what conditions fidelities are compared. */
export interface Conditions {
  /** For the set-up column. */
  name: string
  churn: Churn
  nat: Nat
}

/** Everybody is online, can be dialled, and stays. */
export const CALM: Conditions = { name: 'nobody comes or goes', churn: CHURN.none, nat: NO_NAT }
/** The churn and the NATs of the scenario market-day. */
export const MARKET_DAY: Conditions = { name: 'churn and NATs of market-day', churn: CHURN.volunteer, nat: NAT }

/** The part of a gossip or a DHT model that knows who is there. */
export interface Presence {
  online(peer: PeerIndex): void
  offline(peer: PeerIndex): void
}

/** Peers that come and go as in a scenario, without hosts: only the models are told. */
export class Crowd {
  readonly #population: Population
  readonly #draws

  constructor(kernel: Kernel, init: { peers: number; seed: number; churn: Churn; model: Presence }) {
    const { peers, seed, churn, model } = init
    const scenario = defaultScenario({ peers, seed, churn, market: { ...MARKET, enabled: false } })
    this.#population = new Population(scenario, kernel, {
      // Without a market who was there before comes in the first moment.
      wasThere() {},
      come: (peer) => model.online(peer),
      leave: (peer) => {
        model.offline(peer)
        return 0
      },
      crash: (peer) => model.offline(peer),
      kill: (peer) => model.offline(peer),
    })
    this.#draws = kernel.draws.stream('validate/someone', 1)
    this.#population.start()
  }

  /** Anybody who is online. */
  someone(): PeerIndex {
    const peer = this.#population.anyOnline(this.#draws, 0)
    if (peer === undefined) throw new RangeError('nobody is online; the churn leaves no one to ask')
    return peer
  }
}
