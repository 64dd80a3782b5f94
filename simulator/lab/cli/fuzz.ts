import { drawScenario, type FuzzHooks, type FuzzRun, fuzzRun, type Scenario, shrink, type Violation } from '@weft/simulator'
import { counted } from '../report/words.ts'
import { commitOf, packageRoot } from '../results/versions.ts'
import { EXIT } from './exit.ts'
import { scenarioYaml } from './fuzz-yaml.ts'
import { onInterrupt } from './interrupt.ts'
import type { Io } from './io.ts'

export interface FuzzInit {
  from: number
  seeds: number
  isShrinking: boolean
  isJson: boolean
  /** Each seed over the heap as well. */
  isTwice: boolean
  /** For tests of the fuzzer. */
  hooks?: FuzzHooks
}

/** A seed that failed, and how to repeat it. */
export interface Failure {
  seed: number
  commit: string | undefined
  command: string
  violations: Violation[]
  /** The smallest scenario found that breaks the same invariant, as YAML, and how many runs that took. */
  smallest?: { yaml: string; runs: number; violations: Violation[] }
}

/** What `--json` prints. */
export interface FuzzDocument {
  from: number
  seeds: number
  passed: number
  virtualSeconds: number
  events: number
  jobs: number
  failures: Failure[]
  /** Why not all seeds were run. */
  partial?: string
}

/** Violations shown of one seed: with one broken invariant many follow. */
const SHOWN_MAX = 5

/** Runs the seeds one after the other; resolves with the exit code. */
export async function fuzzSeeds(init: FuzzInit, io: Io): Promise<number> {
  const commit = commitOf(packageRoot)
  const document: FuzzDocument = {
    from: init.from,
    seeds: init.seeds,
    passed: 0,
    virtualSeconds: 0,
    events: 0,
    jobs: 0,
    failures: [],
  }
  let isStopped = false
  const listening = onInterrupt(
    () => {
      isStopped = true
    },
    () => process.exit(EXIT.interrupted),
  )
  try {
    for (let seed = init.from; seed < init.from + init.seeds; seed++) {
      if (isStopped) {
        document.partial = `interrupted before seed ${seed}`
        break
      }
      if (!init.isJson && io.isTerminal) io.err(`\rseed ${seed}`)
      const failure = await tryOne(seed, init, document, commit)
      if (failure === undefined) document.passed += 1
      else {
        document.failures.push(failure)
        if (!init.isJson) io.out(`${io.isTerminal ? '\r' : ''}${failureText(failure)}`)
      }
      // A run awaits only what is resolved already: without this, timers and signals would wait for the last seed.
      await new Promise((resolve) => setImmediate(resolve))
    }
  } finally {
    listening()
  }
  io.out(init.isJson ? `${JSON.stringify(document)}\n` : `${summaryText(document)}\n`)
  if (document.failures.length > 0) return EXIT.wrong
  return document.partial === undefined ? EXIT.done : EXIT.interrupted
}

async function tryOne(
  seed: number,
  { isShrinking, isTwice, hooks = {} }: FuzzInit,
  document: FuzzDocument,
  commit: string | undefined,
): Promise<Failure | undefined> {
  const scenario = drawScenario(seed)
  const run = await fuzzRun(scenario, hooks)
  document.virtualSeconds += run.virtualSeconds
  document.events += run.events
  document.jobs += run.jobs.submitted
  const violations = [...run.violations, ...(isTwice ? await differing(run, hooks) : [])]
  if (violations.length === 0) return undefined
  const command = `npx --no weft-sim fuzz --seed ${seed}${isTwice ? ' --check-determinism' : ''}`
  const failure: Failure = { seed, commit, command, violations }
  if (isShrinking) failure.smallest = await smallest(scenario, violations, isTwice, hooks)
  return failure
}

/** The same events in the same order, whatever queue keeps them. */
async function differing(run: FuzzRun, hooks: FuzzHooks): Promise<Violation[]> {
  const other = await fuzzRun(run.scenario, { ...hooks, queue: 'heap' })
  if (other.traceHash === run.traceHash) return []
  return [
    {
      invariant: 'determinism',
      atSeconds: 0,
      text: `trace ${run.traceHash} over the calendar, ${other.traceHash} over the heap`,
    },
  ]
}

async function smallest(scenario: Scenario, violations: Violation[], isTwice: boolean, hooks: FuzzHooks) {
  const invariant = violations[0]?.invariant
  let last = violations
  const shrunk = await shrink(scenario, async (candidate) => {
    const run = await fuzzRun(candidate, hooks)
    const broken = [...run.violations, ...(isTwice ? await differing(run, hooks) : [])]
    const fails = broken.some((violation) => violation.invariant === invariant)
    if (fails) last = broken
    return fails
  })
  return { yaml: scenarioYaml(shrunk.scenario), runs: shrunk.runs, violations: last }
}

function failureText({ seed, commit, command, violations, smallest: found }: Failure): string {
  const more = violations.length > SHOWN_MAX ? `  and ${violations.length - SHOWN_MAX} more\n` : ''
  const shown = violations.slice(0, SHOWN_MAX).map(violationText).join('')
  const small =
    found === undefined
      ? ''
      : `the smallest scenario found (${found.runs} runs) still breaks\n${found.violations.slice(0, 1).map(violationText).join('')}\n${found.yaml}\n`
  return `seed ${seed} fails at commit ${commit ?? 'unknown'}; repeat it with\n  ${command}\n${shown}${more}${small}`
}

const violationText = ({ invariant, atSeconds, text }: Violation): string =>
  `  ${invariant} at ${atSeconds.toFixed(3)} s: ${text}\n`

function summaryText({ passed, failures, virtualSeconds, jobs, events, partial }: FuzzDocument): string {
  const hours = (virtualSeconds / 3_600).toFixed(1)
  const what = `${counted(passed + failures.length, 'seed')}: ${failures.length} failed; ${hours} virtual hours, ${jobs} jobs, ${events} events`
  return partial === undefined ? what : `${what}; ${partial}`
}
