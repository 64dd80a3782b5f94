import type { RunResult } from '@weft/simulator'
import type { RunDocument } from './document.ts'
import type { Files } from './folder.ts'
import { LogHistogram } from './histogram.ts'
import { jobTable, messageTable, seriesTable, toCsv, toParquet } from './tables.ts'
import type { StoredRule, Versions } from './versions.ts'

export interface RunFiles {
  result: RunResult
  document: RunDocument
  versions: Versions
  /** The scenario's file as it was given, and where it came from. */
  scenarioText: string
  /** The market rule, where it came from a file. */
  rule?: StoredRule | undefined
  /** `undefined`: none was asked for. */
  report: string | undefined
}

/** Everything that the folder of one run holds. */
export function filesOfRun({ result, document, versions, scenarioText, rule, report }: RunFiles): Files {
  const jobs = jobTable(result.jobs)
  const messages = messageTable(result.messages)
  return {
    'scenario.yaml': scenarioText,
    ...rule?.files,
    'resolved.json': json(result.scenario),
    'versions.json': json(versions),
    'summary.json': json(document),
    'series.csv': toCsv(seriesTable(result.series)),
    'jobs.csv': toCsv(jobs),
    'jobs.parquet': toParquet(jobs),
    'messages.csv': toCsv(messages),
    'messages.parquet': toParquet(messages),
    'providers.csv': toCsv({
      names: ['peer', 'machine', 'earned', 'soldHours', 'onlineHours'],
      rows: result.providers,
      text: new Set(),
    }),
    'traffic.csv': toCsv({
      names: ['protocol', 'kind', 'messages', 'bytes'],
      rows: result.traffic,
      text: new Set(['protocol', 'kind']),
    }),
    'histograms.json': json(histogramDocuments(result.histograms)),
    ...(report === undefined ? {} : { 'report.html': report }),
  }
}

/** Only those that the lab made can be written; the model knows no other. */
function histogramDocuments(histograms: RunResult['histograms']): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(histograms).flatMap(([name, histogram]) =>
      histogram instanceof LogHistogram ? [[name, histogram.toDocument()]] : [],
    ),
  )
}

export const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`
