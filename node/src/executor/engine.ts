/**
 * What this node asks of a container engine: the narrow part of the Docker Engine API that it uses. `docker-engine.ts`
 * drives Docker and Podman, `process-engine.ts` plain child processes (demo and tests only).
 *
 * Every call that waits takes a `signal` or ends by a deadline of its own. Failures are ExecutorError.
 */
import type { Readable } from 'node:stream'
import type { ContainerBody } from './profile.ts'

export interface EngineInfo {
  name: string
  version: string
  /** `x86_64`, `aarch64`: as the engine says it. */
  arch: string
  cpus: number
  memoryMib: number
}

/** By which ways the engine gives devices to a container. */
export interface EngineDevices {
  /** Folders whose CDI specs it resolves; empty: it knows no CDI. */
  cdiFolders: readonly string[]
  /** Docker's own driver `nvidia`. */
  hasNvidiaDriver: boolean
  /** Single nodes of /dev. */
  hasNodes: boolean
  /** It runs as a user, whose groups mean nothing in a container. */
  isRootless: boolean
}

/** One image on this machine. */
export interface ImageInfo {
  /** `sha256:` and 64 hex digits: the digest of the image's config, the same on every machine. */
  imageId: string
  /** `name@sha256:…` under which a registry has it; empty: none known. */
  pull: string
  bytes: number
  /** `NAME=value`, as the image sets them. */
  env: readonly string[]
  config: ImageConfig
}

export interface ImageConfig {
  entrypoint: readonly string[]
  command: readonly string[]
  workdir: string
  /** Paths that the image declares as volumes. */
  volumes: readonly string[]
  arch: string
}

export interface ContainerInit {
  /** Unique on the engine: creating it twice is impossible. */
  name: string
  body: ContainerBody
}

export type ContainerState = 'created' | 'running' | 'paused' | 'exited'

export interface ContainerInfo {
  id: string
  name: string
  state: ContainerState
  labels: Readonly<Record<string, string>>
  exit: EngineExit | undefined
}

export interface EngineExit {
  exitCode: number
  oomKilled: boolean
}

export interface ListedContainer {
  id: string
  labels: Readonly<Record<string, string>>
  state: ContainerState
}

export interface Cancel {
  signal?: AbortSignal
}

export interface Engine {
  /** `docker`, `podman` or `process`. */
  readonly name: string
  readonly version: string
  /** Where it answers: `unix:///var/run/docker.sock`. */
  readonly host: string

  info(options?: Cancel): Promise<EngineInfo>
  devices(): Promise<EngineDevices>

  /** By id, tag or digest; undefined: not on this machine. */
  describeImage(reference: string, options?: Cancel): Promise<ImageInfo | undefined>
  /** From its registry, with the engine's own credentials. */
  pullImage(reference: string, options?: Cancel & { onBytes?: (done: number) => void }): Promise<void>
  /** A `docker save` archive of exactly this image, without its names. */
  saveImage(imageId: string, options?: Cancel): Promise<Readable>
  /**
   * Loads an archive from an untrusted peer: names inside it are dropped, so that it cannot take over a tag of this machine.
   * Throws BAD_IMAGE, and keeps nothing, unless it holds the image `expected`, whose layers unpack to at most `unpackedMax` bytes.
   */
  loadImage(archive: Readable, expected: string, options?: Cancel & { unpackedMax?: number }): Promise<void>
  /** Makes an image of a tar of a root file system. `changes` are Dockerfile instructions: `CMD ["sh"]`. Resolves with its id. */
  importRootfs(tar: Readable, tag: string, options?: Cancel & { changes?: readonly string[] }): Promise<string>
  /** Not there: no error. */
  removeImage(reference: string): Promise<void>
  /** Removes an image unless a container, running or not, is made of it or it has a name here; false: it stays. */
  dropImage(imageId: string): Promise<boolean>

  /** `created` is false where a container of that name with the same spec and peer labels was there already. */
  create(init: ContainerInit): Promise<{ id: string; created: boolean }>
  /**
   * Stdout and stderr as Docker's multiplexed frames (the format of protocols' `ports/output.ts`). Attach before `start`
   * and no byte is lost. Ends when the container does.
   */
  attach(id: string): Promise<Readable>
  /** Already running: no error. Throws BAD_COMMAND where the command cannot be executed. */
  start(id: string): Promise<void>
  /** Not running, or paused already: no error. */
  pause(id: string): Promise<void>
  /** Not paused: no error. */
  unpause(id: string): Promise<void>
  /** Not running: no error. */
  kill(id: string, signal: 'SIGTERM' | 'SIGKILL'): Promise<void>
  /** SIGTERM, then SIGKILL when `graceMs` have passed; resolves when it has ended. A paused container is resumed first. */
  stop(id: string, graceMs: number): Promise<void>
  /** Resolves when the started container has ended, at once if it has already; undefined: it is gone. */
  wait(id: string, options?: Cancel): Promise<EngineExit | undefined>
  /** By id or name; undefined: there is none. */
  inspect(idOrName: string): Promise<ContainerInfo | undefined>
  /** Ends it if it runs; removes it and its anonymous volumes. Not there: no error. */
  remove(id: string): Promise<void>
  /** Every container, running or not, that carries all of `labels`; undefined: whatever the label says. */
  list(labels: Readonly<Record<string, string | undefined>>): Promise<ListedContainer[]>
}
