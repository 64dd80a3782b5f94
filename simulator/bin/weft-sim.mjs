#!/usr/bin/env -S node --
import { existsSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { parseArgs } from 'node:util'

// The simulator imports nothing of the node, so it starts itself: the source in a clone, `dist` when installed.
const source = new URL('../src/index.ts', import.meta.url)
const fromSource = existsSync(source) && !source.pathname.includes('/node_modules/')
if (fromSource && nodeModule.registerHooks === undefined) {
  process.stderr.write(
    `weft-sim: Node ${process.versions.node} is too old: use "npx --no weft-sim", which brings Node 26, or Node 22.18 and newer\n`,
  )
  process.exit(1)
}
if (fromSource) {
  nodeModule.registerHooks({
    resolve: (specifier, context, next) =>
      next(
        specifier,
        specifier.startsWith('@weft/') ? { ...context, conditions: ['@weft/source', ...context.conditions] } : context,
      ),
  })
}

const USAGE = `Usage: weft-sim market-day [--seed N] [--providers N] [--renters N] [--jobs N] [--loss P] [--json] [--check-determinism]

Runs the market of the real peers in virtual time and checks its invariants.`
const NUMBERS = ['seed', 'providers', 'renters', 'jobs', 'loss']

function parse() {
  const text = { type: 'string' }
  const options = {
    ...Object.fromEntries(NUMBERS.map((name) => [name, text])),
    json: { type: 'boolean' },
    help: { type: 'boolean' },
    'check-determinism': { type: 'boolean' },
  }
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  if (values.help) return { help: true }
  const [scenario, ...rest] = positionals
  if (scenario !== 'market-day' || rest.length > 0)
    throw new TypeError(`there is no scenario '${positionals.join(' ')}'; there is market-day`)
  const init = {}
  for (const name of NUMBERS) {
    if (values[name] === undefined) continue
    const number = Number(values[name])
    const fits =
      name === 'loss'
        ? number >= 0 && number < 1
        : Number.isInteger(number) && number >= (name === 'seed' ? 0 : 1) && number <= 1_000_000
    if (values[name] === '' || !fits)
      throw new TypeError(
        `--${name} takes ${name === 'loss' ? 'a share from 0 to below 1' : 'a whole number'}, not '${values[name]}'`,
      )
    init[name] = number
  }
  return { init, json: values.json === true, twice: values['check-determinism'] === true }
}

let command
try {
  command = parse()
} catch (error) {
  process.stderr.write(`weft-sim: ${error.message}\n${USAGE}\n`)
  process.exit(64)
}
if (command.help) {
  process.stdout.write(`${USAGE}\n`)
  process.exit(0)
}
const { runMarketDay } = await import(fromSource ? source.href : new URL('../dist/index.js', import.meta.url).href)
const report = await runMarketDay(command.init)
const again = command.twice ? await runMarketDay(command.init) : report
const same = again.traceHash === report.traceHash
if (command.json) process.stdout.write(`${JSON.stringify(report)}\n`)
else {
  const { jobs, timeToLease } = report
  process.stdout.write(`market-day, seed ${report.seed}: ${report.peers} peers, ${report.virtualSeconds} virtual seconds, ${report.messages} messages
jobs: ${jobs.done} done, ${jobs.failed} failed, ${jobs.cancelled} cancelled, ${jobs.open} open of ${jobs.submitted}
order to lease: p50 ${timeToLease.p50} ms, p95 ${timeToLease.p95} ms
trace ${report.traceHash}
invariants: ${report.violations.length === 0 ? 'all held' : report.violations.map(({ invariant, text }) => `${invariant}: ${text}`).join('; ')}
`)
}
if (!same) process.stderr.write(`weft-sim: two runs of seed ${report.seed} took different decisions\n`)
process.exitCode = report.violations.length === 0 && same && report.jobs.open === 0 ? 0 : 1
