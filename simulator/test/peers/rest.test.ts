import { Host } from '@weft/protocols/host'
import { expect, test, vi } from 'vitest'
import { makeHistogram } from '../../lab/results/histogram.ts'
import { runScenario } from '../../src/peers/run.ts'
import { CHURN, defaultScenario, JOBS, MARKET, NO_NAT } from '../../src/presets/index.ts'

/** Some machines have as much. */
const VRAM = [{ share: 1, vramGiB: 16 }]

test('a market whose idle peers rest is the one in which none ever does', async () => {
  const wakes = vi.spyOn(Host, 'wake')
  const scenario = defaultScenario({
    name: 'resting',
    seed: 7,
    peers: 160,
    durationSeconds: 5_400,
    settleSeconds: 1_800,
    nat: NO_NAT,
    churn: CHURN.volunteer,
    // Most meet nobody until an order comes that they could serve.
    market: { ...MARKET, renterShare: 0.3, neighbours: 0 },
    workload: {
      jobs: { ...JOBS, count: 15, durationMaxSeconds: 300, gpusMax: 1, imageMiB: 64, queueSeconds: 900, vramGiB: VRAM },
      stream: undefined,
      lookups: undefined,
    },
    fidelity: { gossip: 'stat', dht: 'stat' },
  })
  const resting = await runScenario(scenario, { makeHistogram })
  expect(wakes.mock.calls.length).toBeGreaterThan(100)
  expect(resting.summary.jobs.done).toBeGreaterThan(0)
  wakes.mockClear()
  // Peers whose ports are not their own do not rest.
  const restless = await runScenario(scenario, { makeHistogram, tamper: (_peer, machine) => ({ ...machine }) })
  expect(wakes).not.toHaveBeenCalled()
  expect(restless.summary.traceHash).toBe(resting.summary.traceHash)
  expect(restless.jobs).toEqual(resting.jobs)
}, 60_000)
