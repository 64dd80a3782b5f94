/**
 * `npm run test:partition [-- --short] [--json]` (root)
 *
 * Two providers and a renter in network namespaces of their own run one job for each case of `cases.ts`; in its middle the network is
 * cut, fully, one way or on and off, for 5 s to 2 min. Each job must end, and the books of all sides must agree: the four numbers are
 * those of the crash test (`crash/verdict.ts`).
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { LABELS } from '@weft/node/executor'
import { messageOf } from '@weft/protocols'
import { ContainerWatch } from '../crash/containers.ts'
import { busyboxImage } from '../latency-image.ts'
import { benchEngine } from '../mesh/engine.ts'
import { Processes } from '../mesh/processes.ts'
import { ALL, SHORT } from './cases.ts'
import { Namespaces } from './namespaces.ts'
import { type Outcome, runCases } from './run.ts'

const EXIT = { done: 0, failed: 1, usage: 64, interrupted: 130 }
const USAGE = `usage: npm run test:partition [-- flags] (root)

  --short    one cut of 5 s, as in npm test
  --json     one JSON document as the last line of stdout
  --keep     keeps the folder with data and logs of the peers`

async function main(argv: readonly string[]): Promise<number> {
  const flag = { type: 'boolean', default: false } as const
  let options: { short: boolean; json: boolean; keep: boolean; help: boolean }
  try {
    options = parseArgs({
      args: [...argv],
      options: { short: flag, json: flag, keep: flag, help: { ...flag, short: 'h' } },
    }).values
  } catch (error) {
    console.error(`${messageOf(error)}\n\n${USAGE}`)
    return EXIT.usage
  }
  if (options.help) {
    console.log(USAGE)
    return EXIT.done
  }
  const lacking = await Namespaces.lacking()
  if (lacking !== undefined) return skipped(lacking)
  const chosen = await benchEngine({ yes: false, noInstall: true, log: (line) => console.error(line) })
  const { engine, env } = chosen
  if (engine === undefined) return skipped('it needs Docker or Podman, and none answers')
  const interrupt = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interrupt.abort(new Error('interrupted')))
  const { signal } = interrupt
  const folder = await mkdtemp(join(tmpdir(), 'weft-cut-'))
  const network = `cut-${folder.slice(-6).toLowerCase()}`
  const namespaces = new Namespaces(`weft-${process.pid}`)
  const processes = new Processes(folder, env)
  const image = `weft-cut:${network}`
  let watch: ContainerWatch | undefined
  try {
    await busyboxImage(engine, image, signal)
    watch = await ContainerWatch.open(engine.host, network)
    const cases = options.short ? SHORT : ALL
    const outcome = await runCases({
      cases,
      folder,
      network,
      namespaces,
      processes,
      engine,
      watch,
      image,
      signal,
      say: console.log,
    })
    return conclude(outcome, options.json)
  } catch (error) {
    console.error(`failed: ${messageOf(error)}`)
    return signal.aborted ? EXIT.interrupted : EXIT.failed
  } finally {
    processes.killAll()
    await watch?.close()
    const containers = await engine.list({ [LABELS.network]: network }).catch(() => [])
    await Promise.allSettled(containers.map(({ id }) => engine.remove(id)))
    await engine.removeImage(image).catch((error: unknown) => console.error(messageOf(error)))
    await namespaces.close()
    await chosen.stop()
    if (options.keep) console.error(`kept ${folder}`)
    else await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

function skipped(why: string): number {
  const isRequired = process.env['WEFT_REQUIRE_ENGINE'] === '1'
  console.error(`test:partition ${isRequired ? 'fails' : 'is skipped'}: ${why}`)
  return isRequired ? EXIT.failed : EXIT.done
}

function conclude({ lost, chargedTwice, orphans, stuck, cases }: Outcome, isJson: boolean): number {
  const wrong = [...lost, ...chargedTwice, ...orphans, ...stuck]
  for (const sentence of wrong) console.error(`  ${sentence}`)
  const numbers = { lost: lost.length, chargedTwice: chargedTwice.length, orphans: orphans.length, stuck: stuck.length }
  if (isJson) console.log(JSON.stringify({ cases, ...numbers }))
  else
    console.log(`lost ${numbers.lost}, charged twice ${numbers.chargedTwice}, orphans ${numbers.orphans}, stuck ${numbers.stuck}`)
  return wrong.length === 0 ? EXIT.done : EXIT.failed
}

process.exitCode = await main(process.argv.slice(2))
