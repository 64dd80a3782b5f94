import { describe, expect, it } from 'vitest'
import type { Device } from '../../src/capacity/device.ts'
import { isWithin, parseHours } from '../../src/capacity/hours.ts'
import { lendable, NO_RULES, readCapacityFile } from '../../src/capacity/index.ts'
import { device, machine } from './device.ts'

const read = (text: string) => readCapacityFile(text, 'capacity.yaml')

describe('a capacity file', () => {
  it('that is empty decides nothing', () => {
    expect(read('')).toEqual(NO_RULES)
    expect(read('# nothing yet\n')).toEqual(NO_RULES)
  })

  it('says which devices, how much, when, and what stays', () => {
    const rules = read(`
devices: [0, rtx-4090, GPU-5d2c0000-1111-2222-3333-444444444444]
cpus: 50%
memory: 16g
disk: 12.5%
reserve:
  gpus: 1
  cpus: 2
  memory: 8g
hours:
  - 18:00-08:00
  - sat,sun 00:00-24:00
timeZone: Europe/Berlin
claim:
  - id: GPU-00000000-1111-2222-3333-444444444444
    vendor: nvidia
    model: NVIDIA GB10
    vram: 96g
    computeCapability: 12.1
`)
    expect(rules).toMatchObject({
      devices: ['0', 'rtx-4090', 'GPU-5d2c0000-1111-2222-3333-444444444444'],
      cpuMilli: { share: 0.5 },
      memoryMib: { amount: 16_384 },
      diskMib: { share: 0.125 },
      reserve: { gpus: 1, cpuMilli: { amount: 2000 }, memoryMib: { amount: 8192 }, diskMib: undefined },
      timeZone: 'Europe/Berlin',
      claims: [{ model: 'gb10', vramMib: 98_304, computeCapability: '12.1', isClaimed: true, health: { state: 'unknown' } }],
    })
    expect(rules.hours).toHaveLength(2)
  })

  it.each([
    ['no YAML', 'devices: [0\nhours: [', /^capacity\.yaml:\d+: /],
    ['a list', '- 1\n', /^capacity\.yaml:1: a capacity file holds keys and values; there are devices, /],
    ['a key that is none', 'cpus: 1\ngpus: 1\n', /^capacity\.yaml:2: there is no "gpus"; there are devices, cpus/],
    ['a key that is none inside', 'reserve:\n  cpu: 1\n', /^capacity\.yaml:2: there is no "cpu"; there are gpus, cpus/],
    ['a share above everything', 'cpus: 101%\n', /^capacity\.yaml:1: cpus must be a number of cores .* not "101%"/],
    ['a size that is none', '\n\nmemory: much\n', /^capacity\.yaml:3: memory must be a size/],
    ['cores that are none', 'cpus: -1\n', /^capacity\.yaml:1: cpus must be/],
    ['a map for a value', 'cpus: { a: 1 }\n', /^capacity\.yaml:1: cpus must be a number of cores/],
    [
      'hours that are none',
      'hours:\n  - 18:00-08:00\n  - 25:00-08:00\n',
      /^capacity\.yaml:3: hours must be .* not "25:00-08:00"/,
    ],
    ['a day that is none', 'hours: xyz 18:00-08:00\n', /^capacity\.yaml:1: hours must be/],
    ['a time zone that is none', 'timeZone: Mars/Olympus\n', /^capacity\.yaml:1: timeZone must be a time zone/],
    [
      'a claim without memory',
      'claim:\n  - id: GPU-1234\n    vendor: nvidia\n    model: x\n',
      /^capacity\.yaml:2: a claimed device needs vram/,
    ],
    [
      'a claim of no vendor',
      'claim:\n  - id: GPU-1234\n    vendor: acme\n',
      /^capacity\.yaml:3: vendor must be one of nvidia, amd, intel, not "acme"/,
    ],
    [
      'a claim twice',
      `claim:\n${'  - { id: GPU-1234, vendor: amd, model: x, vram: 8g }\n'.repeat(2)}`,
      /^capacity\.yaml:3: GPU-1234 is claimed twice/,
    ],
    [
      'a claim of a disk',
      'claim:\n  - { id: GPU-1234, vendor: amd, model: x, vram: 8g, nodes: [/dev/dri/renderD128, /dev/sda] }\n',
      /^capacity\.yaml:2: nodes must be/,
    ],
    [
      'a claim of more memory than a card has',
      'claim:\n  - { id: GPU-1234, vendor: amd, model: x, vram: 900t }\n',
      /^capacity\.yaml:2: vram must be/,
    ],
    [
      'a claim that reaches outside /dev',
      'claim:\n  - { id: GPU-1234, vendor: amd, model: x, vram: 8g, nodes: /dev/../etc/shadow }\n',
      /nodes must be device nodes/,
    ],
    ['an alias', 'devices: &a [0]\nhours: *a\n', /:2: a YAML alias/],
    ['too much', `# ${'x'.repeat(70_000)}\n`, /longer than 65536 bytes/],
    [
      'too many devices',
      `devices: [${Array.from({ length: 65 }, (_, i) => i).join(', ')}]\n`,
      /^capacity\.yaml:1: devices has more than 64 entries/,
    ],
  ])('with %s is refused at its line', (_name, text, complaint) => {
    expect(() => read(text)).toThrow(complaint)
  })
})

