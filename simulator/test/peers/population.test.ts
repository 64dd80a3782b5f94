import { expect, test } from 'vitest'
import { Kernel } from '../../src/kernel/kernel.ts'
import { type Inhabitants, Population } from '../../src/peers/population.ts'
import { CHURN, defaultScenario } from '../../src/presets/index.ts'

// Goal: sessions end as the scenario's churn has it, also those of peers that have something to end first.

const PEERS = 400
const LATER_US = 600_000_000

/** Peers whose only session begins at the start and ends within the first hour; none may leave in its first two hours. */
async function departures(crashShare: number) {
  const scenario = defaultScenario({
    peers: PEERS,
    churn: { ...CHURN.volunteer, online: { p: [0, 1], seconds: [60, 3_600] }, offline: undefined, initialShare: 1, crashShare },
  })
  const kernel = new Kernel({ seed: 3, peers: PEERS })
  const [crashed, left, refused] = [new Set<number>(), new Set<number>(), new Set<number>()]
  let asked = 0
  const inhabitants: Inhabitants = {
    wasThere() {},
    come() {},
    leave(peer) {
      const mayLeave = kernel.nowUs > 2 * 3.6e9
      ;(mayLeave ? left : refused).add(peer)
      asked += 1
      return mayLeave ? 0 : LATER_US
    },
    crash: (peer) => void crashed.add(peer),
    kill() {},
  }
  new Population(scenario, kernel, inhabitants).start()
  await kernel.run(3 * 3.6e9)
  return { crashed, left, refused, asked }
}

test('who has to stay before it may leave still leaves: only sessions that were to end by a crash do', async () => {
  const { crashed, left, refused } = await departures(0.5)
  expect(crashed.size + left.size).toBe(PEERS)
  expect(left).toEqual(refused)
  expect(Math.abs(crashed.size / PEERS - 0.5)).toBeLessThan(0.08)
})

test('where nobody crashes everybody leaves in the end, and where all do nobody is asked', async () => {
  const { left, asked } = await departures(0)
  expect(left.size).toBe(PEERS)
  // In two hours at most, once in ten minutes, whatever else is planned for it.
  expect(asked).toBeLessThanOrEqual(PEERS * 13)
  expect((await departures(1)).refused.size).toBe(0)
})
