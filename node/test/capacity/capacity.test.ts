import { hash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { cgroupLimits, parseBytes, parseCpuMax, parseSelf } from '../../src/capacity/cgroup.ts'
import { archName, detectMachine, gpuKinds, lendable, modelName, recordedProbe } from '../../src/capacity/index.ts'
import { device, machine } from './device.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-capacity-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const files = (content: Record<string, string>) => async (path: string) => content[path]

describe('control groups limit what counts as there:', () => {
  test.each([
    { name: 'no control groups', content: {}, expected: { cpuMilli: undefined, memoryBytes: undefined } },
    {
      name: 'version 2, without limits',
      content: {
        '/proc/self/cgroup': '0::/user.slice\n',
        '/sys/fs/cgroup/user.slice/cpu.max': 'max 100000\n',
        '/sys/fs/cgroup/user.slice/memory.max': 'max\n',
      },
      expected: { cpuMilli: undefined, memoryBytes: undefined },
    },
    {
      name: 'version 2, limited at several levels: the tightest counts',
      content: {
        '/proc/self/cgroup': '0::/system.slice/weft.service\n',
        '/sys/fs/cgroup/system.slice/weft.service/cpu.max': '400000 100000\n',
        '/sys/fs/cgroup/system.slice/cpu.max': '150000 100000\n',
        '/sys/fs/cgroup/system.slice/weft.service/memory.max': '1073741824\n',
        '/sys/fs/cgroup/system.slice/memory.max': '8589934592\n',
      },
      expected: { cpuMilli: 1500, memoryBytes: 1_073_741_824 },
    },
    {
      name: 'version 2 inside a container, which sees its own group as the root',
      content: {
        '/proc/self/cgroup': '0::/\n',
        '/sys/fs/cgroup/cpu.max': '50000 100000\n',
        '/sys/fs/cgroup/memory.max': '536870912\n',
      },
      expected: { cpuMilli: 500, memoryBytes: 536_870_912 },
    },
    {
      name: 'version 1 with an empty version 2 beside it',
      content: {
        '/proc/self/cgroup': '12:memory:/docker/abc\n5:cpu,cpuacct:/docker/abc\n1:name=systemd:/docker/abc\n0::/\n',
        '/sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_quota_us': '300000\n',
        '/sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_period_us': '100000\n',
        '/sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes': '2147483648\n',
        '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
      },
      expected: { cpuMilli: 3000, memoryBytes: 2_147_483_648 },
    },
    {
      name: 'version 1 without limits',
      content: {
        '/proc/self/cgroup': '4:memory:/\n3:cpu:/\n',
        '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
        '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
        '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
      },
      expected: { cpuMilli: undefined, memoryBytes: undefined },
    },
  ])('$name', async ({ content, expected }) => {
    expect(await cgroupLimits(files(content as Record<string, string>))).toEqual(expected)
  })

  test.each(['', 'nonsense', '0::', '0::relative', `0::/${'a/'.repeat(5000)}`, '0::/../../etc'])(
    'a membership of %j leads nowhere else',
    async (text) => {
      const read: string[] = []
      await cgroupLimits(async (path) => {
        read.push(path)
        return path === '/proc/self/cgroup' ? text : undefined
      })
      expect(read.length).toBeLessThan(200)
      for (const path of read.slice(1)) expect(path).toMatch(/^\/sys\/fs\/cgroup\/(?!.*\.\.)/)
    },
  )

  test.each(['', '0 0', '-1 100000', 'max 1', '1e9 1', '100000 0', 'abc'])('a quota of %j is none', (text) => {
    expect(parseCpuMax(text)).toBeUndefined()
  })
  test.each(['', '0', '-1', 'max', '1.5', '9223372036854771712'])('a limit of %j bytes is none', (text) => {
    expect(parseBytes(text)).toBeUndefined()
  })
  test('paths are told apart by their controllers', () => {
    expect(parseSelf('3:cpuset:/x\n2:cpu,cpuacct:/c\n1:memory:/m\n0::/u\n')).toEqual({ unified: '/u', cpu: '/c', memory: '/m' })
  })
})

describe('models', () => {
  test.each([
    ['NVIDIA GeForce RTX 3090 Ti', 'rtx-3090-ti'],
    ['NVIDIA H200', 'h200'],
    ['NVIDIA H100 80GB HBM3', 'h100-80gb-hbm3'],
    ['Tesla V100-SXM2-16GB', 'v100-sxm2-16gb'],
    ['NVIDIA RTX 6000 Ada Generation', 'rtx-6000-ada-generation'],
    ['Quadro RTX 5000', 'rtx-5000'],
    ['NVIDIA GeForce', 'geforce'],
    ['AMD Instinct MI300X', 'instinct-mi300x'],
    ['AMD Radeon RX 7900 XTX', 'radeon-rx-7900-xtx'],
    ['Intel(R) Arc(TM) A770 Graphics', 'arc-a770'],
    ['Intel(R) Data Center GPU Flex 170', 'data-center-gpu-flex-170'],
    ['Intel(R) Graphics [0xe211]', 'graphics-0xe211'],
  ])('%s is called %s', (name, model) => {
    expect(modelName(name)).toBe(model)
  })

  test('are short and plain whatever a tool says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (name) => {
        expect(modelName(name)).toMatch(/^[a-z0-9.-]{0,64}$/)
      }),
    )
  })
})

