import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ContainerDevices, NO_DEVICES } from '../../src/executor/devices.ts'
import {
  type ContainerBody,
  containerBody,
  containerName,
  HOME_PATH,
  LABELS,
  type ProfileInit,
  SCRATCH_PATH,
} from '../../src/executor/profile.ts'
import { aWork } from './fixture.ts'

const IMAGE_ID = `sha256:${'a'.repeat(64)}`

function init(over: Partial<ProfileInit> = {}): ProfileInit {
  return {
    work: aWork(IMAGE_ID, ['true']),
    peerId: 'peer',
    network: 'net',
    era: 'boot',
    imageId: IMAGE_ID,
    imageEnv: [],
    imageVolumes: [],
    mounts: [],
    ...over,
  }
}

const envOf = (body: ContainerBody): Record<string, string> =>
  Object.fromEntries(body.Env.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]))

/** Everything that protects the host, out of a body. */
function protection(body: ContainerBody) {
  const { Mounts, Memory, MemorySwap, NanoCpus, Tmpfs, ShmSize, DeviceRequests, ...host } = body.HostConfig
  const { User, NetworkDisabled, Tty, OpenStdin, AttachStdin, Healthcheck, StopSignal, Hostname } = body
  return { User, NetworkDisabled, Tty, OpenStdin, AttachStdin, Healthcheck, StopSignal, Hostname, host }
}

const anything = fc.string({ unit: 'binary', maxLength: 40 })
const hostileName = fc.oneof(
  anything,
  fc.constantFrom(
    'NVIDIA_VISIBLE_DEVICES',
    'NVIDIA_VISIBLE_DEVICES=all',
    'LD_PRELOAD',
    'LD_PRELOAD=/x',
    'WEFT_LEASE_ID',
    'HOME',
    'A=B',
    '',
  ),
)
const path = fc.oneof(fc.constantFrom('/', '/proc', '/etc/passwd', '/var/run/docker.sock', '../x', '/tmp'), anything)
const mount = fc.record({ path, cid: fc.uint8Array({ maxLength: 40 }), readOnly: fc.boolean(), bytes: fc.double() })
const spec = fc.record({
  imageId: anything,
  imageReference: anything,
  imagePull: anything,
  imageFromRenter: fc.boolean(),
  imageBytes: fc.double(),
  command: fc.array(anything),
  env: fc.array(fc.record({ name: hostileName, value: anything })),
  workdir: path,
  inputs: fc.array(mount, { maxLength: 4 }),
  outputs: fc.array(mount, { maxLength: 4 }),
})
const grant = fc.record({
  gpuCount: fc.integer(),
  gpuVramMib: fc.integer(),
  gpuVendor: anything,
  gpuModels: fc.array(anything),
  gpuComputeCapability: anything,
  cpuMilli: fc.integer({ min: -1000, max: 256_000 }),
  memoryMib: fc.integer({ min: -1000, max: 1_000_000 }),
  diskMib: fc.integer(),
})
const imageEnv = fc.array(
  fc.oneof(
    anything,
    fc.constantFrom('NVIDIA_VISIBLE_DEVICES=all', 'NVIDIA_REQUIRE_CUDA=cuda>=12', 'LD_PRELOAD=/evil.so', 'PATH=/bin'),
  ),
)

