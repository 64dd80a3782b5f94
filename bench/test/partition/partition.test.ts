// Goal: peers that cannot hear each other for a while lose nothing and charge nothing twice.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { explainNoEngine, findEngine } from '@weft/node/executor'
import { describe, expect, it } from 'vitest'
import { type Case, partition } from '../../src/partition/cases.ts'
import { Namespaces } from '../../src/partition/namespaces.ts'

const run = promisify(execFile)
const MAIN = fileURLToPath(new URL('../../src/partition/main.ts', import.meta.url))
const TEST_MS_MAX = 300_000

const lacking = await Namespaces.lacking()
const { engine, failures } = await findEngine({ answerMs: 20_000 })
const why = lacking ?? (engine === undefined ? explainNoEngine(failures) : undefined)
if (why !== undefined) console.warn(`skipping the partition test: ${why}`)

describe('npm run test:partition', () => {
  it.skipIf(why !== undefined)(
    'a job survives a cut of 5 s',
    async () => {
      const words = ['--conditions=@weft/source', '--', MAIN, '--short', '--json']
      const { stdout } = await run(process.execPath, words, { timeout: TEST_MS_MAX, killSignal: 'SIGTERM' })
      const document = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
      expect(document).toMatchObject({ lost: 0, chargedTwice: 0, orphans: 0, stuck: 0, cases: [{ kind: 'full', seconds: 5 }] })
    },
    TEST_MS_MAX,
  )
})

describe('a cut', () => {
  /** What was asked of the network. */
  async function cuts(one: Case, signal = new AbortController().signal) {
    const asked: string[] = []
    const namespaces = {
      cut: async (peer: string, direction: string) => void asked.push(`cut ${peer} ${direction}`),
      heal: async (peer: string, direction: string) => void asked.push(`heal ${peer} ${direction}`),
    }
    const error = await partition(namespaces as unknown as Namespaces, 'p1', one, signal).catch((reason: unknown) => reason)
    return { asked, error }
  }

  it.each([
    ['full', 'both'],
    ['one-way in', 'in'],
    ['one-way out', 'out'],
    ['flapping', 'both'],
  ] as const)('that is %s goes and is healed', async (kind, direction) => {
    const { asked } = await cuts({ kind, who: 'provider', seconds: 0.01 })
    expect(asked).toEqual([`cut p1 ${direction}`, `heal p1 ${direction}`])
  })

  it('that flaps goes and is healed in turn', async () => {
    const { asked } = await cuts({ kind: 'flapping', who: 'provider', seconds: 3.2 })
    expect(asked).toEqual(['cut p1 both', 'heal p1 both', 'cut p1 both', 'heal p1 both'])
  })

  it.each([0.01, 0.0101, 0.0109])('of %s s is one cut, also where its timer fires early', async (seconds) => {
    for (let round = 0; round < 20; round++) {
      const { asked } = await cuts({ kind: 'full', who: 'provider', seconds })
      expect(asked).toHaveLength(2)
    }
  })

  it('that is interrupted is healed all the same', async () => {
    const { asked, error } = await cuts(
      { kind: 'full', who: 'provider', seconds: 60 },
      AbortSignal.abort(new Error('interrupted')),
    )
    expect(error).toBeInstanceOf(Error)
    expect(asked.at(-1)).toBe('heal p1 both')
  })
})
