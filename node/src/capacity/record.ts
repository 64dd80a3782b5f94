import { stringify } from 'yaml'
import { detectDevices } from './detect.ts'
import type { Probe } from './probe.ts'
import type { Recording } from './recorded.ts'

/** What other programs have open, but for cards: nobody's business. */
const OTHERS_FILES = /^\/proc\/\d+\/fd\//
const CARD_NODE = /^(?:card|renderD)\d+$/
const PROCESSES = '/proc'

interface Notes extends Pick<Recording, 'tools' | 'files'> {
  /** Paths that were seen in a list. */
  listed: Set<string>
}

/**
 * A machine as a file that `readRecording` reads: all that the detectors asked it and what it answered, and what they found. It names
 * cards and the programs that use them by their ids: whoever publishes it looks at it first. Rejects where a tool printed more than
 * any answer has.
 */
export async function recordMachine({ about, source, probe }: { about: string; source: string; probe: Probe }): Promise<string> {
  const notes: Notes = { tools: {}, files: new Map(), listed: new Set() }
  const flooded: string[] = []
  const { devices, faults } = await detectDevices(noting(probe, notes, (call) => flooded.push(call)))
  if (flooded.length > 0) throw new Error(`${flooded[0]} prints more than can be recorded`)
  const expected = {
    devices: devices.map(({ health, ...device }) => ({ ...device, health: health.state })),
    faults: faults.map(({ id }) => id),
  }
  return stringify({ about, sources: [source], tools: notes.tools, files: treeOf(notes), expected }, { lineWidth: 0 })
}

/** Asks `probe`, and notes what it answers. */
const noting = (probe: Probe, { tools, files, listed }: Notes, onFlood: (call: string) => void): Probe => ({
  async run(file, args) {
    const answer = await probe.run(file, args)
    const call = [file, ...args].join(' ')
    if (answer.type === 'flooded') onFlood(call)
    else if (answer.type === 'done') tools[call] = answer.text
    else if (answer.type === 'failed') tools[call] = { failed: answer.text }
    else if (answer.type === 'hung') tools[call] = 'hung'
    return answer
  },
  async read(path) {
    const text = await probe.read(path)
    if (text !== undefined) files.set(path, text.replace(/\n$/, ''))
    return text
  },
  async list(path) {
    const names = await probe.list(path)
    if (!path.startsWith(PROCESSES)) for (const name of names) listed.add(`${path}/${name}`)
    return names
  },
  async link(path) {
    const target = await probe.link(path)
    if (target !== undefined && (!OTHERS_FILES.test(path) || CARD_NODE.test(target))) files.set(path, `-> ${target}`)
    return target
  },
})

/** Folders that have files, and in each its files by name. What was only seen in a list is empty. */
function treeOf({ files, listed }: Notes): Record<string, Record<string, string>> {
  const known = [...files.keys()]
  const seen = [...listed].filter((path) => !known.some((file) => file === path || file.startsWith(`${path}/`)))
  const tree: Record<string, Record<string, string>> = {}
  for (const [path, text] of [...files, ...seen.map((path) => [path, ''] as const)].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const at = path.lastIndexOf('/')
    const folder = path.slice(0, at)
    tree[folder] = { ...tree[folder], [path.slice(at + 1)]: text }
  }
  return tree
}
