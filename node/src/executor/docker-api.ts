/** The few differences between Docker and Podman's Docker-compatible API, and what both answer, read once into plain values. */
import Dockerode from 'dockerode'
import type { ContainerInfo, ContainerState, ImageInfo } from './engine.ts'
import { asExecutorError, statusOf } from './engine-errors.ts'
import { isPublic, pullReference } from './image-reference.ts'

/** An engine that says nothing for so long hangs; creating from a large image takes seconds. */
export const CALL_MS_MAX = 60_000

export interface DockerClients {
  /** For calls with a short answer. */
  calls: Dockerode
  /** For calls that last as long as a container or a transfer. */
  streams: Dockerode
}

/** `host` is what DOCKER_HOST takes: `unix:///path`, `npipe:////./pipe/name` or `tcp://host:port`. */
export function dockerClients(host: string, callMs = CALL_MS_MAX): DockerClients {
  const options = clientOptions(host)
  return { calls: new Dockerode({ ...options, timeout: callMs }), streams: new Dockerode(options) }
}

/** Every field is set, because the library fills the others from the environment's DOCKER_HOST. */
function clientOptions(host: string): Dockerode.DockerOptions {
  const [, scheme = '', rest = ''] = /^([a-z]+):\/\/(.*)$/.exec(host) ?? []
  if (scheme === 'unix' || scheme === 'npipe') return { socketPath: rest, host: undefined, port: undefined, protocol: 'http' }
  const url = new URL(host)
  const secure = process.env['DOCKER_TLS_VERIFY'] === '1'
  return { host: url.hostname, port: url.port || (secure ? 2376 : 2375), protocol: secure ? 'https' : 'http' }
}

/** Podman says so in the components of its version. */
export function engineName(version: { Components?: readonly { Name: string }[] | undefined }): string {
  return version.Components?.some((component) => component.Name.startsWith('Podman')) === true ? 'podman' : 'docker'
}

/** Docker answers 409; Podman 4 answers 409 or 500 with this text. */
export function isNameTaken(error: unknown): boolean {
  return statusOf(error) === 409 || (statusOf(error) === 500 && /name .*is already in use/i.test(String(error)))
}

/** Distributions install Podman without an init; Docker brings one. Without it the job is PID 1, which costs no protection. */
export function lacksInit(error: unknown): boolean {
  return /init binary|container-init|catatonit|docker-init/i.test(String(error))
}

/** True for the answers that say "nothing to do": gone, not running, running or paused already. */
export function isNothingToDo(error: unknown): boolean {
  const status = statusOf(error)
  if (status === 304 || status === 404 || status === 409) return true
  return (
    status === 500 &&
    /not running|already paused|is not paused|can only kill running|no such container|already in progress/i.test(String(error))
  )
}

/** What the engines say of an image that a container is made of: Docker and Podman 409, Podman 4 also 500. */
export function isInUse(error: unknown): boolean {
  return statusOf(error) === 409 || (statusOf(error) === 500 && /in use|being used/i.test(String(error)))
}

/** Runs a call and lets the answers of `isNothingToDo` pass. */
export async function tolerant(call: Promise<unknown>, doing: string): Promise<void> {
  try {
    await call
  } catch (error) {
    if (!isNothingToDo(error)) throw asExecutorError(error, 'ENGINE_FAILED', doing)
  }
}

/** The answer, or undefined where there is no such thing. Podman 5 says 500 of a container that is just being removed. */
export async function orMissing<T>(call: Promise<T>, doing: string): Promise<T | undefined> {
  try {
    return await call
  } catch (error) {
    if (statusOf(error) === 404 || (statusOf(error) === 500 && /no such container/i.test(String(error)))) return undefined
    throw asExecutorError(error, 'ENGINE_FAILED', doing)
  }
}

export function imageInfo(reference: string, found: Dockerode.ImageInspectInfo): ImageInfo {
  const { Config: config } = found
  const entrypoint = config.Entrypoint ?? []
  return {
    // Podman leaves out the algorithm.
    imageId: found.Id.includes(':') ? found.Id : `sha256:${found.Id}`,
    pull: pullReference(reference, (found.RepoDigests ?? []).filter(isPullable)),
    bytes: found.Size,
    env: config.Env ?? [],
    config: {
      entrypoint: typeof entrypoint === 'string' ? [entrypoint] : entrypoint,
      command: config.Cmd ?? [],
      workdir: config.WorkingDir ?? '',
      volumes: Object.keys(config.Volumes ?? {}),
      arch: found.Architecture,
    },
  }
}

/**
 * The name for an image that is made here. Podman's Docker API would put it under `docker.io/library/`, with a digest, as if
 * that registry had it.
 */
export function localName(engine: string, tag: string): string {
  return engine === 'podman' && !tag.includes('/') ? `localhost/${tag}` : tag
}

/** Podman gives local images a digest under `localhost/`, and from a registry of this network nobody else could pull. */
function isPullable(digest: string): boolean {
  return isPublic(digest) && !digest.startsWith('<none>')
}

export function containerInfo(found: Dockerode.ContainerInspectInfo): ContainerInfo {
  const state = stateOf(found.State)
  return {
    id: found.Id,
    name: found.Name.replace(/^\//, ''),
    state,
    labels: found.Config.Labels,
    exit:
      state === 'exited' && !isGoing(found.State)
        ? { exitCode: found.State.ExitCode, oomKilled: found.State.OOMKilled }
        : undefined,
  }
}

/** Somebody removes it, and ended it to that end: its exit code says nothing of the job. */
const isGoing = ({ Status: status }: Dockerode.ContainerInspectInfo['State']): boolean =>
  status === 'removing' || status === 'dead'

function stateOf(state: Dockerode.ContainerInspectInfo['State']): ContainerState {
  if (state.Paused) return 'paused'
  if (state.Running) return 'running'
  return listedState(state.Status)
}

/** As a listing names it. Podman has two words more for what was never started. */
export function listedState(name: string): ContainerState {
  if (name === 'running' || name === 'paused') return name
  return name === 'created' || name === 'configured' || name === 'initialized' ? 'created' : 'exited'
}
