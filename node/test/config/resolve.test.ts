import { Ajv } from 'ajv'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  CONFIG_SCHEMA,
  CONFIG_TEMPLATE,
  type ConfigSources,
  flagOf,
  resolveConfig,
  SETTING_NAMES,
} from '../../src/config/index.ts'

const file = (text: string) => ({ name: 'config.yaml', text })
const settingsOf = (sources: ConfigSources) => resolveConfig(sources).settings

test('without any source the settings are the documented defaults', () => {
  expect(settingsOf({})).toEqual({
    network: 'weft',
    listen: ['/ip4/0.0.0.0/tcp/4170', '/ip4/0.0.0.0/tcp/4171/ws'],
    bootstrap: [],
    relay: false,
    mdns: true,
    provide: false,
    engine: 'auto',
    prices: {
      currency: 'USD',
      start: 0n,
      gpuHour: undefined,
      cpuHour: 20_000n,
      memoryGibHour: 3_000n,
      diskGibHour: 100n,
      egressGib: 10_000n,
      policy: 'fixed',
      gpuFloor: 0n,
      cpuFloor: 0n,
      schedule: [],
    },
    friends: [],
    region: '',
    lend: { cpuMilli: undefined, memoryMib: undefined, diskMib: undefined, gpus: 'auto' },
    diskReserveMib: undefined,
    terms: { intervalMs: 10_000, stopAfterMs: 60_000, stopGraceMs: 10_000 },
    strangersCredit: undefined,
    challenges: 4,
    settle: undefined,
    log: 'info',
    metrics: 'off',
  })
})

test('a flag beats the environment, that beats the file, that beats the default; each says where it came from', () => {
  const { settings, origins } = resolveConfig({
    flags: { network: 'from-flag' },
    env: { WEFT_NETWORK: 'from-env', WEFT_REGION: 'eu-west', WEFT_PRICE_GPU_HOUR: '1.25' },
    file: file('network: from-file\nregion: us-east\nprices:\n  gpuHour: 0.10\n  cpuHour: 0.10\n'),
  })
  expect(settings).toMatchObject({
    network: 'from-flag',
    region: 'eu-west',
    prices: { gpuHour: 1_250_000n, cpuHour: 100_000n, start: 0n },
  })
  expect(origins).toMatchObject({
    network: { from: 'flag', where: '--network' },
    region: { from: 'environment', where: 'WEFT_REGION' },
    'prices.gpuHour': { from: 'environment', where: 'WEFT_PRICE_GPU_HOUR' },
    'prices.cpuHour': { from: 'file', where: 'config.yaml:5' },
    'prices.start': { from: 'default' },
  })
  expect(Object.keys(origins).sort()).toEqual([...SETTING_NAMES].sort())
})

test('a file may set everything', () => {
  const text = `
network: lab-1
listen: [/ip4/127.0.0.1/tcp/0]
bootstrap:
  - /ip4/10.0.0.1/tcp/4170/p2p/12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp
relay: yes
mdns: no
provide: true
engine: unix:///run/podman/podman.sock
region: eu-west
log: debug
metrics: 0.0.0.0:9464
prices: { currency: EUR, gpuHour: 0.123456, cpuHour: 1, memoryGibHour: '0.5', diskGibHour: 0, start: 2.50, egressGib: 0.1,
  policy: utilisation, gpuFloor: 0.05, cpuFloor: 1, schedule: ['22-6:0.5', 18-22:1.5] }
friends: [12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp, 12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp=0.25]
lend: { cpus: 3.5, memory: 8g, disk: 100, diskReserve: 512m, gpus: 2 }
terms: { interval: 1s, stopAfter: 1m, stopGrace: 500ms }
`
  expect(settingsOf({ file: file(text) })).toEqual({
    challenges: 4,
    network: 'lab-1',
    listen: ['/ip4/127.0.0.1/tcp/0'],
    bootstrap: ['/ip4/10.0.0.1/tcp/4170/p2p/12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp'],
    relay: true,
    mdns: false,
    provide: true,
    engine: 'unix:///run/podman/podman.sock',
    prices: {
      currency: 'EUR',
      start: 2_500_000n,
      gpuHour: 123_456n,
      cpuHour: 1_000_000n,
      memoryGibHour: 500_000n,
      diskGibHour: 0n,
      egressGib: 100_000n,
      policy: 'utilisation',
      gpuFloor: 50_000n,
      cpuFloor: 1_000_000n,
      schedule: [
        { from: 22, to: 6, milli: 500 },
        { from: 18, to: 22, milli: 1_500 },
      ],
    },
    friends: [
      { peerId: '12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp', milli: 0 },
      { peerId: '12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp', milli: 250 },
    ],
    region: 'eu-west',
    lend: { cpuMilli: 3500, memoryMib: 8192, diskMib: 102_400, gpus: 2 },
    diskReserveMib: 512,
    terms: { intervalMs: 1_000, stopAfterMs: 60_000, stopGraceMs: 500 },
    log: 'debug',
    metrics: { host: '0.0.0.0', port: 9464 },
  })
})

