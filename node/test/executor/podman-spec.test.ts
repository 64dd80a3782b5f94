import { expect, test } from 'vitest'
import { type ContainerDevices, NO_DEVICES } from '../../src/executor/devices.ts'
import { podmanSpec } from '../../src/executor/podman-spec.ts'
import { containerBody } from '../../src/executor/profile.ts'
import { aWork } from './fixture.ts'

// That Podman does what it is told is shown by the hardening tests, where one answers.
const IMAGE_ID = `sha256:${'a'.repeat(64)}`
const specOf = (devices: ContainerDevices = NO_DEVICES, workdir = '') =>
  podmanSpec(
    'weft-1',
    containerBody({
      ...{ peerId: 'p', network: 'n', era: 'e', imageId: IMAGE_ID, imageEnv: ['LD_PRELOAD=/x.so'], imageVolumes: ['/data'] },
      work: aWork(IMAGE_ID, ['echo', 'a=b'], { env: [{ name: 'E', value: 'a=b' }], workdir }),
      mounts: [{ source: '/host/0', target: '/in', readOnly: true }],
      devices,
    }),
  )

test('Podman is told all that protects, in its own words', () => {
  expect(specOf()).toMatchObject({
    ...{ name: 'weft-1', image: IMAGE_ID, command: ['echo', 'a=b'], user: '65534:65534', groups: [], hostname: 'weft' },
    ...{ privileged: false, cap_drop: ['ALL'], cap_add: [], no_new_privileges: true, read_only_filesystem: true },
    ...{ netns: { nsmode: 'none' }, ipcns: { nsmode: 'private' }, pidns: { nsmode: 'private' }, utsns: { nsmode: 'private' } },
    ...{ cgroupns: { nsmode: 'private' }, stdin: false, terminal: false, httpproxy: false, systemd: 'false', remove: false },
    ...{ image_volume_mode: 'ignore', publish_image_ports: false, restart_policy: 'no', oom_score_adj: 500, stop_signal: 15 },
    resource_limits: {
      memory: { limit: 128 * 1024 * 1024, swap: 128 * 1024 * 1024 },
      cpu: { period: 100_000, quota: 100_000 },
      pids: { limit: 512 },
    },
    env: { E: 'a=b', LD_PRELOAD: '', NVIDIA_VISIBLE_DEVICES: 'void' },
    log_configuration: { driver: 'none' },
    devices: [],
  })
})

test('mounts are read-only where they should be, and folders in memory belong to nobody', () => {
  const mounts = specOf()['mounts'] as { destination: string; options: string[] }[]
  expect(mounts.map(({ destination }) => destination)).toEqual(['/in', '/tmp', '/home/weft', '/data'])
  expect(mounts[0]).toMatchObject({ source: '/host/0', options: ['rbind', 'rprivate', 'ro', 'nosuid', 'nodev'] })
  expect(mounts[1]?.options).toEqual(['rw', 'exec', 'nosuid', 'nodev', 'mode=1777', `size=${64 * 1024 * 1024}`])
})

test('devices are CDI names or single nodes, with the groups of these', () => {
  const spec = specOf({
    ids: ['GPU-1', 'amd:0000:03:00.0'],
    requests: [{ Driver: 'cdi', DeviceIDs: ['nvidia.com/gpu=GPU-1'] }],
    mappings: [{ PathOnHost: '/dev/kfd', PathInContainer: '/dev/kfd', CgroupPermissions: 'rw' }],
    groups: ['109'],
    visible: 'void',
  })
  expect(spec).toMatchObject({ devices: [{ path: 'nvidia.com/gpu=GPU-1' }, { path: '/dev/kfd:/dev/kfd:rw' }], groups: ['109'] })
})

test('a working folder is named only where the job names one', () => {
  expect(specOf()).not.toHaveProperty('work_dir')
  expect(specOf(NO_DEVICES, '/w')).toMatchObject({ work_dir: '/w' })
})
