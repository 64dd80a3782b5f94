import { isDeepStrictEqual } from 'node:util'
import { parse } from 'yaml'
import { detectDevices } from './detect.ts'
import type { Device } from './device.ts'
import type { Probe } from './probe.ts'
import type { ToolAnswer } from './tools.ts'

/** A machine in a file: what its tools print, what its files say, and what there is to be found. */
export interface Recording {
  about: string
  /** Where each output, or its form, is published. */
  sources: string[]
  /**
   * By the beginnings of the words of a call: `nvidia-smi --query-gpu`. A text was printed with status 0. A call that nothing here
   * begins like is one of a program that is not there.
   */
  tools: Record<string, string | { failed: string } | 'hung'>
  /** By path; `-> target` is a symbolic link. */
  files: Map<string, string>
  /** Each device with the properties that are to be checked; ids of faults. */
  expected: { devices: ExpectedDevice[]; faults: string[] }
}

/** Of its health the state alone. */
type ExpectedDevice = Partial<Omit<Device, 'health'> & { health: Device['health']['state'] }>

interface Tree {
  [name: string]: string | Tree
}

/** What tools and files say is text, whatever YAML would make of it. A map among the files is a folder. */
export function readRecording(yaml: string): Recording {
  const { about, sources, expected } = parse(yaml) as Recording
  const { tools, files } = parse(yaml, { schema: 'failsafe' }) as { tools?: Recording['tools']; files?: Tree }
  return {
    about,
    sources,
    tools: tools ?? {},
    files: new Map(flat(files ?? {}, '')),
    expected: { devices: expected.devices ?? [], faults: expected.faults ?? [] },
  }
}

function* flat(tree: Tree, above: string): Generator<[string, string]> {
  for (const [name, entry] of Object.entries(tree)) {
    if (typeof entry === 'string') yield [above + name, entry]
    else yield* flat(entry, `${above}${name}/`)
  }
}

/** Answers as that machine would. */
export function recordedProbe({ tools, files }: Pick<Recording, 'tools' | 'files'>): Probe {
  return {
    run: async (file, args) => answerOf(tools, [file, ...args]),
    async read(path) {
      const text = files.get(path)
      return text === undefined || text.startsWith('-> ') ? undefined : `${text}\n`
    },
    async list(folder) {
      const inside = [...files.keys()].filter((path) => path.startsWith(`${folder}/`))
      return [...new Set(inside.map((path) => path.slice(folder.length + 1).split('/')[0] ?? ''))].toSorted()
    },
    link: async (path) => /^-> (?:.*\/)?([^/]+)$/.exec(files.get(path) ?? '')?.[1],
  }
}

/** In what that which is found on a recorded machine is not what is expected: a line each. */
export async function replay(recording: Recording): Promise<string[]> {
  const { devices, faults } = await detectDevices(recordedProbe(recording))
  const { expected } = recording
  const wrong: string[] = []
  const ids = faults.map(({ id }) => id)
  if (!isDeepStrictEqual(ids, expected.faults)) wrong.push(`faults: ${ids.join(', ') || 'none'}`)
  if (devices.length !== expected.devices.length)
    wrong.push(`${devices.length} devices: ${devices.map(({ id }) => id).join(', ')}`)
  for (const [at, properties] of expected.devices.entries()) {
    for (const [name, value] of Object.entries(properties)) {
      const found: unknown = devices[at]?.[name as keyof Device]
      const is = name === 'health' ? devices[at]?.health.state : found
      if (!isDeepStrictEqual(is, value))
        wrong.push(`device ${at}: ${name} is ${JSON.stringify(is)}, not ${JSON.stringify(value)}`)
    }
  }
  return wrong
}

function answerOf(tools: Recording['tools'], call: readonly string[]): ToolAnswer {
  const isOf = (key: string): boolean => key.split(' ').every((word, at) => call[at]?.startsWith(word) === true)
  const [key = ''] = Object.keys(tools)
    .filter(isOf)
    .toSorted((a, b) => b.length - a.length)
  const entry = tools[key]
  if (entry === undefined) return { type: 'missing' }
  if (entry === 'hung') return { type: 'hung' }
  return typeof entry === 'string' ? { type: 'done', text: entry } : { type: 'failed', text: entry.failed }
}
