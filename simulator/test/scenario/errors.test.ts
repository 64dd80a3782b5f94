import { readScenario, ScenarioError } from '@weft/simulator/lab'
import { describe, expect, test } from 'vitest'

/** What reading `text` says; fails if it is accepted. */
function complaint(text: string, ...set: string[]): string {
  try {
    readScenario(text, { file: 'mine.yaml', set })
  } catch (error) {
    expect(error).toBeInstanceOf(ScenarioError)
    return (error as ScenarioError).message
  }
  throw new Error(`accepted: ${text}`)
}

describe('an error points at file, line and column', () => {
  test.each([
    {
      name: 'an unknown key, with the nearest and what is allowed',
      text: 'peers: 100\nfleet:\n  preset: paid-home\n  providerShares: 0.5\n',
      says: 'mine.yaml:4:3: fleet.providerShares: unknown key; did you mean providerShare? Allowed: preset, providerShare, priceSpread, machines',
    },
    {
      name: 'an unknown preset',
      text: 'churn:   volunter\n',
      says: 'mine.yaml:1:10: churn: "volunter" is not known here; did you mean volunteer? Allowed: none, volunteer, paid-home, datacenter',
    },
    {
      name: 'a duration without its unit',
      text: 'seed: 3\nduration: 24x\n',
      says: 'mine.yaml:2:11: duration: "24x" is not allowed here: give a duration such as 24h, 90s or 250ms, or a number of seconds',
    },
    {
      name: 'a share above one',
      text: 'fleet: {providerShare: 1.5}\n',
      says: 'mine.yaml:1:24: fleet.providerShare: 1.5 is not allowed here: give a share such as 0.3 or 30%',
    },
    {
      name: 'a number where a section or a name belongs',
      text: 'churn: 5\n',
      says: 'mine.yaml:1:8: churn: 5 is not allowed here: give a way of coming and going: none, volunteer, paid-home, datacenter, or its settings',
    },
    {
      name: 'a number out of its range, deep in a list',
      text: 'script:\n  - at: 1h\n    do: crash\n    share: 120%\n',
      says: 'mine.yaml:4:12: script.0.share: "120%" is not allowed here: give a share such as 0.3 or 30%',
    },
    {
      name: 'a key that another step has',
      text: 'script: [{at: 1h, do: heal, share: 0.5}]\n',
      says: 'mine.yaml:1:29: script.0.share: unknown key; Allowed: at, do',
    },
    {
      name: 'a key that another attack has',
      text: 'attack:\n  kind: spam\n  sybils: 4\n',
      says: 'mine.yaml:3:3: attack.sybils: unknown key; Allowed: kind, spammers, perSecond, from',
    },
    {
      name: 'a missing key',
      text: 'attack: {sybils: 4}\n',
      says: 'mine.yaml:1:9: attack: the key kind is missing',
    },
    {
      name: 'broken YAML',
      text: 'peers: 10\nfleet: {preset: paid-home\n',
      says: /^mine\.yaml:3:1: not valid YAML: /,
    },
    {
      name: 'a key given twice',
      text: 'peers: 10\npeers: 20\n',
      says: /^mine\.yaml:2:1: not valid YAML: Map keys must be unique/,
    },
    { name: 'a list instead of keys', text: '- 1\n- 2\n', says: /^mine\.yaml:1:1: \[1,2\] is not allowed here/ },
    {
      name: 'a region that the matrix has not',
      text: 'links: cloud\nregions:\n  eu-west-1: 1\n  eu-wst-2: 1\n',
      says: /^mine\.yaml:4:3: regions\.eu-wst-2 and links\.matrix: the matrix cloud does not have it; did you mean eu-west-2\?/,
    },
  ])('$name', ({ text, says }) => {
    if (typeof says === 'string') expect(complaint(text)).toBe(says)
    else expect(complaint(text)).toMatch(says)
  })

  test('every problem is told at once, in order of lines', () => {
    const lines = complaint('zeed: 1\npeers: 1\nduration: -5\n').split('\n')
    expect(lines.map((line) => line.slice(0, 13))).toEqual(['mine.yaml:1:1', 'mine.yaml:2:8', 'mine.yaml:3:1'])
  })
})

