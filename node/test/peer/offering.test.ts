import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type MachineSize, type Probe, readRecording, recordedProbe } from '../../src/capacity/index.ts'
import { resolveConfig } from '../../src/config/index.ts'
import { type Engine, ProcessEngine } from '../../src/executor/index.ts'
import { type Offered, Offering } from '../../src/peer/offering.ts'
import { announcedPrices } from '../../src/prices/by-class.ts'

const FIXTURES = new URL('../capacity/fixtures/', import.meta.url)
const NIGHT = Date.parse('2026-03-04T23:00:00Z')
const NOON = Date.parse('2026-03-05T12:00:00Z')
const ENGINE: Engine = Object.assign(new ProcessEngine({ unsafeProcessEngine: true }), {
  devices: async () => ({ cdiFolders: [], hasNvidiaDriver: true, hasNodes: true, isRootless: false }),
})

/** A recorded machine of this test alone: its devices have names that no other peer's have. */
function machine(name: string): Probe {
  const text = readFileSync(new URL(`${name}.yaml`, FIXTURES), 'utf8').replaceAll(
    'GPU-e0000000',
    `GPU-${process.pid.toString(16).padStart(8, '0')}`,
  )
  return recordedProbe(readRecording(text))
}

/** Whatever machine `seen` has now. */
const through = (seen: { probe: Probe }): Probe => ({
  run: (...call) => seen.probe.run(...call),
  read: (path) => seen.probe.read(path),
  list: (path) => seen.probe.list(path),
  link: (path) => seen.probe.link(path),
})

let folder: string
let warnings: string[]
const open = new Set<Offering>()
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weft-offering-'))
  warnings = []
})
afterEach(async () => {
  for (const offering of open) await offering.stop()
  open.clear()
  rmSync(folder, { recursive: true, force: true })
})

interface Setting {
  probe?: Probe
  flags?: object
  wallMs?: () => number
  engine?: Engine
  isLeased?: (id: string) => boolean
  size?: () => Promise<MachineSize>
}

async function offer(set: Setting = {}) {
  const { settings } = resolveConfig({ flags: set.flags ?? {} })
  const offering = await Offering.open({
    folder,
    settings,
    priced: (capacity) => ({ ...capacity, ...announcedPrices(capacity.gpus, settings.prices) }),
    engine: set.engine ?? ENGINE,
    onWarning: (sentence) => warnings.push(sentence),
    probe: set.probe ?? machine('nvidia-xid'),
    wallMs: set.wallMs ?? (() => NOON),
    ...(set.size === undefined ? {} : { size: set.size }),
  })
  open.add(offering)
  const changes: Offered[] = []
  offering.start({ onChange: (offered) => changes.push(offered), isLeased: set.isLeased ?? (() => false) })
  // Whoever begins to follow is told what is so now.
  expect(changes.splice(0)).toEqual([offering.now])
  return { offering, changes, count: () => offering.now.devices.length }
}
const write = (text: string) => writeFileSync(join(folder, 'capacity.yaml'), text)

it('lends every card that works without any configuration, and says of the others why not', async () => {
  const { offering } = await offer()
  expect(offering.now.capacity.gpus).toMatchObject([{ model: 'a100-sxm4-40gb', count: 2 }])
  expect(offering.now.kept).toMatchObject([{ state: 'failed', why: expect.stringContaining('Xid 79') }])
  expect(offering.file.state).toBe('none')
})

it('follows a capacity file that is written, changed and broken while it runs', async () => {
  const { offering, changes, count } = await offer()
  write('reserve: { gpus: 1 }\n')
  await offering.look({ devices: false })
  expect([count(), changes.length, offering.file.state]).toEqual([1, 1, 'in-force'])
  write('reserve: { gpus: 2 }\ncpus: lots\n')
  await offering.look({ devices: false })
  await offering.look({ devices: false })
  expect([count(), changes.length, offering.file.state]).toEqual([1, 1, 'refused'])
  expect(warnings.filter((warning) => /capacity\.yaml:2: cpus must be/.test(warning))).toHaveLength(1)
  rmSync(join(folder, 'capacity.yaml'))
  await offering.look({ devices: false })
  expect([count(), offering.file.problem]).toEqual([1, expect.stringContaining('is not there')])
  write('')
  await offering.look({ devices: false })
  expect([count(), changes.length, offering.file.state]).toEqual([2, 2, 'in-force'])
})

it('does not start with a file that has an error, or that was named and is not there', async () => {
  write('cpus: lots\n')
  await expect(offer()).rejects.toThrow(/capacity\.yaml:1: cpus must be/)
  await expect(offer({ flags: { 'lend.file': join(folder, 'none.yaml') } })).rejects.toThrow(/none\.yaml is not there/)
})

