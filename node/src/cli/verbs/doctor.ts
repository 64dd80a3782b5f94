import type { OfferView } from '@weft/protocols/core'
import type { BenchView, CapacityView, ChallengeView, DoctorView, StatusView } from '../../api/views.ts'
import { homePaths } from '../../home/folder.ts'
import { EXIT, usage } from '../exit.ts'
import { definePeerFlags, readSettings } from '../peer-flags.ts'
import { benchText, challengeText } from '../render/bench.ts'
import { capacityText } from '../render/capacity.ts'
import { clean } from '../render/table.ts'
import { type Context, print, type Verb } from '../verb.ts'

const ENGINE_MS_MAX = 5_000
/** Answers to "what have you got?" may take so long. */
const OFFERS_MS = 1_500

/**
 * `weft doctor`: asks the daemon; without one it looks at what can be seen from here, the whole store included. Exits with 1 where
 * something is wrong.
 */
export const verb: Verb = {
  define(command) {
    definePeerFlags(command)
    command.option('--repair', 'rebuild a damaged store from what can be proved; the damaged one stays beside it')
    command.option('--bench [peer]', 'measure this machine, or challenge another peer to show what it announces; takes minutes')
  },
  async run(context, _args, options) {
    const hasDaemon = await context.client.answers()
    if (options['repair'] === true && hasDaemon) throw usage('a peer runs on this data folder; stop it first with: weft down')
    const repaired = options['repair'] === true ? await repairStore(context, options) : undefined
    const seen = hasDaemon ? (await context.client.get<DoctorView>('/v1/doctor')).body : await withoutDaemon(context, options)
    const { bench } = options
    const measured = bench === true ? { bench: await benchMachine(context, hasDaemon) } : undefined
    const challenged = typeof bench === 'string' ? { challenge: await challengePeer(context, bench) } : undefined
    const capacity = withMeasured(seen.capacity, measured?.bench)
    const report: DoctorView = { ...seen, capacity, ...(repaired && { repair: repaired }), ...measured, ...challenged }
    print(context, report, () =>
      [
        ...seen.checks.map(checkText),
        ...capacityText(capacity, context.terminal.width),
        ...repairText(repaired),
        ...benchText(measured?.bench),
        ...challengeText(challenged?.challenge),
      ].join('\n'),
    )
    return report.ok ? EXIT.done : EXIT.wrong
  },
}

const checkText = ({ id, ok, text, fix }: DoctorView['checks'][number]): string =>
  `${ok ? (fix === '' ? 'ok  ' : 'note') : 'BAD '} ${id.padEnd(13)} ${clean(text)}${fix === '' ? '' : `\n${' '.repeat(19)}→ ${clean(fix)}`}`

/** Beside each card what was measured of it. */
function withMeasured(capacity: CapacityView, bench: BenchView | undefined): CapacityView {
  if (bench === undefined) return capacity
  const of = (uuidHash: string) => bench.cards.find((card) => card.uuidHash === uuidHash)?.measured ?? null
  return { ...capacity, gpus: capacity.gpus.map((gpu) => ({ ...gpu, measured: of(gpu.uuidHash) })) }
}

function repairText(repaired: DoctorView['repair']): string[] {
  if (repaired === undefined) return []
  const { backup, kept, dropped } = repaired
  return [
    '',
    `rebuilt the store with ${kept} entries; the damaged one is kept as ${backup}`,
    ...dropped.map(({ key, why }) => `dropped ${clean(key)}: ${clean(why)}`),
  ]
}

/** Not while something of a renter's runs here: both would be slow. */
async function benchMachine({ client, dataFolder }: Context, hasDaemon: boolean): Promise<BenchView> {
  const leases = hasDaemon ? (await client.get<StatusView>('/v1/status')).body.leases : 0
  if (leases > 0) throw usage(`${leases} leases are under way here; measure when they have ended, or after: weft drain`)
  const [{ bench }, { detectMachine }] = await Promise.all([import('../../meter/bench.ts'), import('../../capacity/index.ts')])
  return bench((await detectMachine({ folder: dataFolder })).devices, dataFolder)
}

/** `peer`: its id, or the end of it, as `weft offers` shows it. */
async function challengePeer({ client }: Context, peer: string): Promise<ChallengeView> {
  const { body } = await client.get<OfferView[]>(`/v1/offers?class=cpu&waitMs=${OFFERS_MS}`)
  const found = body.filter(({ peerId }) => peerId.endsWith(peer.replace(/^…/, '')))
  const [only] = found
  if (only === undefined) throw usage(`no provider ${peer} is heard of; weft offers lists those that are`)
  if (found.length > 1) throw usage(`${found.length} providers' ids end in ${peer}; write more of it`)
  return (await client.post<ChallengeView>('/v1/challenges', { provider: only.peerId })).body
}

async function repairStore(context: Context, options: Record<string, unknown>): Promise<DoctorView['repair']> {
  const [{ repair }, { settings }] = await Promise.all([import('../../peer/store-doctor.ts'), readSettings(context, options)])
  return repair(context.dataFolder, settings.network)
}

async function withoutDaemon(context: Context, options: Record<string, unknown>): Promise<DoctorView> {
  const [doctor, { machineReport }, { chooseEngine }, { checkStore }, { lookIn }] = await Promise.all([
    import('../../peer/doctor.ts'),
    import('../../peer/capacity-doctor.ts'),
    import('../../peer/lending.ts'),
    import('../../peer/store-doctor.ts'),
    import('../../guard/door.ts'),
  ])
  const { settings } = await readSettings(context, options)
  const lends = settings.provide
  const { checkEngine, checkFolder, checkGuardAlone, checkNode, ill, well } = doctor
  const folder = await checkFolder(context.dataFolder)
  const chosen = await chooseEngine(settings.engine)
  const none = `none answers at ${context.client.socket}`
  const { checks: found, capacity } = await machineReport(chosen.engine, { folder: context.dataFolder, settings, lends })
  const checks = [
    checkNode(),
    ...folder,
    ...(folder.some(({ id }) => id === 'identity') ? [await checkStore(context.dataFolder)] : []),
    await checkEngine(chosen, lends, AbortSignal.timeout(ENGINE_MS_MAX)),
    ...checkGuardAlone(await lookIn(homePaths(context.dataFolder).guard)),
    // Without one a renter's peer lives as long as its command; a provider would not be there at all.
    lends ? ill('daemon', none, 'start one with weft up -d') : well('daemon', none),
    ...found,
  ]
  return { ok: checks.every(({ ok }) => ok), checks, capacity }
}
