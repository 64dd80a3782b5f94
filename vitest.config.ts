import { defineConfig } from 'vitest/config'
import type { Reporter } from 'vitest/node'

/** One last plain line that any machine can read, whatever the terminal makes of the rest. */
const plainSummary: Reporter = {
  onTestRunEnd(modules) {
    const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state))
    const count = (state: string) => states.filter((other) => other === state).length
    process.stdout.write(`\n${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped\n`)
  },
}

/** Tests read the sources, not `dist`; files run two at a time, as many as the smallest test machine has cores. */
export default defineConfig({
  resolve: { conditions: ['@weft/source'] },
  ssr: { resolve: { conditions: ['@weft/source'] } },
  test: {
    include: ['*/test/**/*.test.ts'],
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', plainSummary],
  },
})
