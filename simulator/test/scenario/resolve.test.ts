import { readdirSync, readFileSync } from 'node:fs'
import { presets } from '@weft/simulator'
import { checkSchema, estimateCost, listScenarios, loadScenario, readScenario } from '@weft/simulator/lab'
import { describe, expect, test } from 'vitest'

const read = (text: string) => readScenario(text, { file: 'mine.yaml' })
const READY = listScenarios()

describe('a ready scenario', () => {
  test('exists for each of the cases that researchers ask for', () => {
    expect(READY.map(({ name }) => name)).toEqual([
      'bootstrap-death',
      'cheating-hardware',
      'cheating-providers',
      'cold-boot',
      'covert-flash',
      'dht-lookup',
      'eclipse',
      'flash-crowd',
      'free-riders',
      'market-day',
      'mass-failure',
      'partition-heal',
      'price-war',
      'propagation',
      'spam',
      'sybil',
    ])
  })

  test.each(READY)('$name resolves, says what it shows, and takes less than three minutes and a gigabyte', async ({ name }) => {
    const { scenario, text } = await loadScenario(name)
    expect(scenario.name).toBe(name)
    expect(scenario.title).not.toBe('')
    expect(text).toMatch(/^# .*\n#\n# Shows {4}.*\n(# {10}.*\n)*# Look at {2}/)
    const { seconds, bytes } = estimateCost(scenario)
    expect(seconds).toBeLessThan(180)
    expect(bytes).toBeLessThan(1e9)
    expect(JSON.parse(JSON.stringify(scenario))).toEqual(withoutUndefined(scenario))
  })

  test.each(READY)('$name has its section in the guide', ({ name, file }) => {
    const folder = file.slice(0, file.lastIndexOf('/'))
    expect(readFileSync(`${folder}/README.md`, 'utf8')).toContain(`## ${name}\n`)
    expect(readdirSync(folder).filter((other) => other.endsWith('.yaml'))).toHaveLength(READY.length)
  })

  test('a name that is none is answered with the nearest', async () => {
    await expect(loadScenario('market-dya')).rejects.toThrow(/did you mean market-day\?/)
  })
})

const withoutUndefined = (value: object): unknown => JSON.parse(JSON.stringify(value))

describe('defaults', () => {
  test('an empty file is a market with jobs for a fifth of the peers', () => {
    const scenario = read('')
    expect(scenario.market.enabled).toBe(true)
    expect(scenario.workload.jobs?.count).toBe(scenario.peers / 5)
    expect(scenario.name).toBe('mine')
  })

  test('jobs follow the number of peers unless they are counted', () => {
    expect(read('peers: 5000\n').workload.jobs?.count).toBe(1000)
    expect(read('peers: 5000\nworkload: {jobs: 7}\n').workload.jobs?.count).toBe(7)
  })

  test('without a market there is a stream of messages to look at', () => {
    const { workload, market } = read('market: false\n')
    expect(market.enabled).toBe(false)
    expect(workload).toMatchObject({ jobs: undefined, stream: { messages: 60 } })
  })

  test('a workload of messages or look-ups alone needs no market', () => {
    expect(read('workload: {lookups: {count: 5}}\n').market.enabled).toBe(false)
    expect(read('workload: {lookups: {count: 5}, jobs: 5}\n').market.enabled).toBe(true)
  })

  test('regions choose the matrix that has them', () => {
    expect(read('regions: {eu-west-1: 3, us-east-1: 1}\n')).toMatchObject({
      links: { matrix: 'cloud' },
      regions: [
        { region: 'eu-west-1', share: 3 },
        { region: 'us-east-1', share: 1 },
      ],
    })
    expect(read('regions: {europe: 1}\n').links.matrix).toBe('internet')
    expect(read('links: uniform\n').regions).toEqual([{ region: 'everywhere', share: 1 }])
  })

  test('only homes are behind NAT', () => {
    expect(read('links: cloud\n').nat.share).toBe(0)
    expect(read('links: internet\n').nat.share).toBe(0.455)
    expect(read('links: cloud\nnat: 70%\n').nat.share).toBe(0.7)
  })

  test('durations and shares are numbers in the units of the resolved names', () => {
    const scenario = read(
      'duration: 1.5h\nsettle: 90\nlinks: {matrix: uniform, uniform: [10ms, 0.15], hop: 500us}\ngossip: {heartbeat: 700ms}\nfaults: {restart: 1m, lossShare: 2%}\nchurn: {online: {p: [0, 1], x: [1h, 2h]}, offline: 30m}\n',
    )
    expect(scenario).toMatchObject({ durationSeconds: 5400, settleSeconds: 90 })
    expect(scenario.links).toMatchObject({ uniformMs: [10, 150], hopMs: 0.5 })
    expect(scenario.gossip.heartbeatMs).toBe(700)
    expect(scenario.faults).toMatchObject({ restartSeconds: 60, lossShare: 0.02, untilSeconds: 5400 })
    expect(scenario.churn).toMatchObject({
      preset: 'custom',
      online: { p: [0, 1], seconds: [3600, 7200] },
      offline: { p: [0, 1], seconds: [1800, 1800] },
      initialShare: 0.75,
    })
  })

  test('steps of the script come in order of time', () => {
    expect(read('script: [{at: 30m, do: heal}, {at: 10m, do: partition}]\n').script.map(({ atSeconds }) => atSeconds)).toEqual([
      600, 1800,
    ])
  })
})

describe('fidelity: auto', () => {
  const fidelity = (text: string) => read(text).fidelity
  test('is exact for few peers and cheaper for many', () => {
    expect(fidelity('peers: 300\n').gossip).toBe('exact')
    expect(fidelity('peers: 10000\nduration: 24h\n').gossip).toBe('tree')
    expect(fidelity('peers: 100000\nduration: 24h\n')).toEqual({ gossip: 'stat', dht: 'stat' })
  })

  test('stays exact where an attack needs a mesh or routing tables', () => {
    expect(fidelity('peers: 50000\nmarket: false\nattack: {kind: sybil}\n').gossip).toBe('exact')
    expect(fidelity('peers: 50000\nduration: 24h\nworkload: {lookups: {}}\nattack: {kind: dht-eclipse}\n').dht).toBe('exact')
  })

  test('leaves alone what is written', () => {
    expect(fidelity('peers: 100\nfidelity: {gossip: stat}\n')).toEqual({ gossip: 'stat', dht: 'exact' })
  })
})

describe('the schema', () => {
  test('knows every key of the resolved form, without its unit', () => {
    const sections = {
      gossip: presets.GOSSIP,
      dht: presets.DHT,
      nat: presets.NAT,
      market: presets.MARKET,
      faults: presets.NO_FAULTS,
    }
    for (const [section, defaults] of Object.entries(sections)) {
      for (const key of Object.keys(defaults)) {
        const unknown = checkSchema({ [section]: { [key.replace(/(Seconds|Ms)$/, '')]: null } }).filter(({ text }) =>
          text.includes('unknown key'),
        )
        expect(unknown, `${section}.${key}`).toEqual([])
      }
    }
  })

  test('names the defaults that are used', () => {
    const schema = JSON.parse(readFileSync(new URL('../../schemas/scenario.schema.json', import.meta.url), 'utf8'))
    const sections = {
      gossip: schema.$defs.gossip,
      dht: schema.$defs.dht,
      market: schema.$defs.market,
      nat: schema.$defs.nat,
      faults: schema.properties.faults,
    }
    const scenario = read('')
    for (const [name, { properties }] of Object.entries(
      sections as Record<string, { properties: Record<string, { default?: unknown }> }>,
    )) {
      const entries = Object.entries(properties ?? schema.$defs[name].properties).filter(
        ([, { default: value }]) => value !== undefined,
      )
      expect(entries.length).toBeGreaterThan(2)
      const written = `${name}: ${JSON.stringify(Object.fromEntries(entries.map(([key, { default: value }]) => [key, value])))}\n`
      const section = name as 'gossip' | 'dht' | 'market' | 'nat'
      expect(read(name === 'faults' ? `${written.replace(/}\n$/, ', "until": 0}')}` : written)[section], written).toEqual(
        scenario[section],
      )
    }
  })

  test('offers every preset that there is', () => {
    for (const name of Object.keys(presets.CHURN)) expect(checkSchema({ churn: name }), name).toEqual([])
    for (const name of Object.keys(presets.FLEETS)) expect(checkSchema({ fleet: name }), name).toEqual([])
    for (const name of Object.keys(presets.JOB_MIXES)) expect(checkSchema({ workload: name }), name).toEqual([])
    for (const name of Object.keys(presets.REGIONS)) expect(checkSchema({ regions: name, links: name }), name).toEqual([])
  })
})
