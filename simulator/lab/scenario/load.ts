import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, isAbsolute, join } from 'node:path'
import { dotted, inOrder, type Path, type Problem, suggestion } from '@weft/protocols'
import type { JobsWorkload, Scenario } from '@weft/simulator'
import { conflicts } from './combinations.ts'
import { estimateCost } from './cost.ts'
import { SCENARIO_BYTES_MAX, ScenarioDocument } from './document.ts'
import { chosenFidelity } from './fidelity.ts'
import { simulatorPath } from './folders.ts'
import { applyOverride, type Override, parseOverride } from './overrides.ts'
import { ScenarioError } from './problem.ts'
import { resolve } from './resolve.ts'
import { checkSchema } from './schema.ts'
import { readTrace } from './trace-file.ts'
import { duration } from './units.ts'
import type { ScenarioFile } from './written.ts'

const SUFFIX = '.yaml'

export interface LoadInit {
  /** `path=value`, in order: `fleet.providerShare=0.5`. */
  set?: readonly string[]
}

export interface LoadedScenario {
  scenario: Scenario
  /** Where it was read, and what it said. */
  file: string
  text: string
  /** What was left out of a trace. */
  warnings: string[]
}

/**
 * A ready scenario by its name, or a file by its path, with the rows of its trace. Throws ScenarioError with every problem that
 * it finds.
 */
export async function loadScenario(nameOrPath: string, init: LoadInit = {}): Promise<LoadedScenario> {
  const file = fileOf(nameOrPath)
  const text = readBounded(file)
  const draft = readDraft(text, { ...init, file })
  const { workload } = draft.written
  if (typeof workload !== 'object' || workload.trace === undefined) return { scenario: complete(draft), file, text, warnings: [] }
  const path = isAbsolute(workload.trace) ? workload.trace : join(dirname(file), workload.trace)
  if (!existsSync(path)) {
    const where = draft.where(['workload', 'trace'], 'value')
    throw new ScenarioError([
      { where, path: 'workload.trace', text: `there is no file ${path}; a path is relative to the scenario` },
    ])
  }
  const { rows, warnings } = await readTrace(path, workload.map)
  return { scenario: complete(draft, rows), file, text, warnings }
}

/** The ready scenarios, by name. */
/** `seconds`: about how long it takes. */
export function listScenarios(): { name: string; title: string; file: string; peers: number; seconds: number }[] {
  return readyFiles().map((file) => {
    const scenario = readScenario(readBounded(file), { file })
    const { name, title, peers } = scenario
    return { name, title, file, peers, seconds: Math.round(estimateCost(scenario).seconds) }
  })
}

/** The scenario that `text` describes; `file` names it in errors, and in the result where it has no name of its own. Reads no trace. */
export function readScenario(text: string, init: LoadInit & { file: string }): Scenario {
  return complete(readDraft(text, init))
}

function complete(draft: Draft, trace: JobsWorkload['trace'] = []): Scenario {
  const resolved = resolve(draft.written, nameOf(draft.file))
  const impossible = conflicts(draft.written, resolved).map(({ keys: [first, second], text }): Problem => {
    const path = first.split('.')
    return { where: draft.where(draft.has(path) ? path : second.split('.'), 'key'), path: `${first} and ${second}`, text }
  })
  if (impossible.length > 0) throw new ScenarioError(inOrder(impossible))
  const { jobs } = resolved.workload
  const scenario = jobs?.arrivals === 'trace' ? withTrace(draft, resolved, jobs, trace) : resolved
  return { ...scenario, fidelity: chosenFidelity(scenario, draft.written.fidelity) }
}

/** The rows that come within the run, counted from `jobs.at`; `jobs.count` of them at most, if it is written. */
function withTrace(draft: Draft, scenario: Scenario, jobs: JobsWorkload, trace: JobsWorkload['trace']): Scenario {
  const from = jobs.atSeconds
  const isCounted = draft.has(['workload', 'jobs', 'count']) || typeof valueAt(draft.written, ['workload', 'jobs']) === 'number'
  const rows = trace
    .filter(({ atSeconds }) => atSeconds >= from && atSeconds < from + scenario.durationSeconds)
    .slice(0, isCounted ? jobs.count : undefined)
    .map((row) => ({
      ...row,
      atSeconds: row.atSeconds - from,
      durationSeconds: Math.min(row.durationSeconds, jobs.durationMaxSeconds),
      gpus: Math.min(row.gpus, jobs.gpusMax),
    }))
  if (rows.length === 0) {
    const text = `no row of the trace comes within ${duration(scenario.durationSeconds)} from ${duration(from)}; it has ${trace.length} rows up to ${duration(trace.at(-1)?.atSeconds ?? 0)}`
    throw new ScenarioError([{ where: draft.where(['workload', 'trace'], 'key'), path: 'workload.trace and duration', text }])
  }
  return { ...scenario, workload: { ...scenario.workload, jobs: { ...jobs, count: rows.length, trace: rows } } }
}

interface Draft {
  file: string
  written: ScenarioFile
  has(path: Path): boolean
  where(path: Path, of: 'key' | 'value'): string
}

function readDraft(text: string, { file, set = [] }: LoadInit & { file: string }): Draft {
  const document = new ScenarioDocument(text, file)
  const overrides = set.map(parseOverride)
  const written = overrides.reduce(applyOverride, document.value)
  const where = (path: Path, of: 'key' | 'value') => {
    const isInFile = valueAt(document.value, path) !== undefined
    const override = overrides.findLast((other) => wrote(other, path, isInFile))
    return override === undefined ? document.where(path, of) : `--set ${override.text}`
  }
  const findings = checkSchema(written)
  if (findings.length > 0) {
    throw new ScenarioError(inOrder(findings.map(({ path, of, text }) => ({ where: where(path, of), path: dotted(path), text }))))
  }
  return { file, written: written as ScenarioFile, where, has: (path) => valueAt(written, path) !== undefined }
}

/** Whether what stands at `path` came from this override: it was set, or lies within what was set, or holds only that. */
function wrote({ path: set }: Override, path: Path, isInFile: boolean): boolean {
  const shared = Math.min(set.length, path.length)
  const isSame = set.slice(0, shared).every((name, i) => String(name) === String(path[i]))
  return isSame && (path.length >= set.length || !isInFile)
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (holder, name) => (typeof holder === 'object' && holder !== null ? (holder as Record<string, unknown>)[name] : undefined),
    value,
  )
}

function fileOf(nameOrPath: string): string {
  if (existsSync(nameOrPath) && statSync(nameOrPath).isFile()) return nameOrPath
  const ready = readyFiles()
  const found = ready.find((file) => nameOf(file) === nameOrPath)
  if (found !== undefined) return found
  const text = `there is no such file, and no ready scenario of this name; ${suggestion(nameOrPath, ready.map(nameOf))}`
  throw new ScenarioError([{ where: nameOrPath.slice(0, 200), path: '', text }])
}

function readyFiles(): string[] {
  const folder = simulatorPath('scenarios')
  return readdirSync(folder)
    .filter((name) => name.endsWith(SUFFIX))
    .sort()
    .map((name) => join(folder, name))
}

/** Reads no more than it must to know that a file is no scenario. */
function readBounded(file: string): string {
  const { size } = statSync(file)
  if (size <= SCENARIO_BYTES_MAX) return readFileSync(file, 'utf8')
  const text = `the file has ${size} bytes, more than the ${SCENARIO_BYTES_MAX} that a scenario may have`
  throw new ScenarioError([{ where: file, path: '', text }])
}

const nameOf = (file: string): string => basename(file).replace(/\.ya?ml$/, '')
