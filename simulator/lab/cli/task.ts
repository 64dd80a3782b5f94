import type { Scenario } from '@weft/simulator'
import type { RunDocument } from '../results/document.ts'

/** One run, as it is handed to the thread that does it. */
export interface Task {
  scenario: Scenario
  /** The scenario's file as it was given. */
  text: string
  /** Folder of the results; undefined: only the summary is wanted. */
  out: string | undefined
  withReport: boolean
  /** Repeats it. */
  command: string
  rule?: string | undefined
  queue?: 'calendar' | 'heap' | undefined
  widthUs?: number | undefined
  point?: Record<string, string | number> | undefined
}

/** What comes back from that thread. */
export type Outcome =
  | { document: RunDocument }
  | { error: { name: string; code: string; message: string; fix: string; exitCode: number } }
