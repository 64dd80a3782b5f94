import { presets } from '@weft/simulator'
import { describe, expect, test } from 'vitest'
import { Draws } from '../../src/kernel/draws.ts'
import { checkQuantiles, meanOfQuantiles, sampleQuantiles } from '../../src/kernel/sampling.ts'
import { shareAbove } from '../../src/presets/sampler.ts'
import { validateTraces } from '../../src/validate/traces.ts'

const DAY = 86_400
const draw = (changes: Partial<typeof presets.JOBS> = {}, seed = 1, first = 0) =>
  presets.drawJobs({ ...presets.JOBS, ...changes }, { draws: new Draws(seed), spanSeconds: DAY, first })

describe('what the traces publish', () => {
  test.each(validateTraces(1).map((row) => [`${row.id}: ${row.metric}`, row] as const))('%s', (_, { ours, band, pass }) => {
    expect(ours).toBeGreaterThanOrEqual(band[0])
    expect(ours).toBeLessThanOrEqual(band[1])
    expect(pass).toBe(true)
  })
})

describe('tables', () => {
  const tables = [
    ...Object.entries(presets.DURATIONS),
    ...Object.entries(presets.GPUS),
    ...Object.entries(presets.CHURN).flatMap(([name, { online, offline }]) =>
      online === undefined
        ? []
        : ([
            [`${name} online`, { p: online.p, x: online.seconds }],
            [`${name} offline`, { p: offline.p, x: offline.seconds }],
          ] as const),
    ),
  ]
  test.each(tables)('%s is a distribution from 0 to 1', (name, table) => {
    checkQuantiles({ p: [...table.p], x: [...table.x] }, name)
    expect([table.p[0], table.p.at(-1)]).toEqual([0, 1])
  })

  test('volunteer sessions are the Weibull of the crawl', () => {
    const { p, seconds } = presets.CHURN.volunteer.online
    const table = { p: [...p], x: [...seconds] }
    for (const [share, hours] of [
      [0.876, 8],
      [0.975, 24],
    ] as const) {
      expect(Math.abs(sampleQuantiles(table, share * 2 ** 32) / 3600 / hours - 1)).toBeLessThan(0.04)
    }
    expect(seconds[16]).toBeCloseTo(1.93 * 3600 * (-Math.log(1 - 0.55)) ** (1 / 0.52), -1)
  })

  test.each(['volunteer', 'paid-home', 'datacenter'] as const)(
    '%s: the share online at the start is that of the means',
    (name) => {
      const { online, offline, initialShare } = presets.CHURN[name]
      const mean = ({ p, seconds }: { p: number[]; seconds: number[] }) => meanOfQuantiles({ p, x: seconds })
      expect(initialShare).toBeCloseTo(mean(online) / (mean(online) + mean(offline)), 2)
    },
  )
})

describe('drawn jobs', () => {
  test('come in order, within the span, as many as asked for', () => {
    const jobs = draw({ count: 500 })
    expect(jobs).toHaveLength(500)
    expect(jobs.every((job, i) => job.atSeconds >= (jobs[i - 1]?.atSeconds ?? 0) && job.atSeconds < DAY)).toBe(true)
  })

  test('are the same for the same seed and others for another', () => {
    expect(draw({ count: 50 })).toEqual(draw({ count: 50 }))
    expect(draw({ count: 50 }, 2)).not.toEqual(draw({ count: 50 }))
  })

  test('keep their lengths when only their width is drawn otherwise', () => {
    const lengths = (gpus: typeof presets.JOBS.gpus) => draw({ count: 200, gpus }).map((job) => job.durationSeconds)
    expect(lengths({ p: [0, 1], x: [1, 1] })).toEqual(lengths({ p: [0, 1], x: [1, 8] }))
  })

  test('of a later batch are new ones', () => {
    const kind = { count: 20, arrivals: 'all-at-once', atSeconds: 600 } as const
    expect(draw(kind).every((job) => job.atSeconds === 600)).toBe(true)
    expect(draw(kind, 1, 20).map((job) => job.durationSeconds)).not.toEqual(draw(kind).map((job) => job.durationSeconds))
  })

  test('are cut to what one lease can be', () => {
    const jobs = draw({
      count: 2000,
      durationSeconds: presets.DURATIONS.philly,
      gpus: presets.GPUS.kalos,
      durationMaxSeconds: 3600,
      gpusMax: 4,
    })
    expect(Math.max(...jobs.map((job) => job.durationSeconds))).toBe(3600)
    expect(Math.max(...jobs.map((job) => job.gpus))).toBe(4)
  })

  test('ask for memory only where they ask for a GPU', () => {
    const jobs = draw({ count: 300, gpus: { p: [0, 1], x: [0, 0] }, vramGiB: [{ share: 1, vramGiB: 24 }] })
    expect(jobs.every((job) => job.vramGiB === 0)).toBe(true)
  })

  test.each([1, 3, 6, 12])('hourly counts vary as burstiness %d says', (burstiness) => {
    const hours = 2000
    const jobs = { ...presets.JOBS, count: hours * 20, burstiness }
    const counts = new Array<number>(hours).fill(0)
    for (const at of presets.arrivalTimes(jobs, { draws: new Draws(3), spanSeconds: hours * 3600 }))
      counts[Math.floor(at / 3600)] = (counts[Math.floor(at / 3600)] ?? 0) + 1
    const ratio = counts.reduce((sum, value) => sum + (value - 20) ** 2, 0) / hours / 20
    expect(Math.abs(ratio / burstiness - 1)).toBeLessThan(0.25)
  })

  test('the share above a value is read off the steps', () => {
    expect(shareAbove(presets.GPUS.seren, 8)).toBeCloseTo(0.033, 6)
    expect(shareAbove(presets.GPUS.pai, 8)).toBe(0)
  })
})

test('what is left of a session met at random averages half of the mean square over the mean', () => {
  const draws = new Draws(5)
  const table = { p: [0, 0.5, 0.500001, 1], x: [10, 10, 100, 100] }
  const count = 40_000
  let sum = 0
  for (let i = 0; i < count; i++) sum += presets.sampleResidual(table, draws.u32(1, i, 0), draws.u32(2, i, 0))
  // E[x²] / (2 E[x]) = 5050 / 110
  expect(Math.abs(sum / count / (5050 / 110) - 1)).toBeLessThan(0.02)
})