test('of many problems the first twenty are told, and how many more there are', () => {
  const lines = complaint(`script: [${Array(500).fill('1').join(', ')}]\n`).split('\n')
  expect(lines).toHaveLength(21)
  expect(lines[20]).toMatch(/^and \d+ more$/)
})

describe('an impossible combination names both keys', () => {
  test.each([
    { text: 'fleet: {providerShare: 0}\nworkload: {jobs: 5}\n', keys: 'fleet.providerShare and workload.jobs', at: '1:9' },
    { text: 'workload: {jobs: 5}\nmarket: false\n', keys: 'workload.jobs and market.enabled', at: '1:12' },
    { text: 'market: {renterShare: 0}\n', keys: 'market.renterShare and workload.jobs', at: '1:10' },
    { text: 'warmup: 2h\nduration: 1h\n', keys: 'warmup and duration', at: '1:1' },
    { text: 'faults: {crashesPerHour: 1, until: 2h}\nduration: 1h\n', keys: 'faults.until and duration', at: '1:29' },
    {
      text: 'market: false\nworkload: {stream: {}}\nattack: {kind: eclipse}\nfidelity: {gossip: tree}\n',
      keys: 'fidelity.gossip and attack.kind',
      at: '4:12',
    },
    {
      text: 'market: false\nworkload: {stream: {}}\nattack: {kind: sybil}\nfidelity: {gossip: stat}\n',
      keys: 'fidelity.gossip and attack.kind',
      at: '4:12',
    },
    { text: 'workload: {jobs: {arrivals: trace}}\n', keys: 'workload.jobs.arrivals and workload.trace', at: '1:19' },
    {
      text: 'peers: 10\nmarket: false\nworkload: {stream: {publishers: 11}}\n',
      keys: 'workload.stream.publishers and peers',
      at: '3:21',
    },
    { text: 'market: false\nworkload: {stream: {}}\nmeasure: true\n', keys: 'measure and market.enabled', at: '3:1' },
    { text: 'measure: {retry: 0s}\n', keys: 'measure.retry and measure', at: '1:11' },
    { text: 'attack: {kind: cheating-hardware}\n', keys: 'attack.kind and measure', at: '1:10' },
    { text: 'workload: {lookups: {}}\nattack: {kind: free-riders}\n', keys: 'attack.kind and workload.jobs', at: '2:10' },
    { text: 'script: [{at: 9h, do: heal}]\nduration: 1h\n', keys: 'script and duration', at: '1:1' },
    { text: 'gossip: {d: 3}\n', keys: 'gossip.dLow and gossip.d', at: '1:10' },
    { text: 'churn: {online: 1h}\n', keys: 'churn.online and churn.offline', at: '1:9' },
    {
      text: 'workload: {jobs: {duration: {p: [0, 0.5, 0.4, 1], x: [1, 2, 3, 4]}}}\n',
      keys: 'workload.jobs.duration.p and workload.jobs.duration.x',
      at: '1:30',
    },
  ])('$keys', ({ text, keys, at }) => {
    expect(complaint(text)).toContain(`mine.yaml:${at}: ${keys}: `)
  })
})

describe('what a stranger may put into a file', () => {
  test('aliases that multiply are refused before they fill memory', () => {
    const levels = Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(', ')}]`)
    expect(complaint(['a0: &a0 [x]', ...levels].join('\n'))).toMatch(/aliases cannot be resolved/)
  })

  test('a file that is no page of text is refused by its size', () => {
    expect(complaint(`title: ${'x'.repeat(300_000)}\n`)).toMatch(/larger than 256 KiB/)
  })

  test.each([
    ['brackets', '['.repeat(5000)],
    ['dashes', '- '.repeat(5000)],
    ['indentation', Array.from({ length: 300 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
  ])('nesting by %s is bounded', (_, text) => {
    expect(complaint(text)).toMatch(/nested deeper/)
  })

  test('keys of the language reach no prototype', () => {
    expect(complaint('__proto__: {peers: 5}\n')).toMatch(/unknown key/)
    expect(complaint('', '__proto__.peers=5')).toMatch(/empty name|unknown key/)
    expect(({} as { peers?: number }).peers).toBeUndefined()
  })
})