it('lends nothing outside the hours, and all of it within them', async () => {
  let wallMs = NOON
  write('hours: 18:00-08:00\ntimeZone: UTC\n')
  const { offering, changes, count } = await offer({ wallMs: () => wallMs })
  expect(offering.now).toMatchObject({
    devices: [],
    capacity: { cpuMilli: 0 },
    closed: expect.stringContaining('it is Thu 12:00'),
  })
  wallMs = NIGHT
  await offering.look({ devices: false })
  expect([count(), changes.length, offering.now.closed]).toEqual([2, 1, undefined])
})

/** An engine as large as any machine. */
const LARGE: Engine = Object.assign(new ProcessEngine({ unsafeProcessEngine: true }), {
  devices: ENGINE.devices,
  info: async () => ({ ...(await new ProcessEngine({ unsafeProcessEngine: true }).info()), cpus: 128, memoryMib: 2 ** 20 }),
})

it('announces less as soon as cores, memory or disk are less, and more when two readings in a row have it', async () => {
  let size: MachineSize = { cpuMilli: 8_000, memoryMib: 32_000, diskMib: 100_000 }
  const { offering, changes } = await offer({ size: async () => size, engine: LARGE })
  const sold = async (next: Partial<MachineSize>) => {
    size = { ...size, ...next }
    await offering.look({ devices: true })
    const { cpuMilli, memoryMib, diskMib } = offering.now.capacity
    return { cpuMilli, memoryMib, diskMib }
  }
  const first = await sold({})
  expect(first).toEqual({ cpuMilli: 8_000, memoryMib: 28_800, diskMib: 79_872 })
  // A disk and a balloon that move a little are not news.
  expect(await sold({ memoryMib: 31_500, diskMib: 96_000 })).toEqual(first)
  expect(changes).toEqual([])
  expect(await sold({ cpuMilli: 2_500 })).toEqual({ ...first, cpuMilli: 2_500 })
  expect(await sold({ memoryMib: 16_000, diskMib: 50_000 })).toEqual({ cpuMilli: 2_500, memoryMib: 14_400, diskMib: 39_936 })
  expect(changes).toHaveLength(2)
  expect(await sold({ cpuMilli: 8_000, memoryMib: 64_000 })).toEqual({ cpuMilli: 2_500, memoryMib: 14_400, diskMib: 39_936 })
  expect(await sold({ cpuMilli: 6_000, memoryMib: 64_000 })).toEqual({ cpuMilli: 6_000, memoryMib: 57_600, diskMib: 39_936 })
  expect(changes).toHaveLength(3)
})

it('what its leases wrote is disk that it lends, and what others wrote is not', async () => {
  const size: MachineSize = { cpuMilli: 8_000, memoryMib: 32_000, diskMib: 40 }
  const { offering } = await offer({ size: async () => ({ ...size }), engine: LARGE })
  const { diskMib } = offering.now.capacity
  mkdirSync(join(folder, 'leases', 'one'), { recursive: true })
  writeFileSync(join(folder, 'leases', 'one', 'output'), Buffer.alloc(10 * 2 ** 20, 1))
  size.diskMib -= 10
  await offering.look({ devices: true })
  expect(offering.now.capacity.diskMib).toBe(diskMib)
  rmSync(join(folder, 'leases'), { recursive: true })
  await offering.look({ devices: true })
  expect(offering.now.capacity.diskMib).toBe(24)
})

it('withdraws a card that fails, and one that its tool forgets twice', async () => {
  const seen = { probe: machine('nvidia-a100-memory-errors') }
  const { offering, count } = await offer({ probe: through(seen) })
  expect(count()).toBe(1)
  seen.probe = machine('nvidia-no-device')
  await offering.look({ devices: true })
  expect(count()).toBe(1)
  await offering.look({ devices: true })
  expect(count()).toBe(0)
  seen.probe = machine('nvidia-a100-memory-errors')
  await offering.look({ devices: true })
  expect(count()).toBe(1)
})

it('a card that is gone keeps its place, so that no index in the capacity file becomes that of another card', async () => {
  let lost = ''
  const recorded = machine('nvidia-xid')
  const probe: Probe = {
    ...recorded,
    async run(...call) {
      const answer = await recorded.run(...call)
      const lines = 'text' in answer ? answer.text.split('\n').filter((line) => !line.startsWith(`${lost}, GPU-`)) : []
      return answer.type === 'done' ? { ...answer, text: lines.join('\n') } : answer
    },
  }
  write('devices: [0, 1]\n')
  const { offering } = await offer({ probe })
  const [mine] = offering.now.devices
  expect(offering.now.devices).toHaveLength(1)
  lost = '1'
  for (let looks = 0; looks < 3; looks += 1) await offering.look({ devices: true })
  expect(offering.now.devices).toEqual([])
  expect(offering.now.kept.find(({ device }) => device.id === mine?.id)).toMatchObject({ state: 'failed' })
  lost = ''
  await offering.look({ devices: true })
  expect(offering.now.devices.map(({ id }) => id)).toEqual([mine?.id])
})

