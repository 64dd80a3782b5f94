import { readdirSync, readFileSync } from 'node:fs'
import { readRecording, replay } from '@weft/node/capacity'
import type { Section } from './section.ts'

const FOLDER = new URL('../../../node/test/capacity/fixtures/', import.meta.url)

/** The detectors of all vendors, against machines that were recorded or described by others. */
export const section: Section = {
  summary: 'what the detectors find on recorded machines (no GPU of this machine is looked at)',
  async run(log) {
    const rows: { machine: string; about: string; devices: number; faults: string[]; ok: boolean; wrong: string[] }[] = []
    for (const name of readdirSync(FOLDER).filter((file) => file.endsWith('.yaml'))) {
      const recording = readRecording(readFileSync(new URL(name, FOLDER), 'utf8'))
      const { about, expected } = recording
      const wrong = await replay(recording)
      const ok = wrong.length === 0
      rows.push({
        machine: name.replace(/\.yaml$/, ''),
        about,
        devices: expected.devices.length,
        faults: expected.faults,
        ok,
        wrong,
      })
      if (!ok) log(`${name}: ${wrong.join('; ')}`)
    }
    const passed = rows.filter(({ ok }) => ok).length
    return { rows, ok: passed === rows.length && rows.length > 0, text: `${passed} of ${rows.length} recorded machines` }
  },
}
