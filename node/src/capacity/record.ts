import { stringify } from 'yaml'
import { detectDevices } from './detect.ts'
import { CARD_NODE } from './drm-users.ts'
import type { Probe } from './probe.ts'
import type { Recording } from './recorded.ts'

/** What other programs have open, but for cards: nobody's business. */
const OTHERS_FILES = /^\/proc\/\d+\/fd\//
const PROCESSES = '/proc'
const LOG = 'dmesg'
/** Of the kernel's log, which names disks, addresses, hosts and programs too, an error of a card: its place and number. */
const ERRORS_OF_CARDS = /NVRM: Xid \(PCI:[0-9a-fA-F:.]+\): \d+/g
/** What programs on a card are called: in nvidia-smi's XML, and in what `amd-smi process` prints. */
const NAME_OF_NVIDIA = /(<process_name>)[^<]*/g
const NAME_OF_AMD = /("name"\s*:\s*")(?:[^"\\]|\\.)*/g

interface Notes extends Pick<Recording, 'tools' | 'files'> {
  /** Paths that were seen in a list. */
  listed: Set<string>
}

/**
 * A machine as a file that `readRecording` reads: all that the detectors asked it and what it answered, and what they found. Ids and
 * serial numbers of cards, ids of processes and whatever else tools say of cards are in it, so that whoever publishes it looks at it first;
 * of the kernel's log only cards' errors, and no names of programs. Rejects where a tool printed more than any answer has.
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
    // A log that is longer than anybody reads tells the detectors nothing.
    if (answer.type === 'flooded' && file !== LOG) onFlood(call)
    else if (answer.type === 'done') tools[call] = shown(call, answer.text)
    else if (answer.type === 'failed') tools[call] = { failed: shown(call, answer.text) }
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

function shown(call: string, text: string): string {
  if (call === LOG) return (text.match(ERRORS_OF_CARDS) ?? []).join('\n')
  return text.replace(call.startsWith('amd-smi process') ? NAME_OF_AMD : NAME_OF_NVIDIA, '$1-')
}

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
