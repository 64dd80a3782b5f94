import { DockerEngine } from '@weft/node/executor'
import { messageOf } from '@weft/protocols'
import { benchEngine } from '../mesh/engine.ts'
import { type Grant, tryGrants } from './grants.ts'
import type { Section } from './section.ts'

const TRY_MS_MAX = 300_000
const ANSWER_MS = 20_000

/** On the engine that answers, or a private one; and on those that WEFT_TEST_ENGINES names, separated by commas. */
export const section: Section = {
  summary: 'what containers see of several stand-ins for devices, one or two of which are theirs',
  async run(log) {
    const first = await benchEngine({ yes: false, noInstall: true, log })
    const rows: Grant[] = []
    try {
      const hosts = (process.env['WEFT_TEST_ENGINES'] ?? '').split(',').filter((host) => host !== '')
      const more = await Promise.all(hosts.map((host) => DockerEngine.connect(host, ANSWER_MS)))
      const engines = first.engine === undefined ? more : [first.engine, ...more]
      const signal = AbortSignal.timeout(TRY_MS_MAX)
      for (const engine of engines) rows.push(...(await tryGrants({ engine, signal, log })))
    } catch (error) {
      log(messageOf(error))
      return { rows, ok: false, text: 'an engine failed' }
    } finally {
      await first.stop()
    }
    const exact = rows.filter(({ device, visible }) => visible.join(',') === device).length
    return {
      rows,
      ok: exact === rows.length && rows.length > 0,
      text: `${exact} of ${rows.length} containers saw exactly their own`,
    }
  },
}
