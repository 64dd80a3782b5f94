/**
 * `npm run bench -- simulator [--only kernel,flood,million,day,trace] [--quick] [--json] [--assert]`
 *
 * How fast the simulator is. Each part runs in a process of its own, one after the other. Rates are medians over floods, by
 * the clock and by the processor time of the thread: where other programs share the machine only the second is the simulator's
 * own. `--quick` runs each part small, to see that it works: its numbers stand for nothing.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { WeftError } from '@weft/protocols'
import { commitOf } from '@weft/simulator/lab'
import { type Figure, machine, PARTS } from './parts.ts'
import { meets, partText } from './text.ts'

export interface PartResult {
  part: string
  setup: Record<string, string | number>
  figures: Figure[]
  /** Load of the machine, all programs, over the minute before the part began. */
  load: number
}

const EXIT_FAILED = 1
/** As weft-sim gives its runs. */
const SEMI_SPACE_MIB = 64

export async function main(argv: readonly string[]): Promise<number> {
  const options = {
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    assert: { type: 'boolean', default: false },
    child: { type: 'string' },
  } as const
  const { values } = parseArgs({ args: [...argv], options })
  if (values.child !== undefined) return await child(values.child, values.quick)
  const names = chosen(values.only)
  const results: PartResult[] = []
  const head = { machine: machine(), commit: commitOf(import.meta.dirname) ?? 'unknown', quick: values.quick }
  if (!values.json)
    console.log(`${head.machine}; commit ${head.commit}${values.quick ? '; quick: these numbers stand for nothing' : ''}\n`)
  for (const name of names) {
    console.error(`${name}: ${PARTS[name]?.summary}`)
    const load = Math.round((loadavg()[0] ?? 0) * 100) / 100
    const result: PartResult = { part: name, ...(await inProcess(name, values.quick)), load }
    results.push(result)
    if (!values.json) console.log(`${partText(result)}\n`)
  }
  if (values.json) console.log(JSON.stringify({ bench: 'simulator', ...head, parts: results }))
  const all = results.flatMap(({ figures }) => figures)
  return values.assert && !all.every(meets) ? EXIT_FAILED : 0
}

function chosen(only: string | undefined): string[] {
  const names = Object.keys(PARTS)
  if (only === undefined) return names
  const asked = only.split(',')
  const unknown = asked.filter((name) => !names.includes(name))
  if (unknown.length > 0)
    throw new WeftError('USAGE', `no such part: ${unknown.join(', ')}; --only takes ${names.join(', ')}, with commas between`)
  return names.filter((name) => asked.includes(name))
}

async function child(name: string, quick: boolean): Promise<number> {
  const [part] = chosen(name)
  const { run } = PARTS[part as string] as (typeof PARTS)[string]
  console.log(JSON.stringify(await run(quick)))
  return 0
}

/** A fresh process: no garbage, no compiled code and no peak of memory of another part. */
async function inProcess(name: string, quick: boolean): Promise<Pick<PartResult, 'setup' | 'figures'>> {
  const bench = join(import.meta.dirname, '../main.ts')
  const words = [
    `--max-old-space-size=${PARTS[name]?.heapMiB}`,
    `--max-semi-space-size=${SEMI_SPACE_MIB}`,
    '--conditions=@weft/source',
    '--',
    bench,
    'simulator',
    '--child',
    name,
  ]
  const running = spawn(process.execPath, quick ? [...words, '--quick'] : words, { stdio: ['ignore', 'pipe', 'inherit'] })
  const end = (): void => void running.kill()
  process.once('exit', end)
  let text = ''
  running.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more
  })
  const [code, signal] = await once(running, 'close')
  process.off('exit', end)
  if (code !== 0) throw new WeftError('BENCH_RUN', `the part ${name} ended with ${signal ?? `status ${code}`}`)
  return JSON.parse(text) as Pick<PartResult, 'setup' | 'figures'>
}
