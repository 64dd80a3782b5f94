import { DockerEngine, type Engine, findEngine } from '@weft/node/executor'
import { describe, expect, test } from 'vitest'
import { tryGrants } from '../../src/gpu/grants.ts'

/** A machine that runs other tests may take its time. */
const answerMs = 20_000
const found = await findEngine({ answerMs })
const more = (process.env['WEFT_TEST_ENGINES'] ?? '').split(',').filter((host) => host !== '')
const engines = [found.engine, ...(await Promise.all(more.map((host) => DockerEngine.connect(host, answerMs))))]

if (found.engine === undefined && process.env['WEFT_REQUIRE_ENGINE'] === '1') throw new Error('no container engine answers')
if (found.engine === undefined)
  test('what a container sees of devices is only shown on an engine', ({ skip }) => skip('no container engine answers'))

for (const engine of engines.filter((each): each is Engine => each !== undefined)) {
  describe(`a container over ${engine.name} ${engine.version}`, () => {
    test('sees exactly its own of several devices', async () => {
      const reasons: string[] = []
      const log = (line: string) => reasons.push(line)
      const grants = await tryGrants({ engine, signal: AbortSignal.timeout(60_000), log })
      expect(grants.map(({ device, visible }) => [device, visible.join(',')])).toEqual(
        grants.map(({ device }) => [device, device]),
      )
      const ways = grants.map(({ by }) => by)
      expect(ways.filter((by) => by === 'nodes')).toHaveLength(4)
      // Four by CDI as well, or why not.
      expect(ways.length + 4 * reasons.length).toBe(8)
    })
  })
}
