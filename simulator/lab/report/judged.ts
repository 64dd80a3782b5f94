import type { RunDocument } from '../results/document.ts'

/** What of the end could be judged, over all runs; undefined: there were no jobs, or no run says. */
export function judgedOf(documents: readonly Pick<RunDocument, 'jobs' | 'judged'>[]): string | undefined {
  const known = documents.filter(({ judged, jobs }) => judged !== undefined && jobs.submitted > 0)
  if (known.length === 0) return undefined
  const sum = (of: (document: (typeof known)[number]) => number): number => known.reduce((total, each) => total + of(each), 0)
  const jobs = `the end of ${sum(({ judged }) => judged?.jobs ?? 0)} of ${sum((each) => each.jobs.submitted)} jobs`
  const bills = `the bills of ${sum(({ judged }) => judged?.bills ?? 0)} of ${sum(({ judged }) => judged?.leases ?? 0)} leases`
  return `judged at the end: ${jobs}, ${bills}`
}
