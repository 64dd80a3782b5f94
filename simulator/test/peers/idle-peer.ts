/**
 * Prints how many bytes one more idle provider takes, with its share of the models of a market day: heap and arrays of two
 * worlds that differ by `peers`, after the collector has run. Run by memory.test.ts in a process with --expose-gc.
 */
import { makeHistogram } from '../../lab/results/histogram.ts'
import { Kernel } from '../../src/kernel/kernel.ts'
import { World } from '../../src/peers/world.ts'
import { CHURN, defaultScenario, FLEETS, MARKET, NO_NAT } from '../../src/presets/index.ts'

const peers = Number(process.argv[2])
/** Peers announce eagerly for 15 s after their start, then every few hours. */
const QUIET_US = 120_000_000
const SMALL = 1_000

async function world(count: number): Promise<World> {
  const scenario = defaultScenario({
    name: 'idle',
    seed: 1,
    peers: count,
    nat: NO_NAT,
    churn: CHURN.none,
    // One region and one price, so that machines share what they have: a large world has no more kinds than a small one.
    fleet: { machines: FLEETS['paid-home'], providerShare: 1, priceSpread: 0 },
    market: { ...MARKET, renterShare: 0, neighbours: 0 },
    workload: { jobs: undefined, stream: undefined, lookups: undefined },
    fidelity: { gossip: 'stat', dht: 'stat' },
  })
  const kernel = new Kernel({ seed: 1, peers: count })
  const made = new World({ scenario, kernel, makeHistogram, rule: undefined, signSample: undefined, tamper: undefined })
  made.population.start()
  await kernel.run(QUIET_US)
  return made
}

function bytesAlive(): number {
  for (let i = 0; i < 4; i++) globalThis.gc?.()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

const worlds = [await world(SMALL)]
const before = bytesAlive()
worlds.push(await world(SMALL))
const small = bytesAlive()
worlds.push(await world(SMALL + peers))
const large = bytesAlive()
const hosts = worlds.map((made) => made.peers.filter((peer) => peer?.host !== undefined).length)
console.log(JSON.stringify({ bytes: Math.round((large - small - (small - before)) / peers), hosts }))
