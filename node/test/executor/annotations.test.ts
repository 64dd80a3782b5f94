import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pack } from 'tar-stream'
import { describe, expect, test } from 'vitest'
import { dockerClients } from '../../src/executor/docker-api.ts'
import type { Engine } from '../../src/executor/engine.ts'
import { podmanCalls, refuseSteered, tamed } from '../../src/executor/podman-create.ts'
import { engines } from './engines.ts'
import { scene } from './fixture.ts'
import { busyboxPath, rootfs } from './images.ts'

// Goal: nothing that a stranger writes into an image's manifest or labels tells the runtime what to do.
// Method: images with annotations are loaded as a renter's archive would be, and their containers made and looked at, on a real Podman.

const STEERING = [
  'run.oci.keep_original_groups',
  'RUN.OCI.handler',
  'org.systemd.property.DevicePolicy',
  'io.podman.annotations.userns',
]
const MORE = [
  'run.oci.seccomp_bpf_data',
  'module.wasm.image/variant',
  'dev.gvisor.flag.debug',
  'io.katacontainers.config',
  'cdi.k8s.io/x',
]

test.each([...STEERING, ...MORE])('an image whose manifest says %s is refused', (name) => {
  expect(() => tamed({ 'org.opencontainers.image.title': 'x', [name]: '' })).toThrow(/tells the runtime what to do/)
})

test('what describes an image stays, and what nobody knows is blank', () => {
  expect(tamed({ 'org.opencontainers.image.title': 'x', 'com.example.note': 'y', 'org.opencontainers.runtime': 'z' })).toEqual({
    'com.example.note': '',
    'org.opencontainers.runtime': '',
  })
})

const digest = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))

/** Loads an OCI archive of busybox whose manifest has these annotations. Resolves with the image's id. */
async function load(engine: Engine, annotations: Record<string, string>, labels: Record<string, string> = {}): Promise<string> {
  const layer = Buffer.concat(await (await rootfs(await readFile(await busyboxPath()))).toArray())
  const arch = process.arch === 'x64' ? 'amd64' : process.arch
  const diffs = { type: 'layers', diff_ids: [digest(layer)] }
  const config = json({
    architecture: arch,
    os: 'linux',
    config: { Cmd: ['sh'], Env: ['PATH=/bin'], Labels: labels },
    rootfs: diffs,
  })
  const type = (what: string): string => `application/vnd.oci.image.${what}`
  const entry = (bytes: Buffer, what: string) => ({ mediaType: type(what), digest: digest(bytes), size: bytes.length })
  const manifest = json({
    schemaVersion: 2,
    mediaType: type('manifest.v1+json'),
    config: entry(config, 'config.v1+json'),
    layers: [entry(layer, 'layer.v1.tar')],
    annotations,
  })
  const tar = pack()
  tar.entry({ name: 'oci-layout' }, '{"imageLayoutVersion":"1.0.0"}')
  tar.entry({ name: 'index.json' }, json({ schemaVersion: 2, manifests: [entry(manifest, 'manifest.v1+json')] }))
  for (const blob of [layer, config, manifest]) tar.entry({ name: `blobs/${digest(blob).replace(':', '/')}` }, blob)
  tar.finalize()
  await engine.loadImage(Readable.from(tar), digest(config))
  return digest(config)
}

const podman = engines.find(({ name }) => name === 'podman')

describe.skipIf(podman === undefined)('an image with annotations on Podman', () => {
  const engine = podman as Engine

  test('makes no container that would keep its caller’s groups', async () => {
    const imageId = await load(engine, { 'run.oci.keep_original_groups': '1' }, { of: 'steered' })
    const made = await scene(engine)
    try {
      const delivered = made.runner.deliver(made.work(['id'], { imageId }))
      await expect(delivered).rejects.toMatchObject({
        code: 'BAD_IMAGE',
        message: expect.stringContaining('run.oci.keep_original_groups'),
      })
      expect(await engine.list({ 'weft.network': made.network })).toEqual([])
    } finally {
      await made.close()
      await engine.removeImage(imageId)
    }
  })

  test('is found out though it came in another’s place while the container was made', async () => {
    const imageId = await load(engine, {}, { of: 'changed' })
    const clients = dockerClients(engine.host)
    const spec = { image: imageId, netns: { nsmode: 'none' }, annotations: { 'run.oci.handler': 'krun' } }
    const created = await podmanCalls(clients, engine.version)('POST', 'containers/create', spec)
    const { Id: id } = created as { Id: string }
    await expect(refuseSteered(clients, engine.version, id)).rejects.toMatchObject({ code: 'BAD_IMAGE' })
    expect(await engine.inspect(id)).toBeUndefined()
    await engine.removeImage(imageId)
  })

  test('runs where these only describe it, and no label of its becomes one', async () => {
    const annotations = { 'org.opencontainers.image.title': 'a job', 'com.example.note': 'mine' }
    const imageId = await load(engine, annotations, {
      'run.oci.keep_original_groups': '1',
      'org.systemd.property.DevicePolicy': "'auto'",
    })
    const made = await scene(engine)
    try {
      const { exit, output } = await made.run(made.work(['id'], { imageId }))
      expect([exit.exitCode, output]).toEqual([0, expect.stringMatching(/uid=65534.* gid=65534/)])
    } finally {
      await made.close()
      await engine.removeImage(imageId)
    }
  })
})
