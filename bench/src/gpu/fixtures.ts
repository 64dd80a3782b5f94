import { readdirSync, readFileSync } from 'node:fs'
import { detectDevices, machineProbe, type Probe, readRecording, replay } from '@weft/node/capacity'
import type { Section } from './section.ts'

const FOLDER = new URL('../../../node/test/capacity/fixtures/', import.meta.url)

/** What was found on one machine, and what of it is wrong. */
export interface Machine {
  machine: string
  about: string
  devices: number
  faults: string[]
  ok: boolean
  wrong: string[]
}

/** The detectors of all vendors, against machines that were recorded or described by others, and against this one where it has a card. */
export const section: Section = {
  summary: 'what the detectors find on recorded machines, and on this one if it has a card',
  async run(log) {
    const names = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml'))
    const rows = [...(await Promise.all(names.map(recorded))), ...(await ownMachine(machineProbe()))]
    for (const { machine, wrong } of rows) if (wrong.length > 0) log(`${machine}: ${wrong.join('; ')}`)
    const passed = rows.filter(({ ok }) => ok).length
    const own = rows.length === names.length ? 'this one has no card' : 'this one is among them'
    return { rows, ok: passed === rows.length && rows.length > 0, text: `${passed} of ${rows.length} machines; ${own}` }
  },
}

async function recorded(name: string): Promise<Machine> {
  const recording = readRecording(readFileSync(new URL(name, FOLDER), 'utf8'))
  const { about, expected } = recording
  const wrong = await replay(recording)
  const machine = name.replace(/\.yaml$/, '')
  return { machine, about, devices: expected.devices.length, faults: expected.faults, ok: wrong.length === 0, wrong }
}

/** A machine of which nobody wrote down what it has: whatever works has a name, a size and an id of its own. Empty: it has no card. */
export async function ownMachine(probe: Probe): Promise<Machine[]> {
  const { devices, faults } = await detectDevices(probe)
  if (devices.length === 0 && faults.length === 0) return []
  const wrong = devices.flatMap(({ id, model, vramMib, health }) => {
    if (health.state === 'failed') return []
    const isAlone = devices.filter((other) => other.id === id).length === 1
    return model !== '' && vramMib > 0 && isAlone ? [] : [`${id} has no model, no memory, or an id that is another's too`]
  })
  const about = devices.map(({ model, health }) => `${model} (${health.state})`).join(', ') || 'no device, and why'
  return [
    { machine: 'this one', about, devices: devices.length, faults: faults.map(({ id }) => id), ok: wrong.length === 0, wrong },
  ]
}
