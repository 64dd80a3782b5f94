import type { DockerClients } from './docker-api.ts'
import { executorError } from './engine-errors.ts'
import type { PodmanSpec } from './podman-spec.ts'

/**
 * What OCI runtimes and their hooks do as annotations say: crun (https://github.com/containers/crun/blob/main/crun.1.md), runc's and crun's
 * unit properties (https://github.com/opencontainers/runc/blob/main/docs/systemd.md), gVisor's and Kata's own, and who injects devices.
 */
const STEERING = /^(?:run\.oci\.|org\.systemd\.|module\.wasm\.|dev\.gvisor\.|io\.kata|cdi\.k8s\.io|com\.nvidia|nvidia\.)/i
/** These Podman sets itself, and reads again. */
const PODMANS = /^io\.(?:podman|container|kubernetes)\./i
/** What only describes an image: https://github.com/opencontainers/image-spec/blob/main/annotations.md */
const DESCRIBING = /^org\.opencontainers\.image\./

type Annotations = Readonly<Record<string, string>>

/**
 * What a container is given in place of the annotations of its image's manifest, which Podman hands on to the runtime whoever wrote them:
 * those that only describe stay, others are blank. Throws BAD_IMAGE for what a runtime would follow: it may keep groups, replace
 * the seccomp filter or lift a limit, and what a blank one does is up to the runtime.
 */
export function tamed(annotations: Annotations): Annotations {
  const names = Object.keys(annotations)
  const steering = names.find((name) => STEERING.test(name) || PODMANS.test(name))
  if (steering !== undefined) throw refusal(steering)
  return Object.fromEntries(names.filter((name) => !DESCRIBING.test(name)).map((name) => [name, '']))
}

const refusal = (name: string) =>
  executorError(
    'BAD_IMAGE',
    `the image's manifest has the annotation ${JSON.stringify(name.slice(0, 80))}, which tells the runtime what to do; build it without`,
  )

/** By Podman's own API, of the version that the engine speaks. Resolves with the container's id. */
export async function createOnPodman(clients: DockerClients, version: string, spec: PodmanSpec): Promise<string> {
  const call = podmanCalls(clients, version)
  const { Annotations: ofImage } = (await call('GET', `images/${spec['image']}/json`)) as { Annotations?: Annotations | null }
  const annotations = tamed(ofImage ?? {})
  const { Id: id } = (await call('POST', 'containers/create', { ...spec, annotations })) as { Id: string }
  await refuseSteered(clients, version, id)
  return id
}

/**
 * Removes a container that has annotations which a runtime would follow, and rejects with BAD_IMAGE: another manifest of the same image may
 * have come between the look and the making.
 */
export async function refuseSteered(clients: DockerClients, version: string, id: string): Promise<void> {
  const call = podmanCalls(clients, version)
  const { Config: config } = (await call('GET', `containers/${id}/json`)) as { Config?: { Annotations?: Annotations | null } }
  const steering = Object.keys(config?.Annotations ?? {}).find((name) => STEERING.test(name))
  if (steering === undefined) return
  await call('DELETE', `containers/${id}`)
  throw refusal(steering)
}

/** Podman's own API of that version. Rejects as the library does, with the status that was answered. */
export function podmanCalls({ calls }: DockerClients, version: string) {
  return (method: 'GET' | 'POST' | 'DELETE', path: string, body?: PodmanSpec): Promise<unknown> =>
    new Promise<unknown>((resolve, reject) => {
      const options = {
        // A query that is begun and not written is what makes the library send the body as JSON.
        path: `/v${version.split('.')[0]}.0.0/libpod/${path}${body === undefined ? '' : '?'}`,
        method,
        ...(body === undefined ? {} : { options: { _query: {}, _body: body } }),
        statusCodes: {
          ...{ 200: true, 201: true, 204: true },
          ...{ 400: 'bad parameter', 404: 'no such image or container', 409: 'conflict', 500: 'server error' },
        },
      }
      calls.modem.dial(options, (error: unknown, found: unknown) => (error == null ? resolve(found) : reject(error)))
    })
}