test('terms under which no receipt could be answered in time are refused', () => {
  const env = { WEFT_TERMS_INTERVAL: '10s', WEFT_TERMS_STOP_AFTER: '15s' }
  expect(() => settingsOf({ env })).toThrow('WEFT_TERMS_STOP_AFTER must be at least twice terms.interval')
})

test.each([
  ['off', 'off'],
  ['false', 'off'],
  ['9464', { host: '127.0.0.1', port: 9464 }],
  ['0', { host: '127.0.0.1', port: 0 }],
  ['[::1]:9464', { host: '::1', port: 9464 }],
  ['0.0.0.0:9464', { host: '0.0.0.0', port: 9464 }],
])('metrics at %s are served at %j', (text, metrics) => {
  expect(settingsOf({ env: { WEFT_METRICS: text } }).metrics).toEqual(metrics)
})

test.each(['true', 'on', '65536', ':9464', 'host', '::1:9464', 'http://127.0.0.1:9464'])('metrics at %s are refused', (text) => {
  expect(() => settingsOf({ env: { WEFT_METRICS: text } })).toThrow(/^WEFT_METRICS must be off, a port/)
})

test('prices are read as they are written, however floating point would round them', () => {
  fc.assert(
    fc.property(fc.nat(999_999_999), fc.nat(999_999), (whole, fraction) => {
      const text = `${whole}.${String(fraction).padStart(6, '0')}`
      const { prices } = settingsOf({ file: file(`prices:\n  gpuHour: ${text}\n`) })
      expect(prices.gpuHour).toBe(BigInt(whole) * 1_000_000n + BigInt(fraction))
    }),
  )
})

test('lists come from one text with commas, or from several flags', () => {
  expect(settingsOf({ env: { WEFT_LISTEN: '/ip4/1.1.1.1/tcp/1, /ip4/2.2.2.2/tcp/2' } }).listen).toEqual([
    '/ip4/1.1.1.1/tcp/1',
    '/ip4/2.2.2.2/tcp/2',
  ])
  expect(settingsOf({ flags: { listen: ['/ip4/1.1.1.1/tcp/1', '/ip4/2.2.2.2/tcp/2'] } }).listen.length).toBe(2)
  expect(settingsOf({ flags: { bootstrap: [] }, env: { WEFT_BOOTSTRAP: '/ip4/1.1.1.1/tcp/1' } }).bootstrap).toEqual([])
})

test('an empty variable counts as none', () => {
  expect(settingsOf({ env: { WEFT_NETWORK: '', WEFT_MDNS: '' } })).toMatchObject({ network: 'weft', mdns: true })
})

test.each(['', '# nothing\n', '---\n', 'null\n', 'prices:\nlend:\n', CONFIG_TEMPLATE])(
  'a file without settings is fine: %j',
  (text) => {
    expect(settingsOf({ file: file(text) })).toEqual(settingsOf({}))
  },
)

