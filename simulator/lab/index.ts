/** What a researcher's machine adds to the model: scenario files, results, reports, the command line. */
export type { RunResult, Scenario } from '@weft/simulator'
export { runReport } from './report/report.ts'
export { compare } from './results/compare.ts'
export type { RunDocument } from './results/document.ts'
export { LogHistogram, makeHistogram } from './results/histogram.ts'
export { readRuns, type StoredRun } from './results/read-run.ts'
export { estimate, pairedDifference, unpairedDifference } from './results/statistics.ts'
export * from './scenario/index.ts'
