import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { cgroupLimits, parseBytes, parseCpuMax, parseSelf } from '../../src/capacity/cgroup.ts'
import { applyLimits, archName, detectMachine, type Machine, modelName, parseNvidiaSmi } from '../../src/capacity/index.ts'
import { runTool } from '../../src/capacity/nvidia.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-capacity-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const files = (content: Record<string, string>) => async (path: string) => content[path]
const hex = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('hex')

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

describe('nvidia-smi', () => {
  const UUID = (n: number) => `GPU-${String(n).repeat(8)}-1111-2222-3333-444444444444`

  test('counts cards that are alike together, and keeps different ones apart', () => {
    const gpus = parseNvidiaSmi(
      [
        `0, NVIDIA A100-SXM4-80GB, ${UUID(1)}, 81920, 8.0`,
        `1, NVIDIA GeForce RTX 4090, ${UUID(2)}, 24564, 8.9`,
        `2, NVIDIA A100-SXM4-80GB, ${UUID(3)}, 81920, 8.0`,
        '',
      ].join('\n'),
    )
    expect(gpus.map(({ uuidHashes, ...gpu }) => ({ ...gpu, hashes: uuidHashes.length }))).toEqual([
      { vendor: 'nvidia', model: 'a100-sxm4-80gb', vramMib: 81_920, count: 2, computeCapability: '8.0', hashes: 2 },
      { vendor: 'nvidia', model: 'rtx-4090', vramMib: 24_564, count: 1, computeCapability: '8.9', hashes: 1 },
    ])
  })

  test('hashes uuids, so that they can be compared but not read', () => {
    const [gpu] = parseNvidiaSmi(`0, NVIDIA H100 PCIe, ${UUID(1)}, 81559, 9.0`)
    expect(hex(gpu?.uuidHashes[0])).toMatch(/^[0-9a-f]{64}$/)
    expect(hex(gpu?.uuidHashes[0])).not.toContain('11111111')
  })

  test('takes lines with Windows ends, and a card of an older driver without capability', () => {
    expect(parseNvidiaSmi(`0, Tesla T4, ${UUID(1)}, 15360, [N/A]\r\n`)).toMatchObject([
      { model: 't4', vramMib: 15_360, computeCapability: '', count: 1 },
    ])
  })

  test.each([
    ['nothing', ''],
    ['a message', 'NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver.'],
    ['memory that is not told', `0, NVIDIA GB10, ${UUID(1)}, [N/A], 12.1`],
    ['memory of zero', `0, NVIDIA A10, ${UUID(1)}, 0, 8.6`],
    ['absurd memory', `0, NVIDIA A10, ${UUID(1)}, 9999999, 8.6`],
    ['a lost card', `0, [Unknown Error], ${UUID(1)}, [GPU is lost], 8.6`],
    ['no uuid', '0, NVIDIA A10, , 24576, 8.6'],
    ['too many fields', `0, NVIDIA, A10, ${UUID(1)}, 24576, 8.6`],
    ['binary', '\u0000\u0001\u0002,,,,\n'],
  ])('saying %s means no card', (_name, text) => {
    expect(parseNvidiaSmi(text)).toEqual([])
  })

  test('counts a card that is listed twice once, and never more than 64', () => {
    expect(parseNvidiaSmi(`0, NVIDIA A10, ${UUID(1)}, 24576, 8.6\n0, NVIDIA A10, ${UUID(1)}, 24576, 8.6`)[0]?.count).toBe(1)
    const many = Array.from(
      { length: 500 },
      (_, i) => `${i % 100}, NVIDIA A10, GPU-${i.toString(16).padStart(32, '0')}, 24576, 8.6`,
    )
    expect(parseNvidiaSmi(many.join('\n'))[0]?.count).toBe(64)
  })

  test('fits into a signed capacity whatever it says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (name) => {
        for (const gpu of parseNvidiaSmi(`0,${name.replaceAll(/[,\n]/g, '')}, ${UUID(1)}, 24576, 8.6`)) {
          expect(gpu.model).toMatch(/^[a-z0-9][a-z0-9.-]{0,63}$|^\.[a-z0-9.-]{0,63}$/)
        }
      }),
    )
  })

  test.each([
    ['NVIDIA GeForce RTX 3090 Ti', 'rtx-3090-ti'],
    ['NVIDIA H200', 'h200'],
    ['NVIDIA H100 80GB HBM3', 'h100-80gb-hbm3'],
    ['Tesla V100-SXM2-16GB', 'v100-sxm2-16gb'],
    ['NVIDIA RTX 6000 Ada Generation', 'rtx-6000-ada-generation'],
    ['Quadro RTX 5000', 'rtx-5000'],
    ['NVIDIA GeForce', 'geforce'],
  ])('%s is called %s', (name, model) => {
    expect(modelName(name)).toBe(model)
  })

  test('missing, failing or chattering without end means none', async () => {
    expect(await runTool(join(folder, 'no-such-tool'), [])).toBeUndefined()
    expect(await runTool(process.execPath, ['-e', 'process.exit(9)'])).toBeUndefined()
    expect(await runTool(process.execPath, ['-e', 'for (;;) console.log("x".repeat(1000))'])).toBeUndefined()
    expect(await runTool(process.execPath, ['-e', 'console.log("fine")'])).toBe('fine\n')
  })
})

