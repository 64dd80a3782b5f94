/**
 * `npm run demo`: a mesh of separate peers without a coordinator trains a digit classifier in containers and presents a bill
 * that both sides signed. Exits with 0 only if all of it worked and nothing is left behind.
 */

import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { messageOf } from '@weft/protocols'
import type { BenchEngine } from '../mesh/engine.ts'
import { leftovers, pathsLeft, seesProcesses } from '../mesh/leftovers.ts'
import { chooseEngine } from './choose-engine.ts'
import { Demo } from './demo.ts'
import { failures } from './report.ts'
import { PROVIDERS, TRAINING_RUNS } from './runs.ts'
import { Screen } from './screen.ts'

const EXIT = { done: 0, failed: 1, usage: 64, interrupted: 130 }
const USAGE = `usage: npm run demo [-- flags]

  --json         one JSON document as the last line of stdout; everything else goes to stderr
  --yes          installs a container engine without asking, where none answers (root on Debian or Ubuntu)
  --no-install   never installs anything; without an engine jobs run as plain processes, NOT ISOLATED
  --keep         keeps the demo's folder: data of the peers, logs, outputs, receipts`

interface Options {
  json: boolean
  yes: boolean
  keep: boolean
  noInstall: boolean
}

function optionsOf(argv: readonly string[]): Options | undefined {
  const flag = { type: 'boolean', default: false } as const
  const { values } = parseArgs({
    args: [...argv],
    options: { json: flag, yes: flag, keep: flag, 'no-install': flag, help: { ...flag, short: 'h' } },
  })
  if (values.help) return undefined
  return { json: values.json, yes: values.yes, keep: values.keep, noInstall: values['no-install'] }
}

async function main(argv: readonly string[]): Promise<number> {
  let options: Options | undefined
  try {
    options = optionsOf(argv)
  } catch (error) {
    console.error(`${messageOf(error)}\n\n${USAGE}`)
    return EXIT.usage
  }
  if (options === undefined) {
    console.log(USAGE)
    return EXIT.done
  }
  const screen = new Screen(options.json ? process.stderr : process.stdout, process.env)
  const interrupt = new AbortController()
  let stopAtOnce = () => {}
  const unhook = onInterrupt(() => {
    if (interrupt.signal.aborted) stopAtOnce()
    screen.warn('stopping; once more to stop at once')
    interrupt.abort(new Error('interrupted'))
  })
  const engine = await chooseEngine(options, screen)
  screen.section('Weft: a market for compute without a coordinator')
  if (engine.engine !== undefined) {
    const { name, version, host } = engine.engine
    screen.line(`containers by ${name} ${version} at ${host}${engine.started ? ', private to this demo' : ''}`)
  }
  const folder = await mkdtemp(join(tmpdir(), 'weft-demo-'))
  const demo = new Demo({ screen, engine, folder, signal: interrupt.signal })
  stopAtOnce = () => {
    screen.endLive()
    demo.processes.killAll()
    if (!options.keep) rmSync(folder, { recursive: true, force: true })
    process.exit(EXIT.interrupted)
  }
  let failed = ''
  try {
    interrupt.signal.throwIfAborted()
    await demo.run()
  } catch (error) {
    failed = messageOf(error)
  }
  await cleanUp(demo, engine, folder, options.keep)
  unhook()
  return conclude(demo, screen, options, { failed, interrupted: interrupt.signal.aborted, folder })
}

/** Takes everything away, then looks for what is still there. */
async function cleanUp(demo: Demo, engine: BenchEngine, folder: string, keep: boolean): Promise<void> {
  const { report } = demo
  try {
    await demo.processes.endAll()
    await demo.image?.remove()
    const image = engine.engine === undefined ? undefined : demo.image?.tag
    report.leftovers.push(...(await leftovers({ folder, network: demo.network, engine: engine.engine, image })))
  } catch (error) {
    report.leftovers.push(`unknown: ${messageOf(error)}`)
  } finally {
    await engine.stop().catch((error: unknown) => report.leftovers.push(`container engine: ${messageOf(error)}`))
    if (!keep) await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined)
    const socket = engine.engine?.host.replace('unix://', '') ?? ''
    report.leftovers.push(...pathsLeft([...(keep ? [] : [folder]), ...(engine.started ? [socket] : [])]))
  }
}

interface Ending {
  failed: string
  interrupted: boolean
  folder: string
}

function conclude(demo: Demo, screen: Screen, options: Options, { failed, interrupted, folder }: Ending): number {
  const runs = TRAINING_RUNS.length
  const wrong = failures(demo.report, { jobs: runs + 1, spread: { jobs: runs, providers: PROVIDERS.length } })
  screen.section('In short')
  if (options.keep) screen.line(`kept ${folder}`)
  if (interrupted) screen.line('interrupted')
  else if (failed !== '') screen.line(screen.paint('red', `failed: ${failed}`))
  else if (wrong.length === 0) {
    screen.line(screen.paint('green', `everything worked, and ${nothingLeft(process.platform)}`))
    screen.line('next: lend this machine, or run a job of your own; README.md, "Five minutes for each", has the commands')
  }
  for (const sentence of failed === '' && !interrupted ? wrong : demo.report.leftovers) screen.line(screen.paint('red', sentence))
  if (options.json) process.stdout.write(`${JSON.stringify(demo.report)}\n`)
  if (interrupted) return EXIT.interrupted
  return failed === '' && wrong.length === 0 ? EXIT.done : EXIT.failed
}

/** What may be said once nothing was found. */
function nothingLeft(platform: NodeJS.Platform): string {
  return seesProcesses(platform)
    ? 'nothing is left behind'
    : 'no container, image or file is left behind; whether processes are was not checked, which this demo cannot do on Windows'
}

function onInterrupt(handler: () => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const name of signals) process.on(name, handler)
  return () => {
    for (const name of signals) process.off(name, handler)
  }
}

process.exitCode = await main(process.argv.slice(2))