describe('hours', () => {
  const at = (text: string) => Date.parse(text)
  const within = (hours: string, when: string, zone = 'UTC') =>
    isWithin(
      [parseHours(hours)].filter((one) => one !== undefined),
      at(when),
      zone,
    )

  it.each([
    ['18:00-08:00', '2026-03-04T18:00:00Z', true],
    ['18:00-08:00', '2026-03-04T17:59:59Z', false],
    ['18:00-08:00', '2026-03-05T07:59:59Z', true],
    ['18:00-08:00', '2026-03-05T08:00:00Z', false],
    ['00:00-24:00', '2026-03-05T23:59:00Z', true],
    // Wednesday is the fourth.
    ['mon-wed 22:00-06:00', '2026-03-04T23:00:00Z', true],
    ['mon-wed 22:00-06:00', '2026-03-05T05:00:00Z', true],
    ['mon-wed 22:00-06:00', '2026-03-05T23:00:00Z', false],
    ['mon-wed 22:00-06:00', '2026-03-02T05:00:00Z', false],
    ['sat,sun 00:00-24:00', '2026-03-07T12:00:00Z', true],
    ['fri-mon 12:00-13:00', '2026-03-08T12:30:00Z', true],
    ['09:00-09:00', '2026-03-08T08:00:00Z', true],
    ['22:00-00:00', '2026-03-05T23:59:00Z', true],
    ['22:00-00:00', '2026-03-06T00:00:00Z', false],
    ['00:00-00:00', '2026-03-06T12:00:00Z', true],
  ])('%s has %s: %s', (hours, when, expected) => {
    expect(within(hours, when)).toBe(expected)
  })

  it('are those of the clock on the wall, also on the day on which it is set', () => {
    // Clocks in Berlin went from 02:00 to 03:00 on 29 March 2026, which was 01:00 UTC.
    expect(within('18:00-08:00', '2026-03-29T05:59:00Z', 'Europe/Berlin')).toBe(true)
    expect(within('18:00-08:00', '2026-03-29T06:00:00Z', 'Europe/Berlin')).toBe(false)
    expect(within('18:00-08:00', '2026-03-28T06:59:00Z', 'Europe/Berlin')).toBe(true)
  })

  it.each(['', '18-08', '18:00', '18:60-08:00', '24:00-08:00', '08:00-24:01', 'mo 08:00-09:00', 'mon- 08:00-09:00'])(
    '%j is none',
    (text) => {
      expect(parseHours(text)).toBeUndefined()
    },
  )
})

describe('what is lent', () => {
  const limits = { cpuMilli: undefined, memoryMib: undefined, diskMib: undefined, gpus: 'auto' as const }
  const lent = (text: string, set: Partial<typeof limits> | object = {}) =>
    lendable(machine, { limits: { ...limits, ...set }, rules: read(text) })
  const ids = (text: string, set: object = {}) => lent(text, set).devices.map(({ id }) => id)

  it('is the devices that the file names, by index, model or id', () => {
    expect(ids('devices: [2, GPU-1]')).toEqual(['GPU-1', 'GPU-3'])
    expect(ids('devices: a10')).toEqual(['GPU-1', 'GPU-2'])
    expect(ids('devices: []')).toEqual([])
    expect(lent('devices: a10').kept).toMatchObject([{ device: { id: 'GPU-3' }, state: 'kept' }])
  })

  it('is less than a name that nothing here has, which is told', () => {
    expect(lent('devices: [rtx-9999, 0]')).toMatchObject({
      devices: [{ id: 'GPU-1' }],
      warnings: [expect.stringMatching(/names "rtx-9999"/)],
    })
  })

  it('is the smaller of what settings and file allow, less what is reserved', () => {
    expect(lent('cpus: 4\nmemory: 50%\n', { cpuMilli: 2000 }).capacity).toMatchObject({ cpuMilli: 2000, memoryMib: 5000 })
    expect(lent('cpus: 4\n', { cpuMilli: 6000 }).capacity.cpuMilli).toBe(4000)
    expect(lent('memory: 100%\nreserve: { memory: 2g, cpus: 25%, gpus: 1 }\n').capacity).toMatchObject({
      memoryMib: 7952,
      cpuMilli: 6000,
    })
    expect(ids('reserve: { gpus: 1 }')).toEqual(['GPU-1', 'GPU-2'])
    expect(ids('devices: a10', { gpus: 1 })).toEqual(['GPU-1'])
    expect(lent('reserve: { cpus: 100, gpus: 9, memory: 100%, disk: 100% }').capacity).toMatchObject({
      gpus: [],
      cpuMilli: 0,
      memoryMib: 0,
      diskMib: 0,
    })
  })

  it('is no more than one announcement has room for', () => {
    const many = (count: number, kinds: number) =>
      Array.from({ length: count }, (_, i) => device(`GPU-${i}`, { model: `m${i % kinds}` }))
    const lentOf = (found: Device[]) => lendable({ ...machine, devices: found }, { limits })
    expect(lentOf(many(70, 3)).devices).toHaveLength(64)
    expect(lentOf(many(70, 3)).kept.map(({ state }) => state)).toEqual(Array(6).fill('unavailable'))
    expect(lentOf(many(20, 20)).capacity.gpus).toHaveLength(16)
  })

  it('is nothing outside the hours', () => {
    const { capacity, kept } = lendable(machine, { limits, isOpen: false })
    expect(capacity).toMatchObject({ gpus: [], cpuMilli: 0, memoryMib: 0, diskMib: 0 })
    expect(kept.map(({ state }) => state)).toEqual(['closed', 'closed', 'closed'])
  })

  it('has claimed devices as a kind of their own, that is said to be only claimed', () => {
    const claim = (id: string) => `claim:\n  - { id: ${id}, vendor: nvidia, model: a10, vram: 24g, computeCapability: 8.6 }\n`
    expect(lent(claim('GPU-9999')).capacity.gpus).toMatchObject([
      { model: 'a10', count: 2 },
      { model: 't4' },
      { model: 'a10', count: 1, detected: false },
    ])
    expect(lent(claim('GPU-1')).capacity.gpus).toHaveLength(2)
  })
})
