/**
 * `npm run test:gpu [-- --json] [--record FILE] [section …]`
 *
 * What is known of GPUs: each section tries a part of it, and is a key of the JSON document. Only `meter` needs a card, and says so where there is none.
 */
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { machineProbe, recordMachine } from '@weft/node/capacity'
import { messageOf } from '@weft/protocols'
import type { Section } from './section.ts'

/** In the order in which they run. */
const SECTIONS: Readonly<Record<string, () => Promise<Section>>> = {
  fixtures: async () => (await import('./fixtures.ts')).section,
  meter: async () => (await import('./meter-section.ts')).section,
  grants: async () => (await import('./grants-section.ts')).section,
  liars: async () => (await import('./liars-section.ts')).section,
}
const EXIT = { done: 0, failed: 1, usage: 64 }
const USAGE = `usage: npm run test:gpu [-- flags] [section …]

  --json         one JSON document as the last line of stdout
  --record FILE  first writes down what this machine's tools say and what is found, as the recorded machines are; it is a new file

sections: ${Object.keys(SECTIONS).join(', ')}; all of them, if none is named`

async function main(argv: readonly string[]): Promise<number> {
  const flag = { type: 'boolean', default: false } as const
  let parsed: { values: { json: boolean; help: boolean; record?: string }; positionals: string[] }
  try {
    parsed = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { json: flag, record: { type: 'string' }, help: { ...flag, short: 'h' } },
    })
    const unknown = parsed.positionals.find((name) => SECTIONS[name] === undefined)
    if (unknown !== undefined) throw new Error(`there is no section ${unknown}`)
  } catch (error) {
    console.error(`${messageOf(error)}\n\n${USAGE}`)
    return EXIT.usage
  }
  const { values, positionals } = parsed
  if (values.help) {
    console.log(USAGE)
    return EXIT.done
  }
  if (values.record !== undefined) {
    try {
      await record(values.record)
    } catch (error) {
      console.error(`this machine cannot be written down: ${messageOf(error)}`)
      return EXIT.failed
    }
  }
  const document: Record<string, readonly object[]> = {}
  let ok = true
  for (const name of positionals.length === 0 ? Object.keys(SECTIONS) : positionals) {
    const section = await SECTIONS[name]?.()
    if (section === undefined) continue
    console.error(`${name}: ${section.summary}`)
    const result = await section.run((line) => console.error(`  ${line}`))
    document[name] = result.rows
    ok &&= result.ok
    console.error(`${result.ok ? 'ok  ' : 'FAIL'} ${name}: ${result.text}`)
  }
  if (values.json) console.log(JSON.stringify(document))
  return ok ? EXIT.done : EXIT.failed
}

async function record(path: string): Promise<void> {
  const source = `recorded on ${new Date().toISOString().slice(0, 10)} by npm run test:gpu -- --record`
  const text = await recordMachine({ about: 'this machine', source, probe: machineProbe() })
  await writeFile(path, text, { flag: 'wx' })
  console.error(
    `${path}: what this machine's tools said of its cards, serial numbers and process ids too; look at it before you publish it`,
  )
}

process.exitCode = await main(process.argv.slice(2))
