/**
 * A provider as its guard and its engine see one: a process that keeps a guard, runs what it is told and hands on permits. A test
 * sends it commands and may kill it.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LeaseId } from '@weft/protocols'
import type { Exit } from '@weft/protocols/ports'
import { DeviceLocks } from '../../src/capacity/index.ts'
import { systemClock } from '../../src/clock.ts'
import { type LeaseDevices, NO_DEVICES } from '../../src/executor/devices.ts'
import { DockerEngine } from '../../src/executor/docker-engine.ts'
import { Runner } from '../../src/executor/runner.ts'
import { GuardKeeper } from '../../src/guard/keeper.ts'
import { homePaths } from '../../src/home/folder.ts'
import { createLogger } from '../../src/logger.ts'
import { anOutput, aWork, FakeContent } from '../executor/fixture.ts'

export interface StandInInit {
  data: string
  peerId: string
  engine: string
  /** See KeeperInit. */
  silentMs?: number
}

/** What it is told, one line of JSON each. */
export type Command =
  /** Under a permit that no test sees the end of. */
  | { do: 'run'; imageId: string; command: string[]; devices?: string[] }
  | { do: 'permit'; leaseId: LeaseId; permitMs: number; graceMs: number }
  /** Lends these and no others. */
  | { do: 'lend'; devices: string[] }
  | { do: 'start' | 'collect'; leaseId: LeaseId }
  | { do: 'guard' }
  | { do: 'leave' }

/** What it says, one line of JSON each. */
export type Said =
  | { said: 'ready' | 'left' }
  /** Its command has printed something. */
  | { said: 'running'; leaseId: LeaseId }
  | { said: 'permitted'; untilMono: number }
  | { said: 'exited'; leaseId: LeaseId; exit: Exit }
  | { said: 'collected' }
  /** What it lends now. */
  | { said: 'lent'; devices: string[] }
  | { said: 'guard'; pid: number | undefined; held: readonly string[] }

const say = (said: Said): void => void process.stdout.write(`${JSON.stringify(said)}\n`)

export async function standIn({ data, peerId, engine: host, ...keeping }: StandInInit): Promise<void> {
  const paths = homePaths(data)
  const log = createLogger('warn')
  const keeper = await GuardKeeper.start({ data, folder: paths.guard, peerId, engine: host, log, ...keeping })
  const content = new FakeContent()
  const engine = await DockerEngine.connect(host, 20_000)
  const { askForImage } = content
  const locks = new DeviceLocks(keeper)
  /** Nothing of them gets into a container but their names. */
  const granted = new Map<LeaseId, string[]>()
  const devices: LeaseDevices = {
    take: async ({ leaseId }) => ({ ...NO_DEVICES, ids: granted.get(leaseId) ?? [] }),
    faultOf: async () => undefined,
    release: () => undefined,
  }
  const runner = new Runner({ devices, engine, folder: paths.leases, peerId, network: 'guard-test', content, askForImage, log })
  runner.listen({ progress: () => undefined, exited: (leaseId, exit) => say({ said: 'exited', leaseId, exit }) })
  const perform = async (command: Command): Promise<void> => {
    if (command.do === 'run') {
      const work = aWork(command.imageId, command.command, { outputs: [anOutput('/out')] })
      granted.set(work.leaseId, command.devices ?? [])
      await runner.deliver(work)
      await runner.start(work.leaseId)
      for await (const _ of (await runner.spoolReader(work.leaseId, 0)) ?? []) break
      say({ said: 'running', leaseId: work.leaseId })
    } else if (command.do === 'permit') {
      const permit = { untilMono: systemClock.monoMs() + command.permitMs, graceMs: command.graceMs }
      await runner.permit(command.leaseId, permit)
      say({ said: 'permitted', untilMono: permit.untilMono })
    } else if (command.do === 'start') await runner.start(command.leaseId)
    else if (command.do === 'lend') {
      const refused = await locks.take(command.devices)
      const lent = command.devices.filter((id) => !refused.has(id))
      await locks.keep(new Set(lent))
      say({ said: 'lent', devices: lent })
    } else if (command.do === 'collect') {
      await runner.collect(command.leaseId)
      say({ said: 'collected' })
    } else if (command.do === 'guard') say({ said: 'guard', pid: keeper.state?.pid, held: keeper.state?.held ?? [] })
    else {
      await runner.close()
      await keeper.close()
      say({ said: 'left' })
      process.exit()
    }
  }
  process.stdin.setEncoding('utf8')
  let text = ''
  process.stdin.on('data', (piece: string) => {
    text += piece
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
      void perform(JSON.parse(text.slice(0, end)) as Command)
      text = text.slice(end + 1)
    }
  })
  say({ said: 'ready' })
}

/** A data folder of a test's own, on a short path. */
export async function dataFolder(): Promise<{ data: string; remove(): Promise<void> }> {
  const data = await mkdtemp(join(tmpdir(), 'weft-gt-'))
  return { data, remove: () => rm(data, { recursive: true, force: true }) }
}

const [init] = process.argv.slice(2)
if (init?.startsWith('{') === true) await standIn(JSON.parse(init) as StandInInit)
