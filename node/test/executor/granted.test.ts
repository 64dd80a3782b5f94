import { randomBytes } from 'node:crypto'
import Dockerode from 'dockerode'
import { describe, expect, test } from 'vitest'
import { type ContainerDevices, containerDevices } from '../../src/executor/devices.ts'
import type { Engine } from '../../src/executor/engine.ts'
import { containerBody } from '../../src/executor/profile.ts'
import { device } from '../capacity/device.ts'
import { engines } from './engines.ts'
import { aWork } from './fixture.ts'
import { busyboxImage } from './images.ts'

// What containers see of granted devices is tried in bench/test/gpu; here is what the engine was told.
const dockers = engines.filter(({ name, host }) => name === 'docker' && host.startsWith('unix://'))
if (dockers.length === 0) test('what Docker is told of devices is only shown on Docker', ({ skip }) => skip('no Docker answers'))

const support = {
  cdi: [],
  hasNvidiaDriver: true,
  hasNodes: true,
  closed: new Set<string>(),
  groups: new Map([['/dev/dri/renderD200', 4242]]),
  toolkit: undefined,
}

/** A container that is made and not started, as the engine describes it. */
async function madeWith<T>(
  engine: Engine,
  devices: ContainerDevices,
  look: (made: Dockerode.Container) => Promise<T>,
): Promise<T> {
  const { imageId, env } = await busyboxImage(engine)
  const about = { peerId: 'p', network: 'n', era: 'e', imageId, imageEnv: env, imageVolumes: [], mounts: [] }
  const body = containerBody({ ...about, work: aWork(imageId, ['true']), devices })
  const { id } = await engine.create({ name: `weft-test-${randomBytes(6).toString('hex')}`, body })
  try {
    const docker = new Dockerode({ socketPath: engine.host.slice('unix://'.length), host: undefined })
    return await look(docker.getContainer(id))
  } finally {
    await engine.remove(id)
  }
}

for (const engine of dockers) {
  describe(`${engine.name} ${engine.version}`, () => {
    test('is asked for the granted cards by id, through its own driver, and for no count', async () => {
      const devices = containerDevices([device('GPU-00000001'), device('GPU-00000003')], support)
      const { HostConfig, Config } = await madeWith(engine, devices, (made) => made.inspect())
      expect(HostConfig.DeviceRequests).toMatchObject([
        {
          Driver: 'nvidia',
          Count: 0,
          DeviceIDs: ['GPU-00000001', 'GPU-00000003'],
          Capabilities: [['gpu', 'compute', 'utility']],
        },
      ])
      expect(Config.Env).toContain('NVIDIA_VISIBLE_DEVICES=GPU-00000001,GPU-00000003')
      expect(Config.Env).not.toContain('NVIDIA_VISIBLE_DEVICES=all')
    })

    test('is asked for a card’s own nodes, without the right to make new ones, and their group', async () => {
      const card = device('amd:0000:03:00.0', { vendor: 'amd', nodes: ['/dev/kfd', '/dev/dri/renderD200'] })
      const { HostConfig } = await madeWith(engine, containerDevices([card], support), (made) => made.inspect())
      const node = (path: string) => ({ PathOnHost: path, PathInContainer: path, CgroupPermissions: 'rw' })
      expect(HostConfig).toMatchObject({
        Privileged: false,
        Devices: [node('/dev/kfd'), node('/dev/dri/renderD200')],
        GroupAdd: ['4242'],
      })
    })

    test('starts no container with a card that it cannot give', async () => {
      const devices = containerDevices([device('GPU-00000001')], support)
      await madeWith(engine, devices, (made) => expect(engine.start(made.id)).rejects.toMatchObject({ code: 'ENGINE_FAILED' }))
    })
  })
}
