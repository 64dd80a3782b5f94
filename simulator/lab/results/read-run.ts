import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '@weft/protocols'
import type { JobRow, RunResult, Scenario } from '@weft/simulator'
import type { RunDocument } from './document.ts'
import { isOurs } from './folder.ts'
import { type HistogramDocument, LogHistogram } from './histogram.ts'
import { fromCsv } from './tables.ts'
import type { Versions } from './versions.ts'

/** One run as its folder holds it; the tables are read when they are asked for. */
export interface StoredRun {
  folder: string
  document: RunDocument
  versions: Versions
  scenario: Scenario
  jobs(): JobRow[]
  series(): Record<string, number>[]
  messages(): RunResult['messages']
  providers(): RunResult['providers']
  traffic(): RunResult['traffic']
  histograms(): Record<string, LogHistogram>
}

/** The runs in a folder of results: itself, or those of a set of seeds or a sweep. @throws UsageError if it holds none */
export function readRuns(folder: string): StoredRun[] {
  if (!existsSync(folder)) throw new UsageError(`there is no folder ${folder}; compare takes folders that runs wrote with --out`)
  if (!isOurs(folder)) throw new UsageError(`${folder} holds no results of weft-sim (its versions.json does not say so)`)
  const inner = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name))
    .filter((path) => isOurs(path) && existsSync(join(path, 'resolved.json')))
  const folders = existsSync(join(folder, 'resolved.json')) ? [folder] : inner
  if (folders.length === 0) throw new UsageError(`${folder} holds no finished run`)
  return folders.map(readRun).sort((a, b) => a.document.seed - b.document.seed)
}

export function readRun(folder: string): StoredRun {
  const document = parsed<RunDocument>(folder, 'summary.json')
  const versions = parsed<Versions>(folder, 'versions.json')
  const scenario = parsed<Scenario>(folder, 'resolved.json')
  if (typeof document.metrics !== 'object' || typeof document.seed !== 'number') throw damaged(folder, 'summary.json')
  const table = <Row>(name: string): Row[] => fromCsv(text(folder, name)) as Row[]
  return {
    folder,
    document,
    versions,
    scenario,
    jobs: () => table('jobs.csv'),
    series: () => table('series.csv'),
    messages: () => table('messages.csv'),
    providers: () => table('providers.csv'),
    traffic: () => table('traffic.csv'),
    histograms: () => {
      const documents = parsed<Record<string, HistogramDocument>>(folder, 'histograms.json')
      return Object.fromEntries(Object.entries(documents).map(([name, held]) => [name, LogHistogram.fromDocument(held)]))
    },
  }
}

function parsed<Value>(folder: string, name: string): Value {
  try {
    return JSON.parse(text(folder, name)) as Value
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw damaged(folder, name)
  }
}

function text(folder: string, name: string): string {
  try {
    return readFileSync(join(folder, name), 'utf8')
  } catch {
    throw new UsageError(`${folder} has no readable ${name}: run the scenario again`)
  }
}

const damaged = (folder: string, name: string): UsageError =>
  new UsageError(`${join(folder, name)} is not what weft-sim writes: run the scenario again`)