it('a card that is divided while it is lent makes room for its slices, and they for it', async () => {
  const seen = { probe: machine('nvidia-h100') }
  const { offering } = await offer({ probe: through(seen) })
  seen.probe = machine('nvidia-h100-mig')
  await offering.look({ devices: true })
  expect(offering.devices.map(({ sliceOf }) => sliceOf !== undefined)).toEqual([true, true, true, true])
  seen.probe = machine('nvidia-h100')
  for (let looks = 0; looks < 2; looks += 1) await offering.look({ devices: true })
  expect(offering.devices.map(({ model }) => model)).toEqual(['h100-80gb-hbm3'])
})

it('does not lend a card on which others compute, but one that its own leases use, also after a restart', async () => {
  const id = `GPU-${process.pid.toString(16).padStart(8, '0')}-0000-4000-8000-000000000001`
  const recorded = machine('nvidia-xid')
  const users = { text: `${id}, 4242, 30000\n${id}, 4243, 100\n` }
  const probe: Probe = {
    ...recorded,
    run: async (file, args) =>
      args[0]?.startsWith('--query-compute-apps') === true ? { type: 'done', text: users.text } : recorded.run(file, args),
  }
  const { offering, count } = await offer({ probe })
  expect(count()).toBe(1)
  expect(offering.now.kept.find(({ device }) => device.id === id)).toMatchObject({
    state: 'unavailable',
    why: 'process 4242 and 1 more use 30100 MiB of its 40960; it is lent within five minutes of their end',
  })
  users.text = `${id}, 4242, 4000\n`
  await offering.look({ devices: true })
  expect(count()).toBe(2)
  await offering.stop()
  users.text = `${id}, 4242, 30000\n`
  const { offering: again, count: countAgain } = await offer({ probe, isLeased: (leased) => leased === id })
  expect(countAgain()).toBe(2)
  await again.look({ devices: true })
  expect(countAgain()).toBe(2)
})

it('what a lease used that ended while the cards were looked at is not taken for use by others', async () => {
  const id = `GPU-${process.pid.toString(16).padStart(8, '0')}-0000-4000-8000-000000000001`
  const recorded = machine('nvidia-xid')
  let isLeased = true
  const probe: Probe = {
    ...recorded,
    async run(file, args) {
      if (args[0]?.startsWith('--query-compute-apps') !== true) return recorded.run(file, args)
      isLeased = false
      return { type: 'done', text: `${id}, 4242, 30000\n` }
    },
  }
  const { offering, count } = await offer({ probe, isLeased: (leased) => isLeased && leased === id })
  isLeased = true
  await offering.look({ devices: true })
  expect([isLeased, count()]).toEqual([false, 2])
})

it('does not lend what the engine cannot give to a container, and says what to do', async () => {
  const engine = new ProcessEngine({ unsafeProcessEngine: true })
  const { offering, count } = await offer({ engine })
  expect(count()).toBe(0)
  expect(offering.now.kept.filter(({ state }) => state === 'unavailable').map(({ why }) => why)).toEqual(
    Array(2).fill(expect.stringContaining('install the NVIDIA Container Toolkit')),
  )
})

it('does not lend what was withdrawn, and lends it again', async () => {
  const { offering, count } = await offer()
  const [first] = offering.now.devices
  await offering.withdraw(new Map([[first?.id ?? '', 'a process is left on it']]))
  expect(count()).toBe(1)
  expect(offering.now.kept).toContainEqual(expect.objectContaining({ state: 'unavailable', why: 'a process is left on it' }))
  await offering.withdraw(new Map())
  expect(count()).toBe(2)
})

it.skipIf(process.platform !== 'linux')('two peers of one machine never lend one card', async () => {
  const { offering: one } = await offer({ flags: { 'lend.gpus': '1' } })
  const { offering: other, count } = await offer()
  expect(count()).toBe(1)
  expect(other.now.kept).toContainEqual(
    expect.objectContaining({ why: expect.stringMatching(/^another peer of this machine lends it; .*capacity\.yaml/) }),
  )
  expect(other.now.devices.map(({ id }) => id)).not.toContain(one.now.devices[0]?.id)
  await one.stop()
  await other.look({ devices: false })
  expect(count()).toBe(2)
})

it.skipIf(process.platform !== 'linux')(
  'a peer that is to lend one card takes another where the first is lent already',
  async () => {
    const { offering: one } = await offer({ flags: { 'lend.gpus': '1' } })
    const { offering: other } = await offer({ flags: { 'lend.gpus': '1' } })
    expect(other.now.devices).toHaveLength(1)
    expect(other.now.devices[0]?.id).not.toBe(one.now.devices[0]?.id)
  },
)

it('every recorded machine can be lent', async () => {
  for (const name of readdirSync(FIXTURES).filter((file) => file.endsWith('.yaml'))) {
    const { offering } = await offer({ probe: machine(name.replace('.yaml', '')) })
    expect(offering.now.capacity.cpuMilli).toBeGreaterThan(0)
    await offering.stop()
  }
})
