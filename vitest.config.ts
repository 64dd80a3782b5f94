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

/**
 * Tests read the sources, not `dist`; files run two at a time, as many as the smallest test machine has cores. That machine has other
 * work as well, and takes ten seconds to start a process then: the times below are for what has failed, and measure nothing.
 */
export default defineConfig({
  resolve: { conditions: ['@weft/source'] },
  ssr: { resolve: { conditions: ['@weft/source'] } },
  test: {
    include: ['*/test/**/*.test.ts'],
    setupFiles: ['vitest.setup.ts'],
    maxWorkers: 2,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    reporters: ['default', plainSummary],
  },
})
