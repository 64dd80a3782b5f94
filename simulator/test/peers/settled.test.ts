import { expect, test } from 'vitest'
import { makeHistogram } from '../../lab/results/histogram.ts'
import { Kernel } from '../../src/kernel/kernel.ts'
import { World } from '../../src/peers/world.ts'
import { CHURN, defaultScenario, MARKET, NO_NAT } from '../../src/presets/index.ts'

const PEERS = 600
/** In the minute in which hosts begin, µs. */
const EARLY_US = 6_000_000

test.each(['exact', 'stat'] as const)(
  'in `%s` a network that was there before the run is in the DHT whole when the first hosts begin',
  async (dht) => {
    const scenario = defaultScenario({
      name: 'settled',
      seed: 5,
      peers: PEERS,
      nat: NO_NAT,
      churn: CHURN.none,
      market: { ...MARKET, renterShare: 0.05, neighbours: 2 },
      workload: { jobs: undefined, stream: undefined, lookups: undefined },
      fidelity: { gossip: 'stat', dht },
    })
    const kernel = new Kernel({ seed: 5, peers: PEERS })
    const world = new World({ scenario, kernel, makeHistogram, rule: undefined, signSample: undefined, tamper: undefined })
    world.population.start()
    await kernel.run(EARLY_US)
    const came = [...Array(PEERS).keys()].filter((peer) => world.isOnline(peer))
    expect(came.length).toBeGreaterThan(30)
    expect(came.length).toBeLessThan(120)
    const sizes = came.map((peer) => world.models.directory.networkSize(peer)).sort((a, b) => a - b)
    expect(sizes[0]).toBeGreaterThan(PEERS / 3)
    expect(sizes[Math.floor(sizes.length / 2)]).toBeGreaterThan(PEERS * 0.8)
  },
)
