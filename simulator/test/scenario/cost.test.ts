import { estimateCost, readScenario, tooExpensive } from '@weft/simulator/lab'
import { describe, expect, test } from 'vitest'

const read = (text: string) => readScenario(text, { file: 'mine.yaml' })
const GIB = 2 ** 30

describe('the cost of a run', () => {
  test('of exact gossip is a transmission for each peer, message and mesh link', () => {
    const messages = (count: number) =>
      estimateCost(
        read(`peers: 1000\nmarket: false\nworkload: {stream: {messages: ${count}}}\nfidelity: {gossip: exact, dht: stat}\n`),
      ).events
    expect(messages(2000) - messages(1000)).toBe(1000 * 1000 * 6)
  })

  test('is less with each cheaper fidelity', () => {
    const scenario = read('peers: 20000\nduration: 24h\n')
    const of = (gossip: 'exact' | 'tree' | 'stat', dht: 'exact' | 'stat') => estimateCost(scenario, { gossip, dht }).seconds
    expect(of('tree', 'exact')).toBeLessThan(of('exact', 'exact'))
    expect(of('stat', 'exact')).toBeLessThan(of('tree', 'exact'))
    expect(of('stat', 'stat')).toBeLessThan(of('stat', 'exact'))
  })

  test('is chosen by auto so that no small network takes longer than a large one', () => {
    const day = (peers: number) => {
      const scenario = read(`peers: ${peers}\nduration: 24h\nchurn: volunteer\nworkload: {jobs: ${peers / 5}}\n`)
      return { ...scenario.fidelity, seconds: estimateCost(scenario).seconds }
    }
    const days = [100, 1_000, 10_000, 100_000].map(day)
    expect(days[0]).toMatchObject({ gossip: 'exact' })
    expect(days[3]).toMatchObject({ gossip: 'stat', dht: 'stat' })
    for (let i = 1; i < days.length; i++) expect(days[i - 1]?.seconds).toBeLessThan(days[i]?.seconds ?? 0)
    expect(days[1]?.seconds).toBeLessThan(90)
  })

  test('counts the jobs that a script adds', () => {
    const of = (rest: string, count = 10) =>
      estimateCost(read(`workload: {jobs: {count: ${count}, queue: 1s}}\nfidelity: {gossip: stat, dht: stat}\n${rest}`)).events
    const perJob = of('', 11) - of('')
    expect((of('script: [{at: 1m, do: demand, jobs: 5000}]\n') - of('')) / perJob).toBeCloseTo(5000, -2)
  })

  test('counts what jobs ask that come at one moment and wait for machines, up to as long as they would', () => {
    const of = (jobs: number, queue: string) =>
      estimateCost(
        read(
          `workload: {jobs: {count: 10, queue: ${queue}}}\nfidelity: {gossip: stat, dht: stat}\nscript: [{at: 1m, do: demand, jobs: ${jobs}}]\n`,
        ),
      ).seconds
    expect(of(4000, '10h') / of(1000, '10h')).toBeGreaterThan(8)
    expect(of(4000, '1m') / of(1000, '1m')).toBeLessThan(5)
  })

  test('of peers that are seldom online is that of those that are', () => {
    const of = (churn: string) => estimateCost(read(`churn: ${churn}\nfidelity: {gossip: exact, dht: stat}\n`)).events
    expect(of('volunteer')).toBeLessThan(of('none') / 2)
  })
})

describe('what is too expensive', () => {
  const large = read('peers: 100000\nduration: 24h\nchurn: volunteer\nfidelity: {gossip: exact, dht: stat}\n')

  test('says how expensive, offers another fidelity and another size', () => {
    expect(tooExpensive(large, { bytes: 64 * GIB })).toMatch(
      /^exact gossip for 20,000 jobs among 100,000 peers takes most of about [\d.]+ h and [\d.]+e\d+ events: use fidelity\.gossip: stat \([\d.]+e\d+ events, [^)]*\), or --peers \d+; --force runs it$/,
    )
  })

  test('the offered fidelity and size are not too expensive themselves', () => {
    const text = tooExpensive(large, { bytes: 64 * GIB })
    const peers = Number(/--peers (\d+)/.exec(text ?? '')?.[1])
    const offers = ['fidelity.gossip=stat', `peers=${peers}`]
    for (const set of offers) {
      const other = readScenario('peers: 100000\nduration: 24h\nchurn: volunteer\nfidelity: {gossip: exact, dht: stat}\n', {
        file: 'mine.yaml',
        set: [set],
      })
      expect(tooExpensive(other, { bytes: 64 * GIB }), set).toBeUndefined()
    }
  })

  test('offers no fidelity that would be refused as well, and writes hours as a number', () => {
    const text = 'peers: 1000000\nduration: 24h\nworkload: {jobs: 200000}\nfidelity: {gossip: exact, dht: stat}\n'
    const says = tooExpensive(read(text), { bytes: 640 * GIB }) ?? ''
    expect(tooExpensive(read(text.replace('exact', 'stat')), { bytes: 640 * GIB })).toBeDefined()
    expect(says).not.toMatch(/fidelity|e\+/)
    expect(says).toMatch(/takes most of about [\d,]{3,} h and [\d.]+e\d+ events: use --peers \d+; --force runs it$/)
  })

  test('for the memory that is there is told before it begins', () => {
    const day = read('peers: 1000000\nduration: 24h\n')
    expect(tooExpensive(day, { bytes: GIB, secondsMax: Number.POSITIVE_INFINITY })).toMatch(
      /^not enough memory: 1,000,000 peers need about [\d,]+ MiB and 1,024 MiB are free; use .*--peers \d+; --force runs it$/,
    )
    expect(tooExpensive(day, { bytes: 64 * GIB, secondsMax: Number.POSITIVE_INFINITY })).toBeUndefined()
  })

  test('never offers an attack on the mesh a model without one', () => {
    const attack = read('peers: 1000000\nduration: 24h\nmarket: false\nattack: {kind: sybil}\n')
    expect(tooExpensive(attack, { bytes: 64 * GIB })).not.toMatch(/fidelity\.gossip/)
  })

  test('is nothing small', () => {
    expect(tooExpensive(read(''), { bytes: GIB })).toBeUndefined()
  })
})