test('the template with every setting switched on is valid and gives the defaults', () => {
  const text = CONFIG_TEMPLATE.replaceAll(/^# ((?: {2})?[a-z]+[a-zA-Z]*:.*)$/gm, '$1')
  const { settings, origins } = resolveConfig({ file: file(text) })
  expect(settings).toEqual({
    ...settingsOf({}),
    region: 'eu-west',
    lend: { cpuMilli: 4000, memoryMib: 16_384, diskMib: 102_400, gpus: 'auto' },
    strangersCredit: 500_000n,
    lendFile: '/etc/weft/capacity.yaml',
    diskReserveMib: 2048,
    settle: { everyMs: 86_400_000, least: 1_000_000n },
  })
  for (const name of SETTING_NAMES) expect(origins[name].from, name).toBe('file')
})

describe('a mistake in the file is told with its line and what is right:', () => {
  test.each([
    [
      'a price that is no number',
      'mdns: true\nprices:\n  gpuHour: cheap\n',
      /^config\.yaml:3: prices\.gpuHour must be an amount such as 0\.40, or auto.*: "cheap" is no amount/,
    ],
    ['a negative price', 'prices:\n  gpuHour: -1\n', /^config\.yaml:2: prices\.gpuHour must be an amount/],
    ['a price in scientific notation', 'prices:\n  gpuHour: 1e3\n', /^config\.yaml:2: prices\.gpuHour must be an amount/],
    [
      'a price that is a list',
      'prices:\n  gpuHour: [1]\n',
      /^config\.yaml:2: prices\.gpuHour must be an amount such as 0\.40, or auto/,
    ],
    [
      'an unknown setting',
      'network: weft\n\nprise: 1\n',
      /^config\.yaml:3: there is no setting "prise"; there are network, listen/,
    ],
    [
      'an unknown price',
      'prices:\n  start: 0\n  gpu: 1\n',
      /^config\.yaml:3: there is no setting "prices\.gpu"; there are currency, gpuHour/,
    ],
    ['a group that is a value', 'prices: 3\n', /^config\.yaml:1: prices must hold keys and values; there are currency/],
    ['a value that is a group', 'log:\n  level: info\n', /^config\.yaml:2: log must be one of silent/],
    ['a list where one value belongs', 'network: [a, b]\n', /^config\.yaml:1: network must be a name of small letters/],
    ['a list of groups', 'listen:\n  - {a: 1}\n', /^config\.yaml:2: listen must be multiaddrs/],
    ['the file is a list', '- a\n', /^config\.yaml:1: a file of settings holds keys and values/],
    ['the file is a word', 'hello\n', /^config\.yaml:1: a file of settings holds keys and values/],
    ['one key twice', 'mdns: true\nmdns: false\n', /^config\.yaml:2: this key stands in the file already/],
    ['broken YAML', 'listen: [a\nmdns: true\n', /^config\.yaml:\d+: .+/],
    ['a tab', 'prices:\n\tgpuHour: 1\n', /^config\.yaml:2: .+/],
    [
      'a network name that is none',
      'network: My Network\n',
      /^config\.yaml:1: network must be a name of small letters, digits and hyphens, not "My Network"$/,
    ],
    ['an emptied network name', "network: ''\n", /^config\.yaml:1: network must be a name/],
    ['an address that is none', 'listen: [localhost:4170]\n', /^config\.yaml:1: listen must be multiaddrs such as/],
    ['a currency that is none', 'prices: {currency: $}\n', /^config\.yaml:1: prices\.currency must be a name such as USD/],
    ['no cores', 'lend: {cpus: 0}\n', /^config\.yaml:1: lend\.cpus must be .*zero is no limit/],
    ['a size that is none', 'lend:\n  memory: lots\n', /^config\.yaml:2: lend\.memory must be a size such as 16g/],
    ['an alias', 'region: &r eu\nnetwork: *r\n', /^config\.yaml:2: a YAML alias \(\*r\)/],
    ['a switch that is neither', 'provide: maybe\n', /^config\.yaml:1: provide must be true or false, not "maybe"$/],
  ])('%s', (_name, text, message) => {
    expect(() => resolveConfig({ file: file(text) })).toThrow(
      expect.objectContaining({ code: 'USAGE', message: expect.stringMatching(message) }),
    )
  })

  test('even while a flag hides it', () => {
    expect(() => resolveConfig({ flags: { network: 'fine' }, file: file('network: NOT FINE\n') })).toThrow(
      'config.yaml:1: network',
    )
  })

  test('a file of aliases within aliases, and a huge one, are refused at once', () => {
    const bomb = ['a0: &a0 [x]', ...Array.from({ length: 20 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}, *a${i}]`)].join(
      '\n',
    )
    expect(() => resolveConfig({ file: file(bomb) })).toThrow(/config\.yaml/)
    expect(() => resolveConfig({ file: file(`#${'x'.repeat(70_000)}`) })).toThrow('config.yaml is longer than')
  })
})

test.each([
  [
    { flags: { 'prices.gpuHour': 'abc' } },
    '--price-gpu-hour must be an amount such as 0.40, or auto for the usual one of each card: "abc" is no amount; write one such as 0.40',
  ],
  [
    { env: { WEFT_PRICE_START: '-1' } },
    'WEFT_PRICE_START must be an amount such as 0.40: "-1" is no amount; write one such as 0.40',
  ],
  [{ env: { WEFT_MDNS: 'perhaps' } }, 'WEFT_MDNS must be true or false, not "perhaps"'],
  [{ flags: { network: ['a', 'b'] } }, '--network takes one value, not 2'],
  [{ flags: { network: '' } }, '--network must be a name of small letters, digits and hyphens'],
] as const)('a mistake in %j is told as %j', (sources, message) => {
  expect(() => resolveConfig(sources)).toThrow(expect.objectContaining({ code: 'USAGE', message }))
})

test('every setting has a flag and a variable of its own', () => {
  expect(new Set(SETTING_NAMES.map(flagOf)).size).toBe(SETTING_NAMES.length)
  expect(flagOf('prices.memoryGibHour')).toBe('price-memory-gib-hour')
  expect(flagOf('lend.cpus')).toBe('lend-cpus')
})

test('the published schema takes the full example and refuses unknown keys', () => {
  const validate = new Ajv({ allowUnionTypes: true }).compile(CONFIG_SCHEMA)
  expect(validate({ network: 'a', prices: { gpuHour: 0.4 }, lend: { gpus: 2 }, listen: ['/ip4/1.1.1.1/tcp/1'] })).toBe(true)
  expect(validate({ nonsense: 1 })).toBe(false)
})

test('no file at all makes reading fail otherwise than in a sentence', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      try {
        resolveConfig({ file: file(text) })
      } catch (error) {
        expect(error).toMatchObject({ code: 'USAGE', message: expect.stringContaining('config.yaml') })
      }
    }),
    { numRuns: 500 },
  )
})
