import type { Readable } from 'node:stream'
import type Dockerode from 'dockerode'
import { CDI_FOLDERS } from './cdi-specs.ts'
import * as api from './docker-api.ts'
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
import { asExecutorError, executorError, statusOf } from './engine-errors.ts'
import { withoutNames } from './image-archive.ts'
import { readProgress } from './image-progress.ts'
import { checkedReference, isImageId } from './image-reference.ts'
import { hasNvidiaHook } from './nvidia-hook.ts'
import { createOnPodman, refuseSteered } from './podman-create.ts'
import { podmanSpec } from './podman-spec.ts'
import { LABELS } from './profile.ts'
import { stopContainer, within } from './stop-container.ts'

/** Docker; or Podman, over its Docker-compatible API but for `create`, where only its own API gives devices in every version. */
export class DockerEngine implements Engine {
  readonly name: string
  readonly version: string
  readonly host: string
  readonly #clients: api.DockerClients
  #init = true

  private constructor(host: string, clients: api.DockerClients, about: { name: string; version: string }) {
    this.host = host
    this.#clients = clients
    this.name = about.name
    this.version = about.version
  }

  /** Asks the engine at `host` who it is. Rejects where nothing answers. @default answerMs 2_000 */
  static async connect(host: string, answerMs = 2_000): Promise<DockerEngine> {
    const version = await api.dockerClients(host, answerMs).calls.version()
    return new DockerEngine(host, api.dockerClients(host), { name: api.engineName(version), version: version.Version })
  }

  async info(): Promise<EngineInfo> {
    const info: unknown = await this.#call(this.#clients.calls.info(), 'asking the engine about itself')
    const { Architecture: arch, NCPU: cpus, MemTotal: memory } = info as { Architecture: string; NCPU: number; MemTotal: number }
    return { name: this.name, version: this.version, arch, cpus, memoryMib: Math.floor(memory / 1024 / 1024) }
  }

  async devices(): Promise<EngineDevices> {
    const info: unknown = await this.#call(this.#clients.calls.info(), 'asking the engine about its devices')
    // Docker 25 and newer say where they read specs, where they do.
    const { CDISpecDirs, SecurityOptions, Rootless } = info as {
      CDISpecDirs?: string[] | null
      SecurityOptions?: string[] | null
      Rootless?: boolean
    }
    // The first is Docker's word (https://docs.docker.com/engine/security/rootless/), the second Podman's own.
    const isRootless = SecurityOptions?.some((option) => option.startsWith('name=rootless')) === true || Rootless === true
    if (this.name === 'podman') {
      // Podman 4.1 brought CDI; https://github.com/containers/podman/blob/main/RELEASE_NOTES.md
      const [major = 0, minor = 0] = this.version.split('.').map(Number)
      const cdiFolders = major > 4 || (major === 4 && minor >= 1) ? CDI_FOLDERS : []
      return { cdiFolders, hasNvidiaDriver: false, hasNodes: true, isRootless }
    }
    return { cdiFolders: CDISpecDirs ?? [], hasNvidiaDriver: await hasNvidiaHook(), hasNodes: true, isRootless }
  }

  async describeImage(reference: string): Promise<ImageInfo | undefined> {
    const image = this.#clients.calls.getImage(checkedReference(reference))
    const found = await api.orMissing(image.inspect(), `looking up image ${reference}`)
    return found === undefined ? undefined : api.imageInfo(reference, found)
  }

  async pullImage(reference: string, options: Cancel & { onBytes?: (done: number) => void } = {}): Promise<void> {
    const doing = `pulling image ${checkedReference(reference)}`
    try {
      const stream = await this.#clients.streams.pull(reference, abortable(options))
      await readProgress(stream as Readable, options)
    } catch (error) {
      throw asExecutorError(error, 'BAD_IMAGE', doing)
    }
  }