describe('kinds', () => {
  test('count devices that are alike together, and keep different ones apart', () => {
    const kinds = gpuKinds([device('GPU-1'), device('GPU-2', { model: 't4', vramMib: 15_360 }), device('GPU-3')])
    expect(kinds.map(({ uuidHashes, ...gpu }) => ({ ...gpu, hashes: uuidHashes.length }))).toEqual([
      { vendor: 'nvidia', model: 'a10', vramMib: 24_576, count: 2, computeCapability: '8.6', hashes: 2 },
      { vendor: 'nvidia', model: 't4', vramMib: 15_360, count: 1, computeCapability: '8.6', hashes: 1 },
    ])
  })

  test('tell hashes of ids, which can be compared but not read', () => {
    const announced = (id: string) => Buffer.from(gpuKinds([device(id)])[0]?.uuidHashes[0] ?? []).toString('hex')
    const plain = (id: string) => hash('sha256', id, 'hex')
    expect(announced('GPU-1')).toBe(plain('GPU-1'))
    // A place on the bus is one of every machine.
    expect(announced('amd:0000:03:00.0')).toMatch(/^[0-9a-f]{64}$/)
    expect(announced('amd:0000:03:00.0')).not.toBe(plain('amd:0000:03:00.0'))
  })
})

describe('this machine', () => {
  test('has what its control groups allow, at most', async () => {
    const machine = await detectMachine({
      folder,
      probe: recordedProbe({
        tools: {},
        files: new Map([
          ['/proc/self/cgroup', '0::/'],
          ['/sys/fs/cgroup/cpu.max', '50000 100000'],
          ['/sys/fs/cgroup/memory.max', '104857600'],
          ['/sys/class/net/eth0/device', '-> ../../virtio2'],
          ['/sys/class/net/eth0/operstate', 'up'],
          ['/sys/class/net/eth0/speed', '10000'],
          ['/sys/class/net/eth1/device', '-> ../../virtio3'],
          ['/sys/class/net/eth1/operstate', 'up'],
          ['/sys/class/net/eth1/speed', '-1'],
          ['/sys/class/net/docker0/operstate', 'up'],
          ['/sys/class/net/docker0/speed', '100000'],
        ]),
      }),
    })
    expect(machine).toMatchObject({
      cpuMilli: 500,
      memoryMib: 100,
      arch: archName(process.arch),
      linkMbit: 10_000,
    })
    expect(machine.diskMib).toBeGreaterThan(0)
  })

  test('is measured without any tool or file, and the folder need not exist', async () => {
    const machine = await detectMachine({ folder: join(folder, 'new'), probe: recordedProbe({ tools: {}, files: new Map() }) })
    expect(machine).toMatchObject({ devices: [], faults: [], linkMbit: undefined })
    expect(machine.cpuMilli % 1000).toBe(0)
    expect(machine.memoryMib).toBeGreaterThan(100)
    expect(readdirSync(folder)).toEqual([])
  })

  test('names its architecture as images do', () => {
    expect([archName('x64'), archName('arm64'), archName('riscv64')]).toEqual(['amd64', 'arm64', 'riscv64'])
  })
})

describe('lending', () => {
  const { devices } = machine
  const all = { gpus: gpuKinds(devices), cpuMilli: 8000, memoryMib: 10_000, diskMib: 1000, arch: 'amd64' }
  const unlimited = { cpuMilli: undefined, memoryMib: undefined, diskMib: undefined, gpus: 'auto' as const }

  test('without limits is of nearly everything', () => {
    expect(lendable(machine, { limits: unlimited })).toEqual({
      capacity: { ...all, memoryMib: 9000, diskMib: 800 },
      devices,
      kept: [],
      warnings: [],
    })
  })

  test('is of exactly what the limits say, cards in their order', () => {
    const { capacity, warnings } = lendable(machine, { limits: { cpuMilli: 1500, memoryMib: 10_000, diskMib: 5, gpus: 1 } })
    expect(capacity).toEqual({ ...all, gpus: gpuKinds(devices.slice(0, 1)), cpuMilli: 1500, diskMib: 5 })
    expect(warnings).toEqual([])
    expect(lendable(machine, { limits: { ...unlimited, gpus: 3 } }).devices).toEqual(devices)
    expect(lendable(machine, { limits: { ...unlimited, gpus: 0 } }).capacity.gpus).toEqual([])
  })

  test('is never of more than there is, and a limit above that is told', () => {
    const { capacity, warnings } = lendable(machine, { limits: { cpuMilli: 9000, memoryMib: 20_000, diskMib: 2000, gpus: 5 } })
    expect(capacity).toEqual(all)
    expect(warnings.join('\n')).toMatch(/lend\.gpus asks for 5 .* has 3.*lend\.cpus.*lend\.memory.*lend\.disk/s)
  })

  test('is never of a card that failed', () => {
    const failed = device('GPU-0', { health: { state: 'failed', text: 'lost' } })
    expect(lendable({ ...machine, devices: [failed, ...devices] }, { limits: unlimited }).devices).toEqual(devices)
  })
})
