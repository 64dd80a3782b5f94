import { readScenario, type ScenarioError } from '@weft/simulator/lab'
import { describe, expect, test } from 'vitest'

const read = (text: string, ...set: string[]) => readScenario(text, { file: 'mine.yaml', set })
function complaint(text: string, ...set: string[]): string {
  try {
    read(text, ...set)
  } catch (error) {
    return (error as ScenarioError).message
  }
  throw new Error('accepted')
}

describe('--set', () => {
  test('writes into sections that the file leaves out', () => {
    const { fleet, workload } = read('', 'fleet.providerShare=0.25', 'workload.jobs.count=500')
    expect(fleet.providerShare).toBe(0.25)
    expect(workload.jobs?.count).toBe(500)
  })

  test('keeps what a preset said when one of its values changes', () => {
    const { churn } = read('churn: volunteer\n', 'churn.crashShare=10%')
    expect(churn).toMatchObject({ preset: 'volunteer', crashShare: 0.1 })
    expect(churn.online?.seconds.length).toBeGreaterThan(10)
  })

  test('turns a number of jobs into their settings', () => {
    const { jobs } = read('workload: {preset: philly, jobs: 40}\n', 'workload.jobs.arrivals=poisson').workload
    expect(jobs).toMatchObject({ count: 40, arrivals: 'poisson', failShare: 0.305 })
  })

  test('reaches into lists and takes whole sections in YAML', () => {
    const { script, nat } = read('script: [{at: 10m, do: crash}]\n', 'script.0.share=0.75', 'nat={share: 20%, punchSuccess: 0.5}')
    expect(script[0]).toEqual({ atSeconds: 600, do: 'crash', share: 0.75, of: 'all' })
    expect(nat).toMatchObject({ share: 0.2, punchSuccess: 0.5 })
  })

  test('the last of two wins', () => {
    expect(read('peers: 5\n', 'peers=50', 'peers=70').peers).toBe(70)
  })

  test.each([
    {
      set: 'fleet.providerShar=0.5',
      says: /^--set fleet\.providerShar=0\.5: fleet\.providerShar: unknown key; did you mean providerShare\?/,
    },
    { set: 'chrun=none', says: /^--set chrun=none: chrun: unknown key; did you mean churn\?/ },
    { set: 'workloads.jobs=5', says: /^--set workloads\.jobs=5: workloads: unknown key; did you mean workload\?/ },
    { set: 'peers=many', says: /^--set peers=many: peers: "many" is not allowed here: give a whole number/ },
    { set: 'peers', says: /write path=value/ },
    { set: 'peers.more=1', says: /peers is a value and has no more/ },
    { set: 'script.4.share=1', says: /has items 0 to 0/ },
    { set: 'peers=[1', says: /the value is not valid YAML/ },
    { set: `title=${'x'.repeat(20_000)}`, says: /write it into the file/ },
  ])('$set is refused', ({ set, says }) => {
    expect(complaint('script: [{at: 1m, do: heal}]\npeers: 100\n', set)).toMatch(says)
  })

  test('an impossible combination that it makes is its own', () => {
    expect(complaint('duration: 1h\n', 'warmup=3h')).toMatch(/^--set warmup=3h: warmup and duration: /)
  })
})