  async saveImage(imageId: string, options: Cancel = {}): Promise<Readable> {
    const image = this.#clients.streams.getImage(checkedReference(imageId))
    const stream = (await this.#call(image.get(), `saving image ${imageId}`)) as Readable
    options.signal?.addEventListener('abort', () => stream.destroy(), { once: true })
    return stream
  }

  async loadImage(archive: Readable, expected: string, options: Cancel & { unpackedMax?: number } = {}): Promise<void> {
    if (!isImageId(expected))
      throw executorError('BAD_IMAGE', `"${expected.slice(0, 80)}" is no image id; it starts with sha256:`)
    const before = new Set(await this.#imageIds())
    let output: string
    try {
      const stream = await this.#clients.streams.loadImage(withoutNames(archive, options.unpackedMax), abortable(options))
      output = await readProgress(stream as Readable, options)
    } catch (error) {
      throw asExecutorError(error, 'BAD_IMAGE', 'loading the image archive')
    }
    const strangers = [...new Set(output.match(/sha256:[0-9a-f]{64}/g) ?? [])].filter((id) => id !== expected && !before.has(id))
    for (const id of strangers) await this.removeImage(id)
    if ((await this.describeImage(expected)) === undefined) {
      throw executorError('BAD_IMAGE', `the image archive holds ${strangers[0] ?? 'no image'} where ${expected} was promised`)
    }
  }

  async importRootfs(tar: Readable, tag: string, options: Cancel & { changes?: readonly string[] } = {}): Promise<string> {
    const repo = api.localName(this.name, checkedReference(tag))
    try {
      const query = { repo, ...(options.changes === undefined ? {} : { changes: [...options.changes] }) }
      await readProgress((await this.#clients.streams.importImage(tar, query)) as Readable, options)
    } catch (error) {
      throw asExecutorError(error, 'ENGINE_FAILED', `importing image ${tag}`)
    }
    const image = await this.describeImage(tag)
    if (image === undefined) throw executorError('ENGINE_FAILED', `${this.name} imported ${tag} and does not have it`)
    return image.imageId
  }

  async removeImage(reference: string): Promise<void> {
    const image = this.#clients.calls.getImage(checkedReference(reference))
    await api.tolerant(image.remove({ force: true }), `removing image ${reference}`)
  }

  async dropImage(imageId: string): Promise<boolean> {
    const doing = `removing image ${imageId}`
    const image = this.#clients.calls.getImage(checkedReference(imageId))
    const found = await api.orMissing(image.inspect(), doing)
    if (found === undefined) return true
    if ((found.RepoTags ?? []).length > 0) return false
    try {
      await image.remove({ force: false })
      return true
    } catch (error) {
      if (api.isInUse(error)) return false
      throw asExecutorError(error, 'ENGINE_FAILED', doing)
    }
  }

  async create(init: ContainerInit): Promise<{ id: string; created: boolean }> {
    const body = { ...init.body, HostConfig: { ...init.body.HostConfig, Init: this.#init } }
    try {
      return { id: await this.#create(init.name, body), created: true }
    } catch (error) {
      if (api.isNameTaken(error)) return { id: await this.#adopt(init), created: false }
      if (!body.HostConfig.Init || !api.lacksInit(error))
        throw asExecutorError(error, codeOfCreate(error), `creating container ${init.name}`)
      this.#init = false
      return this.create(init)
    }
  }

  async attach(id: string): Promise<Readable> {
    const container = this.#clients.streams.getContainer(id)
    const options = { stream: true, stdout: true, stderr: true, hijack: true }
    const doing = 'attaching to the container'
    const attached = container.attach(options) as Promise<unknown> as Promise<Readable>
    try {
      return await within(api.CALL_MS_MAX, attached, doing)
    } catch (error) {
      attached.then((late) => late.destroy()).catch(() => undefined)
      throw asExecutorError(error, 'ENGINE_FAILED', doing)
    }
  }

  async start(id: string): Promise<void> {
    try {
      await this.#clients.calls.getContainer(id).start()
    } catch (error) {
      if (statusOf(error) === 304) return
      if (api.lacksInit(error))
        throw executorError('ENGINE_FAILED', 'the engine has no init program; install the package "tini"', error)
      throw asExecutorError(error, 'ENGINE_FAILED', 'starting the container')
    }
  }

  pause(id: string): Promise<void> {
    return api.tolerant(this.#clients.calls.getContainer(id).pause(), 'pausing the container')
  }

  unpause(id: string): Promise<void> {
    return api.tolerant(this.#clients.calls.getContainer(id).unpause(), 'resuming the container')
  }

  kill(id: string, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    return api.tolerant(this.#clients.calls.getContainer(id).kill({ signal }), `sending ${signal} to the container`)
  }

  stop(id: string, graceMs: number): Promise<void> {
    return stopContainer(this, id, graceMs)
  }

  async wait(id: string, options: Cancel = {}): Promise<EngineExit | undefined> {
    const container = this.#clients.streams.getContainer(id)
    await api.orMissing(container.wait(abortable(options)) as Promise<unknown>, 'waiting for the container')
    return (await this.inspect(id))?.exit
  }

  async inspect(idOrName: string): Promise<ContainerInfo | undefined> {
    const found = await api.orMissing(this.#clients.calls.getContainer(idOrName).inspect(), 'inspecting the container')
    return found === undefined ? undefined : api.containerInfo(found)
  }

  remove(id: string): Promise<void> {
    return api.tolerant(this.#clients.calls.getContainer(id).remove({ force: true, v: true }), 'removing the container')
  }

  async list(labels: Readonly<Record<string, string | undefined>>): Promise<ListedContainer[]> {
    const label = Object.entries(labels).map(([name, value]) => (value === undefined ? name : `${name}=${value}`))
    const listing = this.#clients.calls.listContainers({ all: true, filters: { label } })
    const found = await this.#call(listing, 'listing containers')
    return found.map((item) => ({ id: item.Id, labels: item.Labels, state: api.listedState(item.State) }))
  }

  async #create(name: string, body: ContainerInit['body']): Promise<string> {
    if (this.name === 'podman') return createOnPodman(this.#clients, this.version, podmanSpec(name, body))
    // The library takes query and body apart by these names; its types do not say so.
    const options = { _query: { name }, _body: body } as unknown as Dockerode.ContainerCreateOptions
    return (await this.#clients.calls.createContainer(options)).id
  }

  /** A container of that name is there: ours from before a crash, or somebody else's. */
  async #adopt(init: ContainerInit): Promise<string> {
    const found = await this.inspect(init.name)
    const wanted = init.body.Labels
    const same = (label: string): boolean => found?.labels[label] === wanted[label]
    if (found !== undefined && same(LABELS.peer) && same(LABELS.spec)) {
      if (this.name === 'podman') await refuseSteered(this.#clients, this.version, found.id)
      return found.id
    }
    throw executorError(
      'ENGINE_FAILED',
      `another container is called ${init.name}; remove it, or give this peer an engine of its own`,
    )
  }

  async #imageIds(): Promise<string[]> {
    const images = await this.#call(this.#clients.calls.listImages({ all: true }), 'listing images')
    return images.map((image) => (image.Id.includes(':') ? image.Id : `sha256:${image.Id}`))
  }

  async #call<T>(call: Promise<T>, doing: string): Promise<T> {
    try {
      return await call
    } catch (error) {
      throw asExecutorError(error, 'ENGINE_FAILED', doing)
    }
  }
}

function abortable({ signal }: Cancel): { abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal }
}

function codeOfCreate(error: unknown): 'BAD_IMAGE' | 'ENGINE_FAILED' {
  return statusOf(error) === 404 ? 'BAD_IMAGE' : 'ENGINE_FAILED'
}
