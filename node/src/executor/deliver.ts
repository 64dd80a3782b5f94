/** Everything between an accepted lease and a container that only has to be started. */
import type { Work } from '@weft/protocols/ports'
import { systemClock } from '../clock.ts'
import type { ContentFetcher } from './content-fetcher.ts'
import { type LeaseDevices, NO_DEVICES } from './devices.ts'
import { freeBytes, watchDisk } from './disk.ts'
import type { Engine, ImageInfo } from './engine.ts'
import { executorError } from './engine-errors.ts'
import type { Images } from './images.ts'
import { demandSpace, fetchInputs, hostMounts } from './inputs.ts'
import type { LeaseFolder } from './lease-folder.ts'
import { type PaceInit, watchPace } from './pace.ts'
import { containerBody, containerName } from './profile.ts'
import { ProgressMeter } from './progress-meter.ts'
import { checkSpec, volumePaths } from './spec-check.ts'

export interface PrepareInit {
  engine: Engine
  images: Images | undefined
  content: ContentFetcher
  work: Work
  folder: LeaseFolder
  peerId: string
  network: string
  devices?: Pick<LeaseDevices, 'take'>
  signal: AbortSignal
  onProgress(done: number, total: number): void
  /** What the disk under the lease's folder has free, in bytes. @default statfs */
  freeDisk?: (path: string) => Promise<number>
  /** How often that is looked at while image and inputs come. @default 2_000 */
  diskCheckMs?: number
  /** See `watchPace`. */
  pace?: Pick<PaceInit, 'allowedMs' | 'everyMs'>
}

/** Image and inputs come at the same time; then the container is created. Repeating it brings only what is missing. */
export async function prepare(init: PrepareInit): Promise<{ id: string; created: boolean }> {
  const { work, folder } = init
  checkSpec(work.spec)
  await folder.create(work)
  await demandSpace(work, folder, await (init.freeDisk ?? freeBytes)(folder.path))
  try {
    const image = await bringAll(init)
    return await create(init, image)
  } finally {
    init.images?.letGo(work.leaseId)
  }
}

async function create(init: PrepareInit, image: ImageInfo): Promise<{ id: string; created: boolean }> {
  const { work, folder } = init
  const body = containerBody({
    work,
    peerId: init.peerId,
    network: init.network,
    era: systemClock.era,
    imageId: image.imageId,
    imageEnv: image.env,
    imageVolumes: volumePaths(image.config.volumes),
    mounts: await hostMounts(work, folder),
    devices: (await init.devices?.take(work)) ?? NO_DEVICES,
  })
  init.signal.throwIfAborted()
  return init.engine.create({ name: containerName(work.leaseId), body })
}

async function bringAll(init: PrepareInit): Promise<ImageInfo> {
  const { work, folder, content, images } = init
  if (images === undefined) throw executorError('NO_ENGINE', 'this machine has no container engine; start Docker or Podman')
  const { imageBytes, inputs } = work.spec
  const meter = new ProgressMeter(
    inputs.reduce((sum, mount) => sum + mount.bytes, imageBytes),
    init.onProgress,
  )
  // When one part fails the other is not waited for longer than it takes to break off.
  const broken = new AbortController()
  /** This machine has had enough of it. */
  const cut = new AbortController()
  const signal = AbortSignal.any([init.signal, broken.signal, cut.signal])
  const image = images
    .ensure({ work, archivePath: folder.imageArchive, onBytes: (done) => meter.set('image', done), signal })
    .then((found) => {
      meter.set('image', imageBytes)
      return found
    })
  const inputsHere = fetchInputs({ content, work, folder, onBytes: (index, done) => meter.set(`input ${index}`, done), signal })
  for (const part of [image, inputsHere])
    part.catch(() => broken.abort(executorError('FETCH_FAILED', 'another part of the delivery failed')))
  const unwatchDisk = watchDisk({
    path: folder.path,
    onShort: () => cut.abort(executorError('NO_SPACE', 'the disk of this machine filled up during the delivery')),
    ...(init.freeDisk === undefined ? {} : { free: init.freeDisk }),
    ...(init.diskCheckMs === undefined ? {} : { everyMs: init.diskCheckMs }),
  })
  const unwatchPace = watchPace({
    ...init.pace,
    done: () => meter.done,
    onSlow: () => cut.abort(executorError('FETCH_FAILED', 'image and inputs came too slowly')),
  })
  try {
    const [found] = await Promise.all([image, inputsHere])
    return found
  } catch (error) {
    // Whatever broke off because of that says so in its own way.
    throw cut.signal.aborted ? cut.signal.reason : error
  } finally {
    unwatchDisk()
    unwatchPace()
    await Promise.allSettled([image, inputsHere])
  }
}
