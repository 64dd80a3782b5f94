/** What an executor does because a guard stands beside it, in a process of its own: they meet in the lease's folder. */
import { codeOf, messageOf } from '@weft/protocols'
import type { Exit, Permit } from '@weft/protocols/ports'
import { suspendedMs, systemClock } from '../clock.ts'
import type { LeaseFolder } from './lease-folder.ts'
import type { ExecutorLog } from './log.ts'

/** Never rejects: a permit that is not there ends the container earlier. */
export async function handOn(folder: LeaseFolder, permit: Permit, log: ExecutorLog): Promise<void> {
  try {
    await folder.savePermit(permit)
  } catch (error) {
    // The lease may have been removed meanwhile, and its folder with it.
    if (codeOf(error) !== 'ENOENT') log.warn({ folder: folder.path, error: messageOf(error) }, 'writing a permit down failed')
  }
}

/**
 * The guard is to leave a container that this peer stops alone until its grace is over: two signals to end are one too many for
 * many programs. Never for longer than the permit and its grace.
 */
export async function excuse(folder: LeaseFolder, graceMs: number, log: ExecutorLog): Promise<void> {
  const now = { era: systemClock.era, monoMs: systemClock.monoMs(), suspendedMs: suspendedMs() }
  const permit = await folder.permit(now).catch(() => undefined)
  if (permit === undefined) return
  await handOn(folder, { untilMono: Math.min(now.monoMs + graceMs, permit.untilMono + permit.graceMs), graceMs: 0 }, log)
}

/** How a container ended, by what the engine says and by what the guard wrote down, who may have removed it. Undefined: it never ran. */
export async function endOf(folder: LeaseFolder, said: Exit | undefined): Promise<Exit | undefined> {
  const record = await folder.ended().catch(() => undefined)
  if (record?.era !== systemClock.era) return said
  if (!record.stopped) return record.exit ?? said
  return { exitCode: undefined, outOfMemory: false, ...said, ...record.exit, overran: true }
}
