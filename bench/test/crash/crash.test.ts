// Goal: peers that are killed again and again, anywhere, lose nothing, charge nothing twice and leave nothing behind.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { explainNoEngine, findEngine } from '@weft/node/executor'
import { describe, expect, it } from 'vitest'

const run = promisify(execFile)
const MAIN = fileURLToPath(new URL('../../src/crash/main.ts', import.meta.url))
const KILLS = 20
/** The same deaths for every change; `npm run test:crash` draws others. */
const SEED = 1
const TEST_MS_MAX = 900_000

// A machine that runs other tests may take its time to answer.
const { engine, failures } = await findEngine({ answerMs: 20_000 })
if (engine === undefined) {
  if (process.env['WEFT_REQUIRE_ENGINE'] === '1') throw new Error(explainNoEngine(failures))
  console.warn(`skipping the crash test: ${explainNoEngine(failures)}`)
}

function crash(...args: string[]) {
  return run(process.execPath, ['--conditions=@weft/source', '--', MAIN, ...args], {
    timeout: TEST_MS_MAX,
    killSignal: 'SIGTERM',
  })
}

describe('npm run test:crash', () => {
  it.skipIf(engine === undefined)(
    `two providers and a renter survive ${KILLS} kills`,
    async () => {
      // What fails has printed the command that repeats it.
      const { stdout } = await crash('--kills', String(KILLS), '--seed', String(SEED), '--json')
      expect(JSON.parse(stdout)).toMatchObject({ kills: KILLS, lost: 0, chargedTwice: 0, orphans: 0, stuck: 0 })
      expect(JSON.parse(stdout).jobs).toBeGreaterThan(0)
    },
    TEST_MS_MAX,
  )

  it('lists its failpoints', async () => {
    const { stdout } = await crash('--list')
    expect(stdout).toMatch(/^provider:\n {2}before-persist-lease-accepted\n/)
    expect(stdout.split('\n').filter((line) => line.startsWith('  after-')).length).toBeGreaterThan(20)
  })

  it.each([['--kills', '0'], ['--kills', 'many'], ['--seed', '-1'], ['--nonsense']])('refuses %s %s', async (...args) => {
    await expect(crash(...args)).rejects.toMatchObject({ code: 64 })
  })
})
