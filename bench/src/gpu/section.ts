/** One part of `npm run test:gpu`. */
export interface Section {
  /** What it tries, in a few words. */
  readonly summary: string
  /** `log`: progress for people, line by line. */
  run(log: (line: string) => void): Promise<SectionResult>
}

export interface SectionResult {
  /** What the JSON document has under the section's name. */
  rows: readonly object[]
  ok: boolean
  /** What came of it, in a few words. */
  text: string
}
