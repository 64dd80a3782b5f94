import type { DoctorView } from '../../api/views.ts'
import { homePaths } from '../../home/folder.ts'
import { EXIT } from '../exit.ts'
import { definePeerFlags, readSettings } from '../peer-flags.ts'
import { clean } from '../render/table.ts'
import { type Context, print, type Verb } from '../verb.ts'

const ENGINE_MS_MAX = 5_000

/** `weft doctor`: asks the daemon; without one it looks at what can be seen from here. Exits with 1 where something is wrong. */
export const verb: Verb = {
  define: definePeerFlags,
  async run(context, _args, options) {
    const asked = (await context.client.answers()) ? (await context.client.get<DoctorView>('/v1/doctor')).body : undefined
    const report = asked ?? (await withoutDaemon(context, options))
    print(context, report, () =>
      report.checks.map(({ check, ok, text }) => `${ok ? 'ok  ' : 'BAD '} ${check.padEnd(12)} ${clean(text)}`).join('\n'),
    )
    return report.ok ? EXIT.done : EXIT.wrong
  },
}

async function withoutDaemon(context: Context, options: Record<string, unknown>): Promise<DoctorView> {
  const [{ checkEngine, checkFolder, checkGuardAlone, checkNode }, { chooseEngine }, { lookIn }] = await Promise.all([
    import('../../peer/doctor.ts'),
    import('../../peer/lending.ts'),
    import('../../guard/door.ts'),
  ])
  const { settings } = await readSettings(context, options)
  const lends = settings.provide
  const checks = [
    checkNode(),
    ...(await checkFolder(context.dataFolder)),
    await checkEngine(await chooseEngine(settings.engine), lends, AbortSignal.timeout(ENGINE_MS_MAX)),
    ...checkGuardAlone(await lookIn(homePaths(context.dataFolder).guard)),
    // Without one a renter's peer lives as long as its command; a provider would not be there at all.
    { check: 'daemon', ok: !lends, text: `none answers at ${context.client.socket}; start one with weft up -d` },
  ]
  return { ok: checks.every(({ ok }) => ok), checks }
}
