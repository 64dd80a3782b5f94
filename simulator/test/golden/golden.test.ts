import { expect, test } from 'vitest'
import { GOLDEN_RUNS, hashesOf } from './golden-runs.ts'

// Goal: one seed is one run, on every Node and processor. Method: hashes that were written down on one of them.

test.each(GOLDEN_RUNS)('$name leaves the trace and the numbers that are written down', async (golden) => {
  const { traceHash, numbersHash } = golden
  expect(await hashesOf(golden)).toEqual({ traceHash, numbersHash })
})
