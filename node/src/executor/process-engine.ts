import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { arch, availableParallelism, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { deferred } from '../network/deferred.ts'
import { ChildContainer } from './child-container.ts'
import type {
  Cancel,
  ContainerInfo,
  ContainerInit,
  Engine,
  EngineDevices,
  EngineExit,
  EngineInfo,
  ImageInfo,
  ListedContainer,
} from './engine.ts'
import { executorError } from './engine-errors.ts'
import { PathMap } from './path-map.ts'
import { LABELS } from './profile.ts'
import { stopContainer } from './stop-container.ts'

export interface ProcessEngineInit {
  /** Says that jobs of strangers shall run as this machine's user, unprotected. There is no other way to make one. */
  unsafeProcessEngine: true
  /** Where the jobs' working folders are made. @default the system's folder for temporary files */
  folder?: string
}

export const PROCESS_IMAGE = 'process:node'
const PROCESS_IMAGE_ID = `sha256:${createHash('sha256').update(PROCESS_IMAGE).digest('hex')}`

/**
 * Runs jobs as plain child processes of this peer, for the demo and tests on machines without a container engine. It has one
 * image, `process:node`: the Node that runs the peer, whose arguments the job's command is (a leading `node` is dropped, so
 * that the same job runs in a real Node image).
 *
 * Nothing can be mounted: wherever the command or the environment names a mounted path as a whole (`/data`, `/out/a.txt`), the
 * folder of this machine stands instead. Limits are not enforced, read-only is not either; the environment is cleared and the
 * working directory is a folder of its own. Children die with the peer.
 */
export class ProcessEngine implements Engine {
  readonly name = 'process'
  readonly version = process.versions.node
  readonly host = 'process'
  readonly #containers = new Map<string, ChildContainer>()
  readonly #folder: string

  constructor(init: ProcessEngineInit) {
    if (init.unsafeProcessEngine !== true) throw executorError('NO_ENGINE', 'the process engine must be asked for by name')
    this.#folder = init.folder ?? tmpdir()
    process.once('exit', () => this.#abandon())
  }

  async info(): Promise<EngineInfo> {
    return {
      name: this.name,
      version: this.version,
      arch: arch(),
      cpus: availableParallelism(),
      memoryMib: Math.floor(totalmem() / 1024 / 1024),
    }
  }

  /** A child process sees every card of the machine, so none is leased. */
  async devices(): Promise<EngineDevices> {
    return { cdiFolders: [], hasNvidiaDriver: false, hasNodes: false, isRootless: true }
  }

  async describeImage(reference: string): Promise<ImageInfo | undefined> {
    if (reference !== PROCESS_IMAGE && reference !== PROCESS_IMAGE_ID) return undefined
    // No architecture: a script runs on any.
    const config = { entrypoint: [process.execPath], command: [], workdir: '', volumes: [], arch: '' }
    return { imageId: PROCESS_IMAGE_ID, pull: '', bytes: 0, env: [], config }
  }

  async pullImage(reference: string): Promise<void> {
    throw noImages(`pull ${reference}`)
  }

  async saveImage(imageId: string): Promise<Readable> {
    throw noImages(`save ${imageId}`)
  }

  async loadImage(archive: Readable): Promise<void> {
    archive.destroy()
    throw noImages('load an archive')
  }

  async importRootfs(tar: Readable, tag: string): Promise<string> {
    tar.destroy()
    throw noImages(`import ${tag}`)
  }

  async removeImage(): Promise<void> {
    // The only image is the peer's own Node.
  }

  async dropImage(): Promise<boolean> {
    return false
  }

  async create({ name, body }: ContainerInit): Promise<{ id: string; created: boolean }> {
    const found = [...this.#containers.values()].find((container) => container.name === name)
    if (found !== undefined) {
      if (found.labels[LABELS.spec] === body.Labels[LABELS.spec]) return { id: found.id, created: false }
      throw executorError('ENGINE_FAILED', `another container is called ${name}`)
    }
    const scratch = mkdtempSync(join(this.#folder, 'weft-process-'))
    const folders = Object.keys(body.HostConfig.Tmpfs).map((target, index) => ({
      target,
      source: join(scratch, `scratch${index}`),
    }))
    for (const { source } of folders) mkdirSync(source)
    const paths = new PathMap([
      ...folders,
      ...body.HostConfig.Mounts.map(({ Target: target, Source: source }) => ({ target, source })),
    ])
    const id = randomBytes(32).toString('hex')
    this.#containers.set(id, new ChildContainer({ id, name, body, scratch, paths }))
    return { id, created: true }
  }

  async attach(id: string): Promise<Readable> {
    return this.#container(id).output
  }

  async start(id: string): Promise<void> {
    await this.#container(id).start()
  }

  async pause(id: string): Promise<void> {
    this.#containers.get(id)?.pause()
  }

  async unpause(id: string): Promise<void> {
    this.#containers.get(id)?.unpause()
  }

  async kill(id: string, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    this.#containers.get(id)?.signal(signal)
  }

  stop(id: string, graceMs: number): Promise<void> {
    return stopContainer(this, id, graceMs)
  }

  async wait(id: string, { signal }: Cancel = {}): Promise<EngineExit | undefined> {
    const container = this.#containers.get(id)
    if (container === undefined) return undefined
    if (signal === undefined) return container.ended
    signal.throwIfAborted()
    const aborted = deferred<never>()
    const abort = (): void => aborted.reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    try {
      return await Promise.race([container.ended, aborted.promise])
    } finally {
      signal.removeEventListener('abort', abort)
    }
  }

  async inspect(idOrName: string): Promise<ContainerInfo | undefined> {
    return [...this.#containers.values()].find(({ id, name }) => id === idOrName || name === idOrName)?.info()
  }

  async remove(id: string): Promise<void> {
    const container = this.#containers.get(id)
    if (container === undefined) return
    if (container.isRunning) {
      container.signal('SIGKILL')
      await container.ended
    }
    this.#containers.delete(id)
    await rm(container.scratch, { recursive: true, force: true })
  }

  async list(labels: Readonly<Record<string, string | undefined>>): Promise<ListedContainer[]> {
    const wanted = Object.entries(labels)
    return [...this.#containers.values()]
      .filter((container) =>
        wanted.every(([name, value]) => name in container.labels && (value ?? container.labels[name]) === container.labels[name]),
      )
      .map((container) => ({ id: container.id, labels: container.labels, state: container.info().state }))
  }

  /** The peer ends: unlike containers, its children cannot be found again. */
  #abandon(): void {
    for (const container of this.#containers.values()) {
      container.signal('SIGKILL')
      rmSync(container.scratch, { recursive: true, force: true })
    }
  }

  #container(id: string): ChildContainer {
    const container = this.#containers.get(id)
    if (container === undefined) throw executorError('ENGINE_FAILED', `there is no container ${id.slice(0, 12)}`)
    return container
  }
}

function noImages(doing: string): Error {
  return executorError('BAD_IMAGE', `the process engine cannot ${doing}: its only image is ${PROCESS_IMAGE}`)
}
