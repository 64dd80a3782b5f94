/** What a researcher's machine adds to the model: scenario files, results, reports, the command line. */
export type { RunResult, Scenario } from '@weft/simulator'
export * from './scenario/index.ts'
