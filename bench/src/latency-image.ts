/** The smallest image that prints a line: Debian's static busybox, or whatever static busybox this machine has. */
import { existsSync, statSync } from 'node:fs'
import { Readable } from 'node:stream'
import { type ContainerBody, type ContainerDevices, containerBody, type Engine, NO_DEVICES } from '@weft/node/executor'
import { leaseId, messageId, WeftError } from '@weft/protocols'
import type { Resources, Spec } from '@weft/protocols/wire'
import { type TarEntry, writeTar } from './mesh/tar.ts'

const ID = '0'.repeat(64)
const PLACES = ['/bin/busybox', '/usr/bin/busybox']
/** What the container does: prints as soon as it runs. */
export const COMMAND: readonly string[] = ['echo', 'running']

export async function busyboxImage(engine: Engine, tag: string, signal: AbortSignal): Promise<void> {
  const busybox = PLACES.find((path) => existsSync(path))
  if (busybox === undefined)
    throw new WeftError('NO_BUSYBOX', 'this bench needs a static busybox: apt-get install busybox-static')
  const folders = ['bin', 'tmp', 'home'].map(
    (name): TarEntry => ({ type: 'folder', name, mode: name === 'tmp' ? 0o1777 : 0o755 }),
  )
  const size = statSync(busybox).size
  const programs = ['sh', 'echo', 'sleep', 'id'].map(
    (name): TarEntry => ({ type: 'file', name: `bin/${name}`, mode: 0o755, source: busybox, size }),
  )
  await engine.importRootfs(Readable.from(writeTar([...folders, ...programs])), tag, { signal, changes: ['ENV PATH=/bin'] })
}

/** The create body of a job with that image, as a provider makes it. Its ids are made up: they only become labels. */
export async function jobBody(
  engine: Engine,
  tag: string,
  { command = COMMAND, devices = NO_DEVICES }: { command?: readonly string[]; devices?: ContainerDevices } = {},
): Promise<ContainerBody> {
  const image = await engine.describeImage(tag)
  if (image === undefined) throw new WeftError('NO_IMAGE', `${engine.name} does not have ${tag}`)
  const grant: Resources = {
    gpuCount: 0,
    gpuVramMib: 0,
    gpuVendor: '',
    gpuModels: [],
    gpuComputeCapability: '',
    cpuMilli: 1_000,
    memoryMib: 128,
    diskMib: 64,
  }
  const spec: Spec = {
    imageId: image.imageId,
    imageReference: tag,
    imagePull: '',
    imageFromRenter: false,
    imageBytes: 0,
    command,
    env: [],
    workdir: '',
    inputs: [],
    outputs: [],
  }
  return containerBody({
    work: { leaseId: leaseId(ID), orderId: messageId(ID), spec, grant, permit: { untilMono: 0, graceMs: 0 } },
    peerId: 'bench',
    network: 'bench',
    era: 'bench',
    imageId: image.imageId,
    imageEnv: image.env,
    imageVolumes: image.config.volumes,
    mounts: [],
    devices,
  })
}
