/**
 * What containers see of the devices of a machine, on the engines that are here: each is made as a provider makes it, and says what
 * it finds. The devices are stand-ins, so that no card is needed: by CDI a spec that brings a node, a file and a variable
 * (https://github.com/cncf-tags/container-device-interface/blob/main/SPEC.md), without it nodes below /dev/dri that are /dev/null.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ContainerDevices, containerDevices, deviceSupport, type Engine } from '@weft/node/executor'
import { messageOf } from '@weft/protocols'
import { OutputDecoder } from '@weft/protocols/ports'
import { busyboxImage, jobBody } from '../latency-image.ts'

/** What one container was granted and what it saw. */
export interface Grant {
  /** With its version: `podman 4.3.1`. */
  engine: string
  by: 'cdi' | 'nodes'
  /** What its lease has; several are separated by commas. */
  device: string
  /** What is there of all devices, in the container. */
  visible: string[]
}

export interface GrantsInit {
  engine: Engine
  signal: AbortSignal
  /** Gets why something could not be tried. */
  log: (line: string) => void
}

const DEVICES = 3

type TestDevice = Parameters<typeof containerDevices>[0][number]

/** Several devices, each granted alone, then two together, by each way that the engine has. */
export async function tryGrants(init: GrantsInit): Promise<Grant[]> {
  const { engine, signal } = init
  const tag = `weft-grants:${randomBytes(6).toString('hex')}`
  await busyboxImage(engine, tag, signal)
  try {
    return [...(await byCdi(init, tag)), ...(await byNodes(init, tag))]
  } finally {
    await engine.removeImage(tag)
  }
}

async function byCdi({ engine, signal, log }: GrantsInit, tag: string): Promise<Grant[]> {
  const name = `${engine.name} ${engine.version}`
  // What is written there last counts first, and goes with a restart of the machine.
  const folder = (await engine.devices()).cdiFolders.at(-1)
  if (folder === undefined) {
    log(`${name} knows no CDI (Docker from 25, where its feature is on; Podman from 4.1)`)
    return []
  }
  const devices = Array.from({ length: DEVICES }, () => nvidia(`GPU-${randomUUID()}`))
  const markers = await mkdtemp(join(tmpdir(), 'weft-grants-'))
  const spec = join(folder, `weft-grants-${randomUUID()}.json`)
  try {
    await Promise.all(devices.map(({ id }) => writeFile(join(markers, id), '')))
    try {
      await mkdir(folder, { recursive: true })
      await writeFile(spec, JSON.stringify(specOf(devices, markers)))
    } catch (error) {
      log(`${name} reads its CDI specs where nothing can be written: ${messageOf(error)}`)
      return []
    }
    const { support } = await deviceSupport(engine, devices, async () => ({ type: 'missing' }))
    const script = 'echo $WEFT_GRANTED; for x in /weft-grants/* /dev/weft-grants/*; do [ -e $x ] && echo $x; done; true'
    const grants: Grant[] = []
    for (const granted of [...devices.map((device) => [device]), devices.slice(1)]) {
      const output = await outputOf({ engine, signal }, tag, script, containerDevices(granted, support))
      grants.push({ engine: name, by: 'cdi', device: idsOf(granted), visible: seenIn(output, devices) })
    }
    return grants
  } finally {
    await rm(spec, { force: true })
    await rm(markers, { recursive: true, force: true })
  }
}

async function byNodes({ engine, signal }: GrantsInit, tag: string): Promise<Grant[]> {
  const devices = Array.from({ length: DEVICES }, (_, i) => amd(i))
  const groups = new Map(devices.flatMap(({ nodes }, i) => nodes.map((node) => [node, 42_000 + i] as const)))
  const support = {
    cdi: [],
    hasNvidiaDriver: false,
    hasNodes: (await engine.devices()).hasNodes,
    groups,
    closed: new Set<string>(),
    toolkit: undefined,
  }
  const script = 'for x in /dev/dri/*; do [ -e $x ] && echo $x; done; id -G'
  const grants: Grant[] = []
  for (const granted of [...devices.map((device) => [device]), devices.slice(1)]) {
    const given = containerDevices(granted, support)
    const mappings = given.mappings.map((mapping) => ({ ...mapping, PathOnHost: '/dev/null' }))
    const output = (await outputOf({ engine, signal }, tag, script, { ...given, mappings })).split(/\s+/)
    // A card is there where its node is, and the group that may open it.
    const isSeen = ({ nodes }: TestDevice, i: number) =>
      nodes.every((node) => output.includes(node)) && output.includes(`${42_000 + i}`)
    const visible = devices.filter(isSeen).map(({ id }) => id)
    grants.push({ engine: `${engine.name} ${engine.version}`, by: 'nodes', device: idsOf(granted), visible })
  }
  return grants
}

/** Which of the devices are there with file and node, and which only in part. */
function seenIn(output: string, devices: readonly TestDevice[]): string[] {
  const paths = output.split('\n')
  return devices.flatMap(({ id }) => {
    if (!output.includes(id)) return []
    return paths.filter((path) => path.endsWith(`/${id}`)).length === 2 ? [id] : [`${id} in part`]
  })
}

async function outputOf(
  { engine, signal }: Pick<GrantsInit, 'engine' | 'signal'>,
  tag: string,
  script: string,
  devices: ContainerDevices,
): Promise<string> {
  const body = await jobBody(engine, tag, { command: ['sh', '-c', script], devices })
  const { id } = await engine.create({ name: `weft-grants-${randomUUID()}`, body })
  try {
    const stream = await engine.attach(id)
    await engine.start(id)
    const decoder = new OutputDecoder()
    let text = ''
    for await (const chunk of stream)
      for (const { payload } of decoder.push(chunk as Uint8Array)) text += Buffer.from(payload).toString()
    const exit = await engine.wait(id, { signal })
    if (exit?.exitCode !== 0) throw new Error(`the container exits with ${exit?.exitCode} and says: ${text}`)
    return text
  } finally {
    await engine.remove(id)
  }
}

const idsOf = (devices: readonly TestDevice[]): string => devices.map(({ id }) => id).join(',')

const device = (over: Pick<TestDevice, 'id' | 'vendor' | 'nodes'>): TestDevice => ({
  model: 'stand-in',
  vramMib: 1024,
  computeCapability: '',
  driver: '',
  pci: undefined,
  sliceOf: undefined,
  health: { state: 'ok', text: '' },
  usedBy: [],
  ...over,
})

const nvidia = (id: string): TestDevice => device({ id, vendor: 'nvidia', nodes: [] })
const amd = (i: number): TestDevice => device({ id: `amd:0000:0${i}:00.0`, vendor: 'amd', nodes: [`/dev/dri/renderD${240 + i}`] })

const specOf = (devices: readonly TestDevice[], markers: string): object => ({
  cdiVersion: '0.5.0',
  kind: 'nvidia.com/gpu',
  devices: devices.map(({ id }) => ({
    name: id,
    containerEdits: {
      env: [`WEFT_GRANTED=${id}`],
      deviceNodes: [{ path: `/dev/weft-grants/${id}`, hostPath: '/dev/null' }],
      mounts: [{ hostPath: join(markers, id), containerPath: `/weft-grants/${id}`, options: ['ro', 'bind'] }],
    },
  })),
})