describe('this machine', () => {
  test('has what its control groups allow, at most', async () => {
    const machine = await detectMachine({
      folder,
      read: files({
        '/proc/self/cgroup': '0::/\n',
        '/sys/fs/cgroup/cpu.max': '50000 100000',
        '/sys/fs/cgroup/memory.max': '104857600',
      }),
      run: async () => '0, NVIDIA A10, GPU-11111111-0000-0000-0000-000000000000, 24576, 8.6',
    })
    expect(machine).toMatchObject({
      cpuMilli: 500,
      memoryMib: 100,
      arch: archName(process.arch),
      gpus: [{ model: 'a10', count: 1 }],
    })
    expect(machine.diskMib).toBeGreaterThan(0)
  })

  test('is measured without any tool or file, and the folder need not exist', async () => {
    const machine = await detectMachine({ folder: join(folder, 'new'), read: async () => undefined, run: async () => undefined })
    expect(machine.gpus).toEqual([])
    expect(machine.cpuMilli % 1000).toBe(0)
    expect(machine.memoryMib).toBeGreaterThan(100)
    await writeFile(join(folder, 'new', 'f'), '')
  })

  test('names its architecture as images do', () => {
    expect([archName('x64'), archName('arm64'), archName('riscv64')]).toEqual(['amd64', 'arm64', 'riscv64'])
  })
})

describe('lending', () => {
  const gpu = (model: string, count: number) => ({
    vendor: 'nvidia',
    model,
    vramMib: 24_576,
    count,
    computeCapability: '8.6',
    uuidHashes: Array.from({ length: count }, (_, i) => Uint8Array.of(i)),
  })
  const machine: Machine = {
    gpus: [gpu('a10', 2), gpu('t4', 1)],
    cpuMilli: 8000,
    memoryMib: 10_000,
    diskMib: 1000,
    arch: 'amd64',
  }
  const unlimited = { cpuMilli: undefined, memoryMib: undefined, diskMib: undefined, gpus: 'auto' as const }

  test('without limits is of nearly everything', () => {
    expect(applyLimits(machine, unlimited)).toEqual({ capacity: { ...machine, memoryMib: 9000, diskMib: 800 }, warnings: [] })
  })

  test('is of exactly what the limits say, cards in their order', () => {
    const { capacity, warnings } = applyLimits(machine, { cpuMilli: 1500, memoryMib: 10_000, diskMib: 5, gpus: 1 })
    expect(capacity).toEqual({ gpus: [{ ...gpu('a10', 1) }], cpuMilli: 1500, memoryMib: 10_000, diskMib: 5, arch: 'amd64' })
    expect(warnings).toEqual([])
    expect(applyLimits(machine, { ...unlimited, gpus: 3 }).capacity.gpus).toEqual(machine.gpus)
    expect(applyLimits(machine, { ...unlimited, gpus: 0 }).capacity.gpus).toEqual([])
  })

  test('is never of more than there is, and a limit above that is told', () => {
    const { capacity, warnings } = applyLimits(machine, { cpuMilli: 9000, memoryMib: 20_000, diskMib: 2000, gpus: 5 })
    expect(capacity).toEqual(machine)
    expect(warnings.join('\n')).toMatch(/lend\.gpus asks for 5 .* has 3.*lend\.cpus.*lend\.memory.*lend\.disk/s)
  })
})