describe('the hardened profile', () => {
  test('stays the same whatever a job or an image says', () => {
    const expected = protection(containerBody(init()))
    fc.assert(
      fc.property(spec, grant, imageEnv, fc.array(path, { maxLength: 40 }), (spec, grant, imageEnv, imageVolumes) => {
        const work = { ...aWork(IMAGE_ID, []), spec, grant }
        const body = containerBody(init({ work, imageEnv, imageVolumes }))
        expect(protection(body)).toEqual(expected)
        const { Memory, MemorySwap, NanoCpus, Tmpfs, ShmSize, Mounts, DeviceRequests } = body.HostConfig
        expect(Memory).toBeGreaterThan(0)
        expect(MemorySwap).toBe(Memory)
        expect(NanoCpus).toBeGreaterThan(0)
        expect(ShmSize).toBeLessThan(Memory)
        for (const options of Object.values(Tmpfs))
          expect(options).toMatch(/^rw,exec,nosuid,nodev,mode=1777,uid=65534,gid=65534,size=\d+$/)
        expect(Mounts).toEqual([])
        expect(DeviceRequests).toEqual([])
        const env = envOf(body)
        expect(env).toMatchObject({
          NVIDIA_VISIBLE_DEVICES: 'void',
          NVIDIA_DRIVER_CAPABILITIES: 'compute,utility',
          WEFT_LEASE_ID: work.leaseId,
        })
        expect(body.Env.filter((line) => /^NVIDIA_VISIBLE_DEVICES=/.test(line))).toEqual(['NVIDIA_VISIBLE_DEVICES=void'])
        expect(
          body.Env.every((line) => /^[A-Za-z_][A-Za-z0-9_]*=/.test(line) || imageEnv.some((own) => own.startsWith('NVIDIA_'))),
        ).toBe(true)
      }),
    )
  })

  test('is exactly this', () => {
    expect(protection(containerBody(init()))).toEqual({
      User: '65534:65534',
      NetworkDisabled: true,
      Tty: false,
      OpenStdin: false,
      AttachStdin: false,
      Healthcheck: { Test: ['NONE'] },
      StopSignal: 'SIGTERM',
      Hostname: 'weft',
      host: {
        Privileged: false,
        CapDrop: ['ALL'],
        CapAdd: [],
        SecurityOpt: ['no-new-privileges:true'],
        NetworkMode: 'none',
        IpcMode: 'private',
        PidMode: '',
        UTSMode: '',
        CgroupnsMode: 'private',
        ReadonlyRootfs: true,
        PidsLimit: 512,
        OomScoreAdj: 500,
        Ulimits: [
          { Name: 'core', Soft: 0, Hard: 0 },
          { Name: 'nofile', Soft: 4096, Hard: 4096 },
        ],
        LogConfig: { Type: 'none', Config: {} },
        Init: true,
        RestartPolicy: { Name: 'no', MaximumRetryCount: 0 },
        AutoRemove: false,
        PublishAllPorts: false,
        Devices: [],
        GroupAdd: [],
      },
    })
  })

  test('grants exactly what the lease grants', () => {
    const work = aWork(IMAGE_ID, ['a', 'b'], { workdir: '/w' })
    const body = containerBody(init({ work: { ...work, grant: { ...work.grant, memoryMib: 1024, cpuMilli: 1500 } } }))
    expect(body.HostConfig.Memory).toBe(1024 * 1024 * 1024)
    expect(body.HostConfig.NanoCpus).toBe(1_500_000_000)
    expect(body).toMatchObject({ Cmd: ['a', 'b'], WorkingDir: '/w', Image: IMAGE_ID })
  })

  test('leaves command and working directory to the image where the job names none', () => {
    const body = containerBody(init({ work: aWork(IMAGE_ID, []) }))
    expect(body).not.toHaveProperty('Cmd')
    expect(body).not.toHaveProperty('WorkingDir')
  })

  test('overrides what the image would tell a host hook, and keeps the rest of its environment', () => {
    const imageEnv = ['PATH=/opt/conda/bin', 'NVIDIA_VISIBLE_DEVICES=all', 'NVIDIA_MIG_CONFIG_DEVICES=all', 'LD_PRELOAD=/evil.so']
    const env = envOf(containerBody(init({ imageEnv })))
    expect(env).toMatchObject({
      NVIDIA_VISIBLE_DEVICES: 'void',
      NVIDIA_MIG_CONFIG_DEVICES: '',
      LD_PRELOAD: '',
      LD_LIBRARY_PATH: '',
    })
    expect(env).not.toHaveProperty('PATH')
    expect(env).toMatchObject({ HOME: HOME_PATH, TMPDIR: SCRATCH_PATH })
  })

  test('lets a job set linker variables only where no device is granted', () => {
    const env = [
      { name: 'LD_PRELOAD', value: '/lib/jemalloc.so' },
      { name: 'LD_DEBUG_OUTPUT', value: '/out/x' },
    ]
    const work = aWork(IMAGE_ID, [], { env })
    expect(envOf(containerBody(init({ work })))['LD_PRELOAD']).toBe('/lib/jemalloc.so')
    const devices = { ...NO_DEVICES, ids: ['GPU-1'] }
    const imageEnv = ['LD_PROFILE=/lib/x.so']
    const cleared = { LD_PRELOAD: '', LD_DEBUG_OUTPUT: '', LD_PROFILE: '' }
    expect(envOf(containerBody(init({ work, imageEnv, devices })))).toMatchObject(cleared)
  })

  test('asks for the granted devices and never for all', () => {
    const devices: ContainerDevices = {
      ids: ['GPU-1', 'amd:0000:03:00.0'],
      requests: [{ Driver: 'cdi', DeviceIDs: ['nvidia.com/gpu=GPU-1'] }],
      mappings: [{ PathOnHost: '/dev/kfd', PathInContainer: '/dev/kfd', CgroupPermissions: 'rw' }],
      groups: ['109'],
      visible: 'void',
    }
    const body = containerBody(init({ devices }))
    expect(body.HostConfig).toMatchObject({
      DeviceRequests: devices.requests,
      Devices: devices.mappings,
      GroupAdd: devices.groups,
    })
    expect(envOf(body)).toMatchObject({ NVIDIA_VISIBLE_DEVICES: 'void', WEFT_GPUS: '2' })
    expect(body.Labels[LABELS.devices]).toBe('GPU-1,amd:0000:03:00.0')
  })

  test("puts memory over an image's volumes, but not over a mount of the job", () => {
    const mounts = [{ source: '/host/0', target: '/data', readOnly: true }]
    const { Tmpfs, Mounts } = containerBody(init({ imageVolumes: ['/var/lib/x', '/data'], mounts })).HostConfig
    expect(Object.keys(Tmpfs)).toEqual(['/tmp', '/home/weft', '/var/lib/x'])
    expect(Mounts).toEqual([
      { Type: 'bind', Source: '/host/0', Target: '/data', ReadOnly: true, BindOptions: { Propagation: 'rprivate' } },
    ])
  })

  test('labels a container with a hash that changes with anything in it', () => {
    const first = containerBody(init({ work: { ...aWork(IMAGE_ID, ['a']), leaseId: aWork(IMAGE_ID, []).leaseId } }))
    const hashes = fc
      .sample(fc.array(fc.string(), { minLength: 1 }), 20)
      .map((command) => containerBody(init({ work: aWork(IMAGE_ID, command) })).Labels[LABELS.spec])
    expect(new Set([...hashes, first.Labels[LABELS.spec]]).size).toBe(21)
  })

  test('labels a container with what ends it where nothing else is known, which changes no hash', () => {
    const work = aWork(IMAGE_ID, [], {}, { permit: { untilMono: 1234.5, graceMs: 800 } })
    const { Labels } = containerBody(init({ work }))
    const expected = { 'weft.permit': '1234', 'weft.era': 'boot', 'weft.grace': '800', 'weft.order': work.orderId }
    expect(Labels).toMatchObject({ ...expected, 'weft.lease': work.leaseId, 'weft.peer': 'peer', 'weft.network': 'net' })
    const later = { ...work, permit: { untilMono: 99, graceMs: 800 } }
    expect(containerBody(init({ work: later })).Labels[LABELS.spec]).toBe(Labels[LABELS.spec])
  })

  test('names one container per lease', () => {
    expect(containerName('0123456789abcdef'.repeat(4))).toBe('weft-0123456789abcdef0123456789abcdef')
  })
})
